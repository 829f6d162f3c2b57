-- live_check: the period of a check, for each file it applies to
-- grain: one row per check and file
-- reads: quality_check, quality_applies
-- rule:  结论 — docs/domain/quality.md#verdicts
SELECT
  c.check_no
  , a.file_no
  , c.from_day
  , coalesce(c.until_day, DATE '9999-12-31' + 1) AS until_day
FROM quality_check AS c
JOIN quality_applies AS a ON a.check_no = c.check_no
ORDER BY c.check_no, a.file_no
