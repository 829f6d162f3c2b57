-- drg_list_key: what a scheme sees of every list, as four numbers
-- grain: one row per list
-- reads: drg_list_source, drg_code, drg_other_diagnoses, drg_procedures; the macros drg_other_codes and drg_fact_no
-- rule:  批量分组 — docs/domain/drg.md#bulk
SELECT
  s.list_no
  , coalesce(c.principal_diagnosis, 0) AS principal_diagnosis
  , d.other_diagnoses_no
  , p.procedures_no
  , drg_fact_no(
      s.age_years, s.age_days, s.birth_weight_g, s.length_of_stay, s.icu_hours, s.sex, s.disposition, s.department
      , s.inpatient_type
    ) AS fact_no
FROM drg_list_source AS s
JOIN drg_other_diagnoses AS d ON d.other_diagnoses = drg_other_codes(s.diagnoses)
JOIN drg_procedures AS p ON p.procedures = s.procedures
LEFT JOIN drg_code AS c ON c.code = trim(split_part(s.diagnoses, '|', 1))
