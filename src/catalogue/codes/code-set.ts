import type { FieldRow, SetColumn } from '#catalogue/codes/columns.ts';
import { codesErrors } from '#catalogue/codes/errors.ts';
import { type Problem, YibaoError } from '#kernel/errors.ts';
import type { Text } from '#kernel/locale.ts';

/** ICD-10 diagnoses, or ICD-9-CM-3 procedures. */
export type SetKind = 'diagnosis' | 'procedure';

export type CodeEntry = { readonly code: string; readonly name: string };

/** The codes of one set, ascending by code. */
export type CodeList = {
  readonly kind: SetKind;
  readonly entries: readonly CodeEntry[];
  /** lines that say again what an earlier line says, and are left out */
  readonly repeated: number;
};

/**
 * How official codes are written. Diagnosis: a capital letter, then letters, digits and . + * / - , as A17.000+G01* or
 * A00.000x001 or M80000/3. Procedure: two digits before the point, as 00.0100 or 38.931A1.
 */
const CODE_PATTERNS: Readonly<Record<SetKind, { readonly pattern: RegExp; readonly expected: Text }>> = {
  diagnosis: {
    pattern: /^[A-Z][0-9A-Za-z]+([.+*/-]+[0-9A-Za-z]+)*[+*]?$/,
    expected: {
      zh: '大写字母开头，只含字母、数字和 . + * / -，如 A17.000+G01*',
      en: 'a capital letter, then letters, digits and . + * / - only, such as A17.000+G01*',
    },
  },
  procedure: {
    pattern: /^\d\d(\.[0-9A-Za-z]+)?([+*/-][0-9A-Za-z.]+)*$/,
    expected: {
      zh: '两位数字开头，再是小数点和字母、数字，如 00.0100、38.931A1',
      en: 'two digits, then a point, digits and letters, such as 00.0100 or 38.931A1',
    },
  },
};

/** What a code is written like; undefined when it is neither. */
export const kindOfCode = (code: string): SetKind | undefined =>
  CODE_PATTERNS.diagnosis.pattern.test(code)
    ? 'diagnosis'
    : CODE_PATTERNS.procedure.pattern.test(code)
      ? 'procedure'
      : undefined;

/** The problem of a code that is not written as those of its kind (or, without one, of either); undefined if it is. */
export function codeProblem(
  code: string,
  kind: SetKind | undefined,
): Pick<Problem, 'definition' | 'parameters'> | undefined {
  if (kind === undefined ? kindOfCode(code) !== undefined : CODE_PATTERNS[kind].pattern.test(code))
    return undefined;
  const { expected } = CODE_PATTERNS[kind ?? (/^[\d.]/.test(code) ? 'procedure' : 'diagnosis')];
  return {
    definition: codesErrors.malformedCode,
    parameters: { expected: expected.zh, expectedEn: expected.en },
  };
}

/** Ascending by code, compared by UTF-16 unit: codes are ASCII. */
export const byCode = (a: { readonly code: string }, b: { readonly code: string }): number =>
  a.code < b.code ? -1 : a.code > b.code ? 1 : 0;

/**
 * Checks the rows of a code set. Codes and names are kept as given, without blanks at their ends.
 * @param kind as told; otherwise what most of the codes are written like
 * @throws YibaoError with every problem: empty code or name, malformed code, code that stands twice with two names
 */
export function checkCodeSet(file: string, rows: readonly FieldRow<SetColumn>[], kind?: SetKind): CodeList {
  const chosen = kind ?? usualKind(rows);
  const problems: Problem[] = [];
  const seen = new Map<string, { readonly row: number; readonly name: string }>();
  let repeated = 0;
  for (const { row, fields } of rows) {
    const { code } = fields;
    const name = fields.name.replace(/\s+/g, ' ');
    const before = problems.length;
    if (code === '') {
      problems.push({
        definition: codesErrors.missingValue,
        file,
        row,
        field: 'code',
        value: '',
        parameters: { label: '编码' },
      });
    } else {
      const problem = codeProblem(code, chosen);
      if (problem) problems.push({ ...problem, file, row, field: 'code', value: code });
    }
    if (name === '') {
      problems.push({
        definition: codesErrors.missingValue,
        file,
        row,
        field: 'name',
        value: '',
        parameters: { label: '名称' },
      });
    }
    if (problems.length > before) continue;
    const earlier = seen.get(code);
    if (earlier === undefined) seen.set(code, { row, name });
    else if (earlier.name === name) repeated++;
    else {
      const parameters = { earlier: earlier.row, name: earlier.name };
      problems.push({
        definition: codesErrors.renamedCode,
        file,
        row,
        field: 'code',
        value: code,
        parameters,
      });
    }
  }
  if (problems.length > 0) throw new YibaoError(problems);
  const entries = Array.from(seen, ([code, { name }]) => ({ code, name })).toSorted(byCode);
  return { kind: chosen, entries, repeated };
}

function usualKind(rows: readonly FieldRow<SetColumn>[]): SetKind {
  let letters = 0;
  for (const { fields } of rows) letters += /^[A-Za-z]/.test(fields.code) ? 1 : -1;
  return letters >= 0 ? 'diagnosis' : 'procedure';
}

/** What another version of a set has that this one has not, and the other way round. All ascending by code. */
export type SetDiff = {
  readonly came: readonly CodeEntry[];
  readonly went: readonly CodeEntry[];
  readonly renamed: readonly { readonly code: string; readonly from: string; readonly to: string }[];
  readonly same: number;
};

export function diffCodeSets(from: readonly CodeEntry[], to: readonly CodeEntry[]): SetDiff {
  const before = new Map(from.map(({ code, name }) => [code, name]));
  const after = new Map(to.map(({ code, name }) => [code, name]));
  const renamed = from.flatMap(({ code, name }) => {
    const now = after.get(code);
    return now === undefined || now === name ? [] : [{ code, from: name, to: now }];
  });
  const came = to.filter(({ code }) => !before.has(code));
  const went = from.filter(({ code }) => !after.has(code));
  return {
    came: came.toSorted(byCode),
    went: went.toSorted(byCode),
    renamed: renamed.toSorted(byCode),
    same: from.length - went.length - renamed.length,
  };
}
