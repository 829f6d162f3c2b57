-- institution_summary: the year of each institution, both schemes together
-- grain: one row per institution, also those without a list
-- reads: institution, clearing_result, case_result, group_result, policy_value
-- rule:  盈亏与病例组合指数 — docs/domain/dip.md#clearing
--
-- gain = result − fund money booked on the lists (cost − non-fund payments).
-- cmi4 = Σ score of the groups of the grouped cases / score of an average case (1000) / grouped cases, × 10^4, rounded;
-- NULL without grouped cases.
WITH cleared AS (
  SELECT
    fixmedins_code
    , sum(cases) AS cases
    , sum(points4) AS points4
    , sum(cost_fen) AS cost_fen
    , sum(non_fund_fen) AS non_fund_fen
    , sum(due_fen) AS due_fen
    , sum(assessed_fen) AS assessed_fen
    , sum(audit_deduction_fen) AS audit_deduction_fen
    , sum(result_fen) AS result_fen
    , sum(monthly_paid_fen) AS monthly_paid_fen
    , sum(advance_paid_fen) AS advance_paid_fen
    , sum(clearing_cash_fen) AS clearing_cash_fen
  FROM clearing_result
  GROUP BY fixmedins_code
)
, average_case AS (
  SELECT coalesce(max(scaled), 1000) AS score FROM policy_value WHERE parameter = 'score.mean_score'
)
, mix AS (
  SELECT c.fixmedins_code, count(*) AS grouped_cases, sum(g.score4) AS score4
  FROM case_result AS c
  JOIN group_result AS g ON g.group_code = c.group_code
  GROUP BY c.fixmedins_code
)
SELECT
  i.fixmedins_code
  , i.name
  , i.level
  , coalesce(c.cases, 0) AS cases
  , coalesce(c.points4, 0) AS points4
  , coalesce(c.cost_fen, 0) AS cost_fen
  , coalesce(c.non_fund_fen, 0) AS non_fund_fen
  , coalesce(c.cost_fen - c.non_fund_fen, 0) AS fund_fen
  , coalesce(c.due_fen, 0) AS due_fen
  , coalesce(c.assessed_fen, 0) AS assessed_fen
  , coalesce(c.audit_deduction_fen, 0) AS audit_deduction_fen
  , coalesce(c.result_fen, 0) AS result_fen
  , coalesce(c.monthly_paid_fen, 0) AS monthly_paid_fen
  , coalesce(c.advance_paid_fen, 0) AS advance_paid_fen
  , coalesce(c.clearing_cash_fen, 0) AS clearing_cash_fen
  , coalesce(c.result_fen - (c.cost_fen - c.non_fund_fen), 0) AS gain_fen
  , coalesce(m.grouped_cases, 0) AS grouped_cases
  , round_divide(m.score4, a.score * m.grouped_cases) AS cmi4
FROM institution AS i
CROSS JOIN average_case AS a
LEFT JOIN cleared AS c ON c.fixmedins_code = i.fixmedins_code
LEFT JOIN mix AS m ON m.fixmedins_code = i.fixmedins_code
ORDER BY i.fixmedins_code
