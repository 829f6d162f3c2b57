import type { Engine } from '#engine/duckdb.ts';
import { fill, type Language, type Text } from '#kernel/locale.ts';
import type { Check } from '../definitions/check.ts';
import type { CheckVersion, ResolvedChecks } from '../definitions/overrides.ts';
import { fieldName, fieldsOf, NODES } from '../fields.ts';
import type { FormFile, NodeSource } from '../form/source.ts';

/** A check of a period, numbered for the tables. */
export type NumberedVersion = CheckVersion & { readonly checkNo: number };

export type LoadedChecks = {
  /** those that are enabled */
  readonly versions: readonly NumberedVersion[];
};

/** Which files supply which fields. */
export class Supply {
  readonly #fields = new Map<string, Set<number>>();
  readonly files: readonly number[];
  readonly forms: readonly FormFile[];
  readonly sources: readonly NodeSource[];

  /**
   * A tabular folder has a file for each node, so that a node belongs to every list of it; a message brings its own nodes.
   */
  constructor(files: readonly FormFile[], sources: readonly NodeSource[]) {
    this.forms = files;
    this.sources = sources;
    this.files = [...new Set(sources.filter(({ node }) => node === 'setlinfo').map(({ fileNo }) => fileNo))];
    const tabular = sources
      .filter(({ node, byOrdinal }) => node === 'setlinfo' && !byOrdinal)
      .map(({ fileNo }) => fileNo);
    for (const { node, fields, fileNo, byOrdinal } of sources) {
      for (const field of fields) {
        const name = `${node}.${field}`;
        const known = this.#fields.get(name) ?? new Set<number>();
        for (const each of byOrdinal || node === 'setlinfo' ? [fileNo] : tabular) known.add(each);
        this.#fields.set(name, known);
      }
    }
  }

  has(name: string, fileNo: number): boolean {
    return name.startsWith('stay.') || (this.#fields.get(name)?.has(fileNo) ?? false);
  }

  /** The files that supply the field, of a form if one is named. */
  filesOf(name: string, form: '4101' | '4101A' | null): readonly number[] {
    return this.files.filter(
      (fileNo) => this.has(name, fileNo) && (form === null || this.forms[fileNo]!.form === form),
    );
  }
}

/** Fills the tables of the checks. Disabled versions are left out: they say nothing of any list. */
export async function loadCheckTables(
  engine: Engine,
  resolved: ResolvedChecks,
  supply: Supply,
  supplied: ReadonlySet<string>,
  language: Language,
): Promise<LoadedChecks> {
  const versions = resolved.versions.map((version, index) => ({ ...version, checkNo: index + 1 }));
  const active = versions.filter(({ values }) => values.enabled);
  const day = (date: Temporal.PlainDate | null) => date?.toString() ?? null;

  await engine.append(
    'quality_check',
    active.map(({ checkNo, check, values, until }) => [
      checkNo,
      check.id,
      check.rule,
      check.type.name,
      values.level,
      String(values.returned),
      check.dimension,
      check.title.zh,
      check.title.en,
      fill(check.reason[language], values.thresholds),
      fill(check.remedy[language], values.thresholds),
      day(values.from),
      day(until),
    ]),
  );
  await engine.append(
    'quality_threshold',
    active.flatMap(({ checkNo, values }) =>
      Object.entries(values.thresholds).map(([name, value]) => [checkNo, name, value]),
    ),
  );
  await engine.append(
    'quality_parameter',
    active.flatMap(({ checkNo, check }) =>
      Object.entries(check.parameters).map(([name, value]) => [checkNo, name, value]),
    ),
  );
  await engine.append(
    'quality_term',
    active.flatMap(({ checkNo, check }) =>
      check.terms.map((term) => [
        checkNo,
        term.role,
        term.number,
        term.field && `${term.node}.${term.field}`,
        term.op,
        term.texts.length > 0 ? `|${term.texts.join('|')}|` : null,
        term.low2,
        term.high2,
        term.step2,
        term.what,
        term.list,
        term.separator,
        term.pattern,
        term.codeFrom,
        term.codeTo,
      ]),
    ),
  );
  const applies = active.flatMap(({ checkNo, check }) =>
    isSupplied(check, supplied)
      ? supply.files
          .filter((fileNo) => missingFields(check, supply, fileNo).length === 0)
          .map((fileNo) => [checkNo, fileNo])
      : [],
  );
  await engine.append('quality_applies', applies);
  await engine.append(
    'quality_field',
    NODES.flatMap((node) =>
      fieldsOf(node).map((field) => [`${node}.${field}`, fieldName(node, field)[language]]),
    ),
  );
  await engine.append(
    'quality_weight',
    resolved.weights.flatMap(({ from, until, weights }) =>
      Object.entries(weights).map(([level, weight]) => [level, weight, day(from), day(until)]),
    ),
  );
  // a check may hold in several versions: people see the last one
  const latest = [...new Map(versions.map((version) => [version.check.id, version])).values()];
  await engine.append(
    'check_listed',
    latest.map(({ check, values }) => [
      check.id,
      check.rule,
      check.dimension,
      values.level,
      String(values.returned),
      check.title.zh,
      check.title.en,
      notSuppliedReason(check, values.enabled, supply, supplied)[language],
    ]),
  );
  await engine.append(
    'form_file',
    supply.forms.map(({ fileName, form }, fileNo) => [fileNo, fileName, form]),
  );
  return { versions: active };
}

/** Why a check does not apply to the lists of some file, or of any; empty when it may apply to all. */
function notSuppliedReason(
  check: Check,
  enabled: boolean,
  supply: Supply,
  supplied: ReadonlySet<string>,
): Text {
  if (!enabled) return { zh: '未启用', en: 'not enabled' };
  if (!isSupplied(check, supplied)) {
    const reference = REFERENCE_NAMES[check.reference!] ?? { zh: check.reference!, en: check.reference! };
    return { zh: `未提供${reference.zh}`, en: `not supplied: ${reference.en}` };
  }
  const fields = [...new Set(supply.files.flatMap((fileNo) => missingFields(check, supply, fileNo)))];
  if (fields.length === 0) return { zh: '', en: '' };
  return { zh: `未提供字段 ${fields.join('、')}`, en: `field not supplied: ${fields.join(', ')}` };
}

const REFERENCE_NAMES: Readonly<Record<string, Text>> = {
  'diagnosis_codes.csv principal': { zh: 'diagnosis_codes.csv', en: 'diagnosis_codes.csv' },
  'procedure_codes.csv attribute': { zh: 'procedure_codes.csv', en: 'procedure_codes.csv' },
  grouping: {
    zh: '分组结果（--settlement 或 grouping.csv）',
    en: 'grouping results (--settlement or grouping.csv)',
  },
  settled: {
    zh: '结算记录（national_form/ 旁的 settlement_lists/）',
    en: 'the record of settlements (settlement_lists/ beside national_form/)',
  },
};

const isSupplied = (check: Check, supplied: ReadonlySet<string>): boolean =>
  check.reference === null || supplied.has(check.reference);

/** The fields a check needs and a file lacks; none when one of several is enough and there. */
function missingFields(check: Check, supply: Supply, fileNo: number): readonly string[] {
  const missing = check.needs.filter((name) => !supply.has(name, fileNo));
  return check.type.needsAny && missing.length < check.needs.length ? [] : missing;
}
