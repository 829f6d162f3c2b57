-- code_value_outcome: codes that need a number within bounds, and lists where it is missing or outside
-- grain: one row per check and list it applies to, and one more per failing item
-- reads: this_term, check_number, stay, diagnosis, done_procedure
-- rule:  编码与数值 — docs/domain/quality.md#code-value
--
-- expected: the number as it was given, — when none was.
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
, coded AS (
  SELECT
    m.check_no
    , m.what
    , u.list_no
    , min(u.item_no) AS item_no
    , min(u.code) AS code
  FROM matching_code AS m
  JOIN used AS u ON u.what = m.what AND u.code = m.code
  WHERE m.role = 'codes'
  GROUP BY m.check_no, m.what, u.list_no
)
, found AS (
  SELECT
    c.check_no
    , c.list_no
    , bool_and(v.value2 >= coalesce(v.low2, v.value2) AND v.value2 <= coalesce(v.high2, v.value2)) AS fits
    , min(v.value2) AS value2
  FROM coded AS c
  JOIN check_number AS v ON v.check_no = c.check_no AND v.list_no = c.list_no AND v.value2 > 0
  GROUP BY c.check_no, c.list_no
)
SELECT
  c.check_no
  , c.list_no
  , c.item_no
  , CASE WHEN NOT coalesce(f.fits, false) THEN CASE WHEN c.what = 'procedure' THEN 'oprninfo.oprn_oprt_code' ELSE 'diseinfo.diag_code' END END AS place
  , NOT coalesce(f.fits, false) AS fails
  , CASE WHEN NOT coalesce(f.fits, false) THEN c.code END AS value
  , CASE WHEN NOT coalesce(f.fits, false) THEN coalesce(hundredths_text(f.value2), '—') END AS expected
FROM coded AS c
LEFT JOIN found AS f ON f.check_no = c.check_no AND f.list_no = c.list_no
