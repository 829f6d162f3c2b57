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
-- thousands) the product is found exactly, from the wide numbers of the rule: low multiplier, high multiplier, divisor and
-- high_subtrahend in one text, which costs a list that does not need them next to nothing.
WITH placed AS (
  SELECT
    a.*
    , g.group_no
    , r.type_no
    , r.normal_points4
    , r.low_per_fen32
    , r.high_per_fen32
    , r.high_subtrahend32
    , r.quick_below_fen
    , r.wide_numbers
    , CASE WHEN a.cost_fen < r.low_below_fen THEN 1
           WHEN a.cost_fen <= r.high_above_fen THEN 0
           WHEN a.cost_fen > r.extreme_above_fen AND NOT r.extreme_as_high THEN 0
           ELSE 2 END AS line
    , CASE WHEN a.cost_fen < r.low_below_fen THEN r.low_deviation
           WHEN a.cost_fen <= r.high_above_fen THEN CAST('normal' AS ENUM ('normal', 'low', 'high', 'extreme', 'ungrouped', 'by-cost'))
           WHEN a.cost_fen > r.extreme_above_fen THEN CAST('extreme' AS ENUM ('normal', 'low', 'high', 'extreme', 'ungrouped', 'by-cost'))
           ELSE CAST('high' AS ENUM ('normal', 'low', 'high', 'extreme', 'ungrouped', 'by-cost')) END AS deviation
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
SELECT
  setl_id
  , list_no
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
      WHEN line = 2 THEN CAST(lessened_product_rounded(
        cost_fen
        , CAST(split_part(wide_numbers, ' ', 2) AS HUGEINT)
        , CAST(split_part(wide_numbers, ' ', 3) AS HUGEINT)
        , CAST(split_part(wide_numbers, ' ', 4) AS HUGEINT)
      ) AS BIGINT)
      ELSE CAST(product_rounded(
        cost_fen
        , CAST(split_part(wide_numbers, ' ', 1) AS HUGEINT)
        , CAST(split_part(wide_numbers, ' ', 3) AS HUGEINT)
      ) AS BIGINT)
    END AS points4
FROM proven
