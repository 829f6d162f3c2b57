-- pot: the pots of money a scheme pays its points from, and what each pays for a point
-- grain: one row per scheme, pot; none for a scheme without points, or where each institution has its own fund ratio
-- reads: scheme_total, institution_total, start_point_value, published_point_value, policy_value
-- rule:  点值的算法与方式 — docs/domain/clearing.md#point-value-methods
--
-- A pot pays points4 · numerator / denominator fen: a share of the whole pot (is_share, split by largest remainder), or
-- a value that is given and rounded for each institution. money_fen is what the points of the region are worth on the
-- basis of the method: budget + non-fund payments (deduction) or the budget alone (pooled ratio).
WITH chosen AS (
  SELECT
    max(CASE WHEN parameter = 'point_value.method' THEN value END) AS method
    , max(CASE WHEN parameter = 'point_value.mode' THEN value END) AS mode
    , max(CASE WHEN parameter = 'point_value.published' THEN value END) AS published
    , max(CASE WHEN parameter = 'point_value.baseline_share' THEN scaled END) AS baseline_share4
    , max(CASE WHEN parameter = 'point_value.increment_cap' THEN value END) AS increment_cap
    , max(CASE WHEN parameter = 'point_value.increment_cap_ratio' THEN scaled END) AS cap_ratio4
    , max(CASE WHEN parameter = 'point_value.increment_cap_value' THEN scaled END) AS cap_value4
  FROM policy_value
)
, scheme AS (
  SELECT
    s.scheme
    , s.points4
    , s.cost_fen
    , s.cost_fen - s.non_fund_fen AS fund_fen
    , CASE WHEN c.method = 'deduction' THEN s.budget_fen + s.non_fund_fen ELSE CAST(s.budget_fen AS HUGEINT) END
      AS money_fen
    , CASE WHEN c.published = 'file' THEN w.point_value8 ELSE p.start_point_value8 END AS fixed_value8
    , c.method
    , c.mode
    , c.baseline_share4
    , c.increment_cap
    , c.cap_ratio4
    , c.cap_value4
    -- fund yuan for a yuan of the point value: 1 under deduction
    , CASE WHEN c.method = 'deduction' THEN CAST(1 AS HUGEINT) ELSE s.cost_fen - s.non_fund_fen END AS fund_part
    , CASE WHEN c.method = 'deduction' THEN CAST(1 AS HUGEINT) ELSE s.cost_fen END AS cost_part
  FROM scheme_total AS s
  CROSS JOIN chosen AS c
  LEFT JOIN start_point_value AS p ON p.scheme = s.scheme
  LEFT JOIN published_point_value AS w ON w.scheme = s.scheme
  WHERE s.points4 > 0 AND c.method IN ('deduction', 'ratio-pooled')
)
, baseline AS (
  SELECT
    s.scheme
    , sum(t.baseline_points4) AS points4
    , sum(t.points4 - t.baseline_points4) AS increment_points4
  FROM scheme AS s
  JOIN institution_total AS t ON t.scheme = s.scheme
  GROUP BY s.scheme
)
, elastic AS (
  SELECT
    s.*
    , b.points4 AS baseline_points4
    , b.increment_points4
    , CASE WHEN b.points4 > 0 THEN round_divide(s.money_fen * s.baseline_share4, CAST(10000 AS HUGEINT)) ELSE 0 END
      AS baseline_fen
  FROM scheme AS s
  JOIN baseline AS b ON b.scheme = s.scheme
  WHERE s.mode = 'elastic'
)
, capped AS (
  SELECT
    *
    , CASE WHEN increment_cap = 'ratio' AND baseline_points4 > 0 THEN baseline_fen * cap_ratio4
           WHEN increment_cap = 'value' THEN cap_value4 * fund_part END AS cap_numerator
    , CASE WHEN increment_cap = 'ratio' AND baseline_points4 > 0 THEN baseline_points4 * 10000
           WHEN increment_cap = 'value' THEN cost_part * 1000000 END AS cap_denominator
  FROM elastic
)
, increment AS (
  SELECT
    *
    , cap_numerator IS NOT NULL
        AND (money_fen - baseline_fen) * cap_denominator > cap_numerator * increment_points4 AS is_capped
  FROM capped
)
SELECT scheme, 'points' AS pot, points4, TRUE AS is_share, money_fen AS numerator, points4 AS denominator
FROM scheme
WHERE mode = 'floating'
UNION ALL
SELECT scheme, 'points', points4, FALSE, fixed_value8 * fund_part, CAST(10000000000 AS HUGEINT) * cost_part
FROM scheme
WHERE mode = 'fixed'
UNION ALL
SELECT scheme, 'baseline', baseline_points4, TRUE, baseline_fen, baseline_points4
FROM elastic
WHERE baseline_points4 > 0
UNION ALL
SELECT
  scheme
  , 'increment'
  , increment_points4
  , NOT is_capped
  , CASE WHEN is_capped THEN cap_numerator ELSE money_fen - baseline_fen END
  , CASE WHEN is_capped THEN cap_denominator ELSE increment_points4 END
FROM increment
WHERE increment_points4 > 0
ORDER BY scheme, pot
