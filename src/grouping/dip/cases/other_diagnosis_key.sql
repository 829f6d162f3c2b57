-- other_diagnosis_key: of every distinct diagnoses text, the diagnoses after the first that some group of the catalogue asks
--                      for, in text order: the rest cannot decide a group
-- grain: one row per diagnoses text that has one
-- reads: grouping_input, relevant_diagnosis
-- rule:  其他诊断 — docs/domain/dip.md#grouping-steps
WITH written AS (
  SELECT DISTINCT diagnoses FROM grouping_input WHERE strpos(diagnoses, '|') > 0
)
, code_at AS (
  SELECT
    diagnoses
    , trim(unnest(string_split(diagnoses, '|'))) AS code
    , generate_subscripts(string_split(diagnoses, '|'), 1) AS position
  FROM written
)
, kept AS (
  SELECT DISTINCT c.diagnoses, c.code
  FROM code_at AS c
  JOIN relevant_diagnosis AS r ON r.code = c.code
  WHERE c.position > 1
)
SELECT diagnoses, string_agg(code, '|' ORDER BY code) AS other_diagnoses
FROM kept
GROUP BY diagnoses
ORDER BY diagnoses
