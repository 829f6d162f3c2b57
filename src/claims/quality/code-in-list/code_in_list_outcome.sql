-- code_in_list_outcome: coded fields whose value is in no code list, or in one not valid on the day of discharge
-- grain: one row per failing item; one per check without a list, when it applies to all
-- reads: this_check, check_text, code_list, stay
-- rule:  代码表 — docs/domain/quality.md#code-in-list
--
-- The distinct values are looked up, then the lists that hold a doubtful one.
WITH seen AS (
  SELECT DISTINCT
    check_no
    , number
    , list
    , separator
    , value
  FROM check_text
  WHERE NOT is_blank(value)
)
, part AS (
  SELECT check_no, number, list, value, value AS code FROM seen WHERE separator IS NULL
  UNION ALL
  SELECT check_no, number, list, value, trim(unnest(string_split(value, separator))) AS code
  FROM seen
  WHERE separator IS NOT NULL
)
, doubtful AS (
  SELECT
    p.*
    , l.valid_from
    , l.valid_to
    , l.code IS NULL AS is_unknown
  FROM part AS p
  LEFT JOIN code_list AS l ON l.list = p.list AND l.code = p.code
  WHERE l.code IS NULL OR l.valid_from IS NOT NULL OR l.valid_to IS NOT NULL
)
SELECT
  v.check_no
  , v.list_no
  , v.item_no
  , v.place
  , true AS fails
  , d.code AS value
  , d.list AS expected
FROM check_text AS v
JOIN doubtful AS d ON d.check_no = v.check_no AND d.number = v.number AND d.value = v.value
JOIN stay AS s ON s.list_no = v.list_no
WHERE d.is_unknown OR s.discharge_day < d.valid_from OR (s.discharge_day > d.valid_to AND s.month > 0)
UNION ALL
SELECT
  check_no
  , CAST(NULL AS INTEGER) AS list_no
  , CAST(-1 AS BIGINT) AS item_no
  , CAST(NULL AS VARCHAR) AS place
  , false AS fails
  , CAST(NULL AS VARCHAR) AS value
  , CAST(NULL AS VARCHAR) AS expected
FROM this_check
