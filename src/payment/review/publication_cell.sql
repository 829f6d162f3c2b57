-- publication_cell: discharges, applications, passes and points of each institution and month, for the publication
-- grain: one row per scheme, fixmedins_code, month
-- reads: case_score, institution, special_case_application, special_case, case_adjustment
-- rule:  公布 — docs/domain/review.md#publication
WITH reviewed AS (
  SELECT setl_id, points4_after - points4_before AS added_points4
  FROM case_adjustment
  WHERE adjustment = 'special-case'
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
  , CAST(coalesce(sum(CASE WHEN s.setl_id IS NOT NULL THEN c.points4 END), 0) AS BIGINT) AS reviewed_points4
  , CAST(coalesce(sum(CASE WHEN s.setl_id IS NOT NULL THEN c.cost_fen - c.fund_fen END), 0) AS BIGINT)
    AS reviewed_non_fund_fen
  , CAST(coalesce(sum(r.added_points4), 0) AS BIGINT) AS added_points4
FROM case_score AS c
JOIN institution AS i ON i.institution_no = c.institution_no
LEFT JOIN special_case_application AS a ON a.setl_id = c.setl_id
LEFT JOIN special_case AS s ON s.setl_id = c.setl_id AND s.decision <> 'rejected'
LEFT JOIN reviewed AS r ON r.setl_id = c.setl_id
GROUP BY c.scheme, i.fixmedins_code, c.month
ORDER BY insutype, i.fixmedins_code, c.month
