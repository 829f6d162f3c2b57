-- monthly_point_value: what one point cost in each month
-- grain: one row per insutype, month with lists
-- reads: month_result
-- rule:  月点值（观察值） — docs/domain/dip.md#point-values
--
-- observed_point_value8 = (fund money booked + non-fund payments of the month's lists) / the month's points, × 10^8,
-- rounded: the point value at which the month's points would pay exactly what its lists cost. NULL without points.
WITH month AS (
  SELECT
    insutype
    , month
    , sum(cases) AS cases
    , sum(points4) AS points4
    , sum(cost_fen) AS cost_fen
    , sum(non_fund_fen) AS non_fund_fen
    , sum(base_fen) AS base_fen
    , sum(paid_fen) AS paid_fen
  FROM month_result
  GROUP BY insutype, month
)
SELECT
  insutype
  , month
  , cases
  , points4
  , cost_fen
  , non_fund_fen
  , base_fen
  , paid_fen
  , CASE WHEN points4 > 0 THEN round_divide(CAST(cost_fen AS HUGEINT) * 10000000000, points4) END
    AS observed_point_value8
FROM month
ORDER BY insutype, month
