-- type_statistic: last year's lists, cost and squares of cost of each group, and of those that fit each type; type_no 0 is
--                 the group as a whole
-- grain: one row per group_no, type_no
-- reads: typing_case, type_fit, settlement_year
-- rule:  触发条件 — docs/domain/dip.md#typing-trigger
SELECT
  c.group_no
  , CAST(0 AS SMALLINT) AS type_no
  , count(*) AS cases
  , sum(CAST(c.cost_fen AS HUGEINT)) AS cost_fen
  , sum(CAST(c.cost_fen AS HUGEINT) * c.cost_fen) AS square_fen
FROM typing_case AS c
CROSS JOIN settlement_year AS y
WHERE c.year = y.payment_year - 1
GROUP BY c.group_no
UNION ALL
SELECT
  f.group_no
  , f.type_no
  , count(*) AS cases
  , sum(CAST(f.cost_fen AS HUGEINT)) AS cost_fen
  , sum(CAST(f.cost_fen AS HUGEINT) * f.cost_fen) AS square_fen
FROM type_fit AS f
CROSS JOIN settlement_year AS y
WHERE f.year = y.payment_year - 1
GROUP BY f.group_no, f.type_no
ORDER BY group_no, type_no
