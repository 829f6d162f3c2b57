-- The tables of the months and the clearing that a run fills from the area folder and from its own exact arithmetic.
-- Only the rows of the payment year; empty where the area has no such file. Money in fen, points × 10^4, scores × 10^4,
-- point values × 10^8.
CREATE OR REPLACE TABLE month_deduction (
  month TINYINT, scheme SMALLINT, institution_no INTEGER, deduction_fen BIGINT, reason VARCHAR);
CREATE OR REPLACE TABLE month_lock (month TINYINT, lock_date DATE);
CREATE OR REPLACE TABLE list_upload (setl_id VARCHAR, upload_date DATE);
CREATE OR REPLACE TABLE other_fund (
  month TINYINT, scheme SMALLINT, institution_no INTEGER, other_fen BIGINT, row_no INTEGER);
CREATE OR REPLACE TABLE assessment_score (institution_no INTEGER, score4 BIGINT);
CREATE OR REPLACE TABLE published_point_value (scheme SMALLINT, point_value8 BIGINT);
CREATE OR REPLACE TABLE baseline_points (scheme SMALLINT, institution_no INTEGER, points4 HUGEINT);
-- what the parts beside the lists leave of the budget, and what of it they withhold: parts/settle-parts.ts
CREATE OR REPLACE TABLE part_budget (scheme SMALLINT, inpatient_fen BIGINT, withheld_fen BIGINT);
CREATE OR REPLACE TABLE adjustment_fund (scheme SMALLINT, available_fen BIGINT);
-- what an institution is due at its own fund ratio: due-of-scheme.ts
CREATE OR REPLACE TABLE own_ratio_due (scheme SMALLINT, institution_no INTEGER, due_fen HUGEINT);

-- one row per step of the clearing, scheme and institution: the amount after it and what moved it
CREATE OR REPLACE TABLE clearing_line (
  step_no INTEGER, step VARCHAR, scheme SMALLINT, institution_no INTEGER, band VARCHAR, quantity_fen HUGEINT,
  factor8 BIGINT, change_fen HUGEINT, amount_fen HUGEINT);
