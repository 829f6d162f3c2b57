-- drg_diagnoses_class: what a scheme sees in diagnoses, each combination once
-- grain: one row per principal code and set of other codes, numbered from 1
-- reads: drg_diagnoses_read
-- rule:  批量分组 — docs/domain/drg.md#bulk
WITH distinct_class AS (
  SELECT DISTINCT principal, others FROM drg_diagnoses_read
)
SELECT
  CAST(row_number() OVER (ORDER BY principal, others) AS INTEGER) AS diagnoses_no
  , principal
  , others
FROM distinct_class
ORDER BY diagnoses_no
