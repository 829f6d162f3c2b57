-- deviation_histogram: lists by cost over payment standard, in steps of 0.1
-- grain: one row per deviation, bin; bin n holds 0.1·n ≤ ratio < 0.1·(n+1), bin 30 all from 3 up
-- reads: case_result, group_result, institution, coefficient_result, policy_value
-- rule:  费用偏差 — docs/domain/dip.md#deviation
-- parameters: $1, $2: the low and the high threshold in thousandths, NULL when the policy has none
--
-- The payment standard is the group's mean cost × the coefficient: that of the level, or the one of primary-care
-- groups; the mean cost alone where the policy compares with that. Which groups those are is read from the points: an inlier has score × coefficient. The class of each list is
-- the pipeline's; a ratio that rounding would put on the other side of a threshold stays on its own.
WITH primary_care AS (
  SELECT coalesce(max(scaled), 10000) AS coefficient4 FROM policy_value WHERE parameter = 'coefficient.primary_care'
)
, ratio_base AS (
  SELECT count(*) > 0 AS is_mean FROM policy_value WHERE parameter = 'deviation.ratio_base' AND value = 'mean'
)
, standard AS (
  SELECT
    c.group_code
    , c.deviation
    , c.cost_fen
    , c.points4
    , g.average_cost_fen
    , g.score4
    , CASE WHEN b.is_mean THEN 10000 ELSE coalesce(f.coefficient4, 10000) END AS coefficient4
  FROM case_result AS c
  CROSS JOIN ratio_base AS b
  JOIN group_result AS g ON g.group_code = c.group_code
  JOIN institution AS i ON i.fixmedins_code = c.fixmedins_code
  LEFT JOIN coefficient_result AS f ON f.level = i.level
  WHERE g.average_cost_fen > 0
)
, primary_care_group AS (
  SELECT DISTINCT s.group_code, p.coefficient4
  FROM standard AS s
  CROSS JOIN primary_care AS p
  WHERE s.deviation = 'normal'
    AND s.points4 = round_divide(s.score4 * p.coefficient4, 10000)
    AND s.points4 <> round_divide(s.score4 * s.coefficient4, 10000)
)
, measured AS (
  SELECT
    s.deviation
    , CAST(s.cost_fen AS HUGEINT) * 10000000 // (s.average_cost_fen * CASE WHEN b.is_mean THEN 10000 ELSE coalesce(p.coefficient4, s.coefficient4) END) AS ratio3
  FROM standard AS s
  CROSS JOIN ratio_base AS b
  LEFT JOIN primary_care_group AS p ON p.group_code = s.group_code
)
, kept AS (
  SELECT
    deviation
    , CASE deviation
        WHEN 'low' THEN least(ratio3, coalesce(CAST($1 AS BIGINT) - 1, ratio3))
        WHEN 'high' THEN greatest(ratio3, coalesce(CAST($2 AS BIGINT), ratio3))
        WHEN 'extreme' THEN greatest(ratio3, coalesce(CAST($2 AS BIGINT), ratio3))
        ELSE greatest(least(ratio3, coalesce(CAST($2 AS BIGINT) - 1, ratio3)), coalesce(CAST($1 AS BIGINT), ratio3))
      END AS ratio3
  FROM measured
)
SELECT deviation, least(ratio3 // 100, 30) AS bin, count(*) AS cases
FROM kept
WHERE deviation IS NOT NULL
GROUP BY deviation, least(ratio3 // 100, 30)
ORDER BY deviation, bin
