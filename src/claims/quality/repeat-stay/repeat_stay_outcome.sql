-- repeat_stay_outcome: stays soon after a stay of the same person for the same disease
-- grain: one row per check and list it applies to, and one more per failing item
-- reads: this_check, this_term, quality_threshold, stay, diagnosis, done_procedure
-- rule:  短期再住院 — docs/domain/quality.md#repeat-stay
--
-- A stay that the one before announced (days_rinp_flag_31 = 2) is planned. expected: the stay before and its discharge.
WITH used AS (
  SELECT 'principal' AS what, list_no, code FROM diagnosis WHERE is_principal
  UNION ALL
  SELECT 'procedure' AS what, list_no, code FROM done_procedure
)
, excluded AS (
  SELECT DISTINCT
    t.check_no
    , u.list_no
  FROM this_term AS t
  JOIN used AS u ON u.what = t.what AND code_in_range(u.code, t.code_from, t.code_to)
  WHERE t.role = 'except'
)
, ordered AS (
  SELECT
    s.list_no
    , s.admission
    , s.readmission_is_planned
    , lag(s.discharge) OVER earlier AS discharge_before
    , lag(s.setl_id) OVER earlier AS setl_id_before
    , lag(s.readmission_is_planned) OVER earlier AS was_planned
  FROM stay AS s
  JOIN diagnosis AS d ON d.list_no = s.list_no AND d.is_principal
  WHERE s.person IS NOT NULL AND s.admission IS NOT NULL AND s.discharge IS NOT NULL
  WINDOW earlier AS (PARTITION BY s.person, left(d.code, 3) ORDER BY s.admission, s.discharge, s.setl_id, s.list_no)
)
, judged AS (
  SELECT
    c.check_no
    , o.list_no
    , o.admission
    , o.discharge_before
    , o.setl_id_before
    , coalesce(
        date_diff('day', o.discharge_before, o.admission) BETWEEN 0 AND h.value AND NOT o.was_planned, false) AS fails
  FROM this_check AS c
  JOIN quality_threshold AS h ON h.check_no = c.check_no AND h.name = 'window_days'
  CROSS JOIN ordered AS o
  LEFT JOIN excluded AS e ON e.check_no = c.check_no AND e.list_no = o.list_no
  WHERE e.list_no IS NULL
)
SELECT
  check_no
  , list_no
  , -1 AS item_no
  , CASE WHEN fails THEN 'setlinfo.adm_time' END AS place
  , fails
  , CASE WHEN fails THEN CAST(CAST(admission AS DATE) AS VARCHAR) END AS value
  , CASE WHEN fails THEN setl_id_before || ' ' || CAST(CAST(discharge_before AS DATE) AS VARCHAR) END AS expected
FROM judged
