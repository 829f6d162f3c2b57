-- The tables of an evaluation that are filled from files of the area folder, from results of other commands and from exact
-- arithmetic. Money in fen; NULL: the file has no such column or leaves the cell empty.
CREATE OR REPLACE TABLE case_charge (
  setl_id VARCHAR, own_pay_fen BIGINT, self_pay_fen BIGINT, outside_insurance_fen BIGINT, medical_service_fen BIGINT,
  drug_fen BIGINT, consumable_fen BIGINT, surgery_grade INTEGER);
CREATE OR REPLACE TABLE insured_person (year INTEGER, scheme SMALLINT, persons BIGINT);
-- of a check of the lists: month 0 is not among them
CREATE OR REPLACE TABLE quality_month (fixmedins_code VARCHAR, month INTEGER, lists BIGINT, failing_lists BIGINT, score2 HUGEINT);
CREATE OR REPLACE TABLE last_point_value (scheme SMALLINT, settlement_point_value8 BIGINT);
-- spread of cost: made with exact roots in spread.ts
CREATE OR REPLACE TABLE spread_measure (year INTEGER, month INTEGER, scope VARCHAR, id VARCHAR, measure VARCHAR, amount HUGEINT);
-- what the definitions of indicators say
CREATE OR REPLACE TABLE indicator_definition (
  position INTEGER, indicator VARCHAR, family VARCHAR, title_zh VARCHAR, title_en VARCHAR, unit VARCHAR, decimals INTEGER,
  numerator VARCHAR, numerator_decimals INTEGER, denominator VARCHAR, denominator_decimals INTEGER, direction VARCHAR,
  monthly BOOLEAN, compared BOOLEAN, peers BOOLEAN, formula_zh VARCHAR, formula_en VARCHAR, needs_zh VARCHAR,
  needs_en VARCHAR, evidence VARCHAR, source VARCHAR, rule VARCHAR);
CREATE OR REPLACE TABLE indicator_family (position INTEGER, family VARCHAR, title_zh VARCHAR, title_en VARCHAR);
CREATE OR REPLACE TABLE indicator_scope (indicator VARCHAR, scope VARCHAR);

-- a scaled integer as text with exactly that many decimals
CREATE OR REPLACE MACRO scaled_text(value, decimals) AS
  CASE
    WHEN decimals = 0 THEN CAST(value AS VARCHAR)
    ELSE CASE WHEN value < 0 THEN '-' ELSE '' END
      || CAST(abs(value) // CAST(power(10, decimals) AS HUGEINT) AS VARCHAR) || '.'
      || lpad(CAST(abs(value) % CAST(power(10, decimals) AS HUGEINT) AS VARCHAR), decimals, '0')
  END;
