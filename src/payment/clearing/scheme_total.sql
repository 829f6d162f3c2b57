-- scheme_total: budget (less what parts take of it), non-fund payments and points of each scheme with a budget
-- grain: one row per scheme
-- reads: budget, part_budget, month_total, settlement_year
-- rule:  结算点值 — docs/domain/dip.md#point-values
WITH used AS (
  SELECT scheme, sum(cases) AS cases, sum(points4) AS points4, sum(cost_fen) AS cost_fen, sum(non_fund_fen) AS non_fund_fen
  FROM month_total
  GROUP BY scheme
)
SELECT
  b.scheme
  , coalesce(p.inpatient_fen, b.budget_fen) AS budget_fen
  , CAST(coalesce(u.cases, 0) AS BIGINT) AS cases
  , CAST(coalesce(u.points4, 0) AS HUGEINT) AS points4
  , CAST(coalesce(u.cost_fen, 0) AS HUGEINT) AS cost_fen
  , CAST(coalesce(u.non_fund_fen, 0) AS HUGEINT) AS non_fund_fen
FROM budget AS b
CROSS JOIN settlement_year AS y
LEFT JOIN used AS u ON u.scheme = b.scheme
LEFT JOIN part_budget AS p ON p.scheme = b.scheme
WHERE b.year = y.payment_year
ORDER BY b.scheme
