-- setl_id_run: stretches of lists whose settlement ids ascend, each greater than the one before it
-- grain: one row per stretch, by first_id; a malformed list is a stretch of its own, and so is a list without an id (NULL); more
--        than 100,000 say: in no order
-- reads: list, malformed_list
-- rule:  接收条件 — docs/domain/dip.md#accepted
--
-- Most systems write their lists by ascending id, file by file. Within a stretch no id stands twice, and two stretches
-- share none unless one begins at or before the other's end. NULLs compare with nothing and count, as what was cut off at the
-- limit must show.
-- A window over the rows as they stand is the work of one core: each half is looked at by one, the second begins one row early.
WITH break AS (
  SELECT rowid AS position, setl_id, previous_id
  FROM (
    SELECT rowid, setl_id, lag(setl_id) OVER () AS previous_id FROM list WHERE rowid < getvariable('list_middle')
  ) AS first_half
  WHERE (setl_id > previous_id) IS NOT TRUE
  UNION ALL
  SELECT rowid, setl_id, previous_id
  FROM (
    SELECT rowid, setl_id, lag(setl_id) OVER () AS previous_id FROM list WHERE rowid >= getvariable('list_middle') - 1
  ) AS second_half
  WHERE (setl_id > previous_id) IS NOT TRUE AND rowid >= getvariable('list_middle')
  LIMIT 100001
)
, run AS (
  SELECT
    setl_id AS first_id
    -- the last stretch ends with the last list
    , CASE WHEN lead(position) OVER (ORDER BY position) IS NULL
        THEN (SELECT setl_id FROM list WHERE rowid = (SELECT max(rowid) FROM list))
        ELSE lead(previous_id) OVER (ORDER BY position) END AS last_id
  FROM break
  UNION ALL
  SELECT setl_id, setl_id FROM malformed_list
)
SELECT
  first_id
  , last_id
  , max(last_id) OVER (ORDER BY first_id, last_id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
    AS greatest_id_before
FROM run
ORDER BY first_id, last_id
