-- as: view
-- drg_list_source: the lists to examine, in the columns that bulk grouping reads
-- grain: one row per list
-- reads: drg_lint_list
-- rule:  方案检查 — docs/domain/drg.md#lint
SELECT
  list_no
  , diagnoses
  , procedures
  , sex
  , age_years
  , age_days
  , birth_weight_g
  , length_of_stay
  , CAST(icu_minutes AS DOUBLE) / 60 AS icu_hours
  , disposition
  , CAST(NULL AS VARCHAR) AS department
  , inpatient_type
FROM drg_lint_list
