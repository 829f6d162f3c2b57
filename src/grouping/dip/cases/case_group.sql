-- case_group: the answer for its signature, for each case
-- grain: one row per case_no
-- reads: grouping_key, grouping_signature, signature_answer
-- rule:  入组 — docs/domain/dip.md#grouping-steps
SELECT k.case_no, a.signature_no, a.group_code, a.kind, a.status, a.reason, a.explanation
FROM grouping_key AS k
JOIN grouping_signature AS s
  ON s.diagnosis = k.diagnosis AND s.other_diagnoses = k.other_diagnoses AND s.procedures = k.procedures
  AND s.sex = k.sex AND s.age_years = k.age_years AND s.age_days = k.age_days
  AND s.birth_weight_g = k.birth_weight_g AND s.length_of_stay = k.length_of_stay
  AND s.day_surgery = k.day_surgery AND s.cost_fen = k.cost_fen
JOIN signature_answer AS a ON a.signature_no = s.signature_no
