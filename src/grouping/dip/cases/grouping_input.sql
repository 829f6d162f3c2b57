-- as: view
-- grouping_input: the cases that can be grouped
-- grain: one row per case_no
-- reads: case_input
-- rule:  病例文件 — docs/domain/dip.md#group-dip
SELECT
  case_no, diagnosis, diagnoses, procedures, sex, age_years, age_days, birth_weight_g, length_of_stay, day_surgery
  , cost_fen
FROM case_input
WHERE wrong_field IS NULL
