-- scheme_outcome: where the budget of each scheme went: to the parts, to the institutions, to the residual account
-- grain: one row per insutype with a budget
-- reads: budget, settlement_year, part_line, point_value_result, clearing_result, residual_result
-- rule:  年度清算 — docs/domain/dip.md#clearing
--
-- budget_fen = parts_fen + result_fen + residual_fen, to the fen
WITH parts AS (
  SELECT scheme, CAST(sum(due_fen) AS BIGINT) AS parts_fen FROM part_line GROUP BY scheme
)
, cleared AS (
  SELECT
    insutype
    , CAST(sum(due_fen) AS BIGINT) AS due_fen
    , CAST(sum(result_fen) AS BIGINT) AS result_fen
    , CAST(sum(monthly_paid_fen) AS BIGINT) AS monthly_paid_fen
    , CAST(sum(clearing_cash_fen) AS BIGINT) AS clearing_cash_fen
  FROM clearing_result
  GROUP BY insutype
)
SELECT
  p.insutype
  , b.budget_fen
  , coalesce(t.parts_fen, 0) AS parts_fen
  , CAST(p.points4 AS HUGEINT) AS points4
  , p.start_point_value8
  , p.settlement_point_value8
  , coalesce(c.due_fen, 0) AS due_fen
  , coalesce(c.result_fen, 0) AS result_fen
  , coalesce(c.monthly_paid_fen, 0) AS monthly_paid_fen
  , coalesce(c.clearing_cash_fen, 0) AS clearing_cash_fen
  , r.residual_fen
FROM point_value_result AS p
CROSS JOIN settlement_year AS y
JOIN budget AS b ON b.year = y.payment_year AND CAST(b.scheme AS VARCHAR) = p.insutype
JOIN residual_result AS r ON r.insutype = p.insutype
LEFT JOIN parts AS t ON t.scheme = b.scheme
LEFT JOIN cleared AS c ON c.insutype = p.insutype
ORDER BY p.insutype
