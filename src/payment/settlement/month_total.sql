-- month_total: lists, points and money of each institution by month of discharge and scheme: what the months and the
--              year are paid from
-- grain: one row per month, scheme, institution_no
-- reads: case_score
-- rule:  月结算 — docs/domain/dip.md#months
SELECT
  month
  , scheme
  , institution_no
  , count(*) AS cases
  , sum(points4) AS points4
  , sum(cost_fen) AS cost_fen
  , sum(cost_fen) - sum(fund_fen) AS non_fund_fen
FROM case_score
GROUP BY month, scheme, institution_no
ORDER BY month, scheme, institution_no
