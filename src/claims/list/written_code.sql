-- written_code: the codes of the lists of the payment year as they were written, where mapping changes them
-- grain: one row per list of the payment year with a mapped code
-- reads: list, settlement_year, code_text_mapping
-- rule:  编码映射 — docs/domain/codes.md#intake
SELECT l.setl_id, l.diagnosis, l.diagnoses, l.procedures
FROM list AS l
CROSS JOIN settlement_year AS y
WHERE l.refusal_bits = 0
  AND l.year = y.payment_year
  AND (
    l.diagnosis IN (SELECT written FROM code_text_mapping WHERE list_column = 'diagnosis')
    OR l.diagnoses IN (SELECT written FROM code_text_mapping WHERE list_column = 'diagnoses')
    OR l.procedures IN (SELECT written FROM code_text_mapping WHERE list_column = 'procedures')
  )
