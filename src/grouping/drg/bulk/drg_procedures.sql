-- drg_procedures: the number of what a scheme sees in every distinct text of procedures
-- grain: one row per procedures text
-- reads: drg_procedures_read, drg_procedures_class
-- rule:  批量分组 — docs/domain/drg.md#bulk
SELECT r.procedures, c.procedures_no
FROM drg_procedures_read AS r
JOIN drg_procedures_class AS c ON c.principal = r.principal AND c.others = r.others
ORDER BY r.procedures
