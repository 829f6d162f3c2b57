-- speciality_summary: the year of each speciality, the chapter of the principal diagnosis
-- grain: one row per chapter ('' for a code outside all chapters)
-- reads: case_result, point_value_result, icd_chapter
-- rule:  方案对比 — docs/domain/drg-payment.md#compare
--
-- paid_fen: points × settlement point value − non-fund payments, rounded for each scheme. A case with a point value
-- under no scheme is paid nothing.
WITH counted AS (
  SELECT
    coalesce(h.chapter, '') AS chapter
    , c.insutype
    , count(*) AS cases
    , sum(c.cost_fen) AS cost_fen
    , sum(c.fund_fen) AS fund_fen
    , sum(c.points4) AS points4
  FROM case_result AS c
  LEFT JOIN icd_chapter AS h ON substr(c.diagnosis, 1, 3) BETWEEN h.code_from AND h.code_to
  GROUP BY coalesce(h.chapter, ''), c.insutype
)
SELECT
  k.chapter
  , CAST(sum(k.cases) AS BIGINT) AS cases
  , CAST(sum(k.cost_fen) AS BIGINT) AS cost_fen
  , CAST(sum(k.fund_fen) AS BIGINT) AS fund_fen
  , CAST(sum(k.points4) AS BIGINT) AS points4
  , CAST(sum(CASE WHEN p.settlement_point_value8 IS NULL THEN 0 ELSE
      round_divide(CAST(k.points4 AS HUGEINT) * p.settlement_point_value8, CAST(10000000000 AS HUGEINT))
        - (k.cost_fen - k.fund_fen) END) AS BIGINT) AS paid_fen
FROM counted AS k
LEFT JOIN point_value_result AS p ON p.insutype = k.insutype
GROUP BY k.chapter
ORDER BY k.chapter
