-- name_matches_code_outcome: names that are not those of their code
-- grain: one row per check and list it applies to, and one more per failing item
-- reads: this_check, quality_parameter, diagnosis, done_procedure, known_code
-- rule:  名称与编码 — docs/domain/quality.md#name-matches-code
WITH used AS (
  SELECT 'diagnosis' AS catalogue, list_no, item_no, code, name FROM diagnosis WHERE is_western
  UNION ALL
  SELECT 'procedure' AS catalogue, list_no, item_no, code, name FROM done_procedure
)
SELECT
  c.check_no
  , u.list_no
  , u.item_no
  , CASE WHEN trim(u.name) = k.name THEN NULL WHEN u.catalogue = 'diagnosis' THEN 'diseinfo.diag_name'
      ELSE 'oprninfo.oprn_oprt_name' END AS place
  , trim(u.name) <> k.name AS fails
  , CASE WHEN trim(u.name) <> k.name THEN u.name END AS value
  , CASE WHEN trim(u.name) <> k.name THEN k.name END AS expected
FROM this_check AS c
JOIN quality_parameter AS p ON p.check_no = c.check_no AND p.name = 'catalogue'
JOIN used AS u ON u.catalogue = p.value
JOIN known_code AS k ON k.catalogue = u.catalogue AND upper(k.code) = upper(u.code)
WHERE NOT is_blank(u.name) AND k.name IS NOT NULL
