-- stay: what the checks know of a list as a whole
-- grain: one row per list
-- reads: setlinfo, check_institution, list_charge, list_payment, diagnosis, check_scope
-- rule:  质控范围 — docs/domain/quality.md#scope
--
-- discharge_day decides the month and the version of each check; a list without one counts to the last version and to no
-- month (0). Numbers ending in 2 are × 100. Without a clock time on both sides only days are compared.
WITH read_list AS (
  SELECT
    list_no
    , file_no
    , row_no
    , coalesce(setl_id, '') AS setl_id
    , coalesce(fixmedins_code, '') AS fixmedins_code
    , CASE WHEN NOT is_blank(psn_no) THEN psn_no WHEN NOT is_blank(certno) THEN certno END AS person
    , adm_time_at AS admission
    , dscg_time_at AS discharge
    , length(adm_time) > 10 AND length(dscg_time) > 10 AS times_have_clock
    , brdy_at AS birth
    , gend
    , age2
    , nwb_age2
    , vent_used_dura_minutes AS vent_minutes
    , spga_nurscare_days2
    , lv1_nurscare_days2
    , scd_nurscare_days2
    , lv3_nurscare_days2
    , medfee_sumamt_fen
    , otp_tcm_dise
    , tcm_dise_code
    , ipt_med_type
    , days_rinp_flag_31
  FROM setlinfo
)
, tcm AS (
  SELECT
    list_no
    , min(code) AS code
  FROM diagnosis
  WHERE diag_type IN ('2', '3')
  GROUP BY list_no
)
SELECT
  l.list_no
  , l.file_no
  , l.row_no
  , l.setl_id
  , i.institution_no
  , l.person
  , l.admission
  , l.discharge
  , coalesce(l.times_have_clock, false) AS times_have_clock
  , coalesce(CAST(l.discharge AS DATE), DATE '9999-12-31') AS discharge_day
  , CAST(coalesce(year(l.discharge) * 100 + month(l.discharge), 0) AS INTEGER) AS month
  , CAST(l.birth AS DATE) AS birth_day
  , CASE WHEN l.gend IN ('1', '2') THEN l.gend END AS sex
  , CASE WHEN l.discharge >= l.admission
      THEN greatest(date_diff('day', l.admission, l.discharge), 1) * 100 END AS stay_days2
  , CASE WHEN l.discharge >= l.admission THEN minutes_between(l.admission, l.discharge) END AS stay_minutes
  , CASE WHEN l.birth <= l.admission THEN date_sub('year', CAST(l.birth AS DATE), CAST(l.admission AS DATE)) * 100 END
    AS age_at_admission2
  -- days lived at admission: by the birth date, else as written
  , CASE
      WHEN l.birth <= l.admission THEN date_diff('day', l.birth, l.admission)
      WHEN l.age2 >= 100 THEN l.age2 * 365 // 100
      WHEN l.nwb_age2 >= 0 THEN l.nwb_age2 // 100
    END AS age_days
  , l.age2
  , l.nwb_age2
  , l.vent_minutes
  , CASE WHEN coalesce(l.spga_nurscare_days2, l.lv1_nurscare_days2, l.scd_nurscare_days2, l.lv3_nurscare_days2) IS NOT NULL
      THEN coalesce(l.spga_nurscare_days2, 0) + coalesce(l.lv1_nurscare_days2, 0)
        + coalesce(l.scd_nurscare_days2, 0) + coalesce(l.lv3_nurscare_days2, 0) END AS nursing_days2
  , coalesce(l.medfee_sumamt_fen, c.charge_fen) AS total_fen
  , CASE WHEN c.list_no IS NULL THEN 0 ELSE c.charge_fen END AS charge_fen
  , CASE WHEN p.list_no IS NULL THEN 0 ELSE p.fund_fen END AS fund_fen
  , CASE
      WHEN NOT is_blank(l.tcm_dise_code) THEN l.tcm_dise_code
      WHEN NOT is_blank(l.otp_tcm_dise) THEN l.otp_tcm_dise
      ELSE t.code
    END AS tcm_diagnosis
  , coalesce(l.ipt_med_type = '2', false) AS is_day_surgery
  , coalesce(l.days_rinp_flag_31 = '2', false) AS readmission_is_planned
  , coalesce(
      (s.year IS NULL OR year(l.discharge) = s.year)
      AND (s.month IS NULL OR month(l.discharge) = s.month)
      AND (s.fixmedins_code IS NULL OR l.fixmedins_code = s.fixmedins_code)
      , false) AS asked_for
FROM read_list AS l
JOIN check_institution AS i ON i.fixmedins_code = l.fixmedins_code
CROSS JOIN check_scope AS s
LEFT JOIN list_charge AS c ON c.list_no = l.list_no
LEFT JOIN list_payment AS p ON p.list_no = l.list_no
LEFT JOIN tcm AS t ON t.list_no = l.list_no
