-- adjusted_incomplete: incomplete cases get the score of the group × cost / mean cost, at most the score
-- grain: one row per setl_id
-- reads: case_score, case_fact, group_score, institution, points_rule, policy_value
-- rule:  不完整病例 — docs/domain/drg-payment.md#incomplete
--
-- The mean cost is that of groups.csv, in whole fen. There is no institution coefficient.
WITH incomplete AS (
  SELECT
    max(CASE WHEN parameter = 'incomplete.dispositions' THEN string_split(replace(value, ' ', ''), '|') END) AS dispositions
    , max(CASE WHEN parameter = 'incomplete.maximum_stay' THEN scaled END) AS maximum_stay
  FROM policy_value
)
SELECT
  c.setl_id
  , CAST(least(r.score4, round_divide(CAST(r.score4 AS HUGEINT) * c.cost_fen, CAST(g.average_cost_fen AS HUGEINT))) AS BIGINT)
    AS points4
  , CAST(NULL AS BIGINT) AS amount_fen
  , f.disposition || ' / ' || CAST(f.length_of_stay AS VARCHAR) AS reference
FROM case_score AS c
CROSS JOIN incomplete AS p
JOIN case_fact AS f ON f.setl_id = c.setl_id
JOIN group_score AS g ON g.group_no = c.group_no
JOIN institution AS i ON i.institution_no = c.institution_no
JOIN points_rule AS r ON r.group_no = c.group_no AND r.class_no = i.class_no AND r.type_no = 0
WHERE list_contains(p.dispositions, f.disposition) AND f.length_of_stay <= p.maximum_stay AND g.average_cost_fen > 0
