-- code_in_list_outcome: coded fields whose value is in no code list, or in one not valid on the day of discharge
-- grain: one row per check and list it applies to, and one more per failing item
-- reads: this_check, this_term, check_text, code_list, stay
-- rule:  代码表 — docs/domain/quality.md#code-in-list
WITH written AS (
  SELECT
    t.check_no
    , t.list
    , v.list_no
    , v.item_no
    , v.place
    , v.value
  FROM this_term AS t
  JOIN check_text AS v ON v.field_no = t.field_no
  WHERE t.separator IS NULL AND NOT is_blank(v.value)
  UNION ALL
  SELECT
    t.check_no
    , t.list
    , v.list_no
    , v.item_no
    , v.place
    , trim(unnest(string_split(v.value, t.separator))) AS value
  FROM this_term AS t
  JOIN check_text AS v ON v.field_no = t.field_no
  WHERE t.separator IS NOT NULL AND NOT is_blank(v.value)
)
, doubtful AS (
  SELECT
    w.*
    , l.valid_from
    , l.valid_to
    , l.code IS NULL AS is_unknown
  FROM written AS w
  LEFT JOIN code_list AS l ON l.list = w.list AND l.code = w.value
  WHERE l.code IS NULL OR l.valid_from IS NOT NULL OR l.valid_to IS NOT NULL
)
SELECT
  d.check_no
  , d.list_no
  , d.item_no
  , d.place
  , true AS fails
  , d.value
  , d.list AS expected
FROM doubtful AS d
JOIN stay AS s ON s.list_no = d.list_no
WHERE d.is_unknown OR s.discharge_day < d.valid_from OR (s.discharge_day > d.valid_to AND s.month > 0)
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
CROSS JOIN stay AS s
