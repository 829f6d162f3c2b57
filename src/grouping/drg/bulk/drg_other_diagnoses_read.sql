-- drg_other_diagnoses_read: what a scheme sees in the diagnoses behind the first, for every distinct text of them
-- grain: one row per text of other diagnoses ('' = there are none)
-- reads: drg_list_source, drg_code; the macro drg_other_codes (drg_tables.sql)
-- rule:  批量分组 — docs/domain/drg.md#bulk
--
-- Codes that the scheme does not tell apart are one code (drg_code); what it does not look at is left out. The same
-- others stand behind many principal diagnoses, so that there are far fewer of these texts than of whole ones.
WITH written AS (
  SELECT DISTINCT drg_other_codes(diagnoses) AS other_diagnoses FROM drg_list_source
)
, code_at AS (
  SELECT other_diagnoses, trim(unnest(string_split(other_diagnoses, '|'))) AS code FROM written
)
, seen AS (
  SELECT DISTINCT a.other_diagnoses, c.other_diagnosis
  FROM code_at AS a
  JOIN drg_code AS c ON c.code = a.code
  WHERE c.other_diagnosis <> 0
)
, reduced AS (
  SELECT other_diagnoses, string_agg(CAST(other_diagnosis AS VARCHAR), ',' ORDER BY other_diagnosis) AS others
  FROM seen
  GROUP BY other_diagnoses
)
SELECT w.other_diagnoses, coalesce(r.others, '') AS others
FROM written AS w
LEFT JOIN reduced AS r ON r.other_diagnoses = w.other_diagnoses
ORDER BY w.other_diagnoses
