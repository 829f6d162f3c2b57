-- format_outcome: values that are not written as their pattern says
-- grain: one row per check and list it applies to, and one more per failing item
-- reads: check_text
-- rule:  格式 — docs/domain/quality.md#format
SELECT
  check_no
  , list_no
  , item_no
  , CASE WHEN NOT matches THEN place END AS place
  , NOT matches AS fails
  , CASE WHEN NOT matches THEN value END AS value
  , CAST(NULL AS VARCHAR) AS expected
FROM check_text
WHERE NOT is_blank(value)
