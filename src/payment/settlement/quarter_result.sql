-- quarter_result: the clearing after each of the first three quarters; the annual clearing closes the fourth
-- grain: one row per quarter, insutype, fixmedins_code; none where the policy clears once a year
-- reads: month_account, month_result, scheme_total, institution, settlement_year, published_point_value,
--        start_point_value, policy_value
-- rule:  季度清算 — docs/domain/clearing.md#quarters
--
-- Each quarter has a fourth of the budget, to the fen. Its due is a first account of the same method (fixed values pay
-- as published, everything else floats); what it pays is settled again in the annual clearing.
WITH chosen AS (
  SELECT
    max(CASE WHEN parameter = 'clearing.quarter_ratio' THEN scaled END) AS ratio4
    , max(CASE WHEN parameter = 'point_value.method' THEN value END) AS method
    , max(CASE WHEN parameter = 'point_value.mode' THEN value END) AS mode
    , max(CASE WHEN parameter = 'point_value.published' THEN value END) AS published
  FROM policy_value
)
, institution_quarter AS (
  SELECT
    CAST((m.month - 1) // 3 + 1 AS INTEGER) AS quarter
    , m.scheme
    , m.institution_no
    , sum(m.cases) AS cases
    , sum(m.points4) AS points4
    , sum(m.cost_fen) AS cost_fen
    , sum(m.non_fund_fen) AS non_fund_fen
  FROM month_account AS m
  WHERE m.month <= 9
  GROUP BY CAST((m.month - 1) // 3 + 1 AS INTEGER), m.scheme, m.institution_no
)
, scheme_quarter AS (
  SELECT
    q.quarter
    , q.scheme
    , sum(q.points4) AS points4
    , sum(q.cost_fen) AS cost_fen
    , sum(q.non_fund_fen) AS non_fund_fen
    , min(s.budget_fen) * q.quarter // 4 - min(s.budget_fen) * (q.quarter - 1) // 4 AS budget_fen
  FROM institution_quarter AS q
  JOIN scheme_total AS s ON s.scheme = q.scheme
  GROUP BY q.quarter, q.scheme
)
, due AS (
  SELECT
    q.quarter
    , q.scheme
    , q.institution_no
    , q.cases
    , q.points4
    , q.non_fund_fen
    , s.budget_fen
    , s.points4 AS scheme_points4
    , CASE
        WHEN c.mode = 'fixed' AND c.method = 'deduction' THEN round_divide(
          CAST(q.points4 AS HUGEINT) * f.value8 - q.non_fund_fen * CAST(10000000000 AS HUGEINT),
          CAST(10000000000 AS HUGEINT))
        WHEN c.mode = 'fixed' AND s.cost_fen > 0 THEN round_divide(
          CAST(q.points4 AS HUGEINT) * f.value8 * (s.cost_fen - s.non_fund_fen),
          s.cost_fen * CAST(10000000000 AS HUGEINT))
        WHEN s.points4 <= 0 THEN 0
        WHEN c.method = 'deduction' THEN round_divide(
          CAST(q.points4 AS HUGEINT) * (s.budget_fen + s.non_fund_fen) - q.non_fund_fen * CAST(s.points4 AS HUGEINT),
          CAST(s.points4 AS HUGEINT))
        ELSE round_divide(CAST(q.points4 AS HUGEINT) * s.budget_fen, CAST(s.points4 AS HUGEINT))
      END AS due_fen
    , c.ratio4
  FROM institution_quarter AS q
  JOIN scheme_quarter AS s ON s.quarter = q.quarter AND s.scheme = q.scheme
  CROSS JOIN chosen AS c
  LEFT JOIN (
    SELECT
      p.scheme
      , CASE WHEN c.published = 'file' THEN w.point_value8 ELSE p.start_point_value8 END AS value8
    FROM start_point_value AS p
    CROSS JOIN chosen AS c
    LEFT JOIN published_point_value AS w ON w.scheme = p.scheme
  ) AS f ON f.scheme = q.scheme
  WHERE c.ratio4 IS NOT NULL
)
, paid AS (
  SELECT
    CAST((CAST(right(month, 2) AS INTEGER) - 1) // 3 + 1 AS INTEGER) AS quarter
    , insutype
    , fixmedins_code
    , sum(paid_fen) AS paid_fen
  FROM month_result
  GROUP BY CAST((CAST(right(month, 2) AS INTEGER) - 1) // 3 + 1 AS INTEGER), insutype, fixmedins_code
)
SELECT
  CAST(y.payment_year AS VARCHAR) || '-Q' || CAST(d.quarter AS VARCHAR) AS quarter
  , CAST(d.scheme AS VARCHAR) AS insutype
  , i.fixmedins_code
  , CAST(d.cases AS BIGINT) AS cases
  , CAST(d.points4 AS BIGINT) AS points4
  , CAST(d.non_fund_fen AS BIGINT) AS non_fund_fen
  , CAST(d.budget_fen AS BIGINT) AS budget_fen
  , CAST(d.scheme_points4 AS BIGINT) AS scheme_points4
  , CAST(d.due_fen AS BIGINT) AS due_fen
  , CAST(coalesce(p.paid_fen, 0) AS BIGINT) AS monthly_paid_fen
  , CAST(round_divide(d.due_fen * d.ratio4, CAST(10000 AS HUGEINT)) - coalesce(p.paid_fen, 0) AS BIGINT)
    AS quarter_cash_fen
FROM due AS d
CROSS JOIN settlement_year AS y
JOIN institution AS i ON i.institution_no = d.institution_no
LEFT JOIN paid AS p
  ON p.quarter = d.quarter AND p.insutype = CAST(d.scheme AS VARCHAR) AND p.fixmedins_code = i.fixmedins_code
ORDER BY quarter, insutype, fixmedins_code
