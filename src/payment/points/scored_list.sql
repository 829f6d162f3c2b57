-- as: view
-- scored_list: deviation and points of every accepted list, history and payment year
-- grain: one row per accepted list
-- reads: accepted_list, signature_group, case_type, points_rule
-- rule:  病例分值 — docs/domain/dip.md#points
--
-- Normal lists, the great majority, take the points of their group, class and type as they are. Below the low and above
-- the high threshold, and for lists scored by cost alone (ungrouped ones among them), the points follow the cost:
--   points × 10^4 = cost · multiplier / divisor − high_subtrahend / 10^12, rounded half up,
-- with the multiplier of the low or of the high line. Extreme lists get normal points again, or those of high ones.
-- line: 0 normal, 1 the low line, 2 the high line.
-- cost · multiplier = whole · divisor + rest is found exactly, in integers. Division of HUGEINT is slow, so for usual
-- costs (below quick_below_fen) the quotient is guessed as cost · reciprocal / 2^30, which is right or one too small,
-- and the rest tells which. Other costs are multiplied in two pieces of eight digits (upper · 10^8 + lower), dividing
-- after each, so that nothing leaves HUGEINT; leaving it would be an error, never a wrong number.
WITH placed AS (
  SELECT
    a.*
    , g.group_no
    , r.type_no
    , r.normal_points4
    , r.high_subtrahend
    , CASE WHEN r.group_no = 0 THEN 'ungrouped'
           WHEN r.by_cost THEN 'by-cost'
           WHEN a.cost_fen < r.low_below_fen THEN 'low'
           WHEN a.cost_fen > r.extreme_above_fen THEN 'extreme'
           WHEN a.cost_fen > r.high_above_fen THEN 'high'
           ELSE 'normal' END AS deviation
    , CASE WHEN r.by_cost OR a.cost_fen < r.low_below_fen THEN 1
           WHEN a.cost_fen > r.extreme_above_fen AND NOT r.extreme_as_high THEN 0
           WHEN a.cost_fen > r.high_above_fen THEN 2
           ELSE 0 END AS line
    , r.divisor
    , CASE WHEN r.by_cost OR a.cost_fen < r.low_below_fen THEN r.low_multiplier ELSE r.high_multiplier END
      AS multiplier
    , CASE WHEN r.by_cost OR a.cost_fen < r.low_below_fen THEN r.low_reciprocal ELSE r.high_reciprocal END
      AS reciprocal
    , a.cost_fen < r.quick_below_fen AS is_quick
  FROM accepted_list AS a
  JOIN signature_group AS g ON g.signature_no = a.signature_no
  LEFT JOIN case_type AS t ON t.list_no = a.list_no
  JOIN points_rule AS r
    ON r.group_no = g.group_no AND r.class_no = a.class_no AND r.type_no = coalesce(t.type_no, 0)
)
, first_quotient AS (
  SELECT
    *
    , CASE WHEN line <> 0 THEN
        CASE WHEN is_quick THEN CAST((cost_fen * reciprocal) // 1073741824 AS HUGEINT)
             ELSE (CAST(cost_fen // 100000000 AS HUGEINT) * multiplier) // divisor END
      END AS first_quotient
  FROM placed
)
, remaining AS (
  SELECT
    *
    , CASE WHEN line <> 0 THEN
        CASE WHEN is_quick THEN CAST(cost_fen AS HUGEINT) * multiplier - first_quotient * divisor
             ELSE (CAST(cost_fen // 100000000 AS HUGEINT) * multiplier - first_quotient * divisor) * 100000000
                  + CAST(cost_fen % 100000000 AS HUGEINT) * multiplier END
      END AS remaining
  FROM first_quotient
)
, second_quotient AS (
  SELECT
    *
    , CASE WHEN line <> 0 THEN
        CASE WHEN NOT is_quick THEN remaining // divisor
             WHEN remaining >= divisor THEN CAST(1 AS HUGEINT)
             ELSE CAST(0 AS HUGEINT) END
      END AS second_quotient
  FROM remaining
)
, divided AS (
  SELECT
    *
    , CASE WHEN is_quick THEN first_quotient ELSE first_quotient * 100000000 END + second_quotient AS whole
    , remaining - second_quotient * divisor AS rest
  FROM second_quotient
)
, halved AS (
  SELECT
    *
    -- half a unit is added here, so that cutting off rounds
    , CASE WHEN line = 2 THEN whole * 1000000000000 - high_subtrahend + 500000000000 END AS high_scaled
  FROM divided
)
, lacking AS (
  SELECT
    *
    -- what a carry still needs, in units of 10^-12
    , CASE WHEN line = 2 THEN 1000000000000 - high_scaled % 1000000000000 END AS lacking
  FROM halved
)
SELECT
  setl_id
  , list_no
  , diagnosis
  , institution_no
  , class_no
  , scheme
  , year
  , month
  , cost_fen
  , fund_fen
  , signature_no
  , group_no
  , type_no
  , deviation
  , CASE
      WHEN line = 0 THEN normal_points4
      -- the rest of the cost's points, rest / divisor, may carry over: rest · 10^12 >= lacking · divisor, with the
      -- divisor in two pieces
      WHEN line = 2 THEN CAST(
        high_scaled // 1000000000000
        + CASE WHEN rest >= lacking * (divisor // 1000000000000)
                            + (lacking * (divisor % 1000000000000) + 999999999999) // 1000000000000
               THEN 1 ELSE 0 END
        AS BIGINT)
      ELSE CAST(whole + CASE WHEN rest >= divisor - rest THEN 1 ELSE 0 END AS BIGINT)
    END AS points4
FROM lacking
