-- as: view
-- inpatient_case: lists of the payment year whose points share the inpatient money: not those paid by the bed-day, and not
--                 those of a medical community, whose total has them already
-- grain: one row per setl_id
-- reads: case_score, bed_day_list, community_member
-- rule:  不重复计算 — docs/domain/parts.md#counted-once
SELECT c.*
FROM case_score AS c
WHERE NOT EXISTS (SELECT 1 FROM bed_day_list AS b WHERE b.setl_id = c.setl_id)
  AND NOT EXISTS (
    SELECT 1 FROM community_member AS m WHERE m.scheme = c.scheme AND m.institution_no = c.institution_no)
