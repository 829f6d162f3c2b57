-- date_order_outcome: times that stand in the wrong order
-- grain: one row per check and list it applies to, and one more per failing item
-- reads: this_check, this_term, check_time, quality_parameter
-- rule:  时间先后 — docs/domain/quality.md#date-order
--
-- Without a clock time on both sides only days are compared, and one day may hold both.
WITH pair AS (
  SELECT
    c.check_no
    , e.list_no
    , e.item_no
    , l.place
    , e.place AS earlier_place
    , e.value AS earlier
    , l.value AS later
    , e.has_clock AND l.has_clock AS have_clock
    , p.value = 'allowed' AS may_be_equal
  FROM this_check AS c
  JOIN quality_parameter AS p ON p.check_no = c.check_no AND p.name = 'equality'
  JOIN this_term AS a ON a.check_no = c.check_no AND a.role = 'earlier'
  JOIN this_term AS b ON b.check_no = c.check_no AND b.role = 'later' AND b.number = a.number
  JOIN check_time AS e ON e.field_no = a.field_no
  JOIN check_time AS l ON l.field_no = b.field_no AND l.list_no = e.list_no AND l.item_no = e.item_no
)
, judged AS (
  SELECT
    *
    , CASE
        WHEN have_clock THEN earlier > later OR (earlier = later AND NOT may_be_equal)
        ELSE CAST(earlier AS DATE) > CAST(later AS DATE)
      END AS fails
  FROM pair
)
SELECT
  check_no
  , list_no
  , item_no
  , CASE WHEN fails THEN place END AS place
  , fails
  , CASE WHEN fails THEN CAST(later AS VARCHAR) END AS value
  , CASE WHEN fails THEN earlier_place || ' ' || CAST(earlier AS VARCHAR) END AS expected
FROM judged
