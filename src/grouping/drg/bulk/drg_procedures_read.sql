-- drg_procedures_read: what a scheme sees in every distinct text of procedures
-- grain: one row per procedures text
-- reads: drg_list_source, drg_code
-- rule:  批量分组 — docs/domain/drg.md#bulk
--
-- The first code that is not empty is the principal procedure; 0 where there is none, or the scheme does not look at it.
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
  SELECT DISTINCT
    a.procedures
    , CASE WHEN a.position = f.position THEN c.principal_procedure ELSE 0 END AS principal
    , CASE WHEN a.position > f.position THEN nullif(c.other_procedure, 0) END AS other
  FROM code_at AS a
  JOIN first_position AS f ON f.procedures = a.procedures
  JOIN drg_code AS c ON c.code = a.code
)
, reduced AS (
  SELECT
    procedures
    , max(principal) AS principal
    , coalesce(string_agg(CAST(other AS VARCHAR), ',' ORDER BY other), '') AS others
  FROM seen
  GROUP BY procedures
)
SELECT w.procedures, coalesce(r.principal, 0) AS principal, coalesce(r.others, '') AS others
FROM written AS w
LEFT JOIN reduced AS r ON r.procedures = w.procedures
ORDER BY w.procedures
