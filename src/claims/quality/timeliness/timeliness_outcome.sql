-- timeliness_outcome: lists filed later than the days allowed
-- grain: one row per check and list it applies to, and one more per failing item
-- reads: check_pair, quality_threshold
-- rule:  及时 — docs/domain/quality.md#timeliness
WITH filed AS (
  SELECT
    p.check_no
    , p.list_no
    , p.second_place AS place
    , CAST(p.second AS DATE) AS filed_day
    , CAST(p.first AS DATE) + CAST(h.value AS INTEGER) AS last_day
  FROM check_pair AS p
  JOIN quality_threshold AS h ON h.check_no = p.check_no AND h.name = 'max_days'
)
SELECT
  check_no
  , list_no
  , -1 AS item_no
  , CASE WHEN filed_day > last_day THEN place END AS place
  , filed_day > last_day AS fails
  , CASE WHEN filed_day > last_day THEN CAST(filed_day AS VARCHAR) END AS value
  , CASE WHEN filed_day > last_day THEN CAST(last_day AS VARCHAR) END AS expected
FROM filed
