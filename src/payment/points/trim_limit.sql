-- trim_limit: history costs of a group beyond which a case is left out of the start-of-year point value, fen × 10^4
-- grain: one row per group_no with enough history cases
-- reads: scored_list, settlement_year, policy_value
-- rule:  年初点值的裁剪 — docs/domain/clearing.md#start-point-value
--
-- A quantile lies between two costs: position (n − 1) · q of the costs in ascending order, the part behind the point
-- dividing the step to the next cost. Quantiles are × 10^4, so costs × 10^4 are exact.
WITH quantile AS (
  SELECT
    max(CASE WHEN parameter = 'point_value.trim_low' THEN scaled END) AS low4
    , max(CASE WHEN parameter = 'point_value.trim_high' THEN scaled END) AS high4
    , max(CASE WHEN parameter = 'point_value.trim_minimum_cases' THEN scaled END) AS minimum_cases
  FROM policy_value
)
, ranked AS (
  SELECT
    s.group_no
    , s.cost_fen
    , row_number() OVER (PARTITION BY s.group_no ORDER BY s.cost_fen) - 1 AS place
    , count(*) OVER (PARTITION BY s.group_no) AS cases
  FROM scored_list AS s
  CROSS JOIN settlement_year AS y
  WHERE s.year < y.payment_year AND s.group_no <> 0
)
, placed AS (
  SELECT
    r.group_no
    , r.cases
    , r.cost_fen
    , r.place
    , (r.cases - 1) * q.low4 AS low_place4
    , (r.cases - 1) * q.high4 AS high_place4
  FROM ranked AS r
  CROSS JOIN quantile AS q
  WHERE r.cases >= q.minimum_cases
)
SELECT
  group_no
  , cases
  , sum(CAST(cost_fen AS HUGEINT) * CASE
      WHEN place = low_place4 // 10000 THEN 10000 - low_place4 % 10000
      WHEN place = low_place4 // 10000 + 1 THEN low_place4 % 10000
      ELSE 0 END) AS low4
  , sum(CAST(cost_fen AS HUGEINT) * CASE
      WHEN place = high_place4 // 10000 THEN 10000 - high_place4 % 10000
      WHEN place = high_place4 // 10000 + 1 THEN high_place4 % 10000
      ELSE 0 END) AS high4
FROM placed
GROUP BY group_no, cases
ORDER BY group_no
