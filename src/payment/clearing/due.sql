-- due: what each institution is due for the year before assessment; Σ due = budget in every scheme that has points
-- grain: one row per scheme, institution_no: those with a list in the year or a row in institution_year
-- reads: scheme_total, month_total, institution_year, settlement_year, institution
-- rule:  年度应付与最大余数 — docs/domain/dip.md#point-values
--
-- Largest remainder: everyone gets the floor of the exact share, then one fen each goes to the largest fractions,
-- ties to the smaller institution code, until the budget is used up.
WITH taking_part AS (
  SELECT scheme, institution_no, sum(cases) AS cases, sum(points4) AS points4, sum(cost_fen) AS cost_fen
    , sum(non_fund_fen) AS non_fund_fen
  FROM month_total
  GROUP BY scheme, institution_no
  UNION ALL
  SELECT x.scheme, x.institution_no, 0, 0, 0, 0
  FROM institution_year AS x
  CROSS JOIN settlement_year AS y
  WHERE x.year = y.payment_year
    AND NOT EXISTS (
      SELECT 1 FROM month_total AS m WHERE m.scheme = x.scheme AND m.institution_no = x.institution_no)
)
, share AS (
  SELECT
    t.scheme
    , t.institution_no
    , i.fixmedins_code
    , CAST(t.cases AS BIGINT) AS cases
    , CAST(t.points4 AS HUGEINT) AS points4
    , CAST(t.cost_fen AS HUGEINT) AS cost_fen
    , CAST(t.non_fund_fen AS HUGEINT) AS non_fund_fen
    , s.points4 AS scheme_points4
    , s.budget_fen
    , CAST(t.points4 AS HUGEINT) * (s.budget_fen + s.non_fund_fen) AS product
  FROM taking_part AS t
  JOIN scheme_total AS s ON s.scheme = t.scheme
  JOIN institution AS i ON i.institution_no = t.institution_no
)
, floored AS (
  SELECT
    *
    , CASE WHEN scheme_points4 > 0 THEN product // scheme_points4 - non_fund_fen ELSE 0 END AS floor_fen
    , CASE WHEN scheme_points4 > 0 THEN product % scheme_points4 ELSE 0 END AS remainder
  FROM share
)
, ranked AS (
  SELECT
    *
    , row_number() OVER (PARTITION BY scheme ORDER BY remainder DESC, fixmedins_code) AS place
    , CASE WHEN scheme_points4 > 0 THEN budget_fen - sum(floor_fen) OVER (PARTITION BY scheme) ELSE 0 END AS fen_left
  FROM floored
)
SELECT
  scheme
  , institution_no
  , fixmedins_code
  , cases
  , points4
  , cost_fen
  , non_fund_fen
  , floor_fen + CASE WHEN place <= fen_left THEN 1 ELSE 0 END AS due_fen
FROM ranked
ORDER BY scheme, fixmedins_code
