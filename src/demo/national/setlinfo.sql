-- demo.setlinfo: the node setlinfo of 4101
-- grain: one row per list
-- reads: demo.form_list, demo.form_mistake
WITH wrong AS (
  SELECT setl_id, list(kind) AS kinds
  FROM demo.form_mistake
  GROUP BY setl_id
)
, marked AS (
  SELECT
    l.*
    , coalesce(w.kinds, []) AS kinds
    , CASE WHEN list_contains(coalesce(w.kinds, []), 'wrong-sex') THEN CAST(3 - CAST(l.gend AS INTEGER) AS VARCHAR)
        ELSE l.gend END AS written_sex
    , l.procedures_text LIKE '%96.72%' AS long_ventilation
    , l.procedures_text LIKE '%96.71%' AS short_ventilation
    , form_draw(l.random, 7, 100) < 3 AS is_tcm
    , l.ipt_med_type = '2' AS is_day_surgery
    , form_draw(l.random, 9, 100) < 4 AS readmission_planned
  FROM demo.form_list AS l
  LEFT JOIN wrong AS w ON w.setl_id = l.setl_id
)
, identified AS (
  SELECT
    *
    , '990101' || strftime(birth_day, '%Y%m%d')
      || lpad(CAST(form_draw(random, 10, 499) * 2 + CASE WHEN gend = '1' THEN 1 ELSE 0 END AS VARCHAR), 3, '0') AS digits
  FROM marked
)
SELECT
  'M' || setl_id AS mdtrt_id
  , CASE WHEN list_contains(kinds, 'not-settled') THEN 'X' || setl_id ELSE setl_id END AS setl_id
  , institution_name AS fixmedins_name
  , fixmedins_code
  , CASE WHEN list_contains(kinds, 'other-person') THEN 'P00000000' ELSE psn_no END AS psn_no
  , CAST(level AS VARCHAR) AS hi_setl_lv
  , 'HI' || psn_no AS hi_no
  , 'B' || right(setl_id, 9) AS medcasno
  , strftime(discharge + to_hours(CASE WHEN list_contains(kinds, 'late') THEN 24 * (8 + form_draw(random, 11, 30))
      ELSE 20 + form_draw(random, 11, 120) END), '%Y-%m-%d %H:%M:%S') AS dcla_time
  , '参保人' || right(psn_no, 4) AS psn_name
  , written_sex AS gend
  , CAST(CASE WHEN list_contains(kinds, 'wrong-birth') THEN birth_day + 400 ELSE birth_day END AS VARCHAR) AS brdy
  , CASE WHEN years > 0 THEN CAST(years + CASE WHEN list_contains(kinds, 'wrong-age') THEN 3 ELSE 0 END AS VARCHAR)
      ELSE '' END AS age
  , 'CHN' AS ntly
  , CASE WHEN infant_days IS NOT NULL THEN CAST(infant_days AS VARCHAR) ELSE '' END AS nwb_age
  , CASE WHEN list_contains(kinds, 'bad-code') THEN '077' ELSE lpad(CAST(1 + form_draw(random, 12, 3) AS VARCHAR), 2, '0') END
    AS naty
  , '01' AS patn_cert_type
  , digits || CASE WHEN list_contains(kinds, 'bad-id') THEN
      substr('X98765432101', CAST(strpos('10X98765432', form_check_digit(digits)) AS INTEGER) + 1, 1)
      ELSE form_check_digit(digits) END AS certno
  , CASE WHEN list_contains(kinds, 'no-profession') THEN ''
      ELSE ['27', '24', '17', '80', '31', '90'][1 + form_draw(random, 13, 6)] END AS prfs
  , '云岭市' AS curr_addr
  , '联系人' || right(psn_no, 3) AS coner_name
  , '1' AS patn_rlts
  , '云岭市' AS coner_addr
  , CASE WHEN list_contains(kinds, 'no-phone') THEN '' ELSE '0990-' || right(setl_id, 7) END AS coner_tel
  , insutype AS hi_type
  , '990100' AS insuplc
  , CASE WHEN infant_days <= 28 AND NOT list_contains(kinds, 'weight')
      THEN CAST(2400 + form_draw(random, 14, 180) * 10 AS VARCHAR) ELSE '' END AS nwb_bir_wt
  , CASE WHEN infant_days <= 28 THEN CAST(2400 + form_draw(random, 14, 180) * 10
      + CASE WHEN list_contains(kinds, 'weight') THEN 3 ELSE 20 END AS VARCHAR) ELSE '' END AS nwb_adm_wt
  , CASE WHEN is_day_surgery THEN '2' ELSE '1' END AS ipt_med_type
  , CAST(1 + form_draw(random, 15, 2) AS VARCHAR) AS adm_way
  , CASE WHEN is_tcm THEN '2.1' ELSE '1' END AS trt_type
  , strftime(CASE WHEN list_contains(kinds, 'dates-swapped') THEN discharge ELSE admission END, '%Y-%m-%d %H:%M:%S')
    AS adm_time
  , CASE WHEN list_contains(kinds, 'bad-department') THEN 'N09' ELSE 'A03' END AS adm_caty
  , CASE WHEN form_draw(random, 16, 40) = 0 THEN 'A03→A04' ELSE '' END AS refldept_dept
  , strftime(CASE WHEN list_contains(kinds, 'dates-swapped') THEN admission ELSE discharge END, '%Y-%m-%d %H:%M:%S')
    AS dscg_time
  , CASE WHEN list_contains(kinds, 'no-ward-fields') THEN '' ELSE 'A03' END AS dscg_caty
  , CAST(stay_days + CASE WHEN list_contains(kinds, 'wrong-days') THEN 1 ELSE 0 END AS VARCHAR) AS act_ipt_days
  , CASE WHEN is_tcm AND form_draw(random, 17, 10) > 0 THEN '眩晕病' ELSE '' END AS otp_tcm_dise
  , '' AS tcm_dise_code
  , CASE
      WHEN list_contains(kinds, 'bad-duration') AND (long_ventilation OR short_ventilation) THEN '30h'
      WHEN long_ventilation AND stay_days > 5 THEN '4/6/30'
      WHEN long_ventilation THEN '0/20/00'
      WHEN short_ventilation THEN '0/22/15'
      ELSE ''
    END AS vent_used_dura
  , '' AS pwcry_bfadm_coma_dura
  , '' AS pwcry_afadm_coma_dura
  , '0' AS spga_nurscare_days
  , CAST(least(stay_days, 2) AS VARCHAR) AS lv1_nurscare_days
  , CAST(greatest(stay_days - 2, 0) + CASE WHEN list_contains(kinds, 'nursing-days') THEN 6 ELSE 0 END AS VARCHAR)
    AS scd_nurscare_days
  , '0' AS lv3_nurscare_days
  , dscg_way
  , CASE WHEN dscg_way IN ('2', '3') AND NOT list_contains(kinds, 'no-receiver') THEN '云岭市人民医院' ELSE '' END
    AS acp_medins_name
  , CASE WHEN dscg_way IN ('2', '3') AND NOT list_contains(kinds, 'no-receiver') THEN 'H99010100001' ELSE '' END
    AS acp_optins_code
  , '990' || left(setl_id, 4) AS bill_code
  , right(setl_id, 8) AS bill_no
  , 'S' || setl_id AS biz_sn
  , CASE WHEN readmission_planned THEN '2' ELSE '1' END AS days_rinp_flag_31
  , CASE WHEN readmission_planned AND NOT list_contains(kinds, 'no-purpose') THEN '继续治疗' ELSE '' END AS days_rinp_pup_31
  , '医师' || right(setl_id, 2) AS chfpdr_name
  , 'D' || right(fixmedins_code, 4) || right(setl_id, 3) AS chfpdr_code
  , CAST(adm_day AS VARCHAR) AS setl_begn_date
  , CAST(CASE WHEN list_contains(kinds, 'settled-before-discharge') THEN adm_day ELSE dscg_day END AS VARCHAR)
    AS setl_end_date
  , form_yuan(non_fund_fen - ownpay_fen + CASE WHEN list_contains(kinds, 'payment') THEN 10000 ELSE 0 END) AS psn_selfpay
  , form_yuan(ownpay_fen) AS psn_ownpay
  , form_yuan(acct_fen + CASE WHEN list_contains(kinds, 'payment') THEN 10000 ELSE 0 END) AS acct_pay
  , form_yuan(non_fund_fen - acct_fen + CASE WHEN list_contains(kinds, 'cash') THEN 500 ELSE 0 END) AS psn_cashpay
  , CASE WHEN list_contains(kinds, 'wrong-payment-method') THEN '1' ELSE '3' END AS hi_paymtd
  , '云岭市医疗保障事务中心' AS hsorg
  , '经办员' AS hsorg_opter
  , '医保办' AS medins_fill_dept
  , '填报员' AS medins_fill_psn
  , insutype
  , form_yuan(total_fen) AS medfee_sumamt
FROM identified
ORDER BY dscg_day, setl_id
