-- month_account: what each month pays from: the lists of the month, without those that came after its lock, with those
--                that an earlier month left to it, and the audit withholding of the month
-- grain: one row per month, scheme, institution_no
-- reads: month_total, late_list, month_deduction
-- rule:  月结算 — docs/domain/clearing.md#months
WITH moved AS (
  SELECT month, scheme, institution_no, cases, points4, cost_fen, non_fund_fen FROM month_total
  UNION ALL
  SELECT month, scheme, institution_no, -1, -points4, -cost_fen, -non_fund_fen FROM late_list
  UNION ALL
  SELECT paid_month, scheme, institution_no, 1, points4, cost_fen, non_fund_fen
  FROM late_list
  WHERE paid_month IS NOT NULL
  UNION ALL
  SELECT month, scheme, institution_no, 0, 0, 0, 0 FROM month_deduction
)
, summed AS (
  SELECT
    month
    , scheme
    , institution_no
    , sum(cases) AS cases
    , sum(points4) AS points4
    , sum(cost_fen) AS cost_fen
    , sum(non_fund_fen) AS non_fund_fen
  FROM moved
  GROUP BY month, scheme, institution_no
)
, deducted AS (
  SELECT month, scheme, institution_no, sum(deduction_fen) AS deduction_fen
  FROM month_deduction
  GROUP BY month, scheme, institution_no
)
SELECT
  s.month
  , s.scheme
  , s.institution_no
  , s.cases
  , s.points4
  , s.cost_fen
  , s.non_fund_fen
  , coalesce(d.deduction_fen, 0) AS deduction_fen
FROM summed AS s
LEFT JOIN deducted AS d
  ON d.month = s.month AND d.scheme = s.scheme AND d.institution_no = s.institution_no
WHERE s.cases > 0 OR d.deduction_fen IS NOT NULL
ORDER BY s.month, s.scheme, s.institution_no
