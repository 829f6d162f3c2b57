-- group_spread: number, sum and sum of squares of the costs of each group over the lists of its history
-- grain: one row per kind, group_code
-- reads: accepted_list, signature_drg, settlement_year
-- rule:  稳定病组 — docs/domain/drg-payment.md#stable
SELECT
  g.kind
  , g.group_code
  , count(*) AS cases
  , CAST(sum(a.cost_fen) AS HUGEINT) AS cost_fen
  , sum(CAST(a.cost_fen AS HUGEINT) * CAST(a.cost_fen AS HUGEINT)) AS cost_squares
FROM accepted_list AS a
CROSS JOIN settlement_year AS y
JOIN signature_drg AS g ON g.signature_no = a.signature_no
WHERE a.year < y.payment_year AND g.kind IS NOT NULL
GROUP BY g.kind, g.group_code
ORDER BY g.kind, g.group_code
