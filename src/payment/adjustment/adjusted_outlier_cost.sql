-- adjusted_outlier_cost: outliers that are paid by their cost, where no earlier step has adjusted them
-- grain: one row per setl_id
-- reads: case_score, case_adjustment, amount_point_value, policy_value
-- rule:  极端费用病例按实际费用 — docs/domain/drg-payment.md#outlier-cost
WITH paid_by_cost AS (
  SELECT unnest(string_split(value, ' > ')) AS deviation FROM policy_value WHERE parameter = 'outlier_cost.deviations'
)
SELECT
  c.setl_id
  , CAST(round_divide(CAST(c.cost_fen AS HUGEINT) * 10000000000, CAST(v.point_value8 AS HUGEINT)) AS BIGINT) AS points4
  , c.cost_fen AS amount_fen
  , c.deviation AS reference
FROM case_score AS c
JOIN amount_point_value AS v ON v.scheme = c.scheme
JOIN paid_by_cost AS p ON p.deviation = c.deviation
ANTI JOIN case_adjustment AS a ON a.setl_id = c.setl_id
