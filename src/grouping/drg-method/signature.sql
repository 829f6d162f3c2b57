-- signature: the distinct inputs of grouping, with the diagnosis and the procedures as written
-- grain: one row per signature_no
-- reads: list, drg_list_signature
-- rule:  DRG 分组 — docs/domain/drg-payment.md#signatures
WITH distinct_input AS (
  SELECT DISTINCT k.signature_no AS drg_signature_no, l.diagnosis, l.procedures
  FROM list AS l
  JOIN drg_list_signature AS k ON k.list_no = l.rowid
)
SELECT
  CAST(row_number() OVER (ORDER BY drg_signature_no, procedures) AS INTEGER) AS signature_no
  , drg_signature_no
  , diagnosis
  , procedures
FROM distinct_input
ORDER BY signature_no
