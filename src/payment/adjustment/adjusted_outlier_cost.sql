-- adjusted_outlier_cost: outliers that are paid by their cost, where no earlier step has adjusted them
-- grain: one row per setl_id
-- reads: case_score, case_adjustment, institution, points_rule, amount_point_value, policy_value
-- rule:  极端费用病例按实际费用 — docs/domain/drg-payment.md#outlier-cost
--
-- amount_fen: the whole cost, or of high outliers what lies above the limit, which is added to the normal points. The
-- limit is the largest cost in whole fen that is not high.
WITH paid_by_cost AS (
  SELECT unnest(string_split(value, ' > ')) AS deviation FROM policy_value WHERE parameter = 'outlier_cost.deviations'
)
, chosen AS (
  SELECT
    c.setl_id
    , c.scheme
    , c.deviation
    , CASE WHEN x.is_excess THEN r.normal_points4 ELSE 0 END AS normal_points4
    , CASE WHEN x.is_excess THEN c.cost_fen - r.high_above_fen ELSE c.cost_fen END AS amount_fen
  FROM case_score AS c
  JOIN paid_by_cost AS p ON p.deviation = c.deviation
  JOIN institution AS i ON i.institution_no = c.institution_no
  JOIN points_rule AS r ON r.group_no = c.group_no AND r.class_no = i.class_no AND r.type_no = 0
  CROSS JOIN (SELECT value FROM policy_value WHERE parameter = 'outlier_cost.high_amount') AS h
  CROSS JOIN LATERAL (SELECT c.deviation <> 'low' AND h.value = 'excess' AS is_excess) AS x
  ANTI JOIN case_adjustment AS a ON a.setl_id = c.setl_id
)
SELECT
  c.setl_id
  , CAST(c.normal_points4 + round_divide(CAST(c.amount_fen AS HUGEINT) * 10000000000, CAST(v.point_value8 AS HUGEINT))
    AS BIGINT) AS points4
  , CAST(c.amount_fen AS BIGINT) AS amount_fen
  , c.deviation AS reference
FROM chosen AS c
JOIN amount_point_value AS v ON v.scheme = c.scheme
