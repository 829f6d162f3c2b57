-- core_group: full keys with enough accepted lists in the history
-- grain: one row per group_code
-- reads: history_cost, signature_key, policy_value
-- rule:  核心病种 — docs/domain/dip.md#catalogue
SELECT
  k.full_key AS group_code
  , k.core_diagnosis
  , k.eligible_procedures
  , CASE WHEN k.eligible_procedures IS NULL THEN 0
         ELSE length(k.eligible_procedures) - length(replace(k.eligible_procedures, '+', '')) + 1 END
    AS procedure_count
  , sum(h.cases) AS cases
FROM history_cost AS h
JOIN signature_key AS k ON k.signature_no = h.signature_no
GROUP BY k.full_key, k.core_diagnosis, k.eligible_procedures
HAVING sum(h.cases) >= (SELECT scaled FROM policy_value WHERE parameter = 'catalogue.core_threshold')
ORDER BY group_code
