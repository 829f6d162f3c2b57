import { clearingQueries } from './clearing/output-queries.ts';
import { PARTS_QUERIES } from './parts/output-queries.ts';
import type { Settlement } from './settle-year.ts';

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

/** Written only when codes were mapped. */
const CODE_MAPPING_QUERIES: Readonly<Record<string, string>> = {
  'code_mapping.csv': `
    SELECT side, code, status, mapped_code, nullif(targets, '') AS targets, occurrences
    FROM code_mapping_result ORDER BY side, code`,
};

/** Written when a step of `adjustment.steps` has something to do. */
const ADJUSTMENT_QUERIES: Readonly<Record<string, string>> = {
  'adjustments.csv': `
    SELECT setl_id, fixmedins_code, insutype, step_no AS step, adjustment, points_text(points4_before) AS points_before,
      points_text(points4_after) AS points_after, yuan_text(amount_fen) AS amount, reference
    FROM adjustment_result ORDER BY setl_id, step_no`,
};

/** Written when the area has excluded items. */
const PAID_APART_QUERIES: Readonly<Record<string, string>> = {
  'paid_apart.csv': `
    SELECT insutype, fixmedins_code, item, cases, yuan_text(amount_fen) AS amount, yuan_text(fund_fen) AS fund
    FROM paid_apart_result ORDER BY insutype, fixmedins_code, item`,
};

/** The files of this settlement and their queries: those of the profile, and what policy or area add. */
export const outputQueries = ({
  codeMapping,
  adjustments,
  tables,
  clearingUse,
  parts,
}: Settlement): Readonly<Record<string, string>> => ({
  ...OUTPUT_QUERIES,
  ...(codeMapping === undefined ? {} : CODE_MAPPING_QUERIES),
  ...(adjustments.length > 0 ? ADJUSTMENT_QUERIES : {}),
  ...(tables.cases.rows.get('excluded_item')?.length ? PAID_APART_QUERIES : {}),
  ...clearingQueries(clearingUse),
  ...(parts === undefined ? {} : PARTS_QUERIES),
});
