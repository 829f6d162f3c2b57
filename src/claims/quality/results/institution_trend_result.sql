-- institution_trend_result: score of each institution month by month
-- grain: one row per institution and month of discharge with lists
-- reads: list_score, check_institution
-- rule:  得分 — docs/domain/quality.md#score
SELECT
  i.fixmedins_code
  , i.name
  , CASE WHEN s.month > 0 THEN (s.month // 100) || '-' || lpad(CAST(s.month % 100 AS VARCHAR), 2, '0') ELSE '' END AS month
  , count(*) AS lists
  , count(*) FILTER (WHERE s.failed_checks > 0) AS failing_lists
  , count(*) FILTER (WHERE s.is_returned) AS returned_lists
  , CAST(round_divide(CAST(sum(s.score) AS BIGINT) * 100, count(*)) AS BIGINT) AS score2
FROM list_score AS s
JOIN check_institution AS i ON i.institution_no = s.institution_no
GROUP BY i.fixmedins_code, i.name, s.month
ORDER BY i.fixmedins_code, month
