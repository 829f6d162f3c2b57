import { areaErrors } from '#catalogue/errors.ts';
import { type Fraction, parseDecimal, roundTo } from '#kernel/fraction.ts';
import type { Text } from '#kernel/locale.ts';
import { amount, filled, type Reader, type Table } from './area-tables.ts';

/** The parts an institution coefficient may be made of; `complete` is the whole of it. */
export const COEFFICIENT_COMPONENTS = [
  'complete',
  'base',
  'cmi',
  'key-specialty',
  'case-mix',
  'assessment',
  'contract',
  'other',
] as const;
export type CoefficientComponent = (typeof COEFFICIENT_COMPONENTS)[number];

/** A score that experts decided: a new score, or a factor on the calculated one. */
export type ScoreAdjustment = {
  /** line of the file */
  readonly row: number;
  readonly groupCode: string;
  readonly by: 'score' | 'factor';
  readonly value: Fraction;
  readonly reason: string;
};

/** One entry of a list of diagnoses: every code that begins with `code`. */
export type DiagnosisListEntry = {
  readonly row: number;
  readonly list: string;
  readonly code: string;
  readonly weight: number;
  /** the entry does not count for a principal diagnosis that begins with one of these */
  readonly unlessPrincipal: readonly string[];
};

/** The optional files of an area folder that scores, coefficients and typing read. */
export type PointsTables = {
  readonly scoreAdjustments: readonly ScoreAdjustment[];
  readonly coefficientComponents: readonly {
    readonly row: number;
    readonly fixmedinsCode: string;
    readonly component: CoefficientComponent;
    /** in units of 10^−4 */
    readonly value4: bigint;
    readonly source: string;
  }[];
  readonly diagnosisLists: readonly DiagnosisListEntry[];
  /** what the columns of a settlement list do not say; undefined where the file leaves it empty */
  readonly caseDetails: readonly {
    readonly setlId: string;
    readonly icuDays: number | undefined;
    /** fees for treatment without surgery */
    readonly treatmentFen: bigint | undefined;
    readonly drugFen: bigint | undefined;
  }[];
};

type Open = (file: string, columns: readonly string[], required: boolean) => Table;

const text: Reader<string> = { read: (written) => written, expected: { zh: '文本', en: 'text' } };
const decimal = (maximum: number, signed: boolean): Reader<Fraction> => ({
  read: (written) => {
    if (!new RegExp(`^${signed ? '-?' : ''}\\d{1,7}(\\.\\d{1,4})?$`).test(written)) return undefined;
    const value = parseDecimal(written)!;
    return Math.abs(Number(written)) > maximum ? undefined : value;
  },
  expected: decimalText(maximum, signed),
});
const decimalText = (maximum: number, signed: boolean): Text => ({
  zh: `${signed ? `−${maximum}` : 0} 至 ${maximum} 之间的数，至多四位小数`,
  en: `a number from ${signed ? `−${maximum}` : 0} to ${maximum} with at most four decimals`,
});
const orEmpty = <T>(reader: Reader<T>): Reader<T | null> => ({
  read: (written) => (written === '' ? null : reader.read(written)),
  expected: reader.expected,
});
const component: Reader<CoefficientComponent> = {
  read: (written) => COEFFICIENT_COMPONENTS.find((name) => name === written),
  expected: {
    zh: ` ${COEFFICIENT_COMPONENTS.join('、')} 之一`,
    en: `one of ${COEFFICIENT_COMPONENTS.join(', ')}`,
  },
};
const weight: Reader<number> = {
  read: (written) => (/^\d{1,3}$/.test(written) ? Number(written) : written === '' ? 1 : undefined),
  expected: { zh: '0 至 999 的整数，或留空（即 1）', en: 'an integer from 0 to 999, or empty for 1' },
};

const days: Reader<number> = {
  read: (written) => (/^\d{1,4}$/.test(written) ? Number(written) : undefined),
  expected: { zh: '非负整数天数，或留空', en: 'a whole number of days, or empty' },
};

const SCORE_MAX = 9_999_999;
const FACTOR_MAX = 100;
const COEFFICIENT_MAX = 10;

/**
 * Reads the optional files; what is wrong with them goes to the problems of the area folder.
 * @param known codes of institutions.csv; undefined when that file is broken
 */
export function readPointsTables(open: Open, known: ReadonlySet<string> | undefined): PointsTables {
  const scoreAdjustments = open(
    'score_adjustments.csv',
    ['group_code', 'score', 'factor', 'reason'],
    false,
  ).records(
    (field, row) => ({
      row,
      groupCode: field('group_code', filled),
      score: field('score', orEmpty(decimal(SCORE_MAX, false))),
      factor: field('factor', orEmpty(decimal(FACTOR_MAX, false))),
      reason: field('reason', filled),
    }),
    {
      key: ['group_code'],
      check: ({ score, factor }, report) => {
        if ((score === null) === (factor === null)) report(areaErrors.scoreOrFactor, 'score,factor', '');
      },
    },
  );
  const coefficientComponents = open(
    'institution_coefficients.csv',
    ['fixmedins_code', 'component', 'value', 'source'],
    false,
  ).records(
    (field, row) => ({
      row,
      fixmedinsCode: field('fixmedins_code', filled),
      component: field('component', component),
      value: field('value', decimal(COEFFICIENT_MAX, true)),
      source: field('source', filled),
    }),
    {
      key: ['fixmedins_code', 'component'],
      check: ({ fixmedinsCode }, report) => {
        if (known && !known.has(fixmedinsCode)) {
          report(areaErrors.unknownInstitution, 'fixmedins_code', fixmedinsCode);
        }
      },
    },
  );
  const diagnosisLists = open(
    'diagnosis_lists.csv',
    ['list', 'code', 'weight', 'unless_principal'],
    false,
  ).records(
    (field, row) => ({
      row,
      list: field('list', filled),
      code: field('code', filled),
      weight: field('weight', weight),
      unlessPrincipal: field('unless_principal', text)
        .split('|')
        .map((code) => code.trim())
        .filter((code) => code !== ''),
    }),
    { key: ['list', 'code'] },
  );
  const caseDetails = open(
    'case_details.csv',
    ['setl_id', 'icu_days', 'treatment_fee', 'drug_fee'],
    false,
  ).records(
    (field) => ({
      setlId: field('setl_id', filled),
      icuDays: field('icu_days', orEmpty(days)),
      treatmentFen: field('treatment_fee', orEmpty(amount)),
      drugFen: field('drug_fee', orEmpty(amount)),
    }),
    { key: ['setl_id'] },
  );
  return {
    scoreAdjustments: scoreAdjustments.map(({ row, groupCode, score, factor, reason }) => ({
      row,
      groupCode,
      by: score === null ? ('factor' as const) : ('score' as const),
      value: (score ?? factor)!,
      reason,
    })),
    coefficientComponents: coefficientComponents.map(({ row, fixmedinsCode, component, value, source }) => ({
      row,
      fixmedinsCode,
      component,
      value4: roundTo(value, 4),
      source,
    })),
    diagnosisLists,
    caseDetails: caseDetails.map(({ setlId, icuDays, treatmentFen, drugFen }) => ({
      setlId,
      icuDays: icuDays ?? undefined,
      treatmentFen: treatmentFen ?? undefined,
      drugFen: drugFen ?? undefined,
    })),
  };
}
