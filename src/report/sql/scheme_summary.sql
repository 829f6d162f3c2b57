-- scheme_summary: the year of each scheme in one line
-- grain: one row per insutype with a budget
-- reads: point_value_result, case_result, clearing_result, residual_result
-- rule:  汇总 — docs/domain/dip.md#clearing
WITH listed AS (
  SELECT
    insutype
    , count(*) AS cases
    , sum(cost_fen) AS cost_fen
    , sum(fund_fen) AS fund_fen
    , sum(CASE WHEN kind = 'ungrouped' THEN 1 ELSE 0 END) AS ungrouped_cases
  FROM case_result
  GROUP BY insutype
)
, cleared AS (
  SELECT
    insutype
    , sum(due_fen) AS due_fen
    , sum(assessed_fen) AS assessed_fen
    , sum(assessment_change_fen) AS assessment_change_fen
    , sum(other_steps_fen) AS other_steps_fen
    , sum(quarter_paid_fen) AS quarter_paid_fen
    , sum(audit_deduction_fen) AS audit_deduction_fen
    , sum(result_fen) AS result_fen
    , sum(monthly_paid_fen) AS monthly_paid_fen
    , sum(advance_paid_fen) AS advance_paid_fen
    , sum(clearing_cash_fen) AS clearing_cash_fen
  FROM clearing_result
  GROUP BY insutype
)
SELECT
  p.insutype
  , p.budget_fen
  , p.non_fund_fen
  , p.points4
  , p.start_point_value8
  , p.settlement_point_value8
  , coalesce(l.cases, 0) AS cases
  , coalesce(l.cost_fen, 0) AS cost_fen
  , coalesce(l.fund_fen, 0) AS fund_fen
  , coalesce(l.ungrouped_cases, 0) AS ungrouped_cases
  , coalesce(c.due_fen, 0) AS due_fen
  , coalesce(c.assessed_fen, 0) AS assessed_fen
  , coalesce(c.assessment_change_fen, 0) AS assessment_change_fen
  , coalesce(c.other_steps_fen, 0) AS other_steps_fen
  , coalesce(c.quarter_paid_fen, 0) AS quarter_paid_fen
  , coalesce(c.audit_deduction_fen, 0) AS audit_deduction_fen
  , coalesce(c.result_fen, 0) AS result_fen
  , coalesce(c.monthly_paid_fen, 0) AS monthly_paid_fen
  , coalesce(c.advance_paid_fen, 0) AS advance_paid_fen
  , coalesce(c.clearing_cash_fen, 0) AS clearing_cash_fen
  , coalesce(r.residual_fen, 0) AS residual_fen
FROM point_value_result AS p
LEFT JOIN listed AS l ON l.insutype = p.insutype
LEFT JOIN cleared AS c ON c.insutype = p.insutype
LEFT JOIN residual_result AS r ON r.insutype = p.insutype
ORDER BY p.insutype
