-- unique_list_outcome: lists whose id stands on another list too
-- grain: one row per failing item; one per check without a list, when it applies to all
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
  , 'setlinfo.setl_id' AS place
  , true AS fails
  , r.setl_id AS value
  , CAST(r.lists AS VARCHAR) AS expected
FROM this_check AS c
CROSS JOIN stay AS s
JOIN repeated AS r ON r.setl_id = s.setl_id
UNION ALL
SELECT
  check_no
  , CAST(NULL AS INTEGER) AS list_no
  , CAST(-1 AS BIGINT) AS item_no
  , CAST(NULL AS VARCHAR) AS place
  , false AS fails
  , CAST(NULL AS VARCHAR) AS value
  , CAST(NULL AS VARCHAR) AS expected
FROM this_check
