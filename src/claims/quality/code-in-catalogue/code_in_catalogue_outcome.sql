-- code_in_catalogue_outcome: codes that are not in the catalogue, or not allowed where they stand
-- grain: one row per check and list it applies to, and one more per failing item
-- reads: this_check, quality_parameter, diagnosis, done_procedure, known_code, stay
-- rule:  编码库 — docs/domain/quality.md#code-in-catalogue
--
-- expected: the code that replaced an ended one, where the catalogue says so.
WITH used AS (
  SELECT 'diagnosis' AS catalogue, list_no, item_no, code, is_principal FROM diagnosis WHERE is_western
  UNION ALL
  SELECT 'procedure' AS catalogue, list_no, item_no, code, is_principal FROM done_procedure
)
, judged AS (
  SELECT
    c.check_no
    , u.list_no
    , u.item_no
    , u.catalogue
    , u.code
    , k.replaced_by
    , CASE q.value
        WHEN 'known' THEN k.code IS NULL OR s.discharge_day < k.valid_from OR (s.discharge_day > k.valid_to AND s.month > 0)
        WHEN 'principal' THEN k.principal = '0'
        WHEN 'attribute' THEN k.attribute IS NULL
        WHEN 'day-surgery' THEN k.code IS NULL OR coalesce(k.day_surgery, '0') <> '1'
      END AS fails
  FROM this_check AS c
  JOIN quality_parameter AS p ON p.check_no = c.check_no AND p.name = 'catalogue'
  JOIN quality_parameter AS q ON q.check_no = c.check_no AND q.name = 'property'
  JOIN used AS u ON u.catalogue = p.value
  JOIN stay AS s ON s.list_no = u.list_no
  LEFT JOIN known_code AS k ON k.catalogue = u.catalogue AND upper(k.code) = upper(u.code)
  WHERE q.value IN ('known', 'attribute')
    OR (q.value = 'principal' AND u.is_principal)
    OR (q.value = 'day-surgery' AND u.is_principal AND s.is_day_surgery)
)
SELECT
  check_no
  , list_no
  , item_no
  , CASE WHEN NOT fails THEN NULL WHEN catalogue = 'diagnosis' THEN 'diseinfo.diag_code' ELSE 'oprninfo.oprn_oprt_code' END
    AS place
  , coalesce(fails, false) AS fails
  , CASE WHEN fails THEN code END AS value
  , CASE WHEN fails THEN coalesce(replaced_by, '—') END AS expected
FROM judged
