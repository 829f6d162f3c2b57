-- indicator_result: every indicator of the payment year beside that of the year before, or why it cannot be said
-- grain: one row per scope, id, month (0: the year), indicator
-- reads: indicator_value, indicator_definition, indicator_scope, evaluation_scope, settlement_year, case_measure,
--        money_measure, other_measure, spread_measure
-- rule:  指标 — docs/domain/evaluation.md#indicators
--
-- status: given; zero-denominator: there is nothing to divide by; not-applicable: a column or file is missing (needs says which). Only the
-- year has rows without a value.
WITH now AS (
  SELECT v.* FROM indicator_value AS v CROSS JOIN settlement_year AS y WHERE v.year = y.payment_year
)
, before AS (
  SELECT v.* FROM indicator_value AS v CROSS JOIN settlement_year AS y WHERE v.year = y.payment_year - 1
)
, measure AS (
  SELECT year, measure FROM case_measure
  UNION
  SELECT year, measure FROM money_measure
  UNION
  SELECT year, measure FROM other_measure
  UNION
  SELECT year, measure FROM spread_measure
)
, supplied AS (
  -- both measures stand somewhere in the year: no column is missing
  SELECT d.indicator
  FROM indicator_definition AS d
  CROSS JOIN settlement_year AS y
  JOIN measure AS n ON n.measure = d.numerator AND n.year = y.payment_year
  LEFT JOIN measure AS m ON m.measure = d.denominator AND m.year = y.payment_year
  WHERE d.denominator IS NULL OR m.measure IS NOT NULL
)
, missing AS (
  SELECT p.scope, p.id, d.indicator
  FROM indicator_definition AS d
  JOIN indicator_scope AS s ON s.indicator = d.indicator
  JOIN evaluation_scope AS p ON p.scope = s.scope
  ANTI JOIN now AS n ON n.scope = p.scope AND n.id = p.id AND n.indicator = d.indicator AND n.month = 0
  WHERE p.scope <> 'group'
)
SELECT
  n.scope
  , n.id
  , n.month
  , n.indicator
  , d.position
  , n.numerator
  , n.denominator
  , n.value
  , CASE WHEN d.compared THEN b.value END AS last_year_value
  , CASE WHEN d.compared THEN n.value - b.value END AS change
  , 'given' AS status
FROM now AS n
JOIN indicator_definition AS d ON d.indicator = n.indicator
LEFT JOIN before AS b
  ON b.scope = n.scope AND b.id = n.id AND b.month = n.month AND b.indicator = n.indicator
UNION ALL
SELECT
  m.scope
  , m.id
  , 0
  , m.indicator
  , d.position
  , NULL
  , NULL
  , NULL
  , CASE WHEN d.compared THEN b.value END
  , NULL
  , CASE WHEN k.indicator IS NOT NULL THEN 'zero-denominator' ELSE 'not-applicable' END
FROM missing AS m
JOIN indicator_definition AS d ON d.indicator = m.indicator
LEFT JOIN before AS b ON b.scope = m.scope AND b.id = m.id AND b.month = 0 AND b.indicator = m.indicator
LEFT JOIN supplied AS k ON k.indicator = m.indicator
ORDER BY scope, id, month, position
