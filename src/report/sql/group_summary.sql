-- group_summary: each group with its lists of the year, both schemes together; biggest cost first
-- grain: one row per group; the last row, without a code, is the ungrouped lists
-- reads: group_result, case_result, group_name
-- rule:  病种 — docs/domain/dip.md#scores
WITH used AS (
  SELECT
    group_code
    , count(*) AS cases
    , count(DISTINCT fixmedins_code) AS institutions
    , sum(cost_fen) AS cost_fen
    , sum(points4) AS points4
    , sum(CASE WHEN deviation = 'low' THEN 1 ELSE 0 END) AS low_cases
    , sum(CASE WHEN deviation = 'high' THEN 1 ELSE 0 END) AS high_cases
  FROM case_result
  GROUP BY group_code
)
, every_group AS (
  SELECT group_code, kind, cases AS history_cases, average_cost_fen, score4 FROM group_result
  UNION ALL
  SELECT NULL, 'ungrouped', 0, NULL, NULL
)
SELECT
  g.group_code
  , g.kind
  , n.diagnosis_name
  , n.procedure_names
  , g.history_cases
  , g.average_cost_fen
  , g.score4
  , coalesce(u.cases, 0) AS cases
  , coalesce(u.institutions, 0) AS institutions
  , coalesce(u.cost_fen, 0) AS cost_fen
  , CASE WHEN u.cases > 0 THEN round_divide(u.cost_fen, u.cases) END AS mean_cost_fen
  , coalesce(u.points4, 0) AS points4
  , coalesce(u.low_cases, 0) AS low_cases
  , coalesce(u.high_cases, 0) AS high_cases
FROM every_group AS g
LEFT JOIN used AS u ON u.group_code IS NOT DISTINCT FROM g.group_code
LEFT JOIN group_name AS n ON n.group_code = g.group_code
ORDER BY CASE WHEN g.group_code IS NULL THEN 1 ELSE 0 END, coalesce(u.cost_fen, 0) DESC, g.group_code
