-- duplicate_code_outcome: codes that stand twice
-- grain: one row per check and list it applies to, and one more per failing item
-- reads: this_check, quality_parameter, diagnosis, done_procedure
-- rule:  重复编码 — docs/domain/quality.md#duplicate-code
--
-- Diagnoses are compared within their type, Western or Chinese. expected: how often the code stands there.
WITH used AS (
  SELECT 'diagnosis' AS what, list_no, diag_type AS kind, code, item_no FROM diagnosis
  UNION ALL
  SELECT 'procedure' AS what, list_no, '' AS kind, code, item_no FROM done_procedure
)
, counted AS (
  SELECT what, list_no, kind, code, count(*) AS times, max(item_no) AS item_no
  FROM used
  GROUP BY what, list_no, kind, code
)
SELECT
  c.check_no
  , n.list_no
  , n.item_no
  , CASE WHEN n.times > 1 THEN
      CASE WHEN n.what = 'procedure' THEN 'oprninfo.oprn_oprt_code' ELSE 'diseinfo.diag_code' END END AS place
  , n.times > 1 AS fails
  , CASE WHEN n.times > 1 THEN n.code END AS value
  , CASE WHEN n.times > 1 THEN CAST(n.times AS VARCHAR) END AS expected
FROM this_check AS c
JOIN quality_parameter AS p ON p.check_no = c.check_no AND p.name = 'what'
JOIN counted AS n ON n.what = p.value
