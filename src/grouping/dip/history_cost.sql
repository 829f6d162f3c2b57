-- history_cost: lists and cost of the history by signature, year and class of institutions: the only reading of the
--               history that the catalogue, the scores and the coefficients need
-- grain: one row per signature_no, year, class_no
-- reads: accepted_list, settlement_year
-- rule:  病种目录与分值 — docs/domain/dip.md#catalogue
SELECT
  l.signature_no
  , l.year
  , l.class_no
  , count(*) AS cases
  , sum(l.cost_fen) AS cost_fen
FROM accepted_list AS l
CROSS JOIN settlement_year AS y
WHERE l.year < y.payment_year
GROUP BY l.signature_no, l.year, l.class_no
ORDER BY l.signature_no, l.year, l.class_no
