-- evaluation_groups: how many groups have a list in each scope
-- grain: one row per year, month (0: the year), scope, id with a list; group_no 0, ungrouped, is no group
-- reads: evaluation_case, institution
-- rule:  病种数 — docs/domain/evaluation.md#case-mix
WITH used AS (
  SELECT DISTINCT c.year, c.month, c.scheme, c.institution_no, c.group_no
  FROM evaluation_case AS c
)
, placed AS (
  SELECT 'area' AS scope, '' AS id, year, month, group_no FROM used
  UNION ALL
  SELECT 'scheme', CAST(scheme AS VARCHAR), year, month, group_no FROM used
  UNION ALL
  SELECT 'level', CAST(i.level AS VARCHAR), u.year, u.month, u.group_no
  FROM used AS u
  JOIN institution AS i ON i.institution_no = u.institution_no
  UNION ALL
  SELECT 'institution', i.fixmedins_code, u.year, u.month, u.group_no
  FROM used AS u
  JOIN institution AS i ON i.institution_no = u.institution_no
)
SELECT year, month, scope, id, count(DISTINCT nullif(group_no, 0)) AS groups
FROM placed
GROUP BY year, month, scope, id
UNION ALL
SELECT year, 0, scope, id, count(DISTINCT nullif(group_no, 0))
FROM placed
GROUP BY year, scope, id
ORDER BY year, month, scope, id
