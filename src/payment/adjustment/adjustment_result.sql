-- as: view
-- adjustment_result: each change of the points of a list, in the order it was made
-- grain: one row per setl_id, step_no
-- reads: case_adjustment, case_score, institution
-- rule:  病例点数的调整 — docs/domain/drg-payment.md#adjustments
SELECT
  a.setl_id
  , i.fixmedins_code
  , CAST(c.scheme AS VARCHAR) AS insutype
  , a.step_no
  , a.adjustment
  , a.points4_before
  , a.points4_after
  , a.amount_fen
  , a.reference
FROM case_adjustment AS a
JOIN case_score AS c ON c.setl_id = a.setl_id
JOIN institution AS i ON i.institution_no = c.institution_no
