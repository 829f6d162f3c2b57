-- indicator_value: numerator, denominator and value of each indicator, also those of the year before
-- grain: one row per year, month (0: the year), scope, id, indicator with both its measures and a denominator above 0
-- reads: indicator_definition, indicator_scope, case_measure, money_measure, other_measure, spread_measure
-- rule:  指标 — docs/domain/evaluation.md#indicators
--
-- value is an integer in units of 10^-decimals: numerator / 10^numerator_decimals ÷ (denominator / 10^denominator_decimals),
-- rounded half away from zero. An indicator without a denominator is its numerator.
WITH measure AS (
  SELECT year, month, scope, id, measure, amount FROM case_measure
  UNION ALL
  SELECT year, month, scope, id, measure, amount FROM money_measure
  UNION ALL
  SELECT year, month, scope, id, measure, amount FROM other_measure
  UNION ALL
  SELECT year, month, scope, id, measure, amount FROM spread_measure
)
, divided AS (
  SELECT
    n.year
    , n.month
    , n.scope
    , n.id
    , d.indicator
    , n.amount AS numerator
    , m.amount AS denominator
    , CAST(power(10, greatest(d.decimals + d.denominator_decimals - d.numerator_decimals, 0)) AS HUGEINT) AS up
    , CAST(power(10, greatest(d.numerator_decimals - d.denominator_decimals - d.decimals, 0)) AS HUGEINT) AS down
  FROM indicator_definition AS d
  JOIN indicator_scope AS s ON s.indicator = d.indicator
  JOIN measure AS n ON n.measure = d.numerator AND n.scope = s.scope
  LEFT JOIN measure AS m
    ON m.measure = d.denominator AND m.year = n.year AND m.month = n.month AND m.scope = n.scope AND m.id = n.id
  WHERE (n.month = 0 OR d.monthly) AND (d.denominator IS NULL OR m.amount > 0)
)
SELECT
  year
  , month
  , scope
  , id
  , indicator
  , numerator
  , denominator
  , round_divide(numerator * up, coalesce(denominator, CAST(1 AS HUGEINT)) * down) AS value
FROM divided
ORDER BY scope, id, year, month, indicator
