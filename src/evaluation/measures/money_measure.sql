-- money_measure: what the settlement of the year says of each scope
-- grain: one row per year, month (0: the year), scope, id, measure
-- reads: clearing_result, month_result, point_value_result, last_point_value, institution, settlement_year
-- rule:  资金指标 — docs/domain/evaluation.md#money
--
-- Surplus of an institution: its result less the fund money booked, both schemes together but in scope scheme.
WITH paid AS (
  SELECT
    i.fixmedins_code
    , i.level
    , r.insutype
    , CAST(r.cost_fen - r.non_fund_fen AS HUGEINT) AS booked_fen
    , CAST(r.result_fen AS HUGEINT) AS result_fen
    , CAST(r.cases AS HUGEINT) AS cases
  FROM clearing_result AS r
  JOIN institution AS i ON i.fixmedins_code = r.fixmedins_code
)
, placed AS (
  SELECT 'area' AS scope, '' AS id, * FROM paid
  UNION ALL
  SELECT 'scheme', insutype, * FROM paid
  UNION ALL
  SELECT 'level', CAST(level AS VARCHAR), * FROM paid
  UNION ALL
  SELECT 'institution', fixmedins_code, * FROM paid
)
, of_institution AS (
  SELECT
    scope
    , id
    , fixmedins_code
    , min(level) AS level
    , sum(booked_fen) AS booked_fen
    , sum(result_fen) AS result_fen
    , sum(result_fen) - sum(booked_fen) AS surplus_fen
    , sum(cases) AS cases
  FROM placed
  GROUP BY scope, id, fixmedins_code
)
, whole AS (
  SELECT sum(result_fen) AS area_result_fen, sum(booked_fen) AS area_booked_fen FROM paid
)
, summed AS (
  SELECT
    o.scope
    , o.id
    , sum(o.booked_fen) AS booked_fen
    , sum(o.result_fen) AS result_fen
    , sum(o.surplus_fen) AS surplus_fen
    , min(w.area_result_fen) AS area_result_fen
    , sum(CASE WHEN o.level IN (1, 2) THEN o.result_fen ELSE 0 END) AS lower_level_result_fen
    , sum(CASE WHEN o.cases > 0 THEN 1 ELSE 0 END) AS institutions
    , sum(CASE WHEN o.cases > 0 AND o.surplus_fen >= 0 THEN 1 ELSE 0 END) AS surplus_institutions
    , sum(CASE WHEN o.surplus_fen < 0 THEN 1 ELSE 0 END) AS overspending_institutions
    , sum(CASE WHEN o.surplus_fen < 0 THEN -o.surplus_fen ELSE 0 END) AS overspend_fen
  FROM of_institution AS o
  CROSS JOIN whole AS w
  GROUP BY o.scope, o.id
)
, valued AS (
  SELECT
    p.insutype AS id
    , CAST(p.budget_fen AS HUGEINT) AS budget_fen
    , CAST(p.start_point_value8 AS HUGEINT) AS start_point_value8
    , CAST(p.settlement_point_value8 AS HUGEINT) AS settlement_point_value8
    , CAST(p.settlement_point_value8 - p.start_point_value8 AS HUGEINT) AS point_value_change8
    , CAST(l.settlement_point_value8 AS HUGEINT) AS last_point_value8
    , CAST(p.settlement_point_value8 - l.settlement_point_value8 AS HUGEINT) AS point_value_yearly_change8
  FROM point_value_result AS p
  LEFT JOIN last_point_value AS l ON CAST(l.scheme AS VARCHAR) = p.insutype
)
, budgeted AS (
  SELECT 'scheme' AS scope, id, budget_fen FROM valued
  UNION ALL
  SELECT 'area', '', sum(budget_fen) FROM valued
)
, monthly AS (
  SELECT
    CAST(right(m.month, 2) AS INTEGER) AS month
    , m.fixmedins_code
    , m.insutype
    , CAST(i.level AS VARCHAR) AS level
    , CAST(m.paid_fen AS HUGEINT) AS paid_fen
  FROM month_result AS m
  JOIN institution AS i ON i.fixmedins_code = m.fixmedins_code
)
, paid_placed AS (
  SELECT 'area' AS scope, '' AS id, month, paid_fen FROM monthly
  UNION ALL
  SELECT 'scheme', insutype, month, paid_fen FROM monthly
  UNION ALL
  SELECT 'level', level, month, paid_fen FROM monthly
  UNION ALL
  SELECT 'institution', fixmedins_code, month, paid_fen FROM monthly
)
, found AS (
  SELECT 0 AS month, scope, id, measure, amount
  FROM (
    SELECT
      scope
      , id
      , CAST(booked_fen AS HUGEINT) AS booked_fen
      , CAST(result_fen AS HUGEINT) AS result_fen
      , CAST(surplus_fen AS HUGEINT) AS surplus_fen
      , CAST(area_result_fen AS HUGEINT) AS area_result_fen
      , CAST(lower_level_result_fen AS HUGEINT) AS lower_level_result_fen
      , CAST(institutions AS HUGEINT) AS institutions
      , CAST(surplus_institutions AS HUGEINT) AS surplus_institutions
      , CAST(overspending_institutions AS HUGEINT) AS overspending_institutions
      , CAST(overspend_fen AS HUGEINT) AS overspend_fen
    FROM summed
  )
  UNPIVOT (amount FOR measure IN (
    booked_fen, result_fen, surplus_fen, area_result_fen, lower_level_result_fen, institutions, surplus_institutions
    , overspending_institutions, overspend_fen))
  UNION ALL
  SELECT 0, 'scheme', id, measure, amount
  FROM (SELECT id, start_point_value8, settlement_point_value8, point_value_change8, last_point_value8
          , point_value_yearly_change8 FROM valued)
  UNPIVOT (amount FOR measure IN (
    start_point_value8, settlement_point_value8, point_value_change8, last_point_value8, point_value_yearly_change8))
  UNION ALL
  SELECT 0, scope, id, 'budget_fen', CAST(budget_fen AS HUGEINT) FROM budgeted
  UNION ALL
  SELECT month, scope, id, 'paid_fen', CAST(sum(paid_fen) AS HUGEINT) FROM paid_placed GROUP BY month, scope, id
  UNION ALL
  SELECT 0, scope, id, 'paid_fen', CAST(sum(paid_fen) AS HUGEINT) FROM paid_placed GROUP BY scope, id
)
SELECT y.payment_year AS year, f.month, f.scope, f.id, f.measure, f.amount
FROM found AS f
CROSS JOIN settlement_year AS y
