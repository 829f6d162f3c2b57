-- drg_diagnoses: the number of what a scheme sees in every distinct text of diagnoses
-- grain: one row per diagnoses text
-- reads: drg_diagnoses_read, drg_diagnoses_class
-- rule:  批量分组 — docs/domain/drg.md#bulk
SELECT r.diagnoses, c.diagnoses_no
FROM drg_diagnoses_read AS r
JOIN drg_diagnoses_class AS c ON c.principal = r.principal AND c.others = r.others
ORDER BY r.diagnoses
