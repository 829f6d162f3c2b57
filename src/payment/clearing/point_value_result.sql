-- point_value_result: start-of-year and settlement point value of each scheme, × 10^8
-- grain: one row per insutype; settlement_point_value8 is NULL for a scheme without points (or, under a ratio method,
--        without fund money booked)
-- reads: scheme_total, start_point_value, published_point_value, due, policy_value
-- rule:  结算点值 — docs/domain/dip.md#point-values, docs/domain/clearing.md#point-value-methods
--
-- fen / 100 / (points4 / 10^4) × 10^8 = fen × 10^10 / points4. Under elastic values it is what a point was paid on
-- average.
WITH chosen AS (
  SELECT
    max(CASE WHEN parameter = 'point_value.method' THEN value END) AS method
    , max(CASE WHEN parameter = 'point_value.mode' THEN value END) AS mode
    , max(CASE WHEN parameter = 'point_value.published' THEN value END) AS published
  FROM policy_value
)
, paid AS (
  SELECT scheme, sum(due_fen) AS due_fen FROM due GROUP BY scheme
)
, basis AS (
  SELECT
    s.scheme
    , s.budget_fen
    , s.non_fund_fen
    , s.points4
    , s.cost_fen
    , s.cost_fen - s.non_fund_fen AS fund_fen
    , p.start_point_value8
    , CASE WHEN c.published = 'file' THEN w.point_value8 ELSE p.start_point_value8 END AS fixed_value8
    , c.method
    , c.mode
    , CASE WHEN c.mode = 'elastic' THEN coalesce(d.due_fen, 0) ELSE s.budget_fen END AS paid_fen
  FROM scheme_total AS s
  CROSS JOIN chosen AS c
  JOIN start_point_value AS p ON p.scheme = s.scheme
  LEFT JOIN published_point_value AS w ON w.scheme = s.scheme
  LEFT JOIN paid AS d ON d.scheme = s.scheme
)
SELECT
  CAST(scheme AS VARCHAR) AS insutype
  , budget_fen
  , non_fund_fen
  , points4
  , start_point_value8
  , CASE
      WHEN points4 <= 0 THEN NULL
      WHEN mode = 'fixed' THEN CAST(fixed_value8 AS HUGEINT)
      WHEN method = 'deduction' THEN round_divide((paid_fen + non_fund_fen) * CAST(10000000000 AS HUGEINT), points4)
      WHEN fund_fen > 0 THEN round_divide(
        CAST(paid_fen AS HUGEINT) * cost_fen * CAST(10000000000 AS HUGEINT), points4 * fund_fen)
    END AS settlement_point_value8
FROM basis
ORDER BY insutype
