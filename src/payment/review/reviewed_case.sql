-- reviewed_case: what the review reads of each case applied for, before it changes anything
-- grain: one row per setl_id of special_case_application that takes part in the payment year
-- reads: special_case_application, case_score, case_fact, institution, group_score, points_rule, start_point_value,
--        amount_point_value
-- rule:  特例单议的申请条件 — docs/domain/review.md#eligibility
WITH group_year AS (
  SELECT group_no, count(*) AS cases FROM case_score WHERE group_no IS NOT NULL GROUP BY group_no
)
SELECT
  c.setl_id
  , i.fixmedins_code
  , i.level
  , CAST(c.scheme AS VARCHAR) AS insutype
  , c.month
  , CAST(f.discharge_date AS VARCHAR) AS discharge_date
  , f.length_of_stay
  , c.cost_fen
  , c.fund_fen
  , g.group_code
  , y.cases AS group_cases
  , c.points4
  , CASE WHEN g.group_no IS NOT NULL THEN CAST(
      round_divide(CAST(r.normal_points4 AS HUGEINT) * p.start_point_value8, CAST(10000000000 AS HUGEINT)) AS BIGINT) END
    AS standard_fen
  , v.point_value8 AS amount_point_value8
FROM special_case_application AS a
JOIN case_score AS c ON c.setl_id = a.setl_id
JOIN case_fact AS f ON f.setl_id = c.setl_id
JOIN institution AS i ON i.institution_no = c.institution_no
JOIN start_point_value AS p ON p.scheme = c.scheme
JOIN amount_point_value AS v ON v.scheme = c.scheme
LEFT JOIN group_score AS g ON g.group_no = c.group_no
LEFT JOIN group_year AS y ON y.group_no = c.group_no
LEFT JOIN points_rule AS r ON r.group_no = c.group_no AND r.class_no = i.class_no AND r.type_no = c.type_no
ORDER BY c.setl_id
