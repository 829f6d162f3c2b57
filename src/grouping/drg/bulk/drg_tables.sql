-- The tables that TypeScript fills for a scheme: docs/domain/drg.md#bulk.
-- drg_code: for each place a code can stand in, the number of the first code that a scheme treats the same; 0 = not looked at
CREATE OR REPLACE TABLE drg_code (
  code VARCHAR NOT NULL
  , principal_diagnosis INTEGER NOT NULL
  , other_diagnosis INTEGER NOT NULL
  , principal_procedure INTEGER NOT NULL
  , other_procedure INTEGER NOT NULL
);
CREATE OR REPLACE TABLE drg_outcome (
  outcome_no INTEGER NOT NULL
  , mdc VARCHAR NOT NULL
  , adrg VARCHAR NOT NULL
  , drg VARCHAR NOT NULL
  , status VARCHAR NOT NULL
);
CREATE OR REPLACE TABLE drg_signature_outcome (signature_no INTEGER NOT NULL, outcome_no INTEGER NOT NULL);
-- the codes behind the first of those joined by '|'
CREATE OR REPLACE MACRO drg_other_codes(codes) AS
  CASE WHEN strpos(codes, '|') = 0 THEN '' ELSE substr(codes, strpos(codes, '|') + 1) END;
