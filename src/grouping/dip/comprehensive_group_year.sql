-- comprehensive_group_year: lists and cost of each comprehensive group in each history year
-- grain: one row per group_code, year
-- reads: history_cost, signature_key, core_group, nearest_core_group
-- rule:  综合病种 — docs/domain/dip.md#catalogue
SELECT k.comprehensive_key AS group_code, h.year, sum(h.cases) AS cases, sum(h.cost_fen) AS cost_fen
FROM history_cost AS h
JOIN signature_key AS k ON k.signature_no = h.signature_no
ANTI JOIN core_group AS c ON c.group_code = k.full_key
ANTI JOIN nearest_core_group AS n ON n.full_key = k.full_key
GROUP BY k.comprehensive_key, h.year
ORDER BY group_code, h.year
