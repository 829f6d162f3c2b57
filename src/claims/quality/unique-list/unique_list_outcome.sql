-- unique_list_outcome: lists whose id stands on another list too
-- grain: one row per check and list it applies to, and one more per failing item
-- reads: this_check, stay
-- rule:  清单唯一 — docs/domain/quality.md#unique-list
WITH repeated AS (
  SELECT setl_id, count(*) AS lists
  FROM stay
  WHERE setl_id <> ''
  GROUP BY setl_id
  HAVING count(*) > 1
)
SELECT
  c.check_no
  , s.list_no
  , -1 AS item_no
  , CASE WHEN r.setl_id IS NOT NULL THEN 'setlinfo.setl_id' END AS place
  , r.setl_id IS NOT NULL AS fails
  , r.setl_id AS value
  , CAST(r.lists AS VARCHAR) AS expected
FROM this_check AS c
CROSS JOIN stay AS s
LEFT JOIN repeated AS r ON r.setl_id = s.setl_id
