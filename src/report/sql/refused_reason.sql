-- refused_reason: refused lists by reason, the most frequent first
-- grain: one row per reason without the values quoted in it, which differ from list to list
-- reads: refused_result
-- rule:  接收条件 — docs/domain/dip.md#accepted
WITH plain AS (
  SELECT
    regexp_replace(regexp_replace(reason, '“[^”]*”', '“…”', 'g'), '"[^"]*"', '"…"', 'g') AS reason
    , file
    , row_no
  FROM refused_result
)
, numbered AS (
  SELECT
    reason
    , file
    , row_no
    , row_number() OVER (PARTITION BY reason ORDER BY file, row_no) AS place
  FROM plain
)
SELECT
  reason
  , count(*) AS lists
  , count(DISTINCT file) AS files
  , max(CASE WHEN place = 1 THEN file || ':' || CAST(row_no AS VARCHAR) END) AS first_place
FROM numbered
GROUP BY reason
ORDER BY lists DESC, reason
