-- written_cost: lists and cost by what grouping reads of a list as it is written. Ten million lists have far fewer different
--               writings, and everything up to the scores is made from these
-- grain: one row per diagnosis, procedures, year, class_no
-- reads: list, settlement_year, institution
-- rule:  入组键 — docs/domain/dip.md#keys
SELECT
  l.diagnosis
  , l.procedures
  , l.year
  , i.class_no
  , count(*) AS cases
  , sum(l.cost_fen) AS cost_fen
FROM list AS l
CROSS JOIN settlement_year AS y
JOIN institution AS i ON i.institution_no = l.institution_no
WHERE l.refusal_bits = 0 AND l.year BETWEEN y.first_year AND y.payment_year
GROUP BY l.diagnosis, l.procedures, l.year, i.class_no
