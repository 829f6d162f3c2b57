-- typing_fact: what typing reads of every accepted list beyond its group and cost
-- grain: one row per accepted list, by its position in `list`
-- reads: list, settlement_year, case_detail
-- rule:  辅助分型 — docs/domain/dip.md#typing
SELECT
  l.rowid AS list_no
  , coalesce(l.diagnoses, '') AS diagnoses
  , coalesce(l.age_years, CASE WHEN l.age_days IS NOT NULL THEN 0 END) AS age_years
  , l.age_days
  , l.length_of_stay
  , coalesce(l.disposition, '') AS disposition
  -- a day that has begun counts as a day; what case_details.csv says goes first
  , coalesce(d.icu_days, CAST((l.icu_minutes + 1439) // 1440 AS INTEGER)) AS icu_days
  , d.treatment_fen
  , d.drug_fen
FROM list AS l
CROSS JOIN settlement_year AS y
LEFT JOIN case_detail AS d ON d.setl_id = l.setl_id
WHERE l.refusal_bits = 0 AND l.year BETWEEN y.first_year AND y.payment_year
