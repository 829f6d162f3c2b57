-- signature_group: the group of every signature; group_no 0 means ungrouped
-- grain: one row per signature_no
-- reads: signature_drg, group_score
-- rule:  DRG 分组 — docs/domain/drg-payment.md#signatures
SELECT d.signature_no, coalesce(g.group_no, 0) AS group_no
FROM signature_drg AS d
LEFT JOIN group_score AS g ON g.kind = d.kind AND g.group_code = d.group_code
ORDER BY d.signature_no
