-- drg_diagnoses_read: what a scheme sees in every distinct text of diagnoses
-- grain: one row per diagnoses text
-- reads: drg_list_source, drg_code
-- rule:  批量分组 — docs/domain/drg.md#bulk
--
-- Codes that the scheme does not tell apart are one code (drg_code); what it does not look at at all is 0 or left out.
-- The first code that is not empty is the principal diagnosis.
WITH written AS (
  SELECT DISTINCT diagnoses FROM drg_list_source
)
, code_at AS (
  SELECT
    diagnoses
    , trim(unnest(string_split(diagnoses, '|'))) AS code
    , generate_subscripts(string_split(diagnoses, '|'), 1) AS position
  FROM written
)
, first_position AS (
  SELECT diagnoses, min(position) AS position FROM code_at WHERE code <> '' GROUP BY diagnoses
)
, seen AS (
  SELECT
    a.diagnoses
    , CASE WHEN a.position = f.position THEN c.principal_diagnosis END AS principal
    , CASE WHEN a.position > f.position THEN nullif(c.other_diagnosis, 0) END AS other
  FROM code_at AS a
  JOIN first_position AS f ON f.diagnoses = a.diagnoses
  JOIN drg_code AS c ON c.code = a.code
)
, reduced AS (
  SELECT
    diagnoses
    , coalesce(max(principal), 0) AS principal
    , coalesce(string_agg(DISTINCT CAST(other AS VARCHAR), ',' ORDER BY CAST(other AS VARCHAR)), '') AS others
  FROM seen
  GROUP BY diagnoses
)
SELECT w.diagnoses, coalesce(r.principal, 0) AS principal, coalesce(r.others, '') AS others
FROM written AS w
LEFT JOIN reduced AS r ON r.diagnoses = w.diagnoses
ORDER BY w.diagnoses
