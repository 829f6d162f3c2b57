-- refused: every refused list with its place and reason
-- grain: one row per refused row of a file
-- reads: refused_result
-- rule:  接收条件 — docs/domain/dip.md#accepted
SELECT file, CAST(row_no AS BIGINT) AS row_no, setl_id, reason
FROM refused_result
ORDER BY file, row_no, setl_id, reason
