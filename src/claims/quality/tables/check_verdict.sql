-- check_verdict: what a check says of a list
-- grain: one row per check and list it applies to
-- reads: check_outcome, stay, live_check
-- rule:  结论 — docs/domain/quality.md#verdicts
--
-- A list counts to the version of the check on its day of discharge, and only where its file supplies the fields. An outcome
-- without a list says that the check applies to all of them; it is counted in check_counted.
WITH judged AS (
  SELECT
    check_no
    , list_no
    , bool_or(fails) AS fails
  FROM check_outcome
  WHERE list_no IS NOT NULL
  GROUP BY check_no, list_no
)
SELECT
  j.check_no
  , j.list_no
  , s.institution_no
  , s.month
  , j.fails
FROM judged AS j
JOIN stay AS s ON s.list_no = j.list_no
JOIN live_check AS v ON v.check_no = j.check_no AND v.file_no = s.file_no
WHERE s.asked_for AND s.discharge_day >= v.from_day AND s.discharge_day < v.until_day
