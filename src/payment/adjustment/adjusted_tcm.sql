-- adjusted_tcm: cases of a TCM group that miss one of its conditions get the normal points of the group they fall back to
-- grain: one row per setl_id
-- reads: case_score, case_fact, group_score, institution, points_rule, signature, tcm_group, tcm_operation, tcm_fee,
--        policy_value
-- rule:  中医优势病组 — docs/domain/drg-payment.md#tcm
--
-- Conditions: stay, distinct classes of operations, share of TCM treatment (missing in tcm_fees.csv is none).
WITH needed AS (
  SELECT
    max(CASE WHEN parameter = 'tcm.operation_classes' THEN scaled END) AS classes
    , max(CASE WHEN parameter = 'tcm.treatment_share' THEN scaled END) AS share4
  FROM policy_value
)
, tcm_case AS (
  SELECT c.setl_id, c.institution_no, c.signature_no, g.kind, t.minimum_stay, t.fallback_group, f.length_of_stay
  FROM case_score AS c
  JOIN case_fact AS f ON f.setl_id = c.setl_id
  JOIN group_score AS g ON g.group_no = c.group_no
  JOIN tcm_group AS t ON t.group_code = g.group_code
)
, performed AS (
  SELECT t.setl_id, trim(unnest(string_split(s.procedures, '|'))) AS code
  FROM tcm_case AS t
  JOIN signature AS s ON s.signature_no = t.signature_no
)
, class_count AS (
  SELECT p.setl_id, count(DISTINCT o.class) AS classes
  FROM performed AS p
  JOIN tcm_operation AS o ON o.oprn_oprt_code = p.code
  GROUP BY p.setl_id
)
, measured AS (
  SELECT
    t.*
    , coalesce(k.classes, 0) AS classes
    , CASE WHEN e.total_fen > 0 THEN CAST(e.tcm_fen AS HUGEINT) ELSE 0 END AS tcm_fen
    , CASE WHEN e.total_fen > 0 THEN CAST(e.total_fen AS HUGEINT) ELSE 1 END AS total_fen
  FROM tcm_case AS t
  LEFT JOIN class_count AS k ON k.setl_id = t.setl_id
  LEFT JOIN tcm_fee AS e ON e.setl_id = t.setl_id
)
SELECT
  m.setl_id
  , r.normal_points4 AS points4
  , CAST(NULL AS BIGINT) AS amount_fen
  , m.fallback_group || ': ' || CAST(m.length_of_stay AS VARCHAR) || '/' || CAST(m.minimum_stay AS VARCHAR) || ', '
    || CAST(m.classes AS VARCHAR) || '/' || CAST(n.classes AS VARCHAR) || ', '
    || points_text(round_divide(m.tcm_fen * 10000, m.total_fen)) || '/' || points_text(n.share4) AS reference
FROM measured AS m
CROSS JOIN needed AS n
JOIN group_score AS b ON b.group_code = m.fallback_group AND b.kind = m.kind
JOIN institution AS i ON i.institution_no = m.institution_no
JOIN points_rule AS r ON r.group_no = b.group_no AND r.class_no = i.class_no AND r.type_no = 0
WHERE m.length_of_stay < m.minimum_stay
  OR m.classes < n.classes
  OR m.tcm_fen * 10000 < m.total_fen * n.share4
