-- duplicate_setl_id: settlement ids that stand on more than one list, whatever else is wrong with those lists
-- grain: one row per setl_id
-- reads: list, malformed_list, setl_id_run
-- rule:  接收条件 — docs/domain/dip.md#accepted
--
-- Where ids come in stretches that do not overlap (the variable setl_ids_in_order says so), only the id one ends with and
-- the next begins with can stand twice, and nothing is sorted. Otherwise sorting 64-bit hashes first keeps ten million ids
-- small in memory and is quicker than counting them; the last step is exact.
WITH every_id AS (
  SELECT setl_id FROM list WHERE NOT getvariable('setl_ids_in_order')
  UNION ALL
  SELECT setl_id FROM malformed_list WHERE NOT getvariable('setl_ids_in_order')
)
, neighbour AS (
  SELECT id_hash, lag(id_hash) OVER (ORDER BY id_hash) AS previous_hash
  FROM (SELECT hash(setl_id) AS id_hash FROM every_id) AS hashed
)
, repeated_hash AS (
  SELECT DISTINCT id_hash FROM neighbour WHERE id_hash = previous_hash
)
, repeated_id AS (
  SELECT e.setl_id
  FROM every_id AS e
  SEMI JOIN repeated_hash AS h ON h.id_hash = hash(e.setl_id)
  GROUP BY e.setl_id
  HAVING count(*) > 1
  UNION
  SELECT first_id FROM setl_id_run WHERE getvariable('setl_ids_in_order') AND first_id = greatest_id_before
)
SELECT setl_id FROM repeated_id WHERE setl_id <> '' ORDER BY setl_id
