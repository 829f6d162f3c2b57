-- audit_step: amount − what audit withholds
-- grain: one row per scheme, institution_no
-- reads: clearing_amount, audit_total
-- rule:  审核扣减 — docs/domain/clearing.md#audit
--
-- quantity_fen: what is withheld
SELECT
  a.scheme
  , a.institution_no
  , CAST(NULL AS VARCHAR) AS band
  , CAST(coalesce(d.deduction_fen, 0) AS HUGEINT) AS quantity_fen
  , CAST(NULL AS BIGINT) AS factor8
  , a.amount_fen - coalesce(d.deduction_fen, 0) AS amount_fen
FROM clearing_amount AS a
LEFT JOIN audit_total AS d ON d.scheme = a.scheme AND d.institution_no = a.institution_no
ORDER BY a.scheme, a.institution_no
