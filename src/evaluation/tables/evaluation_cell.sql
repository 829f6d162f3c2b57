-- evaluation_cell: lists, money, points, days and signals added up
-- grain: one row per year, month, scheme, institution_no, group_no (0: ungrouped)
-- reads: evaluation_case, evaluation_signal, case_charge, settlement_year
-- rule:  评价的范围 — docs/domain/evaluation.md#scopes
--
-- Money of case_charge is NULL where no list of the cell has the column, and *_cost_fen is the cost of the lists that have it.
SELECT
  c.year
  , c.month
  , c.scheme
  , c.institution_no
  , min(c.level) AS level
  , c.group_no
  , min(c.kind) AS kind
  , count(*) AS cases
  , sum(CAST(c.cost_fen AS HUGEINT)) AS cost_fen
  , sum(CAST(c.fund_fen AS HUGEINT)) AS fund_fen
  , sum(CAST(c.points4 AS HUGEINT)) AS points4
  , sum(CAST(c.score4 AS HUGEINT)) AS score4
  , sum(CAST(c.length_of_stay AS HUGEINT)) AS days
  , sum(CASE WHEN c.person IS NOT NULL THEN 1 ELSE 0 END) AS known_persons
  , sum(CASE WHEN c.disposition IS NOT NULL THEN 1 ELSE 0 END) AS known_ends
  , sum(CASE WHEN c.deviation = 'low' THEN 1 ELSE 0 END) AS low_outliers
  , sum(CASE WHEN c.deviation IN ('high', 'extreme') THEN 1 ELSE 0 END) AS high_outliers
  , sum(CASE WHEN c.is_borderline THEN 1 ELSE 0 END) AS borderline
  , sum(CASE WHEN c.is_borderline IS NOT NULL THEN 1 ELSE 0 END) AS limited_cases
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
  , sum(CAST(h.own_pay_fen AS HUGEINT)) AS own_pay_fen
  , sum(CASE WHEN h.own_pay_fen IS NOT NULL THEN CAST(c.cost_fen AS HUGEINT) END) AS own_pay_cost_fen
  , sum(CAST(h.self_pay_fen AS HUGEINT)) AS self_pay_fen
  , sum(CASE WHEN h.self_pay_fen IS NOT NULL THEN CAST(c.cost_fen AS HUGEINT) END) AS self_pay_cost_fen
  , sum(CAST(h.outside_insurance_fen AS HUGEINT)) AS outside_insurance_fen
  , sum(CASE WHEN h.outside_insurance_fen IS NOT NULL THEN CAST(c.cost_fen AS HUGEINT) END) AS outside_insurance_cost_fen
  , sum(CAST(h.medical_service_fen AS HUGEINT)) AS medical_service_fen
  , sum(CASE WHEN h.medical_service_fen IS NOT NULL THEN CAST(c.cost_fen AS HUGEINT) END) AS medical_service_cost_fen
  , sum(CAST(h.drug_fen AS HUGEINT)) AS drug_fen
  , sum(CASE WHEN h.drug_fen IS NOT NULL THEN CAST(c.cost_fen AS HUGEINT) END) AS drug_cost_fen
  , sum(CAST(h.consumable_fen AS HUGEINT)) AS consumable_fen
  , sum(CASE WHEN h.consumable_fen IS NOT NULL THEN CAST(c.cost_fen AS HUGEINT) END) AS consumable_cost_fen
  -- lists with a surgery, and those whose highest grade is 4, among the lists whose grade is known
  , sum(CASE WHEN h.surgery_grade > 0 THEN 1 WHEN h.surgery_grade = 0 THEN 0 END) AS surgeries
  , sum(CASE WHEN h.surgery_grade = 4 THEN 1 WHEN h.surgery_grade IS NOT NULL THEN 0 END) AS grade_4_surgeries
FROM evaluation_case AS c
JOIN evaluation_signal AS s ON s.list_no = c.list_no
LEFT JOIN case_charge AS h ON h.setl_id = c.setl_id
GROUP BY c.year, c.month, c.scheme, c.institution_no, c.group_no
ORDER BY c.year, c.month, c.scheme, c.institution_no, c.group_no
