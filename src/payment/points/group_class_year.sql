-- group_class_year: lists and cost of the history by group, year and class of institutions, all lists of the group
--                   together; operated_cases: those with a procedure that counts for grouping
-- grain: one row per group_no, class_no, year
-- reads: history_cost, signature_group, signature, procedure_code
-- rule:  按病种的机构系数、同级别均次费用 — docs/domain/dip.md#coefficients-by-disease
WITH operated AS (
  SELECT DISTINCT procedures FROM procedure_code WHERE attribute IS NOT NULL AND attribute <> 'minor'
)
SELECT
  g.group_no
  , h.class_no
  , h.year
  , sum(h.cases) AS cases
  , sum(h.cost_fen) AS cost_fen
  , coalesce(sum(CASE WHEN o.procedures IS NOT NULL THEN h.cases END), 0) AS operated_cases
FROM history_cost AS h
JOIN signature AS s ON s.signature_no = h.signature_no
JOIN signature_group AS g ON g.signature_no = h.signature_no
LEFT JOIN operated AS o ON o.procedures = s.procedures
GROUP BY g.group_no, h.class_no, h.year
ORDER BY g.group_no, h.class_no, h.year
