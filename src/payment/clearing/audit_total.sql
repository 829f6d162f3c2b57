-- audit_total: what audit withholds from each institution in the year
-- grain: one row per scheme, institution_no with a withholding
-- reads: institution_year, month_deduction, settlement_year, policy_value
-- rule:  审核扣减 — docs/domain/clearing.md#audit
WITH withheld AS (
  SELECT x.scheme, x.institution_no, x.audit_deduction_fen AS deduction_fen
  FROM institution_year AS x
  CROSS JOIN settlement_year AS y
  WHERE x.year = y.payment_year
  UNION ALL
  SELECT d.scheme, d.institution_no, d.deduction_fen
  FROM month_deduction AS d
  JOIN policy_value AS v ON v.parameter = 'clearing.month_deductions' AND v.value = 'added'
)
SELECT scheme, institution_no, sum(deduction_fen) AS deduction_fen
FROM withheld
GROUP BY scheme, institution_no
ORDER BY scheme, institution_no
