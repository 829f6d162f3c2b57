-- demo.oprninfo: the node oprninfo of 4101, with the times of 4101A
-- grain: one row per procedure
-- reads: demo.form_list, demo.form_mistake, demo.form_name, demo.form_procedure
WITH written AS (
  SELECT
    setl_id
    , fixmedins_code
    , random
    , admission
    , discharge
    , unnest(string_split(procedures_text, '|')) AS code
    , unnest(range(1, 1 + len(string_split(procedures_text, '|')))) AS place
  FROM demo.form_list
  WHERE procedures_text <> ''
)
, wrong AS (
  SELECT
    setl_id
    , bool_or(kind = 'no-surgeon') AS no_surgeon
    , bool_or(kind = 'unknown-procedure') AS unknown
    , bool_or(kind = 'procedure-outside') AS outside
    , bool_or(kind = 'anaesthesia-order') AS disordered
    , bool_or(kind = 'no-anaesthetist') AS no_anaesthetist
    , bool_or(kind = 'surgery-charge-only') AS forgotten
    , bool_or(kind = 'not-settled') AS not_settled
  FROM demo.form_mistake
  GROUP BY setl_id
)
, timed AS (
  SELECT
    l.*
    , w.no_surgeon
    , w.unknown
    , w.disordered
    , w.no_anaesthetist
    , w.not_settled
    , p.attribute IN ('surgery', 'intervention') AS is_surgical
    , CASE WHEN coalesce(w.outside, false) THEN l.discharge + to_hours(30)
        ELSE least(l.admission + to_hours(2 + form_draw(l.random, 30, 20)), l.discharge - to_hours(2)) END AS begun
  FROM written AS l
  LEFT JOIN wrong AS w ON w.setl_id = l.setl_id
  LEFT JOIN demo.form_procedure AS p ON p.code = l.code
  WHERE NOT coalesce(w.forgotten, false)
)
SELECT
  CASE WHEN coalesce(t.not_settled, false) THEN 'X' || t.setl_id ELSE t.setl_id END AS setl_id
  , CASE WHEN t.place = 1 THEN '1' ELSE '2' END AS oprn_oprt_type
  , coalesce(n.name, t.code) AS oprn_oprt_name
  , CASE WHEN t.place = 1 AND coalesce(t.unknown, false) THEN left(t.code, 5) || '99x9' ELSE t.code END AS oprn_oprt_code
  , strftime(t.begun, '%Y-%m-%d') AS oprn_oprt_date
  , CASE WHEN coalesce(t.is_surgical, false) THEN '1' ELSE '' END AS anst_way
  , '医师' || right(t.setl_id, 2) AS oper_dr_name
  , CASE WHEN coalesce(t.no_surgeon, false) THEN '' ELSE 'D' || right(t.fixmedins_code, 4) || right(t.setl_id, 3) END
    AS oper_dr_code
  , CASE WHEN coalesce(t.is_surgical, false) AND NOT coalesce(t.no_anaesthetist, false) THEN 'A' || right(t.setl_id, 4)
      ELSE '' END AS anst_dr_code
  , strftime(t.begun, '%Y-%m-%d %H:%M:%S') AS oprn_oprt_begntime
  , strftime(t.begun + to_minutes(35 + form_draw(t.random, 31, 60)), '%Y-%m-%d %H:%M:%S') AS oprn_oprt_endtime
  , CASE WHEN coalesce(t.is_surgical, false) THEN
      strftime(t.begun + to_minutes(CASE WHEN coalesce(t.disordered, false) THEN 20 ELSE -15 END), '%Y-%m-%d %H:%M:%S')
      ELSE '' END AS anst_begntime
  , CASE WHEN coalesce(t.is_surgical, false) THEN
      strftime(t.begun + to_minutes(110), '%Y-%m-%d %H:%M:%S') ELSE '' END AS anst_endtime
FROM timed AS t
LEFT JOIN demo.form_name AS n ON n.code = t.code
ORDER BY t.setl_id, t.place
