-- format_outcome: values that are not written as their pattern says
-- grain: one row per check and list it applies to, and one more per failing item
-- reads: this_term, check_text
-- rule:  格式 — docs/domain/quality.md#format
WITH bad AS (
  SELECT
    t.check_no
    , v.field_no
    , v.value
  FROM (SELECT DISTINCT field_no, value FROM check_text WHERE NOT is_blank(value)) AS v
  JOIN this_term AS t ON t.field_no = v.field_no
  WHERE NOT regexp_full_match(v.value, t.pattern)
)
SELECT
  t.check_no
  , v.list_no
  , v.item_no
  , CASE WHEN b.value IS NOT NULL THEN v.place END AS place
  , b.value IS NOT NULL AS fails
  , b.value
  , CASE WHEN b.value IS NOT NULL THEN t.pattern END AS expected
FROM this_term AS t
JOIN check_text AS v ON v.field_no = t.field_no
LEFT JOIN bad AS b ON b.check_no = t.check_no AND b.field_no = v.field_no AND b.value = v.value
WHERE NOT is_blank(v.value)
