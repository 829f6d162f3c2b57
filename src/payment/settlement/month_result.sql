-- month_result: what each institution is paid for each month
-- grain: one row per month, insutype, fixmedins_code
-- reads: month_total, institution, settlement_year, start_point_value, policy_value
-- rule:  月结算 — docs/domain/dip.md#months
--
-- points × 10^4 times point value (yuan) × 10^8 is yuan × 10^12, fen × 10^10.
WITH month_base AS (
  SELECT
    m.month
    , m.scheme
    , m.institution_no
    , m.cases
    , m.points4
    , m.cost_fen
    , m.non_fund_fen
    , round_divide(CAST(m.points4 AS HUGEINT) * p.start_point_value8 - m.non_fund_fen * CAST(10000000000 AS HUGEINT),
        CAST(10000000000 AS HUGEINT)) AS base_fen
  FROM month_total AS m
  CROSS JOIN start_point_value AS p
)
, monthly_ratio AS (
  SELECT scaled AS ratio4 FROM policy_value WHERE parameter = 'payment.monthly_ratio'
)
SELECT
  CAST(y.payment_year AS VARCHAR) || '-' || lpad(CAST(b.month AS VARCHAR), 2, '0') AS month
  , CAST(b.scheme AS VARCHAR) AS insutype
  , i.fixmedins_code
  , CAST(b.cases AS BIGINT) AS cases
  , CAST(b.points4 AS BIGINT) AS points4
  , CAST(b.cost_fen AS BIGINT) AS cost_fen
  , CAST(b.non_fund_fen AS BIGINT) AS non_fund_fen
  , CAST(b.base_fen AS BIGINT) AS base_fen
  , CAST(CASE WHEN b.base_fen > 0 THEN round_divide(b.base_fen * r.ratio4, CAST(10000 AS HUGEINT)) ELSE 0 END AS BIGINT)
    AS paid_fen
FROM month_base AS b
CROSS JOIN settlement_year AS y
CROSS JOIN monthly_ratio AS r
JOIN institution AS i ON i.institution_no = b.institution_no
ORDER BY month, insutype, fixmedins_code
