-- Who is insured: one person one file. Source: docs/domain/visits.md#persons.

CREATE TABLE person (
  -- stable, never used again
  psn_no text PRIMARY KEY,
  name text NOT NULL,
  -- gend: 1 male, 2 female, 0 and 9 unknown
  gend text NOT NULL DEFAULT '9',
  naty text NOT NULL DEFAULT '',
  brdy date,
  death_date date,
  -- the number that goes on after two files of one person were put together; this one keeps resolving
  merged_into text REFERENCES person,
  made_at timestamptz NOT NULL DEFAULT now(),
  CHECK (merged_into IS DISTINCT FROM psn_no)
);

CREATE TABLE person_certificate (
  psn_cert_type text NOT NULL,
  certno text NOT NULL,
  psn_no text NOT NULL REFERENCES person,
  is_main boolean NOT NULL DEFAULT true,
  valid_from date,
  valid_to date,
  PRIMARY KEY (psn_cert_type, certno)
);

CREATE INDEX person_certificate_person ON person_certificate (psn_no);

-- one row for each span of one scheme in one state
CREATE TABLE enrolment (
  enrolment_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  psn_no text NOT NULL REFERENCES person,
  insutype text NOT NULL,
  psn_type text NOT NULL,
  -- psn_insu_stas: 0 none, 1 normal, 2 paused, 3 invalid, 4 ended
  psn_insu_stas text NOT NULL DEFAULT '1' CHECK (psn_insu_stas IN ('0', '1', '2', '3', '4')),
  begndate date NOT NULL,
  enddate date,
  -- first day after a waiting period
  waiting_until date,
  insuplc_admdvs text NOT NULL,
  emp_name text NOT NULL DEFAULT '',
  cvlserv_flag text NOT NULL DEFAULT '0' CHECK (cvlserv_flag IN ('0', '1')),
  continuous_years integer CHECK (continuous_years >= 0),
  CHECK (enddate IS NULL OR enddate >= begndate)
);

CREATE INDEX enrolment_person ON enrolment (psn_no, insutype, begndate);

CREATE FUNCTION enrolment_no_overlap() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM person WHERE psn_no = NEW.psn_no FOR NO KEY UPDATE;
  IF EXISTS (SELECT 1 FROM enrolment AS other
      WHERE other.psn_no = NEW.psn_no AND other.insutype = NEW.insutype AND other.enrolment_id <> NEW.enrolment_id
        AND daterange(other.begndate, other.enddate, '[]') && daterange(NEW.begndate, NEW.enddate, '[]')) THEN
    RAISE EXCEPTION 'person % has overlapping spans of %', NEW.psn_no, NEW.insutype USING ERRCODE = 'exclusion_violation';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER enrolment_no_overlap AFTER INSERT OR UPDATE ON enrolment
  FOR EACH ROW EXECUTE FUNCTION enrolment_no_overlap();

CREATE TABLE person_identity (
  psn_no text NOT NULL REFERENCES person,
  psn_idet_type text NOT NULL,
  psn_type_lv text NOT NULL DEFAULT '',
  begndate date NOT NULL,
  enddate date,
  memo text NOT NULL DEFAULT '',
  PRIMARY KEY (psn_no, psn_idet_type, begndate),
  CHECK (enddate IS NULL OR enddate >= begndate)
);

-- what was paid for a person, by whom, and to which month it reaches (yyyyMM)
CREATE TABLE contribution (
  contribution_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  psn_no text NOT NULL REFERENCES person,
  insutype text NOT NULL,
  paid_on date NOT NULL,
  month_from text NOT NULL CHECK (month_from ~ '^[12][0-9]{3}(0[1-9]|1[0-2])$'),
  month_to text NOT NULL CHECK (month_to ~ '^[12][0-9]{3}(0[1-9]|1[0-2])$'),
  person_fen bigint NOT NULL DEFAULT 0 CHECK (person_fen >= 0),
  employer_fen bigint NOT NULL DEFAULT 0 CHECK (employer_fen >= 0),
  subsidy_fen bigint NOT NULL DEFAULT 0 CHECK (subsidy_fen >= 0),
  assistance_fen bigint NOT NULL DEFAULT 0 CHECK (assistance_fen >= 0),
  total_fen bigint GENERATED ALWAYS AS (person_fen + employer_fen + subsidy_fen + assistance_fen) STORED,
  receipt text NOT NULL DEFAULT '',
  CHECK (month_from <= month_to)
);

CREATE INDEX contribution_person ON contribution (psn_no, insutype, month_to);

CREATE TABLE personal_account (
  psn_no text PRIMARY KEY REFERENCES person,
  balance_fen bigint NOT NULL DEFAULT 0 CHECK (balance_fen >= 0)
);

-- every change of a balance; Σ of a person is the balance
CREATE TABLE account_movement (
  movement_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  psn_no text NOT NULL REFERENCES personal_account,
  -- the settlement that paid from it or gave back; null: opening balance or credit
  setl_id text,
  change_fen bigint NOT NULL,
  memo text NOT NULL DEFAULT '',
  at timestamptz NOT NULL
);

CREATE INDEX account_movement_person ON account_movement (psn_no);

-- whose account may pay for whom
CREATE TABLE account_sharing (
  owner_psn_no text NOT NULL REFERENCES person,
  user_psn_no text NOT NULL REFERENCES person,
  begndate date NOT NULL,
  enddate date,
  PRIMARY KEY (owner_psn_no, user_psn_no),
  CHECK (owner_psn_no <> user_psn_no)
);

CREATE INDEX account_sharing_user ON account_sharing (user_psn_no);

-- what was filed for a person: transfer, chronic disease, designated institution, accident (2501 to 2507)
CREATE TABLE filing (
  trt_dcla_detl_sn text PRIMARY KEY,
  psn_no text NOT NULL REFERENCES person,
  kind text NOT NULL CHECK (kind IN ('transfer', 'chronic', 'designated', 'accident')),
  -- biz_appy_type
  biz_appy_type text NOT NULL,
  insutype text NOT NULL DEFAULT '',
  -- the disease of a chronic filing, the institution of a designation or transfer, where they are named
  dise_codg text NOT NULL DEFAULT '',
  fixmedins_code text NOT NULL DEFAULT '',
  begndate date NOT NULL,
  enddate date,
  body jsonb NOT NULL,
  filed_by text NOT NULL,
  filed_at timestamptz NOT NULL,
  withdrawn_at timestamptz,
  CHECK (enddate IS NULL OR enddate >= begndate)
);

CREATE INDEX filing_person ON filing (psn_no, kind);

-- rows of an import that are no exact match: a person decides, nothing is merged by itself
CREATE TABLE person_review (
  review_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  source text NOT NULL,
  line integer NOT NULL,
  reason text NOT NULL,
  -- the files it may belong to
  candidates jsonb NOT NULL,
  row jsonb NOT NULL,
  state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'linked', 'new', 'rejected')),
  made_at timestamptz NOT NULL,
  UNIQUE (source, line)
);

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% of % is refused: its rows stay as they were written', TG_OP, TG_TABLE_NAME
    USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER person_stays BEFORE DELETE ON person FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER account_movement_stays BEFORE UPDATE OR DELETE ON account_movement
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
