-- drg_procedures_read: what a scheme sees in every distinct text of procedures
-- grain: one row per procedures text
-- reads: drg_list_source, drg_code
-- rule:  批量分组 — docs/domain/drg.md#bulk
--
-- Codes that the scheme does not tell apart are one code (drg_code); what it does not look at at all is 0 or left out.
-- The first code that is not empty is the principal procedure.
WITH written AS (
  SELECT DISTINCT procedures FROM drg_list_source
)
, code_at AS (
  SELECT
    procedures
    , trim(unnest(string_split(procedures, '|'))) AS code
    , generate_subscripts(string_split(procedures, '|'), 1) AS position
  FROM written
)
, first_position AS (
  SELECT procedures, min(position) AS position FROM code_at WHERE code <> '' GROUP BY procedures
)
, seen AS (
  SELECT
    a.procedures
    , CASE WHEN a.position = f.position THEN c.principal_procedure END AS principal
    , CASE WHEN a.position > f.position THEN nullif(c.other_procedure, 0) END AS other
  FROM code_at AS a
  JOIN first_position AS f ON f.procedures = a.procedures
  JOIN drg_code AS c ON c.code = a.code
)
, reduced AS (
  SELECT
    procedures
    , coalesce(max(principal), 0) AS principal
    , coalesce(string_agg(DISTINCT CAST(other AS VARCHAR), ',' ORDER BY CAST(other AS VARCHAR)), '') AS others
  FROM seen
  GROUP BY procedures
)
SELECT w.procedures, coalesce(r.principal, 0) AS principal, coalesce(r.others, '') AS others
FROM written AS w
LEFT JOIN reduced AS r ON r.procedures = w.procedures
ORDER BY w.procedures
