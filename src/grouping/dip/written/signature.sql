-- signature: the distinct inputs that grouping reads: principal diagnosis and procedures as written
-- grain: one row per signature_no
-- reads: written_cost
-- rule:  入组键 — docs/domain/dip.md#keys
WITH distinct_input AS (
  SELECT diagnosis, procedures, CAST(sum(cases) AS BIGINT) AS lists
  FROM written_cost
  GROUP BY diagnosis, procedures
)
SELECT
  CAST(row_number() OVER (ORDER BY diagnosis, procedures) AS INTEGER) AS signature_no
  , diagnosis
  , procedures
  , lists
FROM distinct_input
ORDER BY signature_no
