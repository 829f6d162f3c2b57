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
--
-- Division of HUGEINT is slow, so usual costs (below quick_below_fen) are scored in BIGINT, in units of 2^-32: the points
-- per fen are rounded down and the subtrahend up, so that the true value, a half added, lies between guess and
-- guess + cost. Where both say the same whole number, cutting off the rest of the guess rounds. Elsewhere (one list in
-- thousands) cost · multiplier = whole · divisor + rest is found exactly: the cost is multiplied in two pieces of eight
-- digits (upper · 10^8 + lower), dividing after each, so that nothing leaves HUGEINT; leaving it would be an error,
-- never a wrong number.
WITH placed AS (
  SELECT
    a.*
    , g.group_no
    , r.rule_no
    , r.type_no
    , r.normal_points4
    , r.low_per_fen32
    , r.high_per_fen32
    , r.high_subtrahend32
    , r.quick_below_fen
    , CASE WHEN a.cost_fen < r.low_below_fen THEN 1
           WHEN a.cost_fen <= r.high_above_fen THEN 0
           WHEN a.cost_fen > r.extreme_above_fen AND NOT r.extreme_as_high THEN 0
           ELSE 2 END AS line
    , CASE WHEN a.cost_fen < r.low_below_fen THEN r.low_deviation
           WHEN a.cost_fen <= r.high_above_fen THEN CAST('normal' AS deviation)
           WHEN a.cost_fen > r.extreme_above_fen THEN CAST('extreme' AS deviation)
           ELSE CAST('high' AS deviation) END AS deviation
  FROM accepted_list AS a
  JOIN signature_group AS g ON g.signature_no = a.signature_no
  LEFT JOIN case_type AS t ON t.list_no = a.list_no
  JOIN points_rule AS r
    ON r.rule_no = (CAST(g.group_no AS BIGINT) * getvariable('rule_classes') + a.class_no) * getvariable('rule_types')
      + coalesce(t.type_no, 0)
)
, guessed AS (
  SELECT
    *
    , CASE WHEN line <> 0 AND cost_fen < quick_below_fen THEN
        CASE line WHEN 1 THEN cost_fen * low_per_fen32 ELSE cost_fen * high_per_fen32 - high_subtrahend32 END + 2147483648
      END AS guess32
  FROM placed
)
, proven AS (
  SELECT
    *
    , CASE WHEN line = 0 THEN normal_points4
           WHEN guess32 >= 0 AND (guess32 + cost_fen) >> 32 = guess32 >> 32 THEN guess32 >> 32 END AS quick_points4
  FROM guessed
)
-- the wide numbers of the rule are fetched for the few lists that need them
, multiplied AS (
  SELECT
    q.*
    , CASE WHEN q.line = 1 THEN r.low_multiplier ELSE r.high_multiplier END AS multiplier
    , r.divisor
    , r.high_subtrahend
  FROM proven AS q
  LEFT JOIN points_rule AS r
    ON r.rule_no = CASE WHEN q.quick_points4 IS NULL THEN q.rule_no END
)
, upper_divided AS (
  SELECT
    *
    , CASE WHEN quick_points4 IS NULL THEN (CAST(cost_fen // 100000000 AS HUGEINT) * multiplier) // divisor END
      AS upper_quotient
  FROM multiplied
)
, remaining AS (
  SELECT
    *
    , CASE WHEN quick_points4 IS NULL
        THEN (CAST(cost_fen // 100000000 AS HUGEINT) * multiplier - upper_quotient * divisor) * 100000000
             + CAST(cost_fen % 100000000 AS HUGEINT) * multiplier END
      AS remaining
  FROM upper_divided
)
, divided AS (
  SELECT
    *
    , CASE WHEN quick_points4 IS NULL THEN upper_quotient * 100000000 + remaining // divisor END AS whole
    , CASE WHEN quick_points4 IS NULL THEN remaining % divisor END AS rest
  FROM remaining
)
, halved AS (
  SELECT
    *
    -- half a unit is added here, so that cutting off rounds
    , CASE WHEN quick_points4 IS NULL AND line = 2 THEN whole * 1000000000000 - high_subtrahend + 500000000000 END
      AS high_scaled
  FROM divided
)
, lacking AS (
  SELECT
    *
    -- what a carry still needs, in units of 10^-12
    , 1000000000000 - high_scaled % 1000000000000 AS lacking
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
      WHEN quick_points4 IS NOT NULL THEN quick_points4
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
