-- code_text_mapping: the texts of codes that change, and what they become
-- grain: one row per column of `list` and text
-- reads: code_text_part
-- rule:  编码映射 — docs/domain/codes.md#mapping
SELECT list_column, written, string_agg(part, '|' ORDER BY position) AS mapped
FROM code_text_part
GROUP BY list_column, written
HAVING string_agg(part, '|' ORDER BY position) <> written
ORDER BY list_column, written
