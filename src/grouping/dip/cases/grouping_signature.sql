-- grouping_signature: the distinct inputs of grouping: each is grouped once, however many cases have it
-- grain: one row per signature_no
-- reads: grouping_key
-- rule:  入组读取的内容 — docs/domain/dip.md#grouping-steps
WITH distinct_key AS (
  SELECT DISTINCT
    diagnosis, other_diagnoses, procedures, sex, age_years, age_days, birth_weight_g, length_of_stay, day_surgery, cost_fen
  FROM grouping_key
)
SELECT
  CAST(row_number() OVER (
    ORDER BY diagnosis, procedures, other_diagnoses, sex, age_years, age_days, birth_weight_g, length_of_stay
      , day_surgery, cost_fen
  ) AS INTEGER) AS signature_no
  , *
FROM distinct_key
ORDER BY signature_no
