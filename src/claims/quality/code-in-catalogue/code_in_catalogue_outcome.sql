-- code_in_catalogue_outcome: codes that are not in the catalogue, or not allowed where they stand
-- grain: one row per check and list it applies to, and one more per failing item
-- reads: this_check, quality_parameter, diagnosis, done_procedure, known_code, stay
-- rule:  编码库 — docs/domain/quality.md#code-in-catalogue
--
-- The distinct codes are looked up, then the rows that hold a doubtful one. expected: the code that replaced an ended one.
WITH used AS (
  SELECT 'diagnosis' AS catalogue, list_no, item_no, code, is_principal FROM diagnosis WHERE is_western
  UNION ALL
  SELECT 'procedure' AS catalogue, list_no, item_no, code, is_principal FROM done_procedure
)
, asked AS (
  SELECT
    c.check_no
    , p.value AS catalogue
    , q.value AS property
  FROM this_check AS c
  JOIN quality_parameter AS p ON p.check_no = c.check_no AND p.name = 'catalogue'
  JOIN quality_parameter AS q ON q.check_no = c.check_no AND q.name = 'property'
)
, period AS (
  SELECT min(discharge_day) AS first_day, max(discharge_day) FILTER (WHERE month > 0) AS last_day
  FROM stay
)
, doubtful AS (
  SELECT
    a.check_no
    , a.catalogue
    , a.property
    , u.code
    , k.replaced_by
    , CASE WHEN a.property = 'known' AND k.code IS NOT NULL THEN k.valid_from END AS valid_from
    , CASE WHEN a.property = 'known' AND k.code IS NOT NULL THEN k.valid_to END AS valid_to
  FROM (SELECT DISTINCT catalogue, code FROM used) AS u
  JOIN asked AS a ON a.catalogue = u.catalogue
  CROSS JOIN period AS d
  LEFT JOIN known_code AS k ON k.catalogue = u.catalogue AND upper(k.code) = upper(u.code)
  WHERE CASE a.property
    WHEN 'known' THEN k.code IS NULL OR d.first_day < k.valid_from OR d.last_day > k.valid_to
    WHEN 'principal' THEN k.principal = '0'
    WHEN 'attribute' THEN k.attribute IS NULL
    WHEN 'day-surgery' THEN k.code IS NULL OR coalesce(k.day_surgery, '0') <> '1'
  END
)
SELECT
  d.check_no
  , u.list_no
  , u.item_no
  , CASE WHEN d.catalogue = 'diagnosis' THEN 'diseinfo.diag_code' ELSE 'oprninfo.oprn_oprt_code' END AS place
  , true AS fails
  , u.code AS value
  , coalesce(d.replaced_by, '—') AS expected
FROM doubtful AS d
JOIN used AS u ON u.catalogue = d.catalogue AND u.code = d.code
JOIN stay AS s ON s.list_no = u.list_no
WHERE (d.property NOT IN ('principal', 'day-surgery') OR u.is_principal)
  AND (d.property <> 'day-surgery' OR s.is_day_surgery)
  AND ((d.valid_from IS NULL AND d.valid_to IS NULL) OR s.discharge_day < d.valid_from
    OR (s.discharge_day > d.valid_to AND s.month > 0))
UNION ALL
SELECT DISTINCT
  a.check_no
  , u.list_no
  , CAST(-1 AS BIGINT) AS item_no
  , CAST(NULL AS VARCHAR) AS place
  , false AS fails
  , CAST(NULL AS VARCHAR) AS value
  , CAST(NULL AS VARCHAR) AS expected
FROM asked AS a
JOIN used AS u ON u.catalogue = a.catalogue
JOIN stay AS s ON s.list_no = u.list_no
WHERE (a.property NOT IN ('principal', 'day-surgery') OR u.is_principal)
  AND (a.property <> 'day-surgery' OR s.is_day_surgery)
