-- date_order_outcome: times that stand in the wrong order
-- grain: one row per check and list it applies to, and one more per failing item
-- reads: check_pair, quality_parameter
-- rule:  时间先后 — docs/domain/quality.md#date-order
--
-- Without a clock time on both sides only days are compared, and one day may hold both.
WITH judged AS (
  SELECT
    p.*
    , CASE
        WHEN p.have_clock THEN p.first > p.second OR (p.first = p.second AND e.value = 'forbidden')
        ELSE CAST(p.first AS DATE) > CAST(p.second AS DATE)
      END AS fails
  FROM check_pair AS p
  JOIN quality_parameter AS e ON e.check_no = p.check_no AND e.name = 'equality'
)
SELECT
  check_no
  , list_no
  , item_no
  , CASE WHEN fails THEN second_place END AS place
  , fails
  , CASE WHEN fails THEN CAST(second AS VARCHAR) END AS value
  , CASE WHEN fails THEN first_place || ' ' || CAST(first AS VARCHAR) END AS expected
FROM judged
