-- check_result: how often each check was passed, failed and not applicable
-- grain: one row per check
-- reads: check_listed, check_count, quality_check, stay, quality_applies
-- rule:  结论 — docs/domain/quality.md#verdicts
--
-- passed + failed + not_applicable = lists, for every check. not_supplied is the part of not_applicable whose file lacks a
-- field, or whose area lacks a table, that the check needs.
WITH counted AS (
  SELECT
    c.check_id
    , CAST(sum(n.passed) AS BIGINT) AS passed
    , CAST(sum(n.failed) AS BIGINT) AS failed
  FROM check_count AS n
  JOIN quality_check AS c ON c.check_no = n.check_no
  GROUP BY c.check_id
)
, supplied AS (
  SELECT
    c.check_id
    , CAST(sum(s.lists) AS BIGINT) AS lists
  FROM quality_check AS c
  JOIN quality_applies AS a ON a.check_no = c.check_no
  JOIN (
    SELECT file_no, discharge_day, count(*) AS lists
    FROM stay
    WHERE asked_for
    GROUP BY file_no, discharge_day
  ) AS s ON s.file_no = a.file_no
    AND s.discharge_day >= c.from_day AND (c.until_day IS NULL OR s.discharge_day < c.until_day)
  GROUP BY c.check_id
)
, all_lists AS (
  SELECT count(*) AS lists
  FROM stay
  WHERE asked_for
)
SELECT
  k.check_id
  , k.rule
  , k.dimension
  , k.level
  , k.returned
  , k.title_zh
  , k.title_en
  , a.lists
  , coalesce(c.passed, 0) AS passed
  , coalesce(c.failed, 0) AS failed
  , a.lists - coalesce(c.passed, 0) - coalesce(c.failed, 0) AS not_applicable
  , a.lists - coalesce(s.lists, 0) AS not_supplied
  , coalesce(c.failed, 0) AS numerator
  , coalesce(c.passed, 0) + coalesce(c.failed, 0) AS denominator
  , k.reason_not_supplied
FROM check_listed AS k
CROSS JOIN all_lists AS a
LEFT JOIN counted AS c ON c.check_id = k.check_id
LEFT JOIN supplied AS s ON s.check_id = k.check_id
ORDER BY k.check_id
