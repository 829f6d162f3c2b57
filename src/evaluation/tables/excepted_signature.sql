-- excepted_signature: diagnosis and procedures of stays that do not count as readmissions
-- grain: one row per diagnosis, procedures
-- reads: evaluation_case, policy_value
-- rule:  再住院 — docs/domain/evaluation.md#readmission
WITH excepted AS (
  SELECT parameter, trim(unnest(string_split(value, '|'))) AS code_start
  FROM policy_value
  WHERE parameter IN ('evaluation.readmission_excepted_diagnoses', 'evaluation.readmission_excepted_procedures')
)
, distinct_signature AS (
  SELECT DISTINCT diagnosis, procedures FROM evaluation_case
)
, done AS (
  SELECT diagnosis, procedures, trim(unnest(string_split(procedures, '|'))) AS code
  FROM distinct_signature
  WHERE procedures <> ''
)
SELECT s.diagnosis, s.procedures
FROM distinct_signature AS s
JOIN excepted AS e ON e.parameter = 'evaluation.readmission_excepted_diagnoses' AND e.code_start <> ''
  AND starts_with(s.diagnosis, e.code_start)
UNION
SELECT d.diagnosis, d.procedures
FROM done AS d
JOIN excepted AS e ON e.parameter = 'evaluation.readmission_excepted_procedures' AND e.code_start <> ''
  AND starts_with(d.code, e.code_start)
ORDER BY diagnosis, procedures
