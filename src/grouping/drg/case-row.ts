import type { Text } from '#kernel/locale.ts';
import type { DrgCase } from './case.ts';
import { NUMBER_FIELDS, type NumberField, type TextField } from './condition.ts';
import { type Grouper, isNumberField } from './grouper.ts';
import { FACT_COUNT, FACT_FIELDS } from './program.ts';

/** The columns of a file of cases, docs/domain/drg.md#cases. */
export const CASE_COLUMNS = [
  'case_id',
  'sex',
  'age_years',
  'age_days',
  'birth_weight_g',
  'length_of_stay',
  'disposition',
  'diagnoses',
  'procedures',
] as const;
/** Read where the scheme tests them. */
export const OPTIONAL_COLUMNS = ['icu_hours', 'department', 'inpatient_type'] as const;
export type CaseColumn = (typeof CASE_COLUMNS)[number] | (typeof OPTIONAL_COLUMNS)[number];

/** Sex unknown (0) and not stated (9) of GB/T 2261.1 count as missing. */
const SEX_MISSING = ['0', '9'];
const SEX_KNOWN = ['1', '2'];

/** A number of a case: missing when empty; undefined for a text that is no number. */
export function parseCaseNumber(text: string): number | undefined {
  if (text === '') return Number.NaN;
  return /^\d{1,9}(\.\d{1,6})?$/.test(text) ? Number(text) : undefined;
}

/** The value a sex counts as, '' = missing; undefined for a text that is none. */
export function parseSex(text: string): string | undefined {
  if (text === '' || SEX_MISSING.includes(text)) return '';
  return SEX_KNOWN.includes(text) ? text : undefined;
}

/** Codes joined by `|`: blanks at their ends and empty codes do not count. */
export const splitCodes = (text: string): string[] =>
  text.split('|').flatMap((code) => {
    const trimmed = code.replaceAll(/^ +| +$/g, '');
    return trimmed === '' ? [] : [trimmed];
  });

/** Distinct values of a column whose class is remembered; beyond them it is worked out again. */
const REMEMBERED_MAX = 10_000;
const INVALID = -1;

/** Reads the columns of a case for a grouper, remembering what each text of a number or of a sex means. */
export class CaseReader {
  readonly #grouper: Grouper;
  readonly #remembered = FACT_FIELDS.map(() => new Map<string, number>());
  /** the class of each of FACT_FIELDS, for the case read last */
  readonly facts = new Int32Array(FACT_COUNT);

  constructor(grouper: Grouper) {
    this.#grouper = grouper;
  }

  /**
   * Reads the facts of a case into `facts`.
   * @param value the text of a column without blanks at its ends, '' where there is none
   * @returns the first field that cannot be used
   */
  readFacts(value: (field: NumberField | TextField) => string): NumberField | TextField | undefined {
    for (let i = 0; i < FACT_COUNT; i++) {
      const text = value(FACT_FIELDS[i]!);
      let known = this.#remembered[i]!.get(text);
      if (known === undefined) {
        known = this.#classOf(FACT_FIELDS[i]!, text);
        if (this.#remembered[i]!.size < REMEMBERED_MAX) this.#remembered[i]!.set(text, known);
      }
      if (known === INVALID) return FACT_FIELDS[i];
      this.facts[i] = known;
    }
    return undefined;
  }

  #classOf(field: NumberField | TextField, text: string): number {
    if (isNumberField(field)) {
      const number = parseCaseNumber(text);
      return number === undefined ? INVALID : this.#grouper.classOfNumber(field, number);
    }
    const value = field === 'sex' ? parseSex(text) : text;
    return value === undefined ? INVALID : this.#grouper.classOfText(field, value);
  }
}

/** The case in words of the language of conditions: for the interpreter and for explanations. */
export function caseOf(
  value: (field: NumberField | TextField) => string,
  diagnoses: string,
  procedures: string,
): DrgCase {
  const numbers = NUMBER_FIELDS.map((field) => [field, parseCaseNumber(value(field)) ?? Number.NaN]);
  return {
    numbers: Object.fromEntries(numbers) as DrgCase['numbers'],
    texts: {
      sex: parseSex(value('sex')) ?? '',
      disposition: value('disposition'),
      department: value('department'),
      inpatient_type: value('inpatient_type'),
    },
    diagnoses: splitCodes(diagnoses),
    procedures: splitCodes(procedures),
  };
}

/** Why a case cannot be grouped. `{…}` places are filled. */
export const invalidReasons = {
  noId: { zh: 'case_id 为空', en: 'case_id is empty' },
  repeatedId: {
    zh: 'case_id 出现多次，各份都不分组；请只保留一份',
    en: 'case_id stands on several lines, none of them is grouped; keep one',
  },
  noPrincipal: {
    zh: '缺少主要诊断（diagnoses 的第一个编码）',
    en: 'the principal diagnosis (first code of diagnoses) is missing',
  },
  notANumber: {
    zh: '{field} “{value}”不是非负数字',
    en: '{field} "{value}" is not a number, or below zero',
  },
  noSex: {
    zh: 'sex “{value}”应为 1（男）、2（女），未知填 0、9 或留空',
    en: 'sex "{value}" must be 1 (male) or 2 (female); 0, 9 or nothing where it is unknown',
  },
  ragged: {
    zh: '该行有 {found} 列，首行有 {expected} 列；含逗号的值要用双引号括起',
    en: 'the line has {found} columns, the header {expected}; put values with commas in quotes',
  },
} as const satisfies Record<string, Text>;
