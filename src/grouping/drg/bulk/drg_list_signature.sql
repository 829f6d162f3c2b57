-- drg_list_signature: the signature of every list
-- grain: one row per list
-- reads: drg_list_key, drg_signature
-- rule:  批量分组 — docs/domain/drg.md#bulk
SELECT k.list_no, s.signature_no
FROM drg_list_key AS k
JOIN drg_signature AS s
  ON s.principal_diagnosis = k.principal_diagnosis
  AND s.other_diagnoses_no = k.other_diagnoses_no
  AND s.procedures_no = k.procedures_no
  AND s.fact_no = k.fact_no
