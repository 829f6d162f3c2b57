-- typing_case: the lists whose groups may be typed, with all that a type asks of a case
-- grain: one row per accepted list of a group in typed_group
-- reads: accepted_list, signature_group, typed_group, typing_fact, typing_diagnosis
-- rule:  辅助分型 — docs/domain/dip.md#typing
SELECT
  a.list_no
  , a.year
  , a.class_no
  , a.cost_fen
  , g.group_no
  , f.age_years
  , f.age_days
  , f.length_of_stay
  , f.disposition
  , f.icu_days
  , f.treatment_fen
  , f.drug_fen
  , d.principal_lists
  , d.other_lists
  , d.elsewhere_lists
  , d.weight
FROM accepted_list AS a
JOIN signature_group AS g ON g.signature_no = a.signature_no
JOIN typed_group AS t ON t.group_no = g.group_no
JOIN typing_fact AS f ON f.list_no = a.list_no
JOIN typing_diagnosis AS d ON d.diagnoses = f.diagnoses
