-- unspecified_code_outcome: unspecified diagnoses beside a specific one of the same category
-- grain: one row per check and list it applies to, and one more per failing item
-- reads: this_check, diagnosis
-- rule:  未特指编码 — docs/domain/quality.md#unspecified-code
WITH unspecified AS (
  SELECT list_no, left(code, 3) AS category, max(item_no) AS item_no, max(code) AS code
  FROM diagnosis
  WHERE is_western AND substr(code, 4, 2) = '.9'
  GROUP BY list_no, left(code, 3)
)
, beside AS (
  SELECT DISTINCT u.*
  FROM unspecified AS u
  JOIN diagnosis AS d ON d.list_no = u.list_no AND left(d.code, 3) = u.category
  WHERE d.is_western AND regexp_full_match(substr(d.code, 4, 2), '\.[0-8]')
)
SELECT
  c.check_no
  , b.list_no
  , b.item_no
  , 'diseinfo.diag_code' AS place
  , true AS fails
  , b.code AS value
  , b.category AS expected
FROM this_check AS c
CROSS JOIN beside AS b
UNION ALL
SELECT
  c.check_no
  , d.list_no
  , -1 AS item_no
  , CAST(NULL AS VARCHAR) AS place
  , false AS fails
  , CAST(NULL AS VARCHAR) AS value
  , CAST(NULL AS VARCHAR) AS expected
FROM this_check AS c
CROSS JOIN (SELECT DISTINCT list_no FROM diagnosis WHERE is_western) AS d
