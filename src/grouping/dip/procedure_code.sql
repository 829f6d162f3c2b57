-- procedure_code: the codes of every distinct procedures text, with what the area says of each
-- grain: one row per procedures text and position; attribute is NULL for a code absent from procedures.csv
-- reads: signature, procedure
-- rule:  有效手术操作 — docs/domain/dip.md#keys
WITH written AS (
  SELECT DISTINCT procedures FROM signature WHERE procedures <> ''
)
, code_at AS (
  SELECT
    procedures
    , trim(unnest(string_split(procedures, '|'))) AS code
    , generate_subscripts(string_split(procedures, '|'), 1) AS position
  FROM written
)
SELECT c.procedures, c.position, c.code, p.attribute
FROM code_at AS c
LEFT JOIN procedure AS p ON p.oprn_oprt_code = c.code
WHERE c.code <> ''
ORDER BY c.procedures, c.position
