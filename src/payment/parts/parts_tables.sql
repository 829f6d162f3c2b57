-- The tables of the parts that a run fills from the area folder and from its own exact arithmetic; only the rows of the
-- payment year, empty where the area has no such file. Money in fen, points × 10^4.
-- institution_no NULL: any institution
CREATE OR REPLACE TABLE bed_day_class (
  kind_no INTEGER, class VARCHAR, category VARCHAR, diagnosis_start VARCHAR, institution_no INTEGER, minimum_stay INTEGER);
-- last_day: the day before the next tier begins, NULL for the last tier
CREATE OR REPLACE TABLE bed_day_rate (
  kind_no INTEGER, level INTEGER, first_day INTEGER, last_day INTEGER, fen_per_day BIGINT);
CREATE OR REPLACE TABLE community_member (scheme SMALLINT, institution_no INTEGER, community VARCHAR);

-- lock: fixed, float, capped, or inside: a community has it in its total already
CREATE OR REPLACE TABLE part_line (
  part VARCHAR, scheme SMALLINT, institution_no INTEGER, item VARCHAR, basis VARCHAR, quantity BIGINT, amount_fen HUGEINT,
  fund_fen HUGEINT, points4 HUGEINT, lock VARCHAR, due_fen BIGINT);

-- what a part is paid from and paid in a month of the year; empty where parts are paid once a year
CREATE OR REPLACE TABLE part_month (
  month TINYINT, part VARCHAR, scheme SMALLINT, institution_no INTEGER, item VARCHAR, base_fen BIGINT, paid_fen BIGINT);
