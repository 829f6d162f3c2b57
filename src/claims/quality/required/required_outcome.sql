-- required_outcome: lists and items whose required fields are empty
-- grain: one row per check and list it applies to, and one more per failing item
-- reads: this_check, check_text, oprninfo, icuinfo
-- rule:  必填 — docs/domain/quality.md#required
--
-- Fields of the list are required of every list, those of items of lists that have such items: the first field tells them.
SELECT
  check_no
  , list_no
  , item_no
  , place
  , true AS fails
  , CAST(NULL AS VARCHAR) AS value
  , CAST(NULL AS VARCHAR) AS expected
FROM check_text
WHERE is_blank(value)
UNION ALL
SELECT DISTINCT
  check_no
  , CASE WHEN item_no < 0 THEN NULL ELSE list_no END AS list_no
  , CAST(-1 AS BIGINT) AS item_no
  , CAST(NULL AS VARCHAR) AS place
  , false AS fails
  , CAST(NULL AS VARCHAR) AS value
  , CAST(NULL AS VARCHAR) AS expected
FROM check_text
WHERE number = 0
