-- group_outcome: the lists of the year of each group: how many lie beside the line of normal cost, their points and money
-- grain: one row per group; the row without a code is the ungrouped lists
-- reads: case_score, group_score, point_value_result
-- rule:  病种 — docs/domain/dip.md#scores
--
-- paid_fen: points × settlement point value − non-fund payments, rounded for each scheme. A scheme without a point value
-- pays nothing.
WITH counted AS (
  SELECT
    group_no
    , scheme
    , count(*) AS cases
    , count(CASE WHEN deviation = 'low' THEN 1 END) AS low_cases
    , count(CASE WHEN deviation = 'normal' THEN 1 END) AS normal_cases
    , count(CASE WHEN deviation = 'high' THEN 1 END) AS high_cases
    , count(CASE WHEN deviation = 'extreme' THEN 1 END) AS extreme_cases
    , sum(cost_fen) AS cost_fen
    , sum(fund_fen) AS fund_fen
    , sum(points4) AS points4
  FROM case_score
  GROUP BY group_no, scheme
)
SELECT
  g.group_code
  , coalesce(g.kind, 'ungrouped') AS kind
  , min(g.score4) AS score4
  , CAST(sum(k.cases) AS BIGINT) AS cases
  , CAST(sum(k.low_cases) AS BIGINT) AS low_cases
  , CAST(sum(k.normal_cases) AS BIGINT) AS normal_cases
  , CAST(sum(k.high_cases) AS BIGINT) AS high_cases
  , CAST(sum(k.extreme_cases) AS BIGINT) AS extreme_cases
  , CAST(sum(k.cost_fen) AS BIGINT) AS cost_fen
  , CAST(sum(k.fund_fen) AS BIGINT) AS fund_fen
  , CAST(sum(k.points4) AS BIGINT) AS points4
  , CAST(sum(CASE WHEN p.settlement_point_value8 IS NULL THEN 0 ELSE
      round_divide(CAST(k.points4 AS HUGEINT) * p.settlement_point_value8, CAST(10000000000 AS HUGEINT))
        - (k.cost_fen - k.fund_fen) END) AS BIGINT) AS paid_fen
FROM counted AS k
LEFT JOIN group_score AS g ON g.group_no = k.group_no
LEFT JOIN point_value_result AS p ON p.insutype = CAST(k.scheme AS VARCHAR)
GROUP BY g.group_code, coalesce(g.kind, 'ungrouped')
ORDER BY g.group_code NULLS LAST, coalesce(g.kind, 'ungrouped')
