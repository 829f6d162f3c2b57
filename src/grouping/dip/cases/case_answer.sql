-- as: view
-- case_answer: the rows of the result, in the order of the file of cases
-- grain: one row per case_no
-- reads: case_input, case_group
-- rule:  病例文件 — docs/domain/dip.md#group-dip
SELECT
  c.case_no
  , nullif(c.case_id, '') AS case_id
  , g.group_code
  , coalesce(g.kind, 'ungrouped') AS kind
  , coalesce(g.status, 'invalid') AS status
  , coalesce(g.reason, c.wrong_field) AS reason
  , g.explanation
FROM case_input AS c
LEFT JOIN case_group AS g ON g.case_no = c.case_no
