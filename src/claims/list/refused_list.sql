-- refused_list: the lists that take no part in the settlement
-- grain: one row per refused list
-- reads: list, list_file
-- rule:  接收条件 — docs/domain/dip.md#accepted
--
-- list_row is the position of a row among the lists of its file, from 0.
WITH refused AS (
  SELECT
    l.rowid AS position
    , l.setl_id
    , l.refusal_bits
    , l.written
  FROM list AS l
  WHERE l.refusal_bits <> 0
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
