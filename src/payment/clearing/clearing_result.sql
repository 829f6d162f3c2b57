-- clearing_result: the annual clearing of each institution
-- grain: one row per insutype, fixmedins_code
-- reads: due, clearing_amount, clearing_line, institution_year, month_result, quarter_result, prepayment, institution,
--        settlement_year
-- rule:  年度清算 — docs/domain/dip.md#clearing, docs/domain/clearing.md#steps
--
-- clearing_cash may be negative: money comes back. other_steps_fen: what steps other than assessment and audit change.
WITH paid AS (
  SELECT insutype, fixmedins_code, sum(paid_fen) AS monthly_paid_fen
  FROM month_result
  GROUP BY insutype, fixmedins_code
)
, quarters AS (
  SELECT insutype, fixmedins_code, sum(quarter_cash_fen) AS quarter_paid_fen
  FROM quarter_result
  GROUP BY insutype, fixmedins_code
)
, advanced AS (
  SELECT x.scheme, x.institution_no, x.advance_paid_fen
  FROM institution_year AS x
  CROSS JOIN settlement_year AS y
  WHERE x.year = y.payment_year
  UNION ALL
  SELECT scheme, institution_no, prepayment_fen FROM prepayment
)
, advance AS (
  SELECT scheme, institution_no, sum(advance_paid_fen) AS advance_paid_fen
  FROM advanced
  GROUP BY scheme, institution_no
)
, line AS (
  SELECT
    scheme
    , institution_no
    , sum(CASE WHEN step = 'assessment' THEN change_fen ELSE 0 END) AS assessment_fen
    , sum(CASE WHEN step = 'audit' THEN change_fen ELSE 0 END) AS audit_fen
    , sum(CASE WHEN step NOT IN ('assessment', 'audit') THEN change_fen ELSE 0 END) AS other_fen
    , max(CASE WHEN step = 'assessment' THEN amount_fen END) AS assessed_fen
  FROM clearing_line
  GROUP BY scheme, institution_no
)
SELECT
  CAST(d.scheme AS VARCHAR) AS insutype
  , d.fixmedins_code
  , d.cases
  , CAST(d.points4 AS BIGINT) AS points4
  , CAST(d.cost_fen AS BIGINT) AS cost_fen
  , CAST(d.non_fund_fen AS BIGINT) AS non_fund_fen
  , CAST(d.due_fen AS BIGINT) AS due_fen
  , CAST(coalesce(l.assessed_fen, d.due_fen) AS BIGINT) AS assessed_fen
  , CAST(-coalesce(l.audit_fen, 0) AS BIGINT) AS audit_deduction_fen
  , CAST(a.amount_fen AS BIGINT) AS result_fen
  , CAST(coalesce(p.monthly_paid_fen, 0) AS BIGINT) AS monthly_paid_fen
  , CAST(coalesce(v.advance_paid_fen, 0) AS BIGINT) AS advance_paid_fen
  , CAST(coalesce(q.quarter_paid_fen, 0) AS BIGINT) AS quarter_paid_fen
  , CAST(coalesce(l.assessment_fen, 0) AS BIGINT) AS assessment_change_fen
  , CAST(coalesce(l.other_fen, 0) AS BIGINT) AS other_steps_fen
  , CAST(a.amount_fen - coalesce(p.monthly_paid_fen, 0) - coalesce(q.quarter_paid_fen, 0)
      - coalesce(v.advance_paid_fen, 0) AS BIGINT) AS clearing_cash_fen
FROM due AS d
JOIN clearing_amount AS a ON a.scheme = d.scheme AND a.institution_no = d.institution_no
LEFT JOIN line AS l ON l.scheme = d.scheme AND l.institution_no = d.institution_no
LEFT JOIN advance AS v ON v.scheme = d.scheme AND v.institution_no = d.institution_no
LEFT JOIN paid AS p ON p.insutype = CAST(d.scheme AS VARCHAR) AND p.fixmedins_code = d.fixmedins_code
LEFT JOIN quarters AS q ON q.insutype = CAST(d.scheme AS VARCHAR) AND q.fixmedins_code = d.fixmedins_code
ORDER BY insutype, d.fixmedins_code
