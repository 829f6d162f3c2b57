-- institution_score_result: score and rank of each institution
-- grain: one row per institution with lists
-- reads: list_score, check_institution, failed_check, quality_check
-- rule:  得分 — docs/domain/quality.md#score
--
-- score2 is the mean of the lists' points × 100, rounded half up; equal scores share a rank.
WITH failed AS (
  SELECT
    l.institution_no
    , count(*) FILTER (WHERE c.level = 'error') AS errors
    , count(*) FILTER (WHERE c.level = 'warning') AS warnings
    , count(*) FILTER (WHERE c.level = 'notice') AS notices
  FROM failed_check AS f
  JOIN quality_check AS c ON c.check_no = f.check_no
  JOIN list_score AS l ON l.list_no = f.list_no
  GROUP BY l.institution_no
)
, scored AS (
  SELECT
    institution_no
    , count(*) AS lists
    , count(*) FILTER (WHERE failed_checks > 0) AS failing_lists
    , count(*) FILTER (WHERE is_returned) AS returned_lists
    , CAST(round_divide(CAST(sum(score) AS BIGINT) * 100, count(*)) AS BIGINT) AS score2
  FROM list_score
  GROUP BY institution_no
)
SELECT
  rank() OVER (ORDER BY s.score2 DESC) AS rank
  , i.fixmedins_code
  , i.name
  , s.lists
  , s.failing_lists
  , s.returned_lists
  , coalesce(f.errors, 0) AS errors
  , coalesce(f.warnings, 0) AS warnings
  , coalesce(f.notices, 0) AS notices
  , s.score2
FROM scored AS s
JOIN check_institution AS i ON i.institution_no = s.institution_no
LEFT JOIN failed AS f ON f.institution_no = s.institution_no
ORDER BY rank, i.fixmedins_code
