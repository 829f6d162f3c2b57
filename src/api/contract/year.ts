import { z } from 'zod';
import { listQuery, pageOf, textFilter } from './list.ts';

/** An amount beyond 2^53 comes as text. */
export const whole = z.union([z.int(), z.string()]);
const maybe = whole.nullable();

/** A year of an area and the settlement its pages show: the newest that is done, or that an institution's figures were published from. */
export const areaYearSchema = z
  .object({
    areaId: z.string(),
    areaName: z.string(),
    year: z.int(),
    runId: z.int().nullable(),
    settledAt: z.string().nullable(),
  })
  .meta({ id: 'AreaYear' });
export type AreaYear = z.infer<typeof areaYearSchema>;
export const areaYears = z.object({ rows: z.array(areaYearSchema) });

const schemeSummary = z.object({
  insutype: z.string(),
  budget_fen: whole,
  non_fund_fen: whole,
  points4: whole,
  start_point_value8: maybe,
  settlement_point_value8: maybe,
  cases: whole,
  cost_fen: whole,
  fund_fen: whole,
  ungrouped_cases: whole,
  due_fen: whole,
  result_fen: whole,
  monthly_paid_fen: whole,
  advance_paid_fen: whole,
  quarter_paid_fen: whole,
  audit_deduction_fen: whole,
  clearing_cash_fen: whole,
  residual_fen: whole,
});
const monthSummary = z.object({
  insutype: z.string(),
  month: z.string(),
  cases: whole,
  points4: whole,
  cost_fen: whole,
  non_fund_fen: whole,
  base_fen: whole,
  paid_fen: whole,
  observed_point_value8: maybe,
});
/** Figures of the year are null for an institution until the clearing is published. */
const institutionSummary = z.object({
  fixmedins_code: z.string(),
  name: z.string(),
  level: z.int(),
  cases: maybe,
  points4: maybe,
  cost_fen: maybe,
  fund_fen: maybe,
  due_fen: maybe,
  result_fen: maybe,
  gain_fen: maybe,
  monthly_paid_fen: maybe,
  clearing_cash_fen: maybe,
  cmi4: maybe,
});
export type SchemeSummary = z.infer<typeof schemeSummary>;
export type MonthSummary = z.infer<typeof monthSummary>;
export type InstitutionSummary = z.infer<typeof institutionSummary>;

/** A year at a glance; of a hospital user, its own institution only. */
export const overviewSchema = z.object({
  area: z.object({ code: z.string(), name: z.string(), year: z.int(), profile: z.string() }),
  schemes: z.array(schemeSummary),
  months: z.array(monthSummary),
  institutions: z.array(institutionSummary),
  kinds: z.array(
    z.object({ insutype: z.string(), kind: z.string(), deviation: z.string().nullable(), cases: whole }),
  ),
  bins: z.array(z.object({ deviation: z.string(), bin: whole, cases: whole })),
  refused: z.array(z.object({ reason: z.string(), lists: whole, files: whole, first_place: z.string() })),
});
export type Overview = z.infer<typeof overviewSchema>;

export const institutionParams = z.object({
  id: z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER),
  code: z.string().min(1).max(64),
});
export const institutionDetailSchema = z.object({
  institution: institutionSummary,
  schemes: z.array(
    z.object({
      insutype: z.string(),
      cases: whole,
      points4: whole,
      cost_fen: whole,
      non_fund_fen: whole,
      due_fen: whole,
      assessed_fen: whole,
      audit_deduction_fen: whole,
      result_fen: whole,
      monthly_paid_fen: whole,
      advance_paid_fen: whole,
      clearing_cash_fen: whole,
    }),
  ),
  months: z.array(
    z.object({
      month: z.string(),
      insutype: z.string(),
      cases: whole,
      points4: whole,
      cost_fen: whole,
      base_fen: whole,
      paid_fen: whole,
    }),
  ),
  peers: z.array(
    z.object({
      fixmedins_code: z.string(),
      cases: whole,
      mean_cost_fen: maybe,
      cmi4: maybe,
      gain_permille: maybe,
    }),
  ),
});
export type InstitutionDetail = z.infer<typeof institutionDetailSchema>;

/** An indicator of an institution beside those of its level. Values are decimal text in the unit of the indicator. */
export const indicatorRowSchema = z.object({
  position: whole,
  family: z.string(),
  family_zh: z.string(),
  family_en: z.string(),
  indicator: z.string(),
  title_zh: z.string(),
  title_en: z.string(),
  formula_zh: z.string(),
  formula_en: z.string(),
  unit: z.string(),
  /** which way is better for fund and persons: higher, lower or none */
  direction: z.string(),
  /** given; zero-denominator: there is nothing to divide by; not-applicable: data it needs is not there */
  status: z.string(),
  value: z.string().nullable(),
  last_year_value: z.string().nullable(),
  /** institutions of its level with a value, itself among them */
  peers: maybe,
  p25: z.string().nullable(),
  median: z.string().nullable(),
  p75: z.string().nullable(),
  /** share of the others below it, × 10⁴; null when it is alone */
  percentile4: maybe,
  source: z.string(),
  rule: z.string(),
});
export type IndicatorRow = z.infer<typeof indicatorRowSchema>;
export const indicatorQuery = listQuery({ family: z.string().max(64).optional() });
export const indicatorPage = pageOf(indicatorRowSchema);

/** Figures of the year are null for an institution until the clearing is published. */
export const groupRowSchema = z.object({
  group_code: z.string(),
  kind: z.string(),
  name: z.string().nullable(),
  history_cases: whole,
  average_cost_fen: maybe,
  score4: maybe,
  cases: maybe,
  institutions: maybe,
  cost_fen: maybe,
  mean_cost_fen: maybe,
  points4: maybe,
  low_cases: maybe,
  high_cases: maybe,
});
export type GroupRow = z.infer<typeof groupRowSchema>;
export const groupQuery = listQuery({
  group_code: textFilter,
  name: textFilter,
  kind: z.string().max(32).optional(),
});
export const groupPage = pageOf(groupRowSchema);
export const groupParams = z.object({
  id: z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER),
  group: z.string().min(1).max(200),
});
export const groupDetailSchema = z.object({
  group: groupRowSchema,
  years: z.array(z.object({ year: z.int(), cases: whole, cost_fen: whole })),
  institutions: z.array(
    z.object({
      fixmedins_code: z.string(),
      name: z.string(),
      level: z.int(),
      cases: whole,
      mean_cost_fen: maybe,
      lower_fen: maybe,
      median_fen: maybe,
      upper_fen: maybe,
      points4: maybe,
    }),
  ),
  /** lists by cost over the group's mean cost, in steps of 0.1; bin 30 holds all from 3 up */
  bins: z.array(z.object({ bin: whole, deviation: z.string(), cases: whole })),
  types: z.array(
    z.object({
      family: z.string(),
      type: z.string(),
      type_cases: whole,
      type_cv4: maybe,
      trigger4: maybe,
      verdict: z.string(),
      coefficient4: maybe,
    }),
  ),
});
export type GroupDetail = z.infer<typeof groupDetailSchema>;

export const refusedQuery = listQuery({ file: textFilter, setl_id: textFilter });
export const refusedPage = pageOf(
  z.object({ file: z.string(), row_no: whole, setl_id: z.string().nullable(), reason: z.string() }),
);
export const parameterQuery = listQuery({ parameter: textFilter, layer: z.string().max(32).optional() });
export const parameterRowSchema = z.object({
  parameter: z.string(),
  unit: z.string(),
  value: z.string().nullable(),
  layer: z.string().nullable(),
  document: z.string().nullable(),
  article: z.string().nullable(),
  effective_from: z.string().nullable(),
  title_zh: z.string(),
  title_en: z.string(),
  document_title_zh: z.string().nullable(),
  document_title_en: z.string().nullable(),
});
export type ParameterRow = z.infer<typeof parameterRowSchema>;
export const parameterPage = pageOf(parameterRowSchema);
