-- done_procedure: the procedures with a code
-- grain: one row per row of oprninfo with a code
-- reads: oprninfo, known_procedure
-- rule:  手术操作 — docs/domain/quality.md#nodes
--
-- attribute: what procedures.csv says of the code (surgery, intervention, therapeutic, diagnostic, minor), else NULL
SELECT
  o.list_no
  , o.item_no
  , trim(o.oprn_oprt_code) AS code
  , o.oprn_oprt_name AS name
  , coalesce(o.oprn_oprt_type = '1', false) AS is_principal
  , k.attribute
FROM oprninfo AS o
LEFT JOIN known_procedure AS k ON k.code = trim(o.oprn_oprt_code)
WHERE NOT is_blank(o.oprn_oprt_code)
