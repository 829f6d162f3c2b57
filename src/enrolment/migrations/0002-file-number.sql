-- A running number of every file: what addresses of the service name a person by, for it says nothing of the person.

ALTER TABLE person ADD COLUMN file_number bigint GENERATED ALWAYS AS IDENTITY;
CREATE UNIQUE INDEX person_file_number ON person (file_number);
CREATE INDEX person_name ON person (name text_pattern_ops);
