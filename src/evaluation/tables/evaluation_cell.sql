-- evaluation_cell: lists, money, points, days and signals added up twice: by institution, and by group
-- grain: one row per year, month, scheme, institution_no (group_no NULL) and one per year, month, scheme, group_no
--        (institution_no NULL; group_no 0: ungrouped)
-- reads: evaluation_case, evaluation_signal, case_charge
-- rule:  评价的范围 — docs/domain/evaluation.md#scopes
--
-- Money of case_charge is NULL where no list of the cell has the column, and *_cost_fen is the cost of the lists that have it.
SELECT
  c.year
  , c.month
  , c.scheme
  , c.institution_no
  , c.group_no
  , count(*) AS cases
  , count(CASE WHEN c.kind <> 'ungrouped' THEN 1 END) AS grouped_cases
  , count(CASE WHEN c.kind IN ('core', 'pre-group', 'merged', 'diagnosis-assisted') THEN 1 END) AS core_cases
  , count(CASE WHEN c.kind = 'comprehensive' THEN 1 END) AS comprehensive_cases
  , count(CASE WHEN c.kind = 'primary-care' THEN 1 END) AS primary_care_cases
  , count(CASE WHEN c.kind = 'tcm' THEN 1 END) AS tcm_cases
  , count(CASE WHEN c.kind = 'day-surgery' THEN 1 END) AS day_surgery_cases
  , sum(c.cost_fen) AS cost_fen
  , sum(c.fund_fen) AS fund_fen
  , sum(c.points4) AS points4
  , sum(c.score4) AS score4
  , sum(c.length_of_stay) AS days
  , sum(s.cost_index12) AS cost_index12
  , sum(s.time_index12) AS time_index12
  , count(c.person) AS known_persons
  , count(c.disposition) AS known_ends
  , count(CASE WHEN c.deviation = 'low' THEN 1 END) AS low_outliers
  , count(CASE WHEN c.deviation IN ('high', 'extreme') THEN 1 END) AS high_outliers
  , count(CASE WHEN c.is_borderline THEN 1 END) AS borderline
  , count(c.is_borderline) AS limited_cases
  , sum(s.short_stay) AS short_stay
  , sum(s.short_stay_without_procedure) AS short_stay_without_procedure
  , sum(s.low_standard) AS low_standard
  , sum(s.low_standard_score4) AS low_standard_score4
  , sum(s.long_stay) AS long_stay
  , sum(s.long_stay_score4) AS long_stay_score4
  , sum(s.insufficient_stay) AS insufficient_stay
  , sum(s.readmission_14) AS readmission_14
  , sum(s.readmission_15) AS readmission_15
  , sum(s.readmission_30) AS readmission_30
  , sum(s.readmission_31) AS readmission_31
  , sum(s.readmission_same_place_31) AS readmission_same_place_31
  , sum(s.readmission_score4) AS readmission_score4
  , sum(s.overlap) AS overlap
  , sum(s.death) AS death
  , sum(s.low_risk_death) AS low_risk_death
  , sum(s.death_score4) AS death_score4
  , sum(s.transfer) AS transfer
  , sum(h.own_pay_fen) AS own_pay_fen
  , sum(CASE WHEN h.own_pay_fen IS NOT NULL THEN c.cost_fen END) AS own_pay_cost_fen
  , sum(h.self_pay_fen) AS self_pay_fen
  , sum(CASE WHEN h.self_pay_fen IS NOT NULL THEN c.cost_fen END) AS self_pay_cost_fen
  , sum(h.outside_insurance_fen) AS outside_insurance_fen
  , sum(CASE WHEN h.outside_insurance_fen IS NOT NULL THEN c.cost_fen END) AS outside_insurance_cost_fen
  , sum(h.medical_service_fen) AS medical_service_fen
  , sum(CASE WHEN h.medical_service_fen IS NOT NULL THEN c.cost_fen END) AS medical_service_cost_fen
  , sum(h.drug_fen) AS drug_fen
  , sum(CASE WHEN h.drug_fen IS NOT NULL THEN c.cost_fen END) AS drug_cost_fen
  , sum(h.consumable_fen) AS consumable_fen
  , sum(CASE WHEN h.consumable_fen IS NOT NULL THEN c.cost_fen END) AS consumable_cost_fen
  -- lists with a surgery, and those whose highest grade is 4, among the lists whose grade is known
  , sum(CASE WHEN h.surgery_grade > 0 THEN 1 WHEN h.surgery_grade = 0 THEN 0 END) AS surgeries
  , sum(CASE WHEN h.surgery_grade = 4 THEN 1 WHEN h.surgery_grade IS NOT NULL THEN 0 END) AS grade_4_surgeries
FROM evaluation_case AS c
JOIN evaluation_signal AS s ON s.list_no = c.list_no
LEFT JOIN case_charge AS h ON h.setl_id = c.setl_id
GROUP BY GROUPING SETS ((c.year, c.month, c.scheme, c.institution_no), (c.year, c.month, c.scheme, c.group_no))
ORDER BY c.year, c.month, c.scheme, c.institution_no, c.group_no
