-- list_score: what a list keeps of its hundred points
-- grain: one row per list asked for
-- reads: stay, failed_check, quality_check, quality_weight
-- rule:  得分 — docs/domain/quality.md#score
WITH lost AS (
  SELECT
    f.list_no
    , count(*) AS failed_checks
    , count(*) FILTER (WHERE c.level = 'error') AS errors
    , count(*) FILTER (WHERE c.returned) AS returned
    , sum(w.weight) AS points
  FROM failed_check AS f
  JOIN quality_check AS c ON c.check_no = f.check_no
  JOIN stay AS s ON s.list_no = f.list_no
  JOIN quality_weight AS w ON w.level = c.level
    AND s.discharge_day >= w.from_day AND (w.until_day IS NULL OR s.discharge_day < w.until_day)
  GROUP BY f.list_no
)
SELECT
  s.list_no
  , s.institution_no
  , s.month
  , coalesce(l.failed_checks, 0) AS failed_checks
  , coalesce(l.errors, 0) AS errors
  , coalesce(l.returned, 0) > 0 AS is_returned
  , CAST(greatest(100 - coalesce(l.points, 0), 0) AS INTEGER) AS score
FROM stay AS s
LEFT JOIN lost AS l ON l.list_no = s.list_no
WHERE s.asked_for
