-- as: view
-- drg_list_source: what the grouping of many lists reads of those that take part
-- grain: one row per list; list_no is its position in list
-- reads: list, settlement_year
-- rule:  DRG 分组 — docs/domain/drg-payment.md#signatures
SELECT
  l.rowid AS list_no
  , l.diagnoses
  , l.procedures
  , CAST(l.sex AS VARCHAR) AS sex
  , l.disposition
  , CAST(NULL AS VARCHAR) AS department
  , l.age_years
  , l.age_days
  , l.birth_weight_g
  , l.length_of_stay
  , CAST(l.icu_minutes AS DOUBLE) / 60 AS icu_hours
  , l.inpatient_type
FROM list AS l
CROSS JOIN settlement_year AS y
WHERE l.refusal_bits = 0 AND l.year BETWEEN y.first_year AND y.payment_year
