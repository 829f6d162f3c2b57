-- clearing_result: the annual clearing of each institution
-- grain: one row per insutype, fixmedins_code
-- reads: due, institution_year, month_result, settlement_year, policy_value
-- rule:  年度清算 — docs/domain/dip.md#clearing
--
-- assessment_coefficient8 is × 10^8. clearing_cash may be negative: money comes back.
WITH paid AS (
  SELECT insutype, fixmedins_code, sum(paid_fen) AS monthly_paid_fen
  FROM month_result
  GROUP BY insutype, fixmedins_code
)
, of_year AS (
  SELECT x.scheme, x.institution_no, x.assessment_coefficient8, x.audit_deduction_fen, x.advance_paid_fen
  FROM institution_year AS x
  CROSS JOIN settlement_year AS y
  WHERE x.year = y.payment_year
)
, unassessed AS (
  SELECT scaled * 10000 AS coefficient8 FROM policy_value WHERE parameter = 'clearing.default_assessment'
)
, assessed AS (
  SELECT
    CAST(d.scheme AS VARCHAR) AS insutype
    , d.fixmedins_code
    , d.cases
    , d.points4
    , d.cost_fen
    , d.non_fund_fen
    , d.due_fen
    , round_divide(d.due_fen * coalesce(x.assessment_coefficient8, u.coefficient8), CAST(100000000 AS HUGEINT))
      AS assessed_fen
    , coalesce(x.audit_deduction_fen, 0) AS audit_deduction_fen
    , coalesce(x.advance_paid_fen, 0) AS advance_paid_fen
  FROM due AS d
  CROSS JOIN unassessed AS u
  LEFT JOIN of_year AS x ON x.scheme = d.scheme AND x.institution_no = d.institution_no
)
SELECT
  a.insutype
  , a.fixmedins_code
  , a.cases
  , CAST(a.points4 AS BIGINT) AS points4
  , CAST(a.cost_fen AS BIGINT) AS cost_fen
  , CAST(a.non_fund_fen AS BIGINT) AS non_fund_fen
  , CAST(a.due_fen AS BIGINT) AS due_fen
  , CAST(a.assessed_fen AS BIGINT) AS assessed_fen
  , a.audit_deduction_fen
  , CAST(a.assessed_fen - a.audit_deduction_fen AS BIGINT) AS result_fen
  , CAST(coalesce(p.monthly_paid_fen, 0) AS BIGINT) AS monthly_paid_fen
  , a.advance_paid_fen
  , CAST(a.assessed_fen - a.audit_deduction_fen - coalesce(p.monthly_paid_fen, 0) - a.advance_paid_fen AS BIGINT)
    AS clearing_cash_fen
FROM assessed AS a
LEFT JOIN paid AS p ON p.insutype = a.insutype AND p.fixmedins_code = a.fixmedins_code
ORDER BY a.insutype, a.fixmedins_code
