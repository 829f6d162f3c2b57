-- code_text: the distinct texts of codes on the lists that take part, when codes are mapped
-- grain: one row per column of `list` and text
-- reads: list, settlement_year
-- rule:  编码映射 — docs/domain/codes.md#intake
WITH taking_part AS (
  SELECT l.diagnosis, l.diagnoses, l.procedures
  FROM list AS l
  CROSS JOIN settlement_year AS y
  WHERE l.refusal_bits = 0 AND l.year BETWEEN y.first_year AND y.payment_year
)
SELECT 'diagnosis' AS list_column, 'diagnoses' AS side, diagnosis AS written, count(*) AS lists
FROM taking_part
GROUP BY diagnosis
UNION ALL
SELECT 'diagnoses', 'diagnoses', diagnoses, count(*)
FROM taking_part
WHERE diagnoses IS NOT NULL
GROUP BY diagnoses
UNION ALL
SELECT 'procedures', 'procedures', procedures, count(*)
FROM taking_part
WHERE procedures <> ''
GROUP BY procedures
