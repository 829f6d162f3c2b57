-- The tables a run fills from the area folder and from its own exact arithmetic before the SQL files read them.
-- Money in fen, points and scores × 10^4, point values and assessment coefficients × 10^8.
CREATE OR REPLACE TABLE area_info (code VARCHAR, name VARCHAR, year INTEGER, profile VARCHAR);
-- class_no: the institutions that share an institution coefficient
CREATE OR REPLACE TABLE institution (
  institution_no INTEGER, fixmedins_code VARCHAR, name VARCHAR, level INTEGER, class_no SMALLINT);
CREATE OR REPLACE TABLE procedure (oprn_oprt_code VARCHAR, attribute VARCHAR);
CREATE OR REPLACE TABLE budget (year INTEGER, scheme SMALLINT, budget_fen BIGINT);
CREATE OR REPLACE TABLE institution_year (
  year INTEGER, institution_no INTEGER, scheme SMALLINT,
  assessment_coefficient8 BIGINT, audit_deduction_fen BIGINT, advance_paid_fen BIGINT);
CREATE OR REPLACE TABLE code_name (code VARCHAR, name VARCHAR);

CREATE OR REPLACE TABLE settlement_year (payment_year INTEGER, first_year INTEGER);

-- first_position: rowid in `list` of the file's first row
CREATE OR REPLACE TABLE list_file (file_no INTEGER, file_name VARCHAR, first_position BIGINT, lists BIGINT);
CREATE OR REPLACE TABLE malformed_list (file_no INTEGER, row_no BIGINT, setl_id VARCHAR);

CREATE OR REPLACE TABLE coefficient_result (level INTEGER, coefficient4 BIGINT);
-- base4 + add_on4 = coefficient4; why: what the coefficient is made from
CREATE OR REPLACE TABLE institution_coefficient (
  fixmedins_code VARCHAR, level INTEGER, type VARCHAR, why VARCHAR, base4 BIGINT, add_on4 BIGINT, coefficient4 BIGINT);
-- coefficient4 NULL: the disease does not qualify, and verdict says why
CREATE OR REPLACE TABLE disease_coefficient (
  group_code VARCHAR, kind VARCHAR, level INTEGER, cases BIGINT, mean_fen BIGINT, coefficient4 BIGINT, verdict VARCHAR);
CREATE OR REPLACE TABLE group_score (
  group_no INTEGER, group_code VARCHAR, kind VARCHAR, cases BIGINT, average_cost_fen BIGINT, score4 BIGINT);
-- scores as calculated, by which lists are assigned, where decided ones are put in their place; empty otherwise
CREATE OR REPLACE TABLE unadjusted_score (group_code VARCHAR, kind VARCHAR, score4 BIGINT);
CREATE OR REPLACE TABLE adjusted_score (
  group_code VARCHAR, kind VARCHAR, cases BIGINT, score_before4 BIGINT, decided4 BIGINT, score4 BIGINT, rescale8 BIGINT);
-- rule_no is (group_no · classes + class_no) · types + type_no, one number to join by; the factors are the variables
-- rule_classes and rule_types. A cost below low_below_fen is scored by the low line and called low_deviation: in a rule
-- by cost every cost is.
CREATE OR REPLACE TABLE points_rule (
  rule_no BIGINT, group_no INTEGER, class_no SMALLINT, type_no SMALLINT, coefficient4 BIGINT, low_below_fen BIGINT,
  high_above_fen BIGINT, extreme_above_fen BIGINT, normal_points4 BIGINT, wide_numbers VARCHAR, low_per_fen32 BIGINT,
  high_per_fen32 BIGINT, high_subtrahend32 BIGINT, quick_below_fen BIGINT,
  low_deviation ENUM ('normal', 'low', 'high', 'extreme', 'ungrouped', 'by-cost'), extreme_as_high BOOLEAN,
  score4 BIGINT);
-- the auxiliary type of each list that has one, by its position in `list`; empty without typing
CREATE OR REPLACE TABLE case_type (list_no BIGINT, type_no SMALLINT);
CREATE OR REPLACE TABLE start_point_value (scheme SMALLINT, start_point_value8 HUGEINT);
-- operating_cost_fen: yuan of the institution's own cost; income_fen: NULL means the cost of its lists
CREATE OR REPLACE TABLE institution_cost (
  year INTEGER, institution_no INTEGER, income_fen BIGINT, operating_cost_fen BIGINT);
-- history costs of a group beyond which a case is left out of the start-of-year point value, fen × 10^4
CREATE OR REPLACE TABLE trim_limit (group_no INTEGER, cases BIGINT, low4 HUGEINT, high4 HUGEINT);
-- days of the lists that bed-days may pay; empty where the area pays none
CREATE OR REPLACE TABLE bed_day_stay (setl_id VARCHAR, length_of_stay INTEGER);
