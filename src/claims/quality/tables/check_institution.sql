-- check_institution: the institutions of the lists and of institutions.csv
-- grain: one row per institution code, '' for lists without one
-- reads: setlinfo, known_institution
-- rule:  质控范围 — docs/domain/quality.md#scope
WITH code AS (
  SELECT DISTINCT coalesce(fixmedins_code, '') AS fixmedins_code
  FROM setlinfo
  UNION
  SELECT fixmedins_code
  FROM known_institution
)
SELECT
  CAST(row_number() OVER (ORDER BY c.fixmedins_code) AS SMALLINT) AS institution_no
  , c.fixmedins_code
  , coalesce(k.name, '') AS name
  , k.fixmedins_code IS NOT NULL AS known
  , k.active_from
  , k.active_to
FROM code AS c
LEFT JOIN known_institution AS k ON k.fixmedins_code = c.fixmedins_code
ORDER BY institution_no
