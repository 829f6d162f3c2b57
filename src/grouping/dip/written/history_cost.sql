-- history_cost: lists and cost of the history by signature, year and class of institutions: the only reading of the
--               history that the catalogue, the scores and the coefficients need
-- grain: one row per signature_no, year, class_no
-- reads: written_cost, signature, settlement_year
-- rule:  病种目录与分值 — docs/domain/dip.md#catalogue
SELECT s.signature_no, w.year, w.class_no, w.cases, w.cost_fen
FROM written_cost AS w
CROSS JOIN settlement_year AS y
JOIN signature AS s ON s.diagnosis = w.diagnosis AND s.procedures = w.procedures
WHERE w.year < y.payment_year
ORDER BY s.signature_no, w.year, w.class_no
