-- as: view
-- grouping_input: the accepted lists of the payment year and its history, as grouping by a catalogue sees them
-- grain: one row per accepted list (case_no is its position in `list`)
-- reads: list, settlement_year
-- rule:  入组读取的内容 — docs/domain/dip.md#grouping-steps
SELECT
  l.rowid AS case_no
  , l.diagnosis
  , coalesce(l.diagnoses, '') AS diagnoses
  , l.procedures
  , CAST(l.sex AS VARCHAR) AS sex
  , CAST(l.age_years AS INTEGER) AS age_years
  , CAST(l.age_days AS INTEGER) AS age_days
  , l.birth_weight_g
  , CAST(l.length_of_stay AS INTEGER) AS length_of_stay
  , l.inpatient_type = '2' AS day_surgery
  , l.cost_fen
FROM list AS l
CROSS JOIN settlement_year AS y
WHERE l.refusal_bits = 0 AND l.year BETWEEN y.first_year AND y.payment_year
