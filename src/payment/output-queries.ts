import { clearingQueries } from './clearing/output-queries.ts';
import { PART_MONTH_QUERIES, PARTS_QUERIES } from './parts/output-queries.ts';
import type { Settlement } from './settle-year.ts';

/** What of a settlement decides which files it has. */
export type SettledYear = Pick<
  Settlement,
  'policy' | 'tables' | 'codeMapping' | 'adjustments' | 'clearingUse' | 'parts'
>;

/**
 * The CSV files of a settlement and the query of each, in the column and row order of the reference profile:
 * money with two decimals, points and scores with four, point values with eight, rows by ascending key.
 */
export const OUTPUT_QUERIES: Readonly<Record<string, string>> = {
  'groups.csv': `
    SELECT group_code, kind, cases, yuan_text(average_cost_fen) AS average_cost, points_text(score4) AS score
    FROM group_result ORDER BY group_code, kind`,
  'coefficients.csv': `
    SELECT level, points_text(coefficient4) AS coefficient FROM coefficient_result ORDER BY level`,
  'cases.csv': `
    SELECT setl_id, fixmedins_code, insutype, group_code, kind, deviation, case_points_text(points4) AS points
    FROM case_result ORDER BY setl_id`,
  'point_values.csv': `
    SELECT insutype, yuan_text(budget_fen) AS budget, yuan_text(non_fund_fen) AS non_fund, points_text(points4) AS points,
      point_value_text(start_point_value8) AS start_point_value,
      point_value_text(settlement_point_value8) AS settlement_point_value
    FROM point_value_result ORDER BY insutype`,
  'monthly.csv': `
    SELECT month, insutype, fixmedins_code, cases, points_text(points4) AS points, yuan_text(base_fen) AS base,
      yuan_text(paid_fen) AS paid
    FROM month_result ORDER BY month, insutype, fixmedins_code`,
  'clearing.csv': `
    SELECT insutype, fixmedins_code, cases, points_text(points4) AS points, yuan_text(due_fen) AS due,
      yuan_text(assessed_fen) AS assessed, yuan_text(audit_deduction_fen) AS audit_deduction,
      yuan_text(result_fen) AS result, yuan_text(monthly_paid_fen) AS monthly_paid,
      yuan_text(advance_paid_fen) AS advance_paid, yuan_text(clearing_cash_fen) AS clearing_cash
    FROM clearing_result ORDER BY insutype, fixmedins_code`,
  'residual.csv': `
    SELECT insutype, yuan_text(residual_fen) AS residual FROM residual_result ORDER BY insutype`,
  'refused.csv': `
    SELECT file, row_no AS row, setl_id, reason FROM refused_result ORDER BY file, row_no`,
};

/** Files of steps that the reference profile does not have: written where the policy or the area folder has the step. */
const CHOSEN_QUERIES: Readonly<
  Record<string, { readonly query: string; readonly when: (settlement: SettledYear) => boolean }>
> = {
  'code_mapping.csv': {
    when: ({ codeMapping }) => codeMapping !== undefined,
    query: `
    SELECT side, code, status, mapped_code, nullif(targets, '') AS targets, occurrences
    FROM code_mapping_result ORDER BY side, code`,
  },
  'adjustments.csv': {
    when: ({ adjustments }) => adjustments.length > 0,
    query: `
    SELECT setl_id, fixmedins_code, insutype, step_no AS step, adjustment, points_text(points4_before) AS points_before,
      points_text(points4_after) AS points_after, yuan_text(amount_fen) AS amount, reference
    FROM adjustment_result ORDER BY setl_id, step_no`,
  },
  'paid_apart.csv': {
    when: ({ tables }) => (tables.cases.rows.get('excluded_item')?.length ?? 0) > 0,
    query: `
    SELECT insutype, fixmedins_code, item, cases, yuan_text(amount_fen) AS amount, yuan_text(fund_fen) AS fund
    FROM paid_apart_result ORDER BY insutype, fixmedins_code, item`,
  },
  'institution_coefficients.csv': {
    when: ({ policy }) => !['level', 'by-disease'].includes(policy.choice('coefficient.method')),
    query: `
    SELECT fixmedins_code, level, type, why AS method, points_text(base4) AS base, points_text(add_on4) AS add_on,
      points_text(coefficient4) AS coefficient
    FROM institution_coefficient ORDER BY fixmedins_code`,
  },
  'disease_coefficients.csv': {
    when: ({ policy }) => policy.choice('coefficient.method') === 'by-disease',
    query: `
    SELECT group_code, kind, level, cases, yuan_text(mean_fen) AS average_cost, verdict,
      points_text(coefficient4) AS coefficient
    FROM disease_coefficient ORDER BY group_code, kind, level`,
  },
  'adjusted_scores.csv': {
    when: ({ tables }) => tables.points.scoreAdjustments.length > 0,
    query: `
    SELECT group_code, kind, cases, points_text(score_before4) AS calculated_score, points_text(decided4) AS decided_score,
      point_value_text(rescale8) AS rescale, points_text(score4) AS score
    FROM adjusted_score ORDER BY group_code, kind`,
  },
  'type_coefficients.csv': {
    when: ({ policy }) => policy.choice('typing.method') !== 'none',
    query: `
    SELECT group_code, kind, family, type, disease_cases, type_cases, points_text(disease_cv4) AS disease_cv,
      points_text(type_cv4) AS type_cv, points_text(trigger4) AS trigger_coefficient, verdict,
      points_text(coefficient4) AS coefficient
    FROM type_result ORDER BY group_code, kind, type_no`,
  },
  'case_types.csv': {
    when: ({ policy }) => policy.choice('typing.method') !== 'none',
    query: `
    SELECT c.setl_id, g.group_code, r.type, points_text(r.trigger4) AS trigger_coefficient,
      points_text(r.coefficient4) AS coefficient
    FROM case_score AS c
    JOIN group_score AS g ON g.group_no = c.group_no
    JOIN type_result AS r ON r.group_no = c.group_no AND r.type_no = c.type_no
    ORDER BY c.setl_id`,
  },
};

const CLIFF_QUERY = `
    SELECT setl_id, fixmedins_code, insutype, month, group_code, cliff, yuan_text(cost_fen) AS cost,
      yuan_text(cliff_cost_fen) AS cost_before_cliff, ratio_text(ratio6) AS ratio, points_text(points4) AS points,
      points_text(points_before4) AS points_before_cliff
    FROM cliff_case_result ORDER BY setl_id, cliff`;

/** The queries of every file that a settlement writes. */
export const outputQueries = (
  settlement: SettledYear,
  wanted: { readonly cliffs: boolean },
): Readonly<Record<string, string>> => ({
  ...OUTPUT_QUERIES,
  ...Object.fromEntries(
    Object.entries(CHOSEN_QUERIES)
      .filter(([, { when }]) => when(settlement))
      .map(([name, { query }]) => [name, query]),
  ),
  ...(wanted.cliffs ? { 'cliff_cases.csv': CLIFF_QUERY } : {}),
  ...clearingQueries(settlement.clearingUse),
  ...(settlement.parts === undefined ? {} : PARTS_QUERIES),
  ...(settlement.parts?.isMonthly ? PART_MONTH_QUERIES : {}),
});
