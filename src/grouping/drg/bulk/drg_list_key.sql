-- drg_list_key: what a scheme sees of every list, as three numbers
-- grain: one row per list
-- reads: drg_list_source, drg_diagnoses, drg_procedures; the macro drg_fact_no of the scheme
-- rule:  批量分组 — docs/domain/drg.md#bulk
SELECT
  s.list_no
  , d.diagnoses_no
  , p.procedures_no
  , drg_fact_no(
      s.age_years, s.age_days, s.birth_weight_g, s.length_of_stay, s.icu_hours, s.sex, s.disposition, s.department
    ) AS fact_no
FROM drg_list_source AS s
JOIN drg_diagnoses AS d ON d.diagnoses = s.diagnoses
JOIN drg_procedures AS p ON p.procedures = s.procedures
