-- The tables that TypeScript fills for grouping by a catalogue.

-- inputs that the profile and its catalogue read, beside principal diagnosis and procedures
CREATE OR REPLACE TABLE grouping_read (input VARCHAR);
-- codes that some group asks for among the other diagnoses
CREATE OR REPLACE TABLE relevant_diagnosis (code VARCHAR);
-- bucket: the least number that satisfies the same conditions of the catalogue as value
CREATE OR REPLACE TABLE number_bucket (field VARCHAR, value INTEGER, bucket INTEGER);
CREATE OR REPLACE TABLE signature_answer (
  signature_no INTEGER, group_code VARCHAR, kind VARCHAR, status VARCHAR, reason VARCHAR, explanation VARCHAR);
