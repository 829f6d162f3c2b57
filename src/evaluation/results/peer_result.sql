-- peer_result: each institution beside the institutions of its level
-- grain: one row per fixmedins_code, indicator with a value
-- reads: indicator_value, indicator_definition, institution, settlement_year
-- rule:  同级比较 — docs/domain/evaluation.md#peers
--
-- Percentiles by nearest rank: P25 of n values is the ⌈0.25 · n⌉-th smallest. below: institutions of the level with a smaller
-- value; percentile4 = below ÷ (peers − 1), × 10^4, NULL when the institution is alone.
WITH valued AS (
  SELECT i.fixmedins_code, i.level, v.indicator, d.position, v.value
  FROM indicator_value AS v
  CROSS JOIN settlement_year AS y
  JOIN indicator_definition AS d ON d.indicator = v.indicator AND d.peers
  JOIN institution AS i ON i.fixmedins_code = v.id
  WHERE v.scope = 'institution' AND v.month = 0 AND v.year = y.payment_year
)
, ranked AS (
  SELECT
    *
    , row_number() OVER (PARTITION BY level, indicator ORDER BY value, fixmedins_code) AS place
    , rank() OVER (PARTITION BY level, indicator ORDER BY value) - 1 AS below
    , count(*) OVER (PARTITION BY level, indicator) AS peers
  FROM valued
)
, spread AS (
  SELECT
    level
    , indicator
    , min(value) AS minimum
    , max(CASE WHEN place = (peers * 25 + 99) // 100 THEN value END) AS p25
    , max(CASE WHEN place = (peers * 50 + 99) // 100 THEN value END) AS median
    , max(CASE WHEN place = (peers * 75 + 99) // 100 THEN value END) AS p75
    , max(value) AS maximum
  FROM ranked
  GROUP BY level, indicator
)
SELECT
  r.fixmedins_code
  , r.level
  , r.indicator
  , r.position
  , r.value
  , r.peers
  , r.below
  , CASE WHEN r.peers > 1 THEN round_divide(r.below * 10000, r.peers - 1) END AS percentile4
  , s.minimum
  , s.p25
  , s.median
  , s.p75
  , s.maximum
FROM ranked AS r
JOIN spread AS s ON s.level = r.level AND s.indicator = r.indicator
ORDER BY r.fixmedins_code, r.position
