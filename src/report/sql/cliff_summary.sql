-- cliff_summary: lists just above a cliff by institution, beside all its lists
-- grain: one row per fixmedins_code with such a list
-- reads: cliff_case_result, case_result, institution
-- rule:  断崖清单 — docs/domain/dip.md#cliffs
WITH above AS (
  SELECT
    fixmedins_code
    , count(DISTINCT setl_id) AS cases
    , count(DISTINCT CASE WHEN cliff = 'low' THEN setl_id END) AS low_cases
    , count(DISTINCT CASE WHEN cliff = 'high' THEN setl_id END) AS high_cases
    , count(DISTINCT CASE WHEN cliff = 'extreme' THEN setl_id END) AS extreme_cases
    , sum(points4 - points_before4) AS step4
  FROM cliff_case_result
  GROUP BY fixmedins_code
)
, every_case AS (
  SELECT fixmedins_code, count(*) AS lists
  FROM case_result
  GROUP BY fixmedins_code
)
SELECT
  a.fixmedins_code
  , i.name
  , a.cases
  , a.low_cases
  , a.high_cases
  , a.extreme_cases
  , e.lists
  , CAST(a.step4 AS BIGINT) AS step4
FROM above AS a
JOIN every_case AS e ON e.fixmedins_code = a.fixmedins_code
LEFT JOIN institution AS i ON i.fixmedins_code = a.fixmedins_code
ORDER BY a.cases * CAST(1000000 AS BIGINT) // e.lists DESC, a.cases DESC, a.fixmedins_code
