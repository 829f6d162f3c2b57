-- number_range_outcome: numbers outside their bounds or between the steps they come in
-- grain: one row per check and list it applies to, and one more per failing item
-- reads: check_number
-- rule:  数值范围 — docs/domain/quality.md#number-range
--
-- A check applies to the lists that have one of its numbers; of items the first field tells.
SELECT
  check_no
  , list_no
  , item_no
  , place
  , true AS fails
  , hundredths_text(value2) AS value
  , concat_ws(' ', '≥ ' || hundredths_text(low2), '≤ ' || hundredths_text(high2), '× ' || hundredths_text(step2)) AS expected
FROM check_number
WHERE value2 < low2 OR value2 > high2 OR value2 % step2 <> 0
UNION ALL
SELECT DISTINCT
  check_no
  , list_no
  , CAST(-1 AS BIGINT) AS item_no
  , CAST(NULL AS VARCHAR) AS place
  , false AS fails
  , CAST(NULL AS VARCHAR) AS value
  , CAST(NULL AS VARCHAR) AS expected
FROM check_number
WHERE item_no < 0 OR number = 0
