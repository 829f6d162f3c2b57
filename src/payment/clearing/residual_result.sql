-- residual_result: what assessment and audit withhold, and the whole budget of a scheme without points:
--                  Σ result + residual = budget
-- grain: one row per insutype
-- reads: scheme_total, clearing_result, part_budget
-- rule:  年度清算 — docs/domain/dip.md#clearing
WITH used AS (
  SELECT insutype, sum(result_fen) AS result_fen FROM clearing_result GROUP BY insutype
)
SELECT CAST(s.scheme AS VARCHAR) AS insutype, CAST(s.budget_fen - coalesce(u.result_fen, 0) + coalesce(p.withheld_fen, 0) AS BIGINT) AS residual_fen
FROM scheme_total AS s
LEFT JOIN used AS u ON u.insutype = CAST(s.scheme AS VARCHAR)
LEFT JOIN part_budget AS p ON p.scheme = s.scheme
ORDER BY insutype
