import type { ConditionField } from '../catalogue/group-catalogue.ts';

/** One case as grouping sees it. Numbers that are not known are undefined: they satisfy no condition. */
export type DipCase = Readonly<Partial<Record<ConditionField, number | undefined>>> & {
  readonly principalDiagnosis: string;
  readonly otherDiagnoses: readonly string[];
  /** as written, in the order of the list: the principal one first */
  readonly procedures: readonly string[];
  /** 1 male, 2 female */
  readonly sex?: string | undefined;
  /** ipt_med_type 2 */
  readonly isDaySurgery?: boolean | undefined;
  /** read by the step `nearest-cost` alone */
  readonly costFen?: bigint | undefined;
};

/** What a profile with its catalogue reads of a case, beside principal diagnosis and procedures. */
export const CASE_INPUTS = [
  'other_diagnoses',
  'sex',
  'age_years',
  'age_days',
  'birth_weight_g',
  'length_of_stay',
  'day_surgery',
  'cost',
] as const;
export type CaseInput = (typeof CASE_INPUTS)[number];
