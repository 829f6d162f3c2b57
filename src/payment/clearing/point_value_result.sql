-- point_value_result: start-of-year and settlement point value of each scheme, × 10^8
-- grain: one row per insutype; settlement_point_value8 is NULL for a scheme without points
-- reads: scheme_total, start_point_value
-- rule:  结算点值 — docs/domain/dip.md#point-values
--
-- fen / 100 / (points4 / 10^4) × 10^8 = fen × 10^10 / points4
SELECT
  CAST(s.scheme AS VARCHAR) AS insutype
  , s.budget_fen
  , s.non_fund_fen
  , s.points4
  , p.start_point_value8
  , CASE WHEN s.points4 > 0
      THEN round_divide((s.budget_fen + s.non_fund_fen) * CAST(10000000000 AS HUGEINT), s.points4) END
    AS settlement_point_value8
FROM scheme_total AS s
CROSS JOIN start_point_value AS p
ORDER BY insutype
