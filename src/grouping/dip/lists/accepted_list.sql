-- accepted_list: the lists of the payment year and its history that take part in the settlement, grouped by a catalogue
-- grain: one row per accepted list
-- reads: list, settlement_year, grouping_key, grouping_signature, institution
--        setl_id is kept for the payment year only; list_no is the position in `list`
-- rule:  接收条件 — docs/domain/dip.md#accepted
SELECT
  CASE WHEN l.year = y.payment_year THEN l.setl_id END AS setl_id
  , i.institution_no
  , i.class_no
  , l.scheme
  , l.year
  , l.month
  , l.cost_fen
  , l.fund_fen
  , s.signature_no
  , l.rowid AS list_no
FROM list AS l
CROSS JOIN settlement_year AS y
JOIN grouping_key AS k ON k.case_no = l.rowid
JOIN grouping_signature AS s
  ON s.diagnosis = k.diagnosis AND s.other_diagnoses = k.other_diagnoses AND s.procedures = k.procedures
  AND s.sex = k.sex AND s.age_years = k.age_years AND s.age_days = k.age_days
  AND s.birth_weight_g = k.birth_weight_g AND s.length_of_stay = k.length_of_stay
  AND s.day_surgery = k.day_surgery AND s.cost_fen = k.cost_fen
JOIN institution AS i ON i.institution_no = l.institution_no
WHERE l.refusal_bits = 0 AND l.year BETWEEN y.first_year AND y.payment_year
