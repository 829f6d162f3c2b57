-- duplicate_setl_id: settlement ids that stand on more than one list, whatever else is wrong with those lists
-- grain: one row per setl_id
-- reads: list, malformed_list
-- rule:  接收条件 — docs/domain/dip.md#accepted
--
-- Lists that come by ascending id, as most systems write them, hold none twice: the variable setl_ids_ascend says so, and
-- nothing is sorted. Otherwise sorting 64-bit hashes first keeps ten million ids small in memory and is quicker than
-- counting them; the last step is exact.
WITH every_id AS (
  SELECT setl_id FROM list WHERE NOT getvariable('setl_ids_ascend')
  UNION ALL
  SELECT setl_id FROM malformed_list WHERE NOT getvariable('setl_ids_ascend')
)
, neighbour AS (
  SELECT id_hash, lag(id_hash) OVER (ORDER BY id_hash) AS previous_hash
  FROM (SELECT hash(setl_id) AS id_hash FROM every_id) AS hashed
)
, repeated_hash AS (
  SELECT DISTINCT id_hash FROM neighbour WHERE id_hash = previous_hash
)
SELECT e.setl_id
FROM every_id AS e
SEMI JOIN repeated_hash AS h ON h.id_hash = hash(e.setl_id)
WHERE e.setl_id <> ''
GROUP BY e.setl_id
HAVING count(*) > 1
ORDER BY e.setl_id
