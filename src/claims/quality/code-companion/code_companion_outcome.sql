-- code_companion_outcome: codes that stand without what belongs to them
-- grain: one row per check and list it applies to, and one more per failing item
-- reads: this_term, diagnosis, done_procedure, iteminfo
-- rule:  编码相伴 — docs/domain/quality.md#code-companion
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
, companion AS (
  SELECT DISTINCT
    m.check_no
    , u.list_no
  FROM matching_code AS m
  JOIN used AS u ON u.what = m.what AND u.code = m.code
  WHERE m.role = 'need'
  UNION
  SELECT DISTINCT
    t.check_no
    , i.list_no
  FROM this_term AS t
  JOIN iteminfo AS i ON i.med_chrgitm = t.code_from
  WHERE t.role = 'need' AND t.what = 'charge' AND i.amt_fen > 0
)
SELECT
  m.check_no
  , u.list_no
  , u.item_no
  , CASE WHEN n.list_no IS NULL THEN CASE WHEN m.what = 'procedure' THEN 'oprninfo.oprn_oprt_code' ELSE 'diseinfo.diag_code' END END AS place
  , n.list_no IS NULL AS fails
  , CASE WHEN n.list_no IS NULL THEN u.code END AS value
  , CAST(NULL AS VARCHAR) AS expected
FROM matching_code AS m
JOIN used AS u ON u.what = m.what AND u.code = m.code
LEFT JOIN companion AS n ON n.check_no = m.check_no AND n.list_no = u.list_no
WHERE m.role = 'when'
