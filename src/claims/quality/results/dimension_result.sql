-- dimension_result: failed verdicts by dimension and level
-- grain: one row per dimension and level with a failed list
-- reads: failed_check, quality_check
-- rule:  维度 — docs/domain/quality.md#dimensions
SELECT
  c.dimension
  , c.level
  , count(*) AS failed
  , count(DISTINCT f.list_no) AS lists
FROM failed_check AS f
JOIN quality_check AS c ON c.check_no = f.check_no
GROUP BY c.dimension, c.level
ORDER BY c.dimension, c.level
