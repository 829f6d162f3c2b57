-- drg_lint_principal: the principal diagnoses of lists without a group
-- grain: one row per status and principal diagnosis
-- reads: drg_lint_list, drg_list_signature, drg_signature_group
-- rule:  方案检查 — docs/domain/drg.md#lint
SELECT g.status, first_code(l.diagnoses) AS code, count(*) AS lists
FROM drg_lint_list AS l
JOIN drg_list_signature AS s ON s.list_no = l.list_no
JOIN drg_signature_group AS g ON g.signature_no = s.signature_no
WHERE g.status <> 'grouped'
GROUP BY g.status, first_code(l.diagnoses)
ORDER BY g.status, lists DESC, code
