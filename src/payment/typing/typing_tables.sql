-- The tables of auxiliary typing that a run fills from the definition of the types, the lists of diagnoses and its own
-- exact arithmetic. A bit mask has the bit 2^list_no for each list. NULL: the type does not ask for it.
CREATE OR REPLACE TABLE diagnosis_list (list_no SMALLINT, code VARCHAR, weight INTEGER, entry_no INTEGER);
-- the entry does not count with principal diagnoses that begin with `principal`
CREATE OR REPLACE TABLE diagnosis_list_exception (entry_no INTEGER, principal VARCHAR);
CREATE OR REPLACE TABLE typing_parameter (weight_list_no SMALLINT);
CREATE OR REPLACE TABLE case_detail (setl_id VARCHAR, icu_days INTEGER, treatment_fen BIGINT, drug_fen BIGINT);
CREATE OR REPLACE TABLE type_rule (
  type_no SMALLINT, family_no SMALLINT, otherwise BOOLEAN,
  age_days_from INTEGER, age_days_to INTEGER, age_years_from INTEGER, age_years_to INTEGER,
  length_of_stay_from INTEGER, length_of_stay_to INTEGER, icu_days_from INTEGER, icu_days_to INTEGER,
  weight_from INTEGER, weight_to INTEGER,
  principal_in BIGINT, principal_not_in BIGINT, other_in BIGINT, other_not_in BIGINT, other_elsewhere_in BIGINT,
  disposition VARCHAR, disposition_not VARCHAR, cost_multiple4 BIGINT, treatment_share4 BIGINT, drug_share4 BIGINT);
-- least cost of a type that asks for a multiple of the standard
CREATE OR REPLACE TABLE type_cost_limit (type_no SMALLINT, group_no INTEGER, class_no SMALLINT, at_least_fen BIGINT);
-- groups whose cases may be typed
CREATE OR REPLACE TABLE typed_group (group_no INTEGER);
-- the triggered types of each group; rank 1 has the highest trigger coefficient
CREATE OR REPLACE TABLE type_rank (group_no INTEGER, type_no SMALLINT, rank INTEGER);
CREATE OR REPLACE TABLE type_result (
  group_no INTEGER, group_code VARCHAR, kind VARCHAR, type_no SMALLINT, family VARCHAR, type VARCHAR,
  disease_cases BIGINT, type_cases BIGINT, disease_cv4 BIGINT, type_cv4 BIGINT, trigger4 BIGINT, verdict VARCHAR,
  coefficient4 BIGINT);
