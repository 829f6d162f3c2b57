-- Files of departments as they came, what was read from them, and to whom their rows belong. Source:
-- docs/domain/enrolment.md#departments.

-- a file as it came, with the mapping it was read by; neither changes
CREATE TABLE department_file (
  file_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  department text NOT NULL,
  -- what its rows say: population, identities, members, collection, treasury
  holds text NOT NULL,
  file_name text NOT NULL,
  sha256 text NOT NULL,
  content bytea NOT NULL,
  mapping_sha256 text NOT NULL,
  -- insurance its people should have, any of these insutypes; empty: it says nothing of that
  expects text[] NOT NULL DEFAULT '{}',
  rows integer NOT NULL,
  landed_by text NOT NULL,
  landed_at timestamptz NOT NULL,
  UNIQUE (department, sha256)
);

CREATE TABLE department_row (
  file_id bigint NOT NULL REFERENCES department_file,
  line integer NOT NULL,
  -- the cells as they stand, by column
  raw jsonb NOT NULL,
  name text NOT NULL DEFAULT '',
  psn_cert_type text NOT NULL DEFAULT '',
  -- a whole and right number, else ''; what was written stands in certno_given
  certno text NOT NULL DEFAULT '',
  certno_given text NOT NULL DEFAULT '',
  old_certno text NOT NULL DEFAULT '',
  gend text NOT NULL DEFAULT '9',
  brdy date,
  tel text NOT NULL DEFAULT '',
  addr text NOT NULL DEFAULT '',
  -- area code of the county or street the row stands under
  county text NOT NULL DEFAULT '',
  -- everything else the mapping names, by field
  facts jsonb NOT NULL DEFAULT '{}',
  -- cells that could not be read, [{field, value, expected}]
  problems jsonb NOT NULL DEFAULT '[]',
  new_no text NOT NULL,
  psn_no text REFERENCES person,
  -- linked by certificate or by old certificate; new person; waiting in the queue; decided by a person; left out
  state text NOT NULL CHECK (state IN ('landed', 'linked', 'new', 'review', 'decided', 'refused', 'unusable')),
  -- how it was linked, or why it waits
  reason text NOT NULL DEFAULT '',
  PRIMARY KEY (file_id, line)
);

CREATE INDEX department_row_person ON department_row (psn_no);
CREATE INDEX department_row_certificate ON department_row (certno) WHERE certno <> '';

CREATE FUNCTION department_row_reading_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR NEW.raw <> OLD.raw OR NEW.facts <> OLD.facts OR NEW.name <> OLD.name
      OR NEW.certno_given <> OLD.certno_given OR NEW.line <> OLD.line OR NEW.file_id <> OLD.file_id THEN
    RAISE EXCEPTION '% of department_row is refused: what a department sent stays', TG_OP
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER department_file_stays BEFORE UPDATE OR DELETE ON department_file
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER department_row_stays BEFORE UPDATE OR DELETE ON department_row
  FOR EACH ROW EXECUTE FUNCTION department_row_reading_stays();

-- phone numbers and addresses, each as often as it was told
CREATE TABLE person_contact (
  psn_no text NOT NULL REFERENCES person,
  kind text NOT NULL CHECK (kind IN ('tel', 'addr')),
  value text NOT NULL,
  file_id bigint REFERENCES department_file,
  PRIMARY KEY (psn_no, kind, value)
);

CREATE INDEX person_contact_value ON person_contact (kind, value);

-- insurance elsewhere, as other areas tell
CREATE TABLE enrolment_elsewhere (
  psn_no text NOT NULL REFERENCES person,
  insutype text NOT NULL,
  insuplc_admdvs text NOT NULL,
  begndate date NOT NULL,
  enddate date,
  file_id bigint NOT NULL REFERENCES department_file,
  PRIMARY KEY (psn_no, insutype, insuplc_admdvs, begndate),
  CHECK (enddate IS NULL OR enddate >= begndate)
);

-- names without the spaces and dots that departments write differently
CREATE FUNCTION plain_name(given text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT regexp_replace(normalize(given, NFKC), '[[:space:]·•‧・．.∙⋅*]', '', 'g')
$$;

-- how many characters differ, place by place; null where the lengths differ
CREATE FUNCTION places_that_differ(one text, other text) RETURNS integer LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN length(one) = length(other) THEN (
    SELECT count(*)::integer FROM generate_series(1, length(one)) AS place
    WHERE substr(one, place, 1) <> substr(other, place, 1)) END
$$;

CREATE INDEX person_plain_name ON person (plain_name(name));
CREATE INDEX person_birth ON person (brdy);
CREATE INDEX person_certificate_tail ON person_certificate (right(certno, 6));

-- who decided what about a row of the queue, and what there was to see
ALTER TABLE person_review ADD COLUMN file_id bigint REFERENCES department_file;
ALTER TABLE person_review ADD COLUMN best_weight100 integer;
ALTER TABLE person_review ADD COLUMN psn_no text REFERENCES person;
ALTER TABLE person_review ADD COLUMN decided_by text;
ALTER TABLE person_review ADD COLUMN decided_at timestamptz;
ALTER TABLE person_review ADD COLUMN decision_reason text;
-- candidates with their weights field by field at the time of the decision
ALTER TABLE person_review ADD COLUMN decided_on jsonb;

CREATE INDEX person_review_state ON person_review (state, review_id);

-- two files of one person that were put together; both numbers keep resolving
CREATE TABLE person_merge (
  merge_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  from_psn_no text NOT NULL REFERENCES person,
  into_psn_no text NOT NULL REFERENCES person,
  reason text NOT NULL,
  merged_by text NOT NULL,
  merged_at timestamptz NOT NULL,
  -- how many rows of each kind went over, and what stayed because both had it
  moved jsonb NOT NULL,
  CHECK (from_psn_no <> into_psn_no)
);

CREATE INDEX person_merge_into ON person_merge (into_psn_no);
CREATE TRIGGER person_merge_stays BEFORE UPDATE OR DELETE ON person_merge
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
