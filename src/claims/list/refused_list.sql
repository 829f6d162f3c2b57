-- refused_list: the lists that take no part in the settlement
-- grain: one row per refused list
-- reads: list, malformed_list, duplicate_setl_id, list_file
-- rule:  接收条件 — docs/domain/dip.md#accepted
--
-- list_row is the position of a row among the lists of its file, from 0.
WITH refused AS (
  SELECT
    l.rowid AS position
    , l.setl_id
    , l.refusal_bits + CASE WHEN d.setl_id IS NULL THEN 0 ELSE 1 END AS refusal_bits
    , l.written
  FROM list AS l
  LEFT JOIN duplicate_setl_id AS d ON d.setl_id = l.setl_id
  WHERE l.refusal_bits <> 0 OR d.setl_id IS NOT NULL
)
SELECT
  f.file_no
  , r.position - f.first_position AS list_row
  , coalesce(r.setl_id, '') AS setl_id
  , r.refusal_bits
  , r.written
FROM refused AS r
JOIN list_file AS f ON r.position >= f.first_position AND r.position < f.first_position + f.lists
ORDER BY f.file_no, list_row
