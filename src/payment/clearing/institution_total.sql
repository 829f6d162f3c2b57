-- institution_total: the year of each institution that takes part, and which of its points are baseline points
-- grain: one row per scheme, institution_no: those with a list in the year or a row in institution_year
-- reads: month_total, institution_year, settlement_year, institution, baseline_points
-- rule:  年度应付 — docs/domain/dip.md#point-values
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
SELECT
  t.scheme
  , t.institution_no
  , i.fixmedins_code
  , CAST(t.cases AS BIGINT) AS cases
  , CAST(t.points4 AS HUGEINT) AS points4
  , CAST(t.cost_fen AS HUGEINT) AS cost_fen
  , CAST(t.non_fund_fen AS HUGEINT) AS non_fund_fen
  , least(CAST(t.points4 AS HUGEINT), coalesce(b.points4, 0)) AS baseline_points4
FROM taking_part AS t
JOIN institution AS i ON i.institution_no = t.institution_no
LEFT JOIN baseline_points AS b ON b.scheme = t.scheme AND b.institution_no = t.institution_no
ORDER BY t.scheme, i.fixmedins_code
