-- evaluation_fact: what the evaluation reads of each list of the payment year and the year before beyond its group and cost
-- grain: one row per accepted list, by its position in `list`
-- reads: list, settlement_year
-- rule:  评价的病例 — docs/domain/evaluation.md#cases
SELECT
  l.rowid AS list_no
  , l.setl_id
  , l.diagnosis
  , nullif(l.person, '') AS person
  , nullif(l.disposition, '') AS disposition
  , l.admission_date
  , l.discharge_date
  , l.length_of_stay
FROM list AS l
CROSS JOIN settlement_year AS y
WHERE l.refusal_bits = 0 AND l.year BETWEEN y.payment_year - 1 AND y.payment_year
