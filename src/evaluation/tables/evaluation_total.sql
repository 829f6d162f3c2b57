-- evaluation_total: everything that is counted of the lists of each scope
-- grain: one row per year, month (0: the year), scope, id; scope group has one row per group of the area
-- reads: evaluation_mix, evaluation_group_mean, group_score
-- rule:  时间与费用消耗指数 — docs/domain/evaluation.md#indices
--
-- cost_index12 and time_index12: Σ over the groups of the scope of cost ÷ mean cost of the group, × 10^12, each group rounded
-- to 10^-12 before they are added. groups: groups that have a list.
WITH compared AS (
  SELECT
    m.*
    , CASE WHEN m.group_no <> 0 THEN m.cases ELSE 0 END AS grouped_cases
    , CASE WHEN m.group_no <> 0 THEN 1 ELSE 0 END AS groups
    , CASE WHEN m.group_no <> 0
        THEN round_divide(m.cost_fen * g.cases * 1000000000000, g.cost_fen) ELSE 0 END AS cost_index12
    , CASE WHEN m.group_no <> 0
        THEN round_divide(m.days * g.cases * 1000000000000, g.days) ELSE 0 END AS time_index12
    , CASE WHEN m.kind IN ('core', 'pre-group', 'merged', 'diagnosis-assisted') THEN m.cases ELSE 0 END AS core_cases
    , CASE WHEN m.kind = 'comprehensive' THEN m.cases ELSE 0 END AS comprehensive_cases
    , CASE WHEN m.kind = 'primary-care' THEN m.cases ELSE 0 END AS primary_care_cases
    , CASE WHEN m.kind = 'tcm' THEN m.cases ELSE 0 END AS tcm_cases
    , CASE WHEN m.kind = 'day-surgery' THEN m.cases ELSE 0 END AS day_surgery_cases
  FROM evaluation_mix AS m
  LEFT JOIN evaluation_group_mean AS g ON g.year = m.year AND g.group_no = m.group_no
)
, placed AS (
  SELECT scope AS total_scope, id AS total_id, * FROM compared
  UNION ALL
  SELECT 'group', s.group_code, c.*
  FROM compared AS c
  JOIN group_score AS s ON s.group_no = c.group_no
  WHERE c.scope = 'area'
)
SELECT
  year
  , month
  , total_scope AS scope
  , total_id AS id
  , sum(cases) AS cases
  , sum(cost_fen) AS cost_fen
  , sum(fund_fen) AS fund_fen
  , sum(points4) AS points4
  , sum(score4) AS score4
  , sum(days) AS days
  , sum(known_persons) AS known_persons
  , sum(known_ends) AS known_ends
  , sum(low_outliers) AS low_outliers
  , sum(high_outliers) AS high_outliers
  , sum(borderline) AS borderline
  , sum(limited_cases) AS limited_cases
  , sum(short_stay) AS short_stay
  , sum(short_stay_without_procedure) AS short_stay_without_procedure
  , sum(low_standard) AS low_standard
  , sum(low_standard_score4) AS low_standard_score4
  , sum(long_stay) AS long_stay
  , sum(long_stay_score4) AS long_stay_score4
  , sum(insufficient_stay) AS insufficient_stay
  , sum(readmission_14) AS readmission_14
  , sum(readmission_15) AS readmission_15
  , sum(readmission_30) AS readmission_30
  , sum(readmission_31) AS readmission_31
  , sum(readmission_same_place_31) AS readmission_same_place_31
  , sum(readmission_score4) AS readmission_score4
  , sum(overlap) AS overlap
  , sum(death) AS death
  , sum(low_risk_death) AS low_risk_death
  , sum(death_score4) AS death_score4
  , sum(transfer) AS transfer
  , sum(own_pay_fen) AS own_pay_fen
  , sum(own_pay_cost_fen) AS own_pay_cost_fen
  , sum(self_pay_fen) AS self_pay_fen
  , sum(self_pay_cost_fen) AS self_pay_cost_fen
  , sum(outside_insurance_fen) AS outside_insurance_fen
  , sum(outside_insurance_cost_fen) AS outside_insurance_cost_fen
  , sum(medical_service_fen) AS medical_service_fen
  , sum(medical_service_cost_fen) AS medical_service_cost_fen
  , sum(drug_fen) AS drug_fen
  , sum(drug_cost_fen) AS drug_cost_fen
  , sum(consumable_fen) AS consumable_fen
  , sum(consumable_cost_fen) AS consumable_cost_fen
  , sum(surgeries) AS surgeries
  , sum(grade_4_surgeries) AS grade_4_surgeries
  , sum(grouped_cases) AS grouped_cases
  , sum(groups) AS groups
  , sum(cost_index12) AS cost_index12
  , sum(time_index12) AS time_index12
  , sum(core_cases) AS core_cases
  , sum(comprehensive_cases) AS comprehensive_cases
  , sum(primary_care_cases) AS primary_care_cases
  , sum(tcm_cases) AS tcm_cases
  , sum(day_surgery_cases) AS day_surgery_cases
  , CASE WHEN count(*) = count(standard_fen10) THEN sum(standard_fen10) END AS standard_fen10
FROM placed
GROUP BY year, month, total_scope, total_id
ORDER BY year, month, total_scope, total_id
