-- A file of a department on its way into the store: its rows wait here, are linked here a few thousand at a time, and go over to
-- department_row a few thousand at a time, so that nobody waits for 200,000 of them. Whatever ends it meanwhile, the same file goes
-- on where it stopped. Source: docs/domain/enrolment.md#departments.

CREATE TABLE landing (
  landing_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  department text NOT NULL,
  sha256 text NOT NULL,
  -- the file, once its rows are linked and begin to go over; before that nothing is kept if the landing is given up
  file_id bigint REFERENCES department_file,
  UNIQUE (department, sha256)
);

-- columns as in department_row; psn_no, state and reason are what the linkage says
CREATE TABLE landing_row (
  landing_id bigint NOT NULL REFERENCES landing,
  line integer NOT NULL,
  raw jsonb NOT NULL,
  name text NOT NULL,
  psn_cert_type text NOT NULL,
  certno text NOT NULL,
  certno_given text NOT NULL,
  old_certno text NOT NULL,
  gend text NOT NULL,
  brdy date,
  tel text NOT NULL,
  addr text NOT NULL,
  county text NOT NULL,
  facts jsonb NOT NULL,
  problems jsonb NOT NULL,
  new_no text NOT NULL,
  psn_no text,
  state text NOT NULL DEFAULT 'landed',
  reason text NOT NULL DEFAULT '',
  -- who it may be, the likeliest first
  candidates jsonb,
  best_weight100 integer,
  PRIMARY KEY (landing_id, line)
);

-- an old certificate is looked for whatever its kind
CREATE INDEX person_certificate_number ON person_certificate (certno);

-- as it was, without a query of its own for each pair of words: many thousands of pairs are compared for one file
CREATE OR REPLACE FUNCTION places_that_differ(one text, other text) RETURNS integer LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN length(one) = length(other) THEN (substr(one, 1, 1) <> substr(other, 1, 1))::integer
      + (substr(one, 2, 1) <> substr(other, 2, 1))::integer
      + (substr(one, 3, 1) <> substr(other, 3, 1))::integer
      + (substr(one, 4, 1) <> substr(other, 4, 1))::integer
      + (substr(one, 5, 1) <> substr(other, 5, 1))::integer
      + (substr(one, 6, 1) <> substr(other, 6, 1))::integer
      + (substr(one, 7, 1) <> substr(other, 7, 1))::integer
      + (substr(one, 8, 1) <> substr(other, 8, 1))::integer
      + (substr(one, 9, 1) <> substr(other, 9, 1))::integer
      + (substr(one, 10, 1) <> substr(other, 10, 1))::integer
      + (substr(one, 11, 1) <> substr(other, 11, 1))::integer
      + (substr(one, 12, 1) <> substr(other, 12, 1))::integer
      + (substr(one, 13, 1) <> substr(other, 13, 1))::integer
      + (substr(one, 14, 1) <> substr(other, 14, 1))::integer
      + (substr(one, 15, 1) <> substr(other, 15, 1))::integer
      + (substr(one, 16, 1) <> substr(other, 16, 1))::integer
      + (substr(one, 17, 1) <> substr(other, 17, 1))::integer
      + (substr(one, 18, 1) <> substr(other, 18, 1))::integer
      + CASE WHEN length(one) > 18 THEN places_that_differ(substr(one, 19), substr(other, 19)) ELSE 0 END END
$$;
