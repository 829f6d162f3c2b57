-- required_outcome: lists and items whose required fields are empty
-- grain: one row per check and list it applies to, and one more per failing item
-- reads: this_term, check_text, check_row
-- rule:  必填 — docs/domain/quality.md#required
SELECT
  t.check_no
  , v.list_no
  , v.item_no
  , v.place
  , true AS fails
  , CAST(NULL AS VARCHAR) AS value
  , CAST(NULL AS VARCHAR) AS expected
FROM this_term AS t
JOIN check_text AS v ON v.field_no = t.field_no
WHERE is_blank(v.value)
UNION ALL
SELECT
  t.check_no
  , r.list_no
  , -1 AS item_no
  , CAST(NULL AS VARCHAR) AS place
  , false AS fails
  , CAST(NULL AS VARCHAR) AS value
  , CAST(NULL AS VARCHAR) AS expected
FROM (SELECT DISTINCT check_no, node FROM this_term) AS t
JOIN check_row AS r ON r.node = t.node
