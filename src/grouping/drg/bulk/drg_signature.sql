-- drg_signature: the distinct inputs that grouping by the scheme reads; ten million lists have far fewer of them
-- grain: one row per signature_no
-- reads: drg_list_key
-- rule:  批量分组 — docs/domain/drg.md#bulk
WITH distinct_key AS (
  SELECT DISTINCT principal_diagnosis, other_diagnoses_no, procedures_no, fact_no FROM drg_list_key
)
SELECT
  CAST(row_number() OVER (ORDER BY principal_diagnosis, other_diagnoses_no, procedures_no, fact_no) AS INTEGER) AS signature_no
  , principal_diagnosis
  , other_diagnoses_no
  , procedures_no
  , fact_no
FROM distinct_key
ORDER BY signature_no
