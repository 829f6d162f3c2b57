-- prepayment: what each institution is given at the start of the year: some months of the fund money booked on its
--             lists of the year before
-- grain: one row per scheme, institution_no with lists in the year before; none where the policy computes none
-- reads: accepted_list, settlement_year, assessment_score, policy_value
-- rule:  预付金与周转金 — docs/domain/clearing.md#prepayment
WITH chosen AS (
  SELECT
    max(CASE WHEN parameter = 'prepayment.months' THEN scaled END) AS months4
    , max(CASE WHEN parameter = 'prepayment.minimum_score' THEN scaled END) AS minimum_score4
  FROM policy_value
)
, booked AS (
  SELECT a.scheme, a.institution_no, sum(a.fund_fen) AS last_year_fund_fen
  FROM accepted_list AS a
  CROSS JOIN settlement_year AS y
  CROSS JOIN chosen AS c
  WHERE a.year = y.payment_year - 1 AND c.months4 IS NOT NULL
  GROUP BY a.scheme, a.institution_no
)
SELECT
  b.scheme
  , b.institution_no
  , s.score4
  , CAST(b.last_year_fund_fen AS BIGINT) AS last_year_fund_fen
  , CAST(CASE WHEN c.minimum_score4 = 0 OR s.score4 >= c.minimum_score4
      THEN round_divide(CAST(b.last_year_fund_fen AS HUGEINT) * c.months4, CAST(120000 AS HUGEINT)) ELSE 0 END AS BIGINT)
    AS prepayment_fen
FROM booked AS b
CROSS JOIN chosen AS c
LEFT JOIN assessment_score AS s ON s.institution_no = b.institution_no
ORDER BY b.scheme, b.institution_no
