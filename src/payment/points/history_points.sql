-- history_points: cost and points of each history year, for the start-of-year point value
-- grain: one row per year
-- reads: scored_list, settlement_year
-- rule:  年初点值 — docs/domain/dip.md#point-values
SELECT s.year, count(*) AS cases, sum(s.cost_fen) AS cost_fen, sum(s.points4) AS points4
FROM scored_list AS s
CROSS JOIN settlement_year AS y
WHERE s.year < y.payment_year
GROUP BY s.year
ORDER BY s.year
