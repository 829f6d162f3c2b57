-- month_result: what each institution is paid for each month; paid + retained + deduction = base
-- grain: one row per month, insutype, fixmedins_code
-- reads: month_account, institution, settlement_year, start_point_value, policy_value
-- rule:  月结算 — docs/domain/dip.md#months, docs/domain/clearing.md#months
--
-- points × 10^4 times point value (yuan) × 10^8 is yuan × 10^12, fen × 10^10.
WITH chosen AS (
  SELECT
    max(CASE WHEN parameter = 'payment.month_base' THEN value END) AS month_base
    , max(CASE WHEN parameter = 'payment.negative_month' THEN value END) AS negative_month
    , max(CASE WHEN parameter = 'payment.monthly_ratio' THEN scaled END) AS ratio4
    , coalesce(max(CASE WHEN parameter = 'deposit.ratio' THEN scaled END), 0) AS deposit4
  FROM policy_value
)
, month_base AS (
  SELECT
    m.month
    , m.scheme
    , m.institution_no
    , m.cases
    , m.points4
    , m.cost_fen
    , m.non_fund_fen
    , m.deduction_fen
    , c.negative_month
    , c.ratio4
    , c.deposit4
    , CASE WHEN c.month_base = 'declared' THEN m.cost_fen - m.non_fund_fen
        ELSE round_divide(
          CAST(m.points4 AS HUGEINT) * p.start_point_value8 - m.non_fund_fen * CAST(10000000000 AS HUGEINT),
          CAST(10000000000 AS HUGEINT)) END AS base_fen
  FROM month_account AS m
  JOIN start_point_value AS p ON p.scheme = m.scheme
  CROSS JOIN chosen AS c
)
, payable AS (
  SELECT
    *
    , CASE WHEN base_fen > 0 OR negative_month = 'signed'
        THEN round_divide(CAST(base_fen AS HUGEINT) * ratio4, CAST(10000 AS HUGEINT)) ELSE 0 END AS payable_fen
  FROM month_base
)
, paid AS (
  SELECT
    *
    , CASE WHEN payable_fen - deduction_fen > 0 OR negative_month = 'signed'
        THEN payable_fen - deduction_fen ELSE 0 END AS paid_fen
    , CASE WHEN base_fen > 0
        THEN least(round_divide(CAST(base_fen AS HUGEINT) * deposit4, CAST(10000 AS HUGEINT)), base_fen - payable_fen)
        ELSE 0 END AS deposit_fen
  FROM payable
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
  , CAST(b.paid_fen AS BIGINT) AS paid_fen
  , CAST(b.deduction_fen AS BIGINT) AS deduction_fen
  , CAST(b.deposit_fen AS BIGINT) AS deposit_fen
  , CAST(b.base_fen - b.deduction_fen - b.paid_fen AS BIGINT) AS retained_fen
FROM paid AS b
CROSS JOIN settlement_year AS y
JOIN institution AS i ON i.institution_no = b.institution_no
ORDER BY month, insutype, fixmedins_code
