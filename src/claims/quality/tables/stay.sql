-- stay: what the checks know of a list as a whole
-- grain: one row per list
-- reads: setlinfo, check_institution, list_charge, list_payment, diagnosis, check_scope
-- rule:  质控范围 — docs/domain/quality.md#scope
--
-- discharge_day decides the month and the version of each check; a list without one counts to the last version and to no
-- month (0). The parsed values of setlinfo keep their names; numbers ending in 2 are × 100. Without a clock time on both sides only days are compared.
WITH read_list AS (
  SELECT
    list_no
    , file_no
    , row_no
    , coalesce(setl_id, '') AS setl_id
    , coalesce(fixmedins_code, '') AS fixmedins_code
    , CASE WHEN NOT is_blank(psn_no) THEN psn_no WHEN NOT is_blank(certno) THEN certno END AS person
    , length(adm_time) > 10 AS adm_time_has_clock
    , length(dscg_time) > 10 AS dscg_time_has_clock
    , length(dcla_time) > 10 AS dcla_time_has_clock
    , gend
    , dcla_time_at
    , brdy_at
    , age2
    , nwb_age2
    , nwb_bir_wt2
    , nwb_adm_wt2
    , opsp_mdtrt_date_at
    , adm_time_at
    , dscg_time_at
    , act_ipt_days2
    , diag_code_cnt2
    , oprn_oprt_code_cnt2
    , vent_used_dura_minutes
    , pwcry_bfadm_coma_dura_minutes
    , pwcry_afadm_coma_dura_minutes
    , bld_amt2
    , spga_nurscare_days2
    , lv1_nurscare_days2
    , scd_nurscare_days2
    , lv3_nurscare_days2
    , setl_begn_date_at
    , setl_end_date_at
    , psn_selfpay_fen
    , psn_ownpay_fen
    , acct_pay_fen
    , psn_cashpay_fen
    , medfee_sumamt_fen
    , fund_pay_sumamt_fen
    , (dcla_time IS NOT NULL AND dcla_time_at IS NULL)
      OR (brdy IS NOT NULL AND brdy_at IS NULL)
      OR (age IS NOT NULL AND age2 IS NULL)
      OR (nwb_age IS NOT NULL AND nwb_age2 IS NULL)
      OR (nwb_bir_wt IS NOT NULL AND nwb_bir_wt2 IS NULL)
      OR (nwb_adm_wt IS NOT NULL AND nwb_adm_wt2 IS NULL)
      OR (opsp_mdtrt_date IS NOT NULL AND opsp_mdtrt_date_at IS NULL)
      OR (adm_time IS NOT NULL AND adm_time_at IS NULL)
      OR (dscg_time IS NOT NULL AND dscg_time_at IS NULL)
      OR (act_ipt_days IS NOT NULL AND act_ipt_days2 IS NULL)
      OR (diag_code_cnt IS NOT NULL AND diag_code_cnt2 IS NULL)
      OR (oprn_oprt_code_cnt IS NOT NULL AND oprn_oprt_code_cnt2 IS NULL)
      OR (bld_amt IS NOT NULL AND bld_amt2 IS NULL)
      OR (spga_nurscare_days IS NOT NULL AND spga_nurscare_days2 IS NULL)
      OR (lv1_nurscare_days IS NOT NULL AND lv1_nurscare_days2 IS NULL)
      OR (scd_nurscare_days IS NOT NULL AND scd_nurscare_days2 IS NULL)
      OR (lv3_nurscare_days IS NOT NULL AND lv3_nurscare_days2 IS NULL)
      OR (setl_begn_date IS NOT NULL AND setl_begn_date_at IS NULL)
      OR (setl_end_date IS NOT NULL AND setl_end_date_at IS NULL)
      OR (psn_selfpay IS NOT NULL AND psn_selfpay_fen IS NULL)
      OR (psn_ownpay IS NOT NULL AND psn_ownpay_fen IS NULL)
      OR (acct_pay IS NOT NULL AND acct_pay_fen IS NULL)
      OR (psn_cashpay IS NOT NULL AND psn_cashpay_fen IS NULL)
      OR (medfee_sumamt IS NOT NULL AND medfee_sumamt_fen IS NULL)
      OR (fund_pay_sumamt IS NOT NULL AND fund_pay_sumamt_fen IS NULL)
      AS has_unreadable
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
  , l.adm_time_at AS admission
  , l.dscg_time_at AS discharge
  , coalesce(l.adm_time_has_clock AND l.dscg_time_has_clock, false) AS times_have_clock
  , coalesce(CAST(l.dscg_time_at AS DATE), DATE '9999-12-31') AS discharge_day
  , CAST(coalesce(year(l.dscg_time_at) * 100 + month(l.dscg_time_at), 0) AS INTEGER) AS month
  , CAST(l.brdy_at AS DATE) AS birth_day
  , CASE WHEN l.gend IN ('1', '2') THEN l.gend END AS sex
  , CASE WHEN l.dscg_time_at >= l.adm_time_at
      THEN greatest(date_diff('day', l.adm_time_at, l.dscg_time_at), 1) * 100 END AS stay_days2
  , CASE WHEN l.dscg_time_at >= l.adm_time_at THEN minutes_between(l.adm_time_at, l.dscg_time_at) END AS stay_minutes
  , CASE WHEN l.brdy_at <= l.adm_time_at THEN date_sub('year', CAST(l.brdy_at AS DATE), CAST(l.adm_time_at AS DATE)) * 100 END
    AS age_at_admission2
  -- days lived at admission: by the birth date, else as written
  , CASE
      WHEN l.brdy_at <= l.adm_time_at THEN date_diff('day', l.brdy_at, l.adm_time_at)
      WHEN l.age2 >= 100 THEN l.age2 * 365 // 100
      WHEN l.nwb_age2 >= 0 THEN l.nwb_age2 // 100
    END AS age_days
  , l.age2
  , l.nwb_age2
  , l.dcla_time_at
  , l.brdy_at
  , l.nwb_bir_wt2
  , l.nwb_adm_wt2
  , l.opsp_mdtrt_date_at
  , l.adm_time_at
  , l.dscg_time_at
  , l.act_ipt_days2
  , l.diag_code_cnt2
  , l.oprn_oprt_code_cnt2
  , l.vent_used_dura_minutes
  , l.pwcry_bfadm_coma_dura_minutes
  , l.pwcry_afadm_coma_dura_minutes
  , l.bld_amt2
  , l.spga_nurscare_days2
  , l.lv1_nurscare_days2
  , l.scd_nurscare_days2
  , l.lv3_nurscare_days2
  , l.setl_begn_date_at
  , l.setl_end_date_at
  , l.psn_selfpay_fen
  , l.psn_ownpay_fen
  , l.acct_pay_fen
  , l.psn_cashpay_fen
  , l.medfee_sumamt_fen
  , l.fund_pay_sumamt_fen
  , l.adm_time_has_clock
  , l.dscg_time_has_clock
  , l.dcla_time_has_clock
  , l.vent_used_dura_minutes AS vent_minutes
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
  , l.has_unreadable
  , coalesce(l.ipt_med_type = '2', false) AS is_day_surgery
  , coalesce(l.days_rinp_flag_31 = '2', false) AS readmission_is_planned
  , coalesce(
      (s.year IS NULL OR year(l.dscg_time_at) = s.year)
      AND (s.month IS NULL OR month(l.dscg_time_at) = s.month)
      AND (s.fixmedins_code IS NULL OR l.fixmedins_code = s.fixmedins_code)
      , false) AS asked_for
FROM read_list AS l
JOIN check_institution AS i ON i.fixmedins_code = l.fixmedins_code
CROSS JOIN check_scope AS s
LEFT JOIN list_charge AS c ON c.list_no = l.list_no
LEFT JOIN list_payment AS p ON p.list_no = l.list_no
LEFT JOIN tcm AS t ON t.list_no = l.list_no
