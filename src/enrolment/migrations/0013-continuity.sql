-- What a year of enrolment leaves to the next one: years one after another, years without a claim, what was earned before a gap.
-- Source: docs/domain/enrolment.md#continuity.

-- a year closed for everybody in a scheme: prepared by one, decided by another; the latest applied one of a year holds
CREATE TABLE continuity_closing (
  closing_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  insutype text NOT NULL,
  year integer NOT NULL,
  state text NOT NULL DEFAULT 'prepared' CHECK (state IN ('prepared', 'applied', 'refused', 'replaced')),
  persons integer NOT NULL,
  zero_claim integer NOT NULL,
  gaps integer NOT NULL,
  -- rows that say something else than those that hold
  differs integer NOT NULL,
  prepared_by text NOT NULL,
  prepared_at timestamptz NOT NULL,
  decided_by text,
  decided_at timestamptz,
  reason text NOT NULL DEFAULT '',
  CHECK ((state IN ('applied', 'refused')) = (decided_at IS NOT NULL)),
  CHECK (decided_by IS DISTINCT FROM prepared_by)
);

CREATE UNIQUE INDEX continuity_closing_open ON continuity_closing (insutype, year) WHERE state = 'prepared';
CREATE TRIGGER continuity_closing_stays BEFORE DELETE ON continuity_closing FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- what holds for a person in a year: left by the closing of the year before, or stated (nulls: not stated)
CREATE TABLE continuity_fact (
  fact_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  psn_no text NOT NULL REFERENCES person,
  insutype text NOT NULL,
  year integer NOT NULL,
  -- this year among them
  continuous_years integer CHECK (continuous_years BETWEEN 0 AND 100),
  zero_claim_years integer CHECK (zero_claim_years BETWEEN 0 AND 100),
  earned_before_gap_fen bigint CHECK (earned_before_gap_fen >= 0),
  closing_id bigint REFERENCES continuity_closing,
  -- why a closing said so: how the year went, the funds that paid, whether the incentive was used
  kind text NOT NULL DEFAULT '',
  paid_funds text NOT NULL DEFAULT '',
  used_incentive boolean NOT NULL DEFAULT false,
  -- who stated it, on what evidence, or in which file of a department
  stated_by text NOT NULL DEFAULT '',
  stated_at timestamptz,
  reason text NOT NULL DEFAULT '',
  file_id bigint REFERENCES department_file,
  CHECK ((closing_id IS NULL) = (stated_at IS NOT NULL)),
  CHECK (stated_at IS NULL OR reason <> '' OR file_id IS NOT NULL)
);

CREATE INDEX continuity_fact_person ON continuity_fact (psn_no);
CREATE INDEX continuity_fact_closing ON continuity_fact (closing_id, kind);
CREATE TRIGGER continuity_fact_stays BEFORE UPDATE OR DELETE ON continuity_fact
  FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- in the order in which later ones take the place of earlier ones: closings, then what was stated
CREATE VIEW continuity_in_force AS
  SELECT f.*, (f.closing_id IS NULL)::integer AS is_stated FROM continuity_fact AS f
  WHERE f.closing_id IS NULL OR EXISTS (
    SELECT 1 FROM continuity_closing AS c WHERE c.closing_id = f.closing_id AND c.state = 'applied');
