-- indicator_result: every indicator of the payment year beside that of the year before, or why it cannot be said
-- grain: one row per scope, id, month (0: the year), indicator
-- reads: indicator_value, indicator_definition, indicator_scope, evaluation_scope, settlement_year
-- rule:  指标 — docs/domain/evaluation.md#indicators
--
-- status: given; no-cases: the denominator is 0; not-applicable: a column or file is missing (needs says which). Only the
-- year has rows without a value.
WITH now AS (
  SELECT v.* FROM indicator_value AS v CROSS JOIN settlement_year AS y WHERE v.year = y.payment_year
)
, before AS (
  SELECT v.* FROM indicator_value AS v CROSS JOIN settlement_year AS y WHERE v.year = y.payment_year - 1
)
, known AS (
  -- an indicator that has a value anywhere lacks no column
  SELECT DISTINCT indicator FROM now
)
, wanted AS (
  SELECT p.scope, p.id, 0 AS month, d.indicator
  FROM indicator_definition AS d
  JOIN indicator_scope AS s ON s.indicator = d.indicator
  JOIN evaluation_scope AS p ON p.scope = s.scope
  WHERE p.scope <> 'group'
  UNION
  SELECT scope, id, month, indicator FROM now
)
SELECT
  w.scope
  , w.id
  , w.month
  , w.indicator
  , d.position
  , n.numerator
  , n.denominator
  , n.value
  , CASE WHEN d.compared THEN b.value END AS last_year_value
  , CASE WHEN d.compared THEN n.value - b.value END AS change
  , CASE WHEN n.value IS NOT NULL THEN 'given' WHEN k.indicator IS NOT NULL THEN 'no-cases' ELSE 'not-applicable' END
    AS status
FROM wanted AS w
JOIN indicator_definition AS d ON d.indicator = w.indicator
LEFT JOIN now AS n ON n.scope = w.scope AND n.id = w.id AND n.month = w.month AND n.indicator = w.indicator
LEFT JOIN before AS b ON b.scope = w.scope AND b.id = w.id AND b.month = w.month AND b.indicator = w.indicator
LEFT JOIN known AS k ON k.indicator = w.indicator
ORDER BY w.scope, w.id, w.month, d.position
