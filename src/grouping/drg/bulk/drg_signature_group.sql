-- drg_signature_group: the group of every signature
-- grain: one row per signature_no
-- reads: drg_signature_outcome, drg_outcome
-- rule:  批量分组 — docs/domain/drg.md#bulk
SELECT s.signature_no, o.mdc, o.adrg, o.drg, o.status
FROM drg_signature_outcome AS s
JOIN drg_outcome AS o ON o.outcome_no = s.outcome_no
ORDER BY s.signature_no
