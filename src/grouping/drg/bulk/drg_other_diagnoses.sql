-- drg_other_diagnoses: the number of what a scheme sees in every distinct text of other diagnoses
-- grain: one row per text of other diagnoses
-- reads: drg_other_diagnoses_read, drg_other_diagnoses_class
-- rule:  批量分组 — docs/domain/drg.md#bulk
SELECT r.other_diagnoses, c.other_diagnoses_no
FROM drg_other_diagnoses_read AS r
JOIN drg_other_diagnoses_class AS c ON c.others = r.others
ORDER BY r.other_diagnoses
