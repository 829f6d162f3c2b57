-- code_mapping_result: what became of every code on the lists that take part
-- grain: one row per side and code
-- reads: code_text_part
-- rule:  编码映射 — docs/domain/codes.md#intake
--
-- Where lists keep all diagnoses these are counted, the principal one among them; otherwise the principal one only.
SELECT
  side
  , code
  , min(status) AS status
  , min(CASE WHEN status = 'mapped' THEN trim(part) ELSE code END) AS mapped_code
  , min(targets) AS targets
  , CAST(sum(lists) AS BIGINT) AS occurrences
FROM code_text_part
WHERE code <> ''
  AND (list_column <> 'diagnosis' OR NOT EXISTS (SELECT 1 FROM code_text WHERE list_column = 'diagnoses'))
GROUP BY side, code
ORDER BY side, code
