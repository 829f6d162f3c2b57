-- check_institution_result: verdicts of each check by institution and month
-- grain: one row per check, institution and month with lists of it
-- reads: check_listed, check_count, quality_check, list_score, check_institution
-- rule:  结论 — docs/domain/quality.md#verdicts
--
-- month is YYYY-MM of the discharge, empty for lists without one.
WITH counted AS (
  SELECT
    c.check_id
    , n.institution_no
    , n.month
    , CAST(sum(n.passed) AS BIGINT) AS passed
    , CAST(sum(n.failed) AS BIGINT) AS failed
  FROM check_count AS n
  JOIN quality_check AS c ON c.check_no = n.check_no
  GROUP BY c.check_id, n.institution_no, n.month
)
, listed AS (
  SELECT
    institution_no
    , month
    , count(*) AS lists
  FROM list_score
  GROUP BY institution_no, month
)
SELECT
  k.check_id
  , i.fixmedins_code
  , CASE WHEN l.month > 0 THEN (l.month // 100) || '-' || lpad(CAST(l.month % 100 AS VARCHAR), 2, '0') ELSE '' END AS month
  , l.lists
  , coalesce(c.passed, 0) AS passed
  , coalesce(c.failed, 0) AS failed
  , l.lists - coalesce(c.passed, 0) - coalesce(c.failed, 0) AS not_applicable
  , coalesce(c.failed, 0) AS numerator
  , coalesce(c.passed, 0) + coalesce(c.failed, 0) AS denominator
FROM check_listed AS k
CROSS JOIN listed AS l
JOIN check_institution AS i ON i.institution_no = l.institution_no
LEFT JOIN counted AS c ON c.check_id = k.check_id AND c.institution_no = l.institution_no AND c.month = l.month
ORDER BY k.check_id, i.fixmedins_code, month
