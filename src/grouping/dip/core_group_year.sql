-- core_group_year: lists and cost of each core group in each history year; only lists assigned by the full key
-- grain: one row per group_code, year
-- reads: history_cost, signature_key, core_group
-- rule:  病种均次费用 — docs/domain/dip.md#catalogue
SELECT k.full_key AS group_code, h.year, sum(h.cases) AS cases, sum(h.cost_fen) AS cost_fen
FROM history_cost AS h
JOIN signature_key AS k ON k.signature_no = h.signature_no
JOIN core_group AS c ON c.group_code = k.full_key
GROUP BY k.full_key, h.year
ORDER BY group_code, h.year
