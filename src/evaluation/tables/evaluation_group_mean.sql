-- evaluation_group_mean: cases, cost, days and deaths of each group in the whole area: what a case and an institution are
--                        compared with
-- grain: one row per year, group_no (grouped cases only)
-- reads: evaluation_case
-- rule:  病种均值 — docs/domain/evaluation.md#group-mean
SELECT
  year
  , group_no
  , count(*) AS cases
  , sum(CAST(cost_fen AS HUGEINT)) AS cost_fen
  , sum(CAST(length_of_stay AS HUGEINT)) AS days
  , sum(CASE WHEN disposition IS NOT NULL THEN 1 ELSE 0 END) AS known_ends
  , sum(CASE WHEN disposition = '5' THEN 1 ELSE 0 END) AS deaths
FROM evaluation_case
WHERE group_no <> 0
GROUP BY year, group_no
ORDER BY year, group_no
