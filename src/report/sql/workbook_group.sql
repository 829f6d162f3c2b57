-- workbook_group: each institution's groups beside the area's mean
-- grain: one row per fixmedins_code, group_code (NULL: ungrouped)
-- reads: case_result, group_result, group_name
-- rule:  病种 — docs/domain/dip.md#scores
WITH area AS (
  SELECT group_code, round_divide(sum(cost_fen), count(*)) AS area_mean_cost_fen
  FROM case_result
  GROUP BY group_code
)
, own AS (
  SELECT
    fixmedins_code
    , group_code
    , min(kind) AS kind
    , count(*) AS cases
    , sum(cost_fen) AS cost_fen
    , round_divide(sum(cost_fen), count(*)) AS mean_cost_fen
    , sum(points4) AS points4
  FROM case_result
  GROUP BY fixmedins_code, group_code
)
SELECT
  o.fixmedins_code
  , o.group_code
  , o.kind
  , n.diagnosis_name
  , n.procedure_names
  , g.score4
  , o.cases
  , o.cost_fen
  , o.mean_cost_fen
  , a.area_mean_cost_fen
  , o.mean_cost_fen - a.area_mean_cost_fen AS difference_fen
  , g.average_cost_fen AS history_mean_cost_fen
  , o.points4
FROM own AS o
JOIN area AS a ON a.group_code IS NOT DISTINCT FROM o.group_code
LEFT JOIN group_result AS g ON g.group_code = o.group_code
LEFT JOIN group_name AS n ON n.group_code = o.group_code
ORDER BY o.fixmedins_code, o.cost_fen DESC, o.group_code NULLS LAST
