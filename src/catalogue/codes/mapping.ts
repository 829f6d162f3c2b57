import { byCode, type CodeEntry, codeProblem } from '#catalogue/codes/code-set.ts';
import type { FieldRow, MappingColumn } from '#catalogue/codes/columns.ts';
import { codesErrors } from '#catalogue/codes/errors.ts';
import { type Problem, YibaoError } from '#kernel/errors.ts';
import { byText } from '#kernel/text-order.ts';

/** A line of a mapping table: this code of one version is that code of another. */
export type MappingPair = {
  readonly source: string;
  readonly target: string;
  readonly sourceName: string;
  readonly targetName: string;
  /** of several targets, the one to be used */
  readonly preferred: boolean;
  readonly note: string;
};

/** Ascending by source and target; no pair twice. */
export type MappingPairs = { readonly pairs: readonly MappingPair[]; readonly repeated: number };

const YES = ['1', 'y', 'yes', 'true', '是', '√', '首选', '优先', '默认'];
const NO = ['', '0', 'n', 'no', 'false', '否', '非首选'];

/**
 * Checks the rows of a mapping table. Several targets of one source and several sources of one target are kept.
 * @throws YibaoError with every problem: empty or malformed code, wrong mark, two preferred targets of one source
 */
export function checkMapping(file: string, rows: readonly FieldRow<MappingColumn>[]): MappingPairs {
  const problems: Problem[] = [];
  const pairs = new Map<string, MappingPair>();
  const preferredOf = new Map<string, { readonly row: number; readonly target: string }>();
  let repeated = 0;
  for (const { row, fields } of rows) {
    const before = problems.length;
    const report = (problem: Pick<Problem, 'definition' | 'parameters'>, field: string, value: string) =>
      problems.push({ ...problem, file, row, field, value });
    for (const field of ['source_code', 'target_code'] as const) {
      const code = fields[field];
      const label = field === 'source_code' ? '源编码' : '目标编码';
      if (code === '') report({ definition: codesErrors.missingValue, parameters: { label } }, field, '');
      else {
        const problem = codeProblem(code, undefined);
        if (problem) report(problem, field, code);
      }
    }
    const mark = fields.preferred.normalize('NFKC').toLowerCase();
    const preferred = YES.includes(mark);
    if (!preferred && !NO.includes(mark))
      report({ definition: codesErrors.badPreferred }, 'preferred', fields.preferred);
    if (problems.length > before) continue;
    const { source_code: source, target_code: target } = fields;
    if (preferred) {
      const earlier = preferredOf.get(source);
      if (earlier !== undefined && earlier.target !== target) {
        const parameters = { source, earlier: earlier.row, other: earlier.target };
        report({ definition: codesErrors.twoPreferred, parameters }, 'preferred', target);
        continue;
      }
      preferredOf.set(source, { row, target });
    }
    const key = `${source}\t${target}`;
    const known = pairs.get(key);
    if (known !== undefined) repeated++;
    pairs.set(key, {
      source,
      target,
      sourceName: known?.sourceName || fields.source_name,
      targetName: known?.targetName || fields.target_name,
      preferred: preferred || (known?.preferred ?? false),
      note: known?.note || fields.note,
    });
  }
  if (problems.length > 0) throw new YibaoError(problems);
  const sorted = [...pairs.values()].toSorted(
    (a, b) =>
      byCode({ code: a.source }, { code: b.source }) || byCode({ code: a.target }, { code: b.target }),
  );
  return { pairs: sorted, repeated };
}

/** The codes on one side that have several on the other, ascending; of one-to-many, the preferred one where marked. */
export type Fan = {
  readonly code: string;
  readonly others: readonly string[];
  readonly preferred: string | undefined;
};

/** What a mapping table is like, for whoever imports it. */
export type MappingReport = {
  readonly pairs: number;
  readonly sources: number;
  readonly targets: number;
  readonly one_to_many: readonly Fan[];
  readonly many_to_one: readonly Fan[];
  /** one-to-many without a preferred target: these codes will not be mapped */
  readonly ambiguous: number;
  /** codes of the table that the named set lacks, and codes of the set that the table does not map */
  readonly unknown_sources: readonly string[] | undefined;
  readonly unknown_targets: readonly string[] | undefined;
  readonly unmapped_codes: readonly string[] | undefined;
};

export function reportMapping(
  pairs: readonly MappingPair[],
  sets: {
    readonly from?: readonly CodeEntry[] | undefined;
    readonly to?: readonly CodeEntry[] | undefined;
  } = {},
): MappingReport {
  const targetsOf = groups(pairs, (pair) => [pair.source, pair.target]);
  const sourcesOf = groups(pairs, (pair) => [pair.target, pair.source]);
  const preferred = new Map(pairs.filter((pair) => pair.preferred).map((pair) => [pair.source, pair.target]));
  const fans = (of: ReadonlyMap<string, readonly string[]>, marked: ReadonlyMap<string, string>): Fan[] =>
    [...of]
      .filter(([, others]) => others.length > 1)
      .map(([code, others]) => ({ code, others: others.toSorted(byText), preferred: marked.get(code) }))
      .toSorted(byCode);
  const lacking = (codes: Iterable<string>, set: readonly CodeEntry[] | undefined) => {
    if (set === undefined) return undefined;
    const known = new Set(set.map(({ code }) => code));
    return [...codes].filter((code) => !known.has(code)).toSorted(byText);
  };
  const oneToMany = fans(targetsOf, preferred);
  return {
    pairs: pairs.length,
    sources: targetsOf.size,
    targets: sourcesOf.size,
    one_to_many: oneToMany,
    many_to_one: fans(sourcesOf, new Map()),
    ambiguous: oneToMany.filter((fan) => fan.preferred === undefined).length,
    unknown_sources: lacking(targetsOf.keys(), sets.from),
    unknown_targets: lacking(sourcesOf.keys(), sets.to),
    unmapped_codes: sets.from?.map(({ code }) => code).filter((code) => !targetsOf.has(code)),
  };
}

function groups<T>(
  items: readonly T[],
  entry: (item: T) => readonly [string, string],
): Map<string, string[]> {
  const result = new Map<string, string[]>();
  for (const item of items) {
    const [key, value] = entry(item);
    const values = result.get(key);
    if (values === undefined) result.set(key, [value]);
    else values.push(value);
  }
  return result;
}

/** mapped: to one target, or the preferred one; unchanged: the target is the code; the other two leave the code as it is. */
export const MAPPING_STATUSES = ['mapped', 'unchanged', 'ambiguous', 'unknown'] as const;
export type MappingStatus = (typeof MAPPING_STATUSES)[number];

/** What became of one code. `code` is what is used from here on. */
export type MappedCode = {
  readonly original: string;
  readonly code: string;
  readonly status: MappingStatus;
  /** every target the table has, ascending */
  readonly targets: readonly string[];
};

/** Targets of every source code, ready for use; `preferred` where one is marked. */
export type Mapper = ReadonlyMap<
  string,
  { readonly targets: readonly string[]; readonly preferred: string | undefined }
>;

export function createMapper(pairs: readonly MappingPair[]): Mapper {
  const mapper = new Map<string, { targets: string[]; preferred: string | undefined }>();
  for (const { source, target, preferred } of pairs) {
    const entry = mapper.get(source) ?? { targets: [], preferred: undefined };
    entry.targets.push(target);
    if (preferred) entry.preferred = target;
    mapper.set(source, entry);
  }
  return mapper;
}

/**
 * Maps one code. A code with one target becomes it; one with several becomes the preferred target, and without a
 * preferred one stays as it is; so does a code the table lacks. Nothing is guessed.
 */
export function mapCode(mapper: Mapper, original: string): MappedCode {
  const entry = mapper.get(original);
  if (entry === undefined) return { original, code: original, status: 'unknown', targets: [] };
  const { targets, preferred } = entry;
  const target = targets.length === 1 ? targets[0]! : preferred;
  if (target === undefined) return { original, code: original, status: 'ambiguous', targets };
  return { original, code: target, status: target === original ? 'unchanged' : 'mapped', targets };
}

/** Between the codes of a list. */
export const CODE_SEPARATOR = '|';

/** A code without blanks at its ends, as `trim` of the SQL files takes them off: a tab is not one of them. */
const trimmed = (text: string): string => text.replace(/^\p{Zs}+|\p{Zs}+$/gu, '');

/** The codes of a text joined by `|`, in their order, without blanks at their ends; empty places left out. */
export const splitCodes = (text: string): string[] =>
  text
    .split(CODE_SEPARATOR)
    .map(trimmed)
    .filter((code) => code !== '');

/**
 * Maps a text of codes joined by `|`, each by itself. Places stay places: an empty first one, which is a missing
 * principal diagnosis, stays empty, and two codes that become the same stand there twice.
 */
export function mapText(
  mapper: Mapper,
  text: string,
): { readonly text: string; readonly codes: readonly MappedCode[] } {
  const codes: MappedCode[] = [];
  const mapped = text.split(CODE_SEPARATOR).map((part) => {
    const code = trimmed(part);
    if (code === '') return part;
    const result = mapCode(mapper, code);
    codes.push(result);
    return result.code === code ? part : result.code;
  });
  return { text: mapped.join(CODE_SEPARATOR), codes };
}
