-- as: view
-- grouping_key: what decides the group of each case, as text; what the profile and its catalogue do not read is empty, and
--               numbers are replaced by the least number that satisfies the same conditions
-- grain: one row per case_no
-- reads: grouping_input, grouping_read, other_diagnosis_key, number_bucket
-- rule:  入组读取的内容 — docs/domain/dip.md#grouping-steps
WITH is_read AS (
  SELECT
    bool_or(input = 'other_diagnoses') AS other_diagnoses
    , bool_or(input = 'sex') AS sex
    , bool_or(input = 'day_surgery') AS day_surgery
    , bool_or(input = 'cost') AS cost
  FROM grouping_read
)
SELECT
  i.case_no
  , i.diagnosis
  , CASE WHEN r.other_diagnoses THEN coalesce(o.other_diagnoses, '') ELSE '' END AS other_diagnoses
  , i.procedures
  , CASE WHEN r.sex THEN coalesce(i.sex, '') ELSE '' END AS sex
  , coalesce(CAST(y.bucket AS VARCHAR), '') AS age_years
  , coalesce(CAST(d.bucket AS VARCHAR), '') AS age_days
  , coalesce(CAST(w.bucket AS VARCHAR), '') AS birth_weight_g
  , coalesce(CAST(s.bucket AS VARCHAR), '') AS length_of_stay
  , CASE WHEN r.day_surgery THEN coalesce(CAST(i.day_surgery AS VARCHAR), '') ELSE '' END AS day_surgery
  , CASE WHEN r.cost THEN coalesce(CAST(i.cost_fen AS VARCHAR), '') ELSE '' END AS cost_fen
FROM grouping_input AS i
CROSS JOIN is_read AS r
LEFT JOIN other_diagnosis_key AS o ON o.diagnoses = i.diagnoses
LEFT JOIN number_bucket AS y ON y.field = 'age_years' AND y.value = i.age_years
LEFT JOIN number_bucket AS d ON d.field = 'age_days' AND d.value = i.age_days
LEFT JOIN number_bucket AS w ON w.field = 'birth_weight_g' AND w.value = i.birth_weight_g
LEFT JOIN number_bucket AS s ON s.field = 'length_of_stay' AND s.value = i.length_of_stay
