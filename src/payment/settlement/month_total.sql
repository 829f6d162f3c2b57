-- month_total: lists, points and money of each institution by month of discharge and scheme: what the months and the
--              year are paid from
-- grain: one row per month, scheme, institution_no
-- reads: case_score, other_fund, policy_value
-- rule:  月结算 — docs/domain/dip.md#months
--
-- non_fund_fen is what the policy calls patient payments: cost − all fund payments, or cost − those of the pooling fund
-- (the money of other funds, given by month, counts as patient payments then).
WITH listed AS (
  SELECT
    month
    , scheme
    , institution_no
    , count(*) AS cases
    , sum(points4) AS points4
    , sum(cost_fen) AS cost_fen
    , sum(cost_fen) - sum(fund_fen) AS non_fund_fen
  FROM case_score
  GROUP BY month, scheme, institution_no
)
, other AS (
  SELECT o.month, o.scheme, o.institution_no, o.other_fen
  FROM other_fund AS o
  JOIN policy_value AS v ON v.parameter = 'payment.patient_payments' AND v.value = 'non-pool'
)
SELECT
  l.month
  , l.scheme
  , l.institution_no
  , l.cases
  , l.points4
  , l.cost_fen
  , l.non_fund_fen + coalesce(o.other_fen, 0) AS non_fund_fen
FROM listed AS l
LEFT JOIN other AS o ON o.month = l.month AND o.scheme = l.scheme AND o.institution_no = l.institution_no
ORDER BY l.month, l.scheme, l.institution_no
