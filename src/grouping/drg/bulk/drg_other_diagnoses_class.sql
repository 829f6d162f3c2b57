-- drg_other_diagnoses_class: what a scheme sees in the other diagnoses, each combination once
-- grain: one row per set of codes, numbered from 1
-- reads: drg_other_diagnoses_read
-- rule:  批量分组 — docs/domain/drg.md#bulk
WITH distinct_class AS (
  SELECT DISTINCT others FROM drg_other_diagnoses_read
)
SELECT CAST(row_number() OVER (ORDER BY others) AS INTEGER) AS other_diagnoses_no, others
FROM distinct_class
ORDER BY other_diagnoses_no
