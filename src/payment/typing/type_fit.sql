-- type_fit: the types that each list fits
-- grain: one row per list and type
-- reads: typing_case, type_rule, type_cost_limit
-- rule:  辅助分型 — docs/domain/dip.md#typing
--
-- A quantity that the list does not say (NULL) never fits a type that asks for it.
WITH meets AS (
  SELECT c.list_no, c.group_no, c.year, c.cost_fen, t.type_no, t.family_no, t.otherwise
  FROM typing_case AS c
  JOIN type_rule AS t
    ON (t.age_days_from IS NULL OR c.age_days >= t.age_days_from)
    AND (t.age_days_to IS NULL OR c.age_days <= t.age_days_to)
    AND (t.age_years_from IS NULL OR c.age_years >= t.age_years_from)
    AND (t.age_years_to IS NULL OR c.age_years <= t.age_years_to)
    AND (t.length_of_stay_from IS NULL OR c.length_of_stay >= t.length_of_stay_from)
    AND (t.length_of_stay_to IS NULL OR c.length_of_stay <= t.length_of_stay_to)
    AND (t.icu_days_from IS NULL OR c.icu_days >= t.icu_days_from)
    AND (t.icu_days_to IS NULL OR c.icu_days <= t.icu_days_to)
    AND (t.weight_from IS NULL OR c.weight >= t.weight_from)
    AND (t.weight_to IS NULL OR c.weight <= t.weight_to)
    AND (t.principal_in IS NULL OR c.principal_lists & t.principal_in <> 0)
    AND (t.principal_not_in IS NULL OR c.principal_lists & t.principal_not_in = 0)
    AND (t.other_in IS NULL OR c.other_lists & t.other_in <> 0)
    AND (t.other_not_in IS NULL OR c.other_lists & t.other_not_in = 0)
    AND (t.other_elsewhere_in IS NULL OR c.elsewhere_lists & t.other_elsewhere_in <> 0)
    AND (t.disposition IS NULL OR contains(t.disposition, '|' || c.disposition || '|'))
    AND (t.disposition_not IS NULL OR NOT contains(t.disposition_not, '|' || c.disposition || '|'))
    AND (t.treatment_share4 IS NULL
      OR CAST(c.treatment_fen AS HUGEINT) * 10000 >= CAST(c.cost_fen AS HUGEINT) * t.treatment_share4)
    AND (t.drug_share4 IS NULL OR CAST(c.drug_fen AS HUGEINT) * 10000 >= CAST(c.cost_fen AS HUGEINT) * t.drug_share4)
  LEFT JOIN type_cost_limit AS l
    ON l.type_no = t.type_no AND l.group_no = c.group_no AND l.class_no = c.class_no
  WHERE t.cost_multiple4 IS NULL OR c.cost_fen >= l.at_least_fen
)
, taken AS (
  SELECT DISTINCT list_no, family_no FROM meets WHERE NOT otherwise
)
SELECT m.list_no, m.group_no, m.year, m.cost_fen, m.type_no
FROM meets AS m
LEFT JOIN taken AS k ON k.list_no = m.list_no AND k.family_no = m.family_no
WHERE NOT m.otherwise OR k.list_no IS NULL
