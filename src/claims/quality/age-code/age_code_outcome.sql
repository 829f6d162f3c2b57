-- age_code_outcome: codes that do not fit the age at admission
-- grain: one row per check and list it applies to, and one more per failing item
-- reads: this_term, stay, diagnosis, done_procedure, quality_threshold
-- rule:  年龄与编码 — docs/domain/quality.md#age-code
--
-- expected: the age in days.
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
, judged AS (
  SELECT
    m.check_no
    , u.list_no
    , u.item_no
    , m.what
    , u.code
    , s.age_days
    , s.age_days < low.value OR s.age_days > high.value AS fails
  FROM matching_code AS m
  JOIN used AS u ON u.what = m.what AND u.code = m.code
  JOIN stay AS s ON s.list_no = u.list_no
  JOIN quality_threshold AS low ON low.check_no = m.check_no AND low.name = 'min_days'
  JOIN quality_threshold AS high ON high.check_no = m.check_no AND high.name = 'max_days'
  WHERE s.age_days IS NOT NULL
)
SELECT
  check_no
  , list_no
  , item_no
  , CASE WHEN fails THEN CASE WHEN what = 'procedure' THEN 'oprninfo.oprn_oprt_code' ELSE 'diseinfo.diag_code' END END AS place
  , fails
  , CASE WHEN fails THEN code END AS value
  , CASE WHEN fails THEN CAST(age_days AS VARCHAR) END AS expected
FROM judged
