-- alert_result: indicators beyond their thresholds: what to look at, not what was done wrong
-- grain: one row per alert, scope, id, month (0: the year), indicator
-- reads: indicator_value, indicator_definition, institution, settlement_year, policy_value
-- rule:  提示 — docs/domain/evaluation.md#alerts
--
-- value6 and limit6 are × 10^6. Growth is compared with the month before, January with December of the year before.
WITH limits AS (
  SELECT
    max(CASE WHEN parameter = 'evaluation.alert_cost_growth' THEN scaled END) * 100 AS cost_growth6
    , max(CASE WHEN parameter = 'evaluation.alert_cmi_growth' THEN scaled END) * 100 AS cmi_growth6
    , max(CASE WHEN parameter = 'evaluation.alert_readmission_percentile' THEN scaled END) AS readmission_percentile4
    , max(CASE WHEN parameter = 'evaluation.alert_outside_percentile' THEN scaled END) AS outside_percentile4
    , max(CASE WHEN parameter = 'evaluation.alert_borderline' THEN scaled END) * 100 AS borderline6
    , max(CASE WHEN parameter = 'evaluation.alert_quality' THEN scaled END) * 100 AS quality6
    , max(CASE WHEN parameter = 'evaluation.alert_transfer_growth' THEN scaled END) * 100 AS transfer_growth6
    , max(CASE WHEN parameter = 'evaluation.alert_points_deviation' THEN scaled END) AS points_deviation4
    , max(CASE WHEN parameter = 'evaluation.alert_rate_deviation' THEN scaled END) AS rate_deviation4
    , max(CASE WHEN parameter = 'evaluation.cv_threshold' THEN scaled END) * 100 AS cv6
  FROM policy_value
)
, seen AS (
  SELECT v.*, y.payment_year, v.year * 12 + v.month AS month_no
  FROM indicator_value AS v
  CROSS JOIN settlement_year AS y
  WHERE v.year IN (y.payment_year, y.payment_year - 1)
)
, growth AS (
  SELECT
    n.scope
    , n.id
    , n.month
    , n.indicator
    , round_divide((n.value - b.value) * 1000000, b.value) AS value6
  FROM seen AS n
  JOIN seen AS b ON b.scope = n.scope AND b.id = n.id AND b.indicator = n.indicator AND b.month_no = n.month_no - 1
  WHERE n.year = n.payment_year AND n.month > 0 AND b.month > 0 AND b.value > 0
)
, year_value AS (
  SELECT scope, id, indicator, value FROM seen WHERE year = payment_year AND month = 0
)
, last_value AS (
  SELECT scope, id, indicator, value FROM seen WHERE year = payment_year - 1 AND month = 0
)
-- nearest rank: the ⌈p · n⌉-th smallest
, placed AS (
  SELECT
    v.*
    , row_number() OVER (PARTITION BY indicator ORDER BY value, id) AS place
    , count(*) OVER (PARTITION BY indicator) AS institutions
  FROM year_value AS v
  WHERE scope = 'institution' AND indicator IN ('readmission_14', 'outside_insurance_share')
)
, percentile AS (
  SELECT
    p.indicator
    , max(CASE WHEN p.place = (p.institutions * CASE p.indicator WHEN 'readmission_14' THEN l.readmission_percentile4
        ELSE l.outside_percentile4 END + 9999) // 10000 THEN p.value END) AS limit6
  FROM placed AS p
  CROSS JOIN limits AS l
  GROUP BY p.indicator
)
, monthly_points AS (
  SELECT
    v.id
    , v.month
    , v.value
    , count(*) OVER own AS n
    , sum(v.value) OVER own AS total
    , sum(v.value * v.value) OVER own AS squares
  FROM seen AS v
  WHERE v.year = v.payment_year AND v.month > 0 AND v.scope = 'institution' AND v.indicator = 'points_per_case'
  WINDOW own AS (PARTITION BY v.id)
)
, rate AS (
  SELECT
    v.id
    , v.indicator
    , v.value
    , count(*) OVER own AS n
    , sum(v.value) OVER own AS total
    , sum(v.value * v.value) OVER own AS squares
  FROM year_value AS v
  JOIN institution AS i ON i.fixmedins_code = v.id
  WHERE v.scope = 'institution' AND v.indicator IN (
    'low_standard_share', 'long_stay_share', 'insufficient_stay_share', 'short_stay_without_procedure_share', 'readmission_31')
  WINDOW own AS (PARTITION BY i.level, v.indicator)
)
, found AS (
  SELECT 'cost-growth' AS alert, g.scope, g.id, g.month, g.indicator, g.value6, l.cost_growth6 AS limit6
  FROM growth AS g CROSS JOIN limits AS l
  WHERE g.indicator = 'cost' AND g.scope IN ('area', 'scheme', 'institution') AND g.value6 > l.cost_growth6
  UNION ALL
  SELECT 'cmi-growth', g.scope, g.id, g.month, g.indicator, g.value6, l.cmi_growth6
  FROM growth AS g CROSS JOIN limits AS l
  WHERE g.indicator = 'cmi' AND g.scope = 'institution' AND g.value6 > l.cmi_growth6
  UNION ALL
  SELECT
    CASE p.indicator WHEN 'readmission_14' THEN 'readmission-percentile' ELSE 'outside-insurance-percentile' END
    , p.scope, p.id, 0, p.indicator, p.value, c.limit6
  FROM placed AS p JOIN percentile AS c ON c.indicator = p.indicator
  WHERE p.value > c.limit6
  UNION ALL
  SELECT 'borderline', v.scope, v.id, 0, v.indicator, v.value, l.borderline6
  FROM year_value AS v CROSS JOIN limits AS l
  WHERE v.indicator = 'borderline_share' AND v.scope IN ('area', 'institution') AND v.value > l.borderline6
  UNION ALL
  SELECT 'quality', v.scope, v.id, 0, v.indicator, v.value, l.quality6
  FROM year_value AS v CROSS JOIN limits AS l
  WHERE v.indicator = 'record_compliance' AND v.scope IN ('area', 'institution') AND v.value < l.quality6
  UNION ALL
  SELECT 'transfer-growth', v.scope, v.id, 0, v.indicator, round_divide((v.value - b.value) * 1000000, b.value)
    , l.transfer_growth6
  FROM year_value AS v
  JOIN last_value AS b ON b.scope = v.scope AND b.id = v.id AND b.indicator = v.indicator
  CROSS JOIN limits AS l
  WHERE v.indicator = 'transfer_share' AND v.scope = 'institution' AND b.value > 0
    AND round_divide((v.value - b.value) * 1000000, b.value) > l.transfer_growth6
  UNION ALL
  SELECT 'points-rushing', 'institution', p.id, p.month, 'points_per_case', p.value * 100, p.total * 100 // p.n
  FROM monthly_points AS p CROSS JOIN limits AS l
  WHERE p.n * p.value > p.total
    AND (p.n * p.value - p.total) * (p.n * p.value - p.total) * CAST(100000000 AS HUGEINT)
      > l.points_deviation4 * l.points_deviation4 * (p.n * p.squares - p.total * p.total)
  UNION ALL
  SELECT 'above-peers', 'institution', r.id, 0, r.indicator, r.value, r.total // r.n
  FROM rate AS r CROSS JOIN limits AS l
  WHERE r.n * r.value > r.total
    AND (r.n * r.value - r.total) * (r.n * r.value - r.total) * CAST(100000000 AS HUGEINT)
      > l.rate_deviation4 * l.rate_deviation4 * (r.n * r.squares - r.total * r.total)
  UNION ALL
  SELECT 'cv-threshold', v.scope, v.id, 0, v.indicator, v.value, l.cv6
  FROM year_value AS v CROSS JOIN limits AS l
  WHERE v.indicator = 'cost_variation' AND v.value > l.cv6
)
SELECT
  alert, scope, id, month, indicator
  , CAST(value6 AS HUGEINT) AS value6
  , CAST(limit6 AS HUGEINT) AS limit6
FROM found
ORDER BY alert, scope, id, month, indicator
