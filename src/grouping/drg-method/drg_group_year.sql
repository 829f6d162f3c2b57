-- drg_group_year: lists and cost of each group of the scheme in each history year; a group that only the payment year
--                 has stands there with no lists of the payment year
-- grain: one row per kind, group_code, year
-- reads: history_cost, signature_drg, settlement_year
-- rule:  病组权重 — docs/domain/drg-payment.md#weights
WITH counted AS (
  SELECT g.kind, g.group_code, h.year, sum(h.cases) AS cases, sum(h.cost_fen) AS cost_fen
  FROM history_cost AS h
  JOIN signature_drg AS g ON g.signature_no = h.signature_no
  WHERE g.kind IS NOT NULL
  GROUP BY g.kind, g.group_code, h.year
)
SELECT kind, group_code, year, cases, cost_fen
FROM counted
UNION ALL
SELECT DISTINCT g.kind, g.group_code, CAST(y.payment_year AS SMALLINT), 0, 0
FROM signature_drg AS g
CROSS JOIN settlement_year AS y
ANTI JOIN counted AS c ON c.kind = g.kind AND c.group_code = g.group_code
WHERE g.kind IS NOT NULL
ORDER BY kind, group_code, year
