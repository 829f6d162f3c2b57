-- signature_group: the group of every signature; group_no 0 means ungrouped
-- grain: one row per signature_no
-- reads: signature_key, nearest_core_group, group_score
-- rule:  入组 (a)–(d) — docs/domain/dip.md#assignment
SELECT
  k.signature_no
  , coalesce(a.group_no, b.group_no, c.group_no, 0) AS group_no
FROM signature_key AS k
LEFT JOIN group_score AS a ON a.group_code = k.full_key AND a.kind = 'core'
LEFT JOIN nearest_core_group AS n ON n.full_key = k.full_key
LEFT JOIN group_score AS b ON b.group_code = n.group_code AND b.kind = 'core'
LEFT JOIN group_score AS c ON c.group_code = k.comprehensive_key AND c.kind = 'comprehensive'
ORDER BY k.signature_no
