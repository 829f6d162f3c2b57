-- sum_compare_outcome: sums that are not equal to, or exceed, what they are compared with
-- grain: one row per check and list it applies to, and one more per failing item
-- reads: check_sum, quality_parameter, quality_threshold
-- rule:  合计 — docs/domain/quality.md#sum-compare
--
-- All in hundredths: fen, hundredths of a day. A list where one term is missing is left out.
WITH judged AS (
  SELECT
    s.*
    , CASE p.value
        WHEN 'equals' THEN abs(s.left2 - s.right2) > h.value
        ELSE s.left2 - s.right2 > h.value
      END AS fails
  FROM check_sum AS s
  JOIN quality_parameter AS p ON p.check_no = s.check_no AND p.name = 'relation'
  JOIN quality_threshold AS h ON h.check_no = s.check_no AND h.name = 'tolerance_hundredths'
)
SELECT
  check_no
  , list_no
  , -1 AS item_no
  , CASE WHEN fails THEN place END AS place
  , fails
  , CASE WHEN fails THEN hundredths_text(left2) END AS value
  , CASE WHEN fails THEN hundredths_text(right2) END AS expected
FROM judged
