-- level_flow: the result of the clearing by scheme and level of institution
-- grain: one row per insutype, level
-- reads: clearing_result, institution
-- rule:  年度清算 — docs/domain/dip.md#clearing
SELECT
  c.insutype
  , i.level
  , count(*) AS institutions
  , sum(c.due_fen) AS due_fen
  , sum(c.result_fen) AS result_fen
FROM clearing_result AS c
JOIN institution AS i ON i.fixmedins_code = c.fixmedins_code
GROUP BY c.insutype, i.level
ORDER BY c.insutype, i.level DESC
