-- signature_key: the full key and the comprehensive key of every signature
-- grain: one row per signature_no
-- reads: signature, procedure_code, policy_value
-- rule:  入组键 — docs/domain/dip.md#keys
WITH eligible_code AS (
  SELECT procedures, code, min(position) AS position, min(attribute) AS attribute
  FROM procedure_code
  WHERE attribute IS NOT NULL AND attribute <> 'minor'
  GROUP BY procedures, code
)
, eligible AS (
  SELECT
    procedures
    , string_agg(code, '+' ORDER BY code) AS eligible_procedures
    , arg_min(attribute, position) AS principal_attribute
  FROM eligible_code
  GROUP BY procedures
)
, length_of AS (
  SELECT
    max(CASE WHEN parameter = 'grouping.core_diagnosis_length' THEN scaled END) AS core
    , max(CASE WHEN parameter = 'grouping.comprehensive_diagnosis_length' THEN scaled END) AS comprehensive
  FROM policy_value
)
SELECT
  s.signature_no
  , left(s.diagnosis, n.core) AS core_diagnosis
  , e.eligible_procedures
  , left(s.diagnosis, n.core) || coalesce('+' || e.eligible_procedures, '') AS full_key
  , left(s.diagnosis, n.comprehensive) || '-' || c.value AS comprehensive_key
FROM signature AS s
CROSS JOIN length_of AS n
LEFT JOIN eligible AS e ON e.procedures = s.procedures
JOIN policy_value AS c ON c.parameter = 'comprehensive.class.' || coalesce(e.principal_attribute, 'none')
ORDER BY s.signature_no
