-- evaluation_total: everything that is counted of the lists of each scope
-- grain: one row per year, month (0: the year), scope, id; no months of groups in the year before
-- reads: evaluation_cell, institution, group_score, point_value_result, settlement_year
-- rule:  评价的范围 — docs/domain/evaluation.md#scopes
--
-- standard_fen10: points at the settlement point value of their scheme, fen × 10^10, exact; NULL where a scheme has none and
-- for the year before.
WITH valued AS (
  SELECT
    c.*
    , CASE WHEN c.year = y.payment_year THEN CAST(c.points4 AS HUGEINT) * p.settlement_point_value8 END AS standard_fen10
  FROM evaluation_cell AS c
  CROSS JOIN settlement_year AS y
  LEFT JOIN point_value_result AS p ON p.insutype = CAST(c.scheme AS VARCHAR)
)
, placed AS (
  SELECT 'area' AS scope, '' AS id, * FROM valued WHERE institution_no IS NOT NULL
  UNION ALL
  SELECT 'scheme', CAST(scheme AS VARCHAR), * FROM valued WHERE institution_no IS NOT NULL
  UNION ALL
  SELECT 'level', CAST(i.level AS VARCHAR), v.*
  FROM valued AS v
  JOIN institution AS i ON i.institution_no = v.institution_no
  UNION ALL
  SELECT 'institution', i.fixmedins_code, v.*
  FROM valued AS v
  JOIN institution AS i ON i.institution_no = v.institution_no
  UNION ALL
  SELECT 'group', g.group_code, v.*
  FROM valued AS v
  JOIN group_score AS g ON g.group_no = v.group_no
)
SELECT
  year
  , coalesce(month, 0) AS month
  , scope
  , id
  , sum(cases) AS cases
  , sum(grouped_cases) AS grouped_cases
  , sum(core_cases) AS core_cases
  , sum(comprehensive_cases) AS comprehensive_cases
  , sum(primary_care_cases) AS primary_care_cases
  , sum(tcm_cases) AS tcm_cases
  , sum(day_surgery_cases) AS day_surgery_cases
  , sum(cost_fen) AS cost_fen
  , sum(fund_fen) AS fund_fen
  , sum(points4) AS points4
  , sum(score4) AS score4
  , sum(days) AS days
  , sum(cost_index12) AS cost_index12
  , sum(time_index12) AS time_index12
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
  , CASE WHEN count(*) = count(standard_fen10) THEN sum(standard_fen10) END AS standard_fen10
FROM placed
GROUP BY GROUPING SETS ((year, month, scope, id), (year, scope, id))
HAVING scope <> 'group' OR month IS NULL OR year = (SELECT payment_year FROM settlement_year)
ORDER BY year, month, scope, id
