-- signature_group: the group of every signature; group_no 0 means ungrouped, or a blank group that the catalogue does not
--                  list, which is scored like it
-- grain: one row per signature_no
-- reads: signature_answer, group_score
-- rule:  入组 — docs/domain/dip.md#settle-by-catalogue
SELECT a.signature_no, coalesce(g.group_no, 0) AS group_no
FROM signature_answer AS a
LEFT JOIN group_score AS g ON a.status IN ('grouped', 'blank') AND g.group_code = a.group_code
ORDER BY a.signature_no
