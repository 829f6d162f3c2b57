-- adjusted_high_share: high outliers beyond the largest share of all cases get normal points, the least extreme first
-- grain: one row per setl_id
-- reads: case_score, case_adjustment, group_score, institution, points_rule, policy_value
-- rule:  高倍率病例占比上限 — docs/domain/drg-payment.md#high-share
--
-- Ranked by cost / mean cost of groups.csv, to 10^−8, ties by setl_id.
WITH ranked AS (
  SELECT
    c.setl_id
    , r.normal_points4
    , row_number() OVER (
        ORDER BY CAST(c.cost_fen AS HUGEINT) * 100000000 // greatest(g.average_cost_fen, 1) DESC, c.setl_id
      ) AS place
  FROM case_score AS c
  JOIN group_score AS g ON g.group_no = c.group_no
  JOIN institution AS i ON i.institution_no = c.institution_no
  JOIN points_rule AS r ON r.group_no = c.group_no AND r.class_no = i.class_no AND r.type_no = 0
  ANTI JOIN case_adjustment AS a ON a.setl_id = c.setl_id
  WHERE c.deviation = 'high'
)
, most AS (
  SELECT (SELECT count(*) FROM case_score) * p.scaled // 10000 AS cases
  FROM policy_value AS p
  WHERE p.parameter = 'high_share.maximum'
)
SELECT
  r.setl_id
  , r.normal_points4 AS points4
  , CAST(NULL AS BIGINT) AS amount_fen
  , CAST(r.place AS VARCHAR) || '/' || CAST(m.cases AS VARCHAR) AS reference
FROM ranked AS r
CROSS JOIN most AS m
WHERE r.place > m.cases
