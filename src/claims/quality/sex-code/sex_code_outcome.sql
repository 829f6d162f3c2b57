-- sex_code_outcome: codes that the sex of the patient cannot have
-- grain: one row per check and list it applies to, and one more per failing item
-- reads: this_check, this_term, quality_parameter, stay, diagnosis, done_procedure
-- rule:  性别与编码 — docs/domain/quality.md#sex-code
--
-- A check applies to the lists of the sex it names.
WITH used AS (
  SELECT 'diagnosis' AS what, list_no, item_no, code FROM diagnosis WHERE is_western
  UNION ALL
  SELECT 'principal' AS what, list_no, item_no, code FROM diagnosis WHERE is_principal
  UNION ALL
  SELECT 'procedure' AS what, list_no, item_no, code FROM done_procedure
)
, matching_code AS (
  SELECT DISTINCT
    t.check_no
    , t.role
    , t.what
    , u.code
  FROM (SELECT DISTINCT what, code FROM used) AS u
  JOIN this_term AS t ON t.what = u.what AND code_in_range(u.code, t.code_from, t.code_to)
)
SELECT
  m.check_no
  , u.list_no
  , u.item_no
  , CASE WHEN m.what = 'procedure' THEN 'oprninfo.oprn_oprt_code' ELSE 'diseinfo.diag_code' END AS place
  , true AS fails
  , u.code AS value
  , s.sex AS expected
FROM matching_code AS m
JOIN quality_parameter AS p ON p.check_no = m.check_no AND p.name = 'sex'
JOIN used AS u ON u.what = m.what AND u.code = m.code
JOIN stay AS s ON s.list_no = u.list_no AND s.sex = p.value
UNION ALL
SELECT
  c.check_no
  , s.list_no
  , -1 AS item_no
  , CAST(NULL AS VARCHAR) AS place
  , false AS fails
  , CAST(NULL AS VARCHAR) AS value
  , CAST(NULL AS VARCHAR) AS expected
FROM this_check AS c
JOIN quality_parameter AS p ON p.check_no = c.check_no AND p.name = 'sex'
JOIN stay AS s ON s.sex = p.value
