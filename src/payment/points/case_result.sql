-- as: view
-- case_result: what the settlement says of each list of the payment year, in words a reader knows
-- grain: one row per setl_id
-- reads: case_score, signature, group_score, institution, settlement_year
-- rule:  病例分值 — docs/domain/dip.md#points
SELECT
  c.setl_id
  , i.fixmedins_code
  , CAST(c.scheme AS VARCHAR) AS insutype
  , CAST(y.payment_year AS VARCHAR) || '-' || lpad(CAST(c.month AS VARCHAR), 2, '0') AS month
  , c.cost_fen
  , c.fund_fen
  , s.diagnosis
  , s.procedures
  , g.group_code
  , coalesce(g.kind, 'ungrouped') AS kind
  , CASE WHEN g.group_no IS NOT NULL THEN c.deviation END AS deviation
  , c.points4
FROM case_score AS c
CROSS JOIN settlement_year AS y
JOIN institution AS i ON i.institution_no = c.institution_no
JOIN signature AS s ON s.signature_no = c.signature_no
LEFT JOIN group_score AS g ON g.group_no = c.group_no
