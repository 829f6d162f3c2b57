-- check_result: how often each check was passed, failed and not applicable
-- grain: one row per check
-- reads: check_listed, check_count, quality_check, stay, stay_count
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
  FROM stay_count AS s
  JOIN quality_check AS c ON c.check_no = s.check_no
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
