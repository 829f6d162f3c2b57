-- sum_compare_outcome: sums that are not equal to, or exceed, what they are compared with
-- grain: one row per check and list it applies to, and one more per failing item
-- reads: this_check, this_term, check_number, quality_parameter, quality_threshold
-- rule:  合计 — docs/domain/quality.md#sum-compare
--
-- All in hundredths: fen, hundredths of a day. A list where one term is missing is left out.
WITH added AS (
  SELECT
    t.check_no
    , v.list_no
    , count(*) AS terms
    , CAST(coalesce(sum(v.value2) FILTER (WHERE t.role = 'left'), 0) AS BIGINT) AS left2
    , CAST(coalesce(sum(v.value2) FILTER (WHERE t.role = 'right'), 0) AS BIGINT) AS right2
    , min(v.place) FILTER (WHERE t.role = 'left' AND t.number = 0) AS place
  FROM this_term AS t
  JOIN check_number AS v ON v.field_no = t.field_no
  GROUP BY t.check_no, v.list_no
)
, judged AS (
  SELECT
    a.*
    , CASE p.value
        WHEN 'equals' THEN abs(a.left2 - a.right2) > h.value
        ELSE a.left2 - a.right2 > h.value
      END AS fails
  FROM added AS a
  JOIN (SELECT check_no, count(*) AS terms FROM this_term GROUP BY check_no) AS n
    ON n.check_no = a.check_no AND n.terms = a.terms
  JOIN quality_parameter AS p ON p.check_no = a.check_no AND p.name = 'relation'
  JOIN quality_threshold AS h ON h.check_no = a.check_no AND h.name = 'tolerance_hundredths'
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
