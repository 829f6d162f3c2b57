-- The tables about single groups and cases that a run fills from the optional files of the area folder, and
-- case_adjustment, where each step of adjusting points says what it did. row_no: line of the file.
CREATE OR REPLACE TABLE excluded_item (
  row_no INTEGER, setl_id VARCHAR, item VARCHAR, amount_fen BIGINT, fund_fen BIGINT);
CREATE OR REPLACE TABLE special_case (
  row_no INTEGER, setl_id VARCHAR, decision VARCHAR, amount_fen BIGINT, points4 BIGINT, reason VARCHAR);
CREATE OR REPLACE TABLE add_on (
  row_no INTEGER, setl_id VARCHAR, item VARCHAR, amount_fen BIGINT, points4 BIGINT, reason VARCHAR);
CREATE OR REPLACE TABLE bed_day (
  row_no INTEGER, class VARCHAR, diagnosis_start VARCHAR, level INTEGER, fixmedins_code VARCHAR,
  minimum_stay INTEGER, points4_per_day BIGINT, fen_per_day BIGINT);
CREATE OR REPLACE TABLE tcm_group (row_no INTEGER, group_code VARCHAR, minimum_stay INTEGER, fallback_group VARCHAR);
CREATE OR REPLACE TABLE tcm_operation (row_no INTEGER, oprn_oprt_code VARCHAR, class VARCHAR);
-- tcm_fen of total_fen is treatment, patent medicine and herbs of TCM
CREATE OR REPLACE TABLE tcm_fee (row_no INTEGER, setl_id VARCHAR, tcm_fen BIGINT, total_fen BIGINT);
CREATE OR REPLACE TABLE readmission_reason (row_no INTEGER, setl_id VARCHAR, reason VARCHAR);

-- step_no: order in which the adjustments were made; amount_fen: the amount that became points, if one did;
-- reference: what it rests on (class, item, setl_id of the readmission, group, reason)
CREATE OR REPLACE TABLE case_adjustment (
  step_no INTEGER, adjustment VARCHAR, setl_id VARCHAR, points4_before BIGINT, points4_after BIGINT,
  amount_fen BIGINT, reference VARCHAR);
-- yuan of an amount for one point, × 10^8
CREATE OR REPLACE TABLE amount_point_value (scheme SMALLINT, point_value8 HUGEINT);
