-- case_measure: what is counted of the lists, one row for each measure
-- grain: one row per year, month (0: the year), scope, id, measure; a measure whose column was not supplied has no row
-- reads: evaluation_total, evaluation_groups, indicator_definition, indicator_scope
-- rule:  指标 — docs/domain/evaluation.md#indicators
WITH exact AS (
  SELECT
    year
    , month
    , scope
    , id
    , CAST(cases AS HUGEINT) AS cases
    , CAST(grouped_cases AS HUGEINT) AS grouped_cases
    , CAST(core_cases AS HUGEINT) AS core_cases
    , CAST(comprehensive_cases AS HUGEINT) AS comprehensive_cases
    , CAST(primary_care_cases AS HUGEINT) AS primary_care_cases
    , CAST(tcm_cases AS HUGEINT) AS tcm_cases
    , CAST(day_surgery_cases AS HUGEINT) AS day_surgery_cases
    , CAST(cost_fen AS HUGEINT) AS cost_fen
    , CAST(fund_fen AS HUGEINT) AS fund_fen
    , CAST(points4 AS HUGEINT) AS points4
    , CAST(score4 AS HUGEINT) AS score4
    , CAST(days AS HUGEINT) AS days
    , CAST(cost_index12 AS HUGEINT) AS cost_index12
    , CAST(time_index12 AS HUGEINT) AS time_index12
    , CAST(known_persons AS HUGEINT) AS known_persons
    , CAST(known_ends AS HUGEINT) AS known_ends
    , CAST(low_outliers AS HUGEINT) AS low_outliers
    , CAST(high_outliers AS HUGEINT) AS high_outliers
    , CAST(borderline AS HUGEINT) AS borderline
    , CAST(limited_cases AS HUGEINT) AS limited_cases
    , CAST(short_stay AS HUGEINT) AS short_stay
    , CAST(short_stay_without_procedure AS HUGEINT) AS short_stay_without_procedure
    , CAST(low_standard AS HUGEINT) AS low_standard
    , CAST(low_standard_score4 AS HUGEINT) AS low_standard_score4
    , CAST(long_stay AS HUGEINT) AS long_stay
    , CAST(long_stay_score4 AS HUGEINT) AS long_stay_score4
    , CAST(insufficient_stay AS HUGEINT) AS insufficient_stay
    , CAST(readmission_14 AS HUGEINT) AS readmission_14
    , CAST(readmission_15 AS HUGEINT) AS readmission_15
    , CAST(readmission_30 AS HUGEINT) AS readmission_30
    , CAST(readmission_31 AS HUGEINT) AS readmission_31
    , CAST(readmission_same_place_31 AS HUGEINT) AS readmission_same_place_31
    , CAST(readmission_score4 AS HUGEINT) AS readmission_score4
    , CAST(overlap AS HUGEINT) AS overlap
    , CAST(death AS HUGEINT) AS death
    , CAST(low_risk_death AS HUGEINT) AS low_risk_death
    , CAST(death_score4 AS HUGEINT) AS death_score4
    , CAST(transfer AS HUGEINT) AS transfer
    , CAST(own_pay_fen AS HUGEINT) AS own_pay_fen
    , CAST(own_pay_cost_fen AS HUGEINT) AS own_pay_cost_fen
    , CAST(self_pay_fen AS HUGEINT) AS self_pay_fen
    , CAST(self_pay_cost_fen AS HUGEINT) AS self_pay_cost_fen
    , CAST(outside_insurance_fen AS HUGEINT) AS outside_insurance_fen
    , CAST(outside_insurance_cost_fen AS HUGEINT) AS outside_insurance_cost_fen
    , CAST(medical_service_fen AS HUGEINT) AS medical_service_fen
    , CAST(medical_service_cost_fen AS HUGEINT) AS medical_service_cost_fen
    , CAST(drug_fen AS HUGEINT) AS drug_fen
    , CAST(drug_cost_fen AS HUGEINT) AS drug_cost_fen
    , CAST(consumable_fen AS HUGEINT) AS consumable_fen
    , CAST(consumable_cost_fen AS HUGEINT) AS consumable_cost_fen
    , CAST(surgeries AS HUGEINT) AS surgeries
    , CAST(grade_4_surgeries AS HUGEINT) AS grade_4_surgeries
    , CAST(standard_fen10 AS HUGEINT) AS standard_fen10
    , CAST(cost_fen - fund_fen AS HUGEINT) AS patient_fen
    , CAST(cases - grouped_cases AS HUGEINT) AS ungrouped_cases
    -- what the points are worth less the cost, fen × 10^10
    , CAST(standard_fen10 - cost_fen * CAST(10000000000 AS HUGEINT) AS HUGEINT) AS payment_gap_fen10
  FROM evaluation_total
)
, of_group AS (
  SELECT d.numerator AS measure FROM indicator_definition AS d
  JOIN indicator_scope AS s ON s.indicator = d.indicator AND s.scope = 'group'
  UNION
  SELECT d.denominator FROM indicator_definition AS d
  JOIN indicator_scope AS s ON s.indicator = d.indicator AND s.scope = 'group'
)
, found AS (
  SELECT year, month, scope, id, measure, amount
  FROM exact
  UNPIVOT (amount FOR measure IN (
    cases
    , grouped_cases
    , core_cases
    , comprehensive_cases
    , primary_care_cases
    , tcm_cases
    , day_surgery_cases
    , cost_fen
    , fund_fen
    , points4
    , score4
    , days
    , cost_index12
    , time_index12
    , known_persons
    , known_ends
    , low_outliers
    , high_outliers
    , borderline
    , limited_cases
    , short_stay
    , short_stay_without_procedure
    , low_standard
    , low_standard_score4
    , long_stay
    , long_stay_score4
    , insufficient_stay
    , readmission_14
    , readmission_15
    , readmission_30
    , readmission_31
    , readmission_same_place_31
    , readmission_score4
    , overlap
    , death
    , low_risk_death
    , death_score4
    , transfer
    , own_pay_fen
    , own_pay_cost_fen
    , self_pay_fen
    , self_pay_cost_fen
    , outside_insurance_fen
    , outside_insurance_cost_fen
    , medical_service_fen
    , medical_service_cost_fen
    , drug_fen
    , drug_cost_fen
    , consumable_fen
    , consumable_cost_fen
    , surgeries
    , grade_4_surgeries
    , standard_fen10
    , patient_fen
    , ungrouped_cases
    , payment_gap_fen10
  ))
)
-- of groups, the many, only what their indicators are made of
SELECT year, month, scope, id, measure, amount
FROM found
WHERE scope <> 'group' OR measure IN (SELECT measure FROM of_group)
UNION ALL
SELECT year, month, scope, id, 'groups', CAST(groups AS HUGEINT) FROM evaluation_groups
