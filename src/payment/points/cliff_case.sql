-- cliff_case: the lists of the payment year whose cost lies just above a jump of the points
-- grain: one row per setl_id and cliff
-- reads: case_score, case_result, institution, cliff
-- rule:  断崖清单 — docs/domain/dip.md#cliffs
SELECT
  c.setl_id
  , r.fixmedins_code
  , r.insutype
  , r.month
  , r.group_code
  , k.group_no
  , k.class_no
  , k.type_no
  , k.cliff
  , k.from_fen
  , k.before4
  , c.cost_fen
  , c.points4
FROM case_score AS c
JOIN institution AS i ON i.institution_no = c.institution_no
JOIN cliff AS k
  ON k.group_no = c.group_no AND k.class_no = i.class_no AND k.type_no = c.type_no
  AND c.cost_fen BETWEEN k.from_fen AND k.to_fen
JOIN case_result AS r ON r.setl_id = c.setl_id
