-- timeliness_outcome: lists filed later than the days allowed
-- grain: one row per check and list it applies to, and one more per failing item
-- reads: this_check, this_term, check_time, quality_threshold
-- rule:  及时 — docs/domain/quality.md#timeliness
WITH filed AS (
  SELECT
    c.check_no
    , f.list_no
    , t.place
    , CAST(f.value AS DATE) AS from_day
    , CAST(t.value AS DATE) AS to_day
    , h.value AS max_days
  FROM this_check AS c
  JOIN quality_threshold AS h ON h.check_no = c.check_no AND h.name = 'max_days'
  JOIN this_term AS a ON a.check_no = c.check_no AND a.role = 'from'
  JOIN this_term AS b ON b.check_no = c.check_no AND b.role = 'to'
  JOIN check_time AS f ON f.field_no = a.field_no
  JOIN check_time AS t ON t.field_no = b.field_no AND t.list_no = f.list_no
)
SELECT
  check_no
  , list_no
  , -1 AS item_no
  , CASE WHEN to_day > from_day + CAST(max_days AS INTEGER) THEN place END AS place
  , to_day > from_day + CAST(max_days AS INTEGER) AS fails
  , CASE WHEN to_day > from_day + CAST(max_days AS INTEGER) THEN CAST(to_day AS VARCHAR) END AS value
  , CASE WHEN to_day > from_day + CAST(max_days AS INTEGER) THEN CAST(from_day + CAST(max_days AS INTEGER) AS VARCHAR) END
    AS expected
FROM filed
