-- name_matches_code_outcome: names that are not those of their code
-- grain: one row per check and list it applies to, and one more per failing item
-- reads: this_check, quality_parameter, diagnosis, done_procedure, known_code
-- rule:  名称与编码 — docs/domain/quality.md#name-matches-code
--
-- The distinct names are compared, then the rows that hold a wrong one.
WITH used AS (
  SELECT 'diagnosis' AS catalogue, list_no, item_no, code, name FROM diagnosis WHERE is_western AND NOT is_blank(name)
  UNION ALL
  SELECT 'procedure' AS catalogue, list_no, item_no, code, name FROM done_procedure WHERE NOT is_blank(name)
)
, known AS (
  SELECT
    u.catalogue
    , u.code
    , u.name
    , k.name AS known_name
  FROM (SELECT DISTINCT catalogue, code, name FROM used) AS u
  JOIN known_code AS k ON k.catalogue = u.catalogue AND upper(k.code) = upper(u.code)
  WHERE k.name IS NOT NULL
)
SELECT
  c.check_no
  , u.list_no
  , u.item_no
  , CASE WHEN u.name = k.known_name THEN NULL WHEN u.catalogue = 'diagnosis' THEN 'diseinfo.diag_name'
      ELSE 'oprninfo.oprn_oprt_name' END AS place
  , u.name <> k.known_name AS fails
  , CASE WHEN u.name <> k.known_name THEN u.name END AS value
  , CASE WHEN u.name <> k.known_name THEN k.known_name END AS expected
FROM this_check AS c
JOIN quality_parameter AS p ON p.check_no = c.check_no AND p.name = 'catalogue'
JOIN used AS u ON u.catalogue = p.value
JOIN known AS k ON k.catalogue = u.catalogue AND k.code = u.code AND k.name = u.name
