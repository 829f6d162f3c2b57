-- case_input: every row of the file of cases with its values parsed, and the first field that is wrong
-- grain: one row per case_no (position in the file, from 0)
-- reads: case_source (a view over the file)
-- rule:  病例文件 — docs/domain/dip.md#group-dip
WITH parsed AS (
  SELECT
    case_no
    , trim(case_id) AS case_id
    , first_code(diagnoses) AS diagnosis
    , diagnoses
    , procedures
    , CASE trim(sex) WHEN '男' THEN '1' WHEN '女' THEN '2' ELSE trim(sex) END AS sex
    , trim(age_years) AS age_years
    , trim(age_days) AS age_days
    , trim(birth_weight_g) AS birth_weight_g
    , trim(length_of_stay) AS length_of_stay
    , trim(ipt_med_type) AS ipt_med_type
    , trim(cost) AS cost
    , yuan_text_to_fen(trim(cost)) AS cost_fen
  FROM case_source
)
SELECT
  case_no
  , case_id
  , coalesce(diagnosis, '') AS diagnosis
  , diagnoses
  , procedures
  , CASE WHEN sex IN ('1', '2') THEN sex END AS sex
  , try_cast(age_years AS INTEGER) AS age_years
  , try_cast(age_days AS INTEGER) AS age_days
  , try_cast(birth_weight_g AS INTEGER) AS birth_weight_g
  , try_cast(length_of_stay AS INTEGER) AS length_of_stay
  , ipt_med_type = '2' AS day_surgery
  , cost_fen
  , CASE
      WHEN case_id = '' THEN 'case_id'
      WHEN coalesce(diagnosis, '') = '' THEN 'diagnoses'
      WHEN sex NOT IN ('', '0', '1', '2', '9') THEN 'sex'
      WHEN NOT regexp_full_match(age_years, '([0-9]{1,3}(\.0*)?)?') THEN 'age_years'
      WHEN NOT regexp_full_match(age_days, '[0-9]{0,5}') THEN 'age_days'
      WHEN NOT regexp_full_match(birth_weight_g, '[0-9]{0,5}') THEN 'birth_weight_g'
      WHEN NOT regexp_full_match(length_of_stay, '[0-9]{0,5}') THEN 'length_of_stay'
      WHEN ipt_med_type NOT IN ('', '1', '2', '9') THEN 'ipt_med_type'
      WHEN cost <> '' AND (cost_fen IS NULL OR cost_fen < 0) THEN 'cost'
    END AS wrong_field
FROM parsed
ORDER BY case_no
