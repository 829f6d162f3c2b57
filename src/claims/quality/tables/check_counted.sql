-- check_counted: how many lists passed and failed the checks of a type
-- grain: one row per check, institution and month
-- reads: check_verdict, check_outcome, stay_count
-- rule:  结论 — docs/domain/quality.md#verdicts
WITH judged AS (
  SELECT
    check_no
    , institution_no
    , month
    , count(*) FILTER (WHERE NOT fails) AS passed
    , count(*) FILTER (WHERE fails) AS failed
  FROM check_verdict
  GROUP BY check_no, institution_no, month
)
, to_all AS (
  SELECT DISTINCT check_no
  FROM check_outcome
  WHERE list_no IS NULL
)
SELECT
  coalesce(j.check_no, n.check_no) AS check_no
  , coalesce(j.institution_no, n.institution_no) AS institution_no
  , coalesce(j.month, n.month) AS month
  , CASE WHEN n.lists IS NULL THEN j.passed ELSE n.lists - coalesce(j.failed, 0) END AS passed
  , coalesce(j.failed, 0) AS failed
FROM judged AS j
FULL JOIN (SELECT s.* FROM stay_count AS s JOIN to_all AS t ON t.check_no = s.check_no) AS n
  ON n.check_no = j.check_no AND n.institution_no = j.institution_no AND n.month = j.month
