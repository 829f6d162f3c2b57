-- demo.settlement_list: the lists filed in one year, in the order of settlement, with calibrated money
-- grain: one row per settlement list filed in demo.filing_year; sequence is unique
-- reads: demo.stay, demo.calibration, demo.filing_year, demo.diagnosis, demo.treatment_text, demo.procedure, demo.comorbidity, demo.institution, demo.broken, demo.parameter
-- rule: a list is filed when it is settled, whatever the year of its discharge; the last year takes all that are left
WITH filed AS (
  SELECT
    s.*,
    ROW_NUMBER() OVER (ORDER BY s.settled_on, s.list_no) AS sequence
  FROM demo.stay s
  CROSS JOIN demo.filing_year f
  CROSS JOIN demo.parameter p
  WHERE LEAST(CAST(date_part('year', s.settled_on) AS INTEGER), p.current_year) = f.year
),
costed AS (
  SELECT
    s.*,
    GREATEST(10000, s.raw_cost * c.factor // 1000000) AS fee,
    h.level,
    h.code AS institution_code,
    d.code AS diagnosis_code,
    d.newborn,
    CASE
      WHEN s.insutype = 310 THEN CASE h.level WHEN 1 THEN 20000 WHEN 2 THEN 40000 ELSE 70000 END
      ELSE CASE h.level WHEN 1 THEN 10000 WHEN 2 THEN 30000 ELSE 60000 END
    END AS deductible,
    CASE
      WHEN s.insutype = 310 THEN CASE h.level WHEN 1 THEN 93 WHEN 2 THEN 90 ELSE 86 END
      ELSE CASE h.level WHEN 1 THEN 88 WHEN 2 THEN 78 ELSE 64 END
    END AS reimbursed_percent
  FROM filed s
  JOIN demo.calibration c ON c.insutype = s.insutype
  JOIN demo.institution h ON h.institution_no = s.institution_no
  JOIN demo.diagnosis d ON d.diagnosis_no = s.diagnosis_no
),
funded AS (
  SELECT
    c.*,
    GREATEST(0, c.fee * (780 + draw(c.random, 60, 170)) // 1000 - c.deductible) * c.reimbursed_percent // 100 AS fund
  FROM costed c
),
written AS (
  SELECT
    s.*,
    CASE
      WHEN s.extra_no = 0 OR contains(COALESCE(t.procedures, ''), x.code) THEN COALESCE(t.procedures, '')
      WHEN COALESCE(t.procedures, '') = '' THEN x.code
      ELSE t.procedures || '|' || x.code
    END AS procedures
  FROM funded s
  JOIN demo.procedure x ON x.procedure_no = s.extra_no
  LEFT JOIN demo.treatment_text t ON t.treatment_no = s.treatment_no
)
SELECT
  s.sequence,
  CAST(f.year AS BIGINT) * 1000000000 + s.sequence - CASE WHEN b.kind = 'duplicate-number' THEN 1 ELSE 0 END AS setl_number,
  CASE WHEN b.kind = 'unknown-institution' THEN 'H99010199999' ELSE s.institution_code END AS fixmedins_code,
  s.person_no,
  CASE WHEN b.kind = 'unknown-scheme' THEN 340 ELSE s.insutype END AS insutype,
  s.sex,
  s.age,
  CASE WHEN s.newborn AND s.age = 0 THEN draw(s.random, 61, 29) END AS nwb_age,
  CASE
    WHEN s.newborn AND s.age = 0 THEN
      CASE WHEN s.diagnosis_code LIKE 'P07%' OR s.diagnosis_code LIKE 'P22.0%' THEN 1100 ELSE 2400 END
      + 10 * draw(s.random, 62, 140)
  END AS nwb_adm_wt,
  CASE WHEN b.kind = 'discharged-before-admitted' THEN s.dscg_date + 3 ELSE s.adm_date END AS adm_date,
  s.dscg_date,
  s.dscg_way,
  CASE WHEN b.kind = 'fee-zero' THEN 0 ELSE s.fee END AS fee,
  CASE
    WHEN b.kind = 'fee-zero' THEN 0
    WHEN b.kind = 'fund-above-fee' THEN s.fee + 12345
    ELSE s.fund
  END AS fund,
  CASE WHEN b.kind = 'no-principal-diagnosis' THEN '' ELSE s.diagnosis_code || replace(COALESCE(m.codes, ''), '|' || s.diagnosis_code, '') END AS diagnoses,
  s.procedures,
  -- half of the stays of a day with a procedure are day surgery
  CASE WHEN s.dscg_date - s.adm_date <= 1 AND s.procedures <> '' AND draw(s.random, 63, 2) = 0 THEN '2' ELSE '1' END
    AS ipt_med_type,
  b.kind AS broken
FROM written s
CROSS JOIN demo.filing_year f
JOIN demo.comorbidity m ON m.comorbidity_no = s.comorbidity_no
LEFT JOIN demo.broken b ON b.list_no = s.list_no
ORDER BY s.sequence
