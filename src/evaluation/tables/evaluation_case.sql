-- evaluation_case: the lists of the payment year and the year before, with group, points and the facts that signals read
-- grain: one row per accepted list
-- reads: case_score, scored_list, evaluation_fact, signature, group_score, institution, settlement_year, points_rule,
--        policy_value, start_point_value, point_value_result
-- rule:  评价的病例 — docs/domain/evaluation.md#cases
--
-- Points of the payment year are those after all adjustments; those of the year before are what its lists have under this
-- year's catalogue. is_borderline: the cost is within the margin of a limit of deviation; NULL where no limit applies.
WITH margin AS (
  SELECT max(scaled) AS margin4 FROM policy_value WHERE parameter = 'evaluation.borderline_margin'
)
, scored AS (
  SELECT
    f.list_no
    , CAST(y.payment_year AS SMALLINT) AS year
    , c.month, c.institution_no, c.scheme, c.group_no, c.type_no, c.signature_no, c.deviation, c.cost_fen, c.fund_fen, c.points4
  FROM case_score AS c
  CROSS JOIN settlement_year AS y
  JOIN evaluation_fact AS f ON f.setl_id = c.setl_id AND year(f.discharge_date) = y.payment_year
  UNION ALL
  SELECT
    s.list_no
    , s.year
    , s.month, s.institution_no, s.scheme, s.group_no, s.type_no, s.signature_no, s.deviation, s.cost_fen, s.fund_fen, s.points4
  FROM scored_list AS s
  CROSS JOIN settlement_year AS y
  WHERE s.year = y.payment_year - 1
)
SELECT
  s.list_no
  , f.setl_id
  , s.year
  , s.month
  , s.institution_no
  , i.level
  , s.scheme
  , CASE WHEN g.group_no IS NULL THEN 0 ELSE s.group_no END AS group_no
  , coalesce(g.kind, 'ungrouped') AS kind
  , coalesce(g.score4, 0) AS score4
  , s.deviation
  , s.cost_fen
  , s.fund_fen
  , s.points4
  , f.length_of_stay
  , f.person
  , f.disposition
  , f.admission_date
  , f.discharge_date
  , f.diagnosis
  , k.procedures
  , CASE
      WHEN g.group_no IS NULL OR r.low_deviation <> 'low' OR r.low_below_fen IS NULL THEN NULL
      ELSE abs(s.cost_fen - r.low_below_fen) * CAST(10000 AS HUGEINT) <= r.low_below_fen * CAST(m.margin4 AS HUGEINT)
        OR abs(s.cost_fen - r.high_above_fen) * CAST(10000 AS HUGEINT) <= r.high_above_fen * CAST(m.margin4 AS HUGEINT)
    END AS is_borderline
FROM scored AS s
CROSS JOIN margin AS m
JOIN evaluation_fact AS f ON f.list_no = s.list_no
JOIN institution AS i ON i.institution_no = s.institution_no
JOIN signature AS k ON k.signature_no = s.signature_no
LEFT JOIN group_score AS g ON g.group_no = s.group_no
LEFT JOIN points_rule AS r
  ON r.group_no = s.group_no AND r.class_no = i.class_no AND r.type_no = coalesce(s.type_no, 0)
