-- publication_cell: discharges, applications, passes and points of each institution and month, for the publication
-- grain: one row per scheme, fixmedins_code, month
-- reads: case_score, institution, special_case_application, special_case, case_adjustment, point_value_result
-- rule:  公布 — docs/domain/review.md#publication
--
-- points4 / 10^4 × value / 10^8 yuan in fen = points4 × value / 10^10, for each case that passed
WITH reviewed AS (
  SELECT setl_id, points4_before, points4_after FROM case_adjustment WHERE adjustment = 'special-case'
)
SELECT
  CAST(c.scheme AS VARCHAR) AS insutype
  , i.fixmedins_code
  , c.month
  , count(*) AS discharges
  , count(a.setl_id) AS applications
  , count(s.setl_id) AS passes
  , CAST(sum(c.points4) AS BIGINT) AS points4
  , CAST(sum(c.cost_fen - c.fund_fen) AS BIGINT) AS non_fund_fen
  , CAST(coalesce(sum(CASE WHEN s.setl_id IS NOT NULL THEN
      round_divide(CAST(c.points4 AS HUGEINT) * v.settlement_point_value8, CAST(10000000000 AS HUGEINT))
        - (c.cost_fen - c.fund_fen) END), 0) AS BIGINT) AS reviewed_fund_fen
  , CAST(coalesce(sum(CASE WHEN r.setl_id IS NOT NULL THEN
      round_divide(CAST(r.points4_after - r.points4_before AS HUGEINT) * v.settlement_point_value8,
        CAST(10000000000 AS HUGEINT)) END), 0) AS BIGINT) AS added_fen
FROM case_score AS c
JOIN institution AS i ON i.institution_no = c.institution_no
JOIN point_value_result AS v ON v.insutype = CAST(c.scheme AS VARCHAR)
LEFT JOIN special_case_application AS a ON a.setl_id = c.setl_id
LEFT JOIN special_case AS s ON s.setl_id = c.setl_id AND s.decision <> 'rejected'
LEFT JOIN reviewed AS r ON r.setl_id = c.setl_id
GROUP BY c.scheme, i.fixmedins_code, c.month
ORDER BY insutype, i.fixmedins_code, c.month
