-- stay_count: the lists asked for that each check may say something of
-- grain: one row per check, institution and month
-- reads: stay, quality_check, quality_applies
-- rule:  结论 — docs/domain/quality.md#verdicts
WITH counted AS (
  SELECT
    institution_no
    , month
    , file_no
    , discharge_day
    , count(*) AS lists
  FROM stay
  WHERE asked_for
  GROUP BY institution_no, month, file_no, discharge_day
)
SELECT
  c.check_no
  , n.institution_no
  , n.month
  , CAST(sum(n.lists) AS BIGINT) AS lists
FROM quality_check AS c
JOIN quality_applies AS a ON a.check_no = c.check_no
JOIN counted AS n ON n.file_no = a.file_no
  AND n.discharge_day >= c.from_day AND (c.until_day IS NULL OR n.discharge_day < c.until_day)
GROUP BY c.check_no, n.institution_no, n.month
ORDER BY c.check_no, n.institution_no, n.month
