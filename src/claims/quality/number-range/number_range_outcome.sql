-- number_range_outcome: numbers outside their bounds or between the steps they come in
-- grain: one row per check and list it applies to, and one more per failing item
-- reads: this_term, check_number
-- rule:  数值范围 — docs/domain/quality.md#number-range
SELECT
  t.check_no
  , v.list_no
  , v.item_no
  , v.place
  , true AS fails
  , hundredths_text(v.value2) AS value
  , concat_ws(' ', '≥ ' || hundredths_text(t.low2), '≤ ' || hundredths_text(t.high2), '× ' || hundredths_text(t.step2))
    AS expected
FROM this_term AS t
JOIN check_number AS v ON v.field_no = t.field_no
WHERE v.value2 < t.low2 OR v.value2 > t.high2 OR v.value2 % t.step2 <> 0
UNION ALL
SELECT DISTINCT
  t.check_no
  , v.list_no
  , CAST(-1 AS BIGINT) AS item_no
  , CAST(NULL AS VARCHAR) AS place
  , false AS fails
  , CAST(NULL AS VARCHAR) AS value
  , CAST(NULL AS VARCHAR) AS expected
FROM this_term AS t
JOIN check_number AS v ON v.field_no = t.field_no
