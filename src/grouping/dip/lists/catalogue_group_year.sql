-- catalogue_group_year: lists and cost of each group of the catalogue in each history year
-- grain: one row per group_code, year
-- reads: history_cost, signature_answer
-- rule:  目录病种的均次费用 — docs/domain/dip.md#settle-by-catalogue
SELECT a.group_code, a.kind, h.year, sum(h.cases) AS cases, sum(h.cost_fen) AS cost_fen
FROM history_cost AS h
JOIN signature_answer AS a ON a.signature_no = h.signature_no
WHERE a.status IN ('grouped', 'blank')
GROUP BY a.group_code, a.kind, h.year
ORDER BY a.group_code, h.year
