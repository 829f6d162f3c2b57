-- The tables a run of the checks fills before its SQL files read them: the checks in force as rows, and the small tables of
-- the area folder. A check stands once for each period in which it holds unchanged (check_no); a list belongs to the
-- version of its day of discharge. Numbers ending in 2 are × 100.
CREATE OR REPLACE TABLE quality_check (
  check_no SMALLINT, check_id VARCHAR, rule VARCHAR, type VARCHAR, level VARCHAR, returned BOOLEAN, dimension VARCHAR,
  title_zh VARCHAR, title_en VARCHAR, reason VARCHAR, remedy VARCHAR, from_day DATE, until_day DATE);
-- every check as people see it, also those that say nothing of any list: reason_not_supplied says why
CREATE OR REPLACE TABLE check_listed (
  check_id VARCHAR, rule VARCHAR, dimension VARCHAR, level VARCHAR, returned BOOLEAN, title_zh VARCHAR, title_en VARCHAR,
  reason_not_supplied VARCHAR);
-- how people call levels and dimensions, in the order of the list
CREATE OR REPLACE TABLE check_word (kind VARCHAR, code VARCHAR, position INTEGER, zh VARCHAR, en VARCHAR);
CREATE OR REPLACE TABLE not_computable (
  rule VARCHAR, dimension VARCHAR, level VARCHAR, title_zh VARCHAR, title_en VARCHAR, reason_zh VARCHAR, reason_en VARCHAR);
CREATE OR REPLACE TABLE check_area (
  code VARCHAR, name VARCHAR, period VARCHAR, files BIGINT, lists BIGINT, refused BIGINT);
CREATE OR REPLACE TABLE form_file (file_no SMALLINT, file_name VARCHAR, form VARCHAR);
CREATE OR REPLACE TABLE quality_threshold (check_no SMALLINT, name VARCHAR, value BIGINT);
CREATE OR REPLACE TABLE quality_parameter (check_no SMALLINT, name VARCHAR, value VARCHAR);
-- number: terms of one role and number stand for one thing; texts: the words of in and not_in between bars
CREATE OR REPLACE TABLE quality_term (
  check_no SMALLINT, role VARCHAR, number SMALLINT, field VARCHAR, op VARCHAR, texts VARCHAR, low2 BIGINT,
  high2 BIGINT, step2 BIGINT, what VARCHAR, list VARCHAR, separator VARCHAR, pattern VARCHAR, code_from VARCHAR,
  code_to VARCHAR);
-- place: node.field; names are those of the reader's language
CREATE OR REPLACE TABLE quality_field (place VARCHAR, name VARCHAR);
-- the checks whose fields a file supplies
CREATE OR REPLACE TABLE quality_applies (check_no SMALLINT, file_no SMALLINT);
CREATE OR REPLACE TABLE quality_weight (level VARCHAR, weight INTEGER, from_day DATE, until_day DATE);
CREATE OR REPLACE TABLE check_scope (year INTEGER, month INTEGER, fixmedins_code VARCHAR);

CREATE OR REPLACE TABLE code_list (list VARCHAR, code VARCHAR, valid_from DATE, valid_to DATE);
-- catalogue: diagnosis or procedure; principal 0: cannot be a principal diagnosis; day_surgery 1: on its list
CREATE OR REPLACE TABLE known_code (
  catalogue VARCHAR, code VARCHAR, name VARCHAR, valid_from DATE, valid_to DATE, principal VARCHAR, day_surgery VARCHAR,
  attribute VARCHAR, replaced_by VARCHAR);
CREATE OR REPLACE TABLE known_procedure (code VARCHAR, attribute VARCHAR);
CREATE OR REPLACE TABLE known_institution (fixmedins_code VARCHAR, name VARCHAR, active_from DATE, active_to DATE);
-- fixmedins_code *: every institution without a price of its own; fen a day
CREATE OR REPLACE TABLE bed_price (fixmedins_code VARCHAR, lowest_fen BIGINT, highest_fen BIGINT);
CREATE OR REPLACE TABLE grouped_list (setl_id VARCHAR, kind VARCHAR);

-- what the checks find: filled type by type
CREATE OR REPLACE TABLE check_count (
  check_no SMALLINT, institution_no SMALLINT, month INTEGER, passed BIGINT, failed BIGINT);
CREATE OR REPLACE TABLE failed_check (check_no SMALLINT, list_no INTEGER);
CREATE OR REPLACE TABLE finding (
  check_no SMALLINT, list_no INTEGER, item_no BIGINT, place VARCHAR, value VARCHAR, expected VARCHAR);
