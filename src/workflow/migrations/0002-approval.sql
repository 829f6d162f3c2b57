-- What goes through more than one pair of eyes: a month, a clearing, a policy draft, a special case, an appeal.

CREATE TABLE approval (
  id uuid PRIMARY KEY,
  kind text NOT NULL,
  -- what it is about, such as area/year/month: one open approval each
  subject text NOT NULL,
  state text NOT NULL DEFAULT 'draft',
  -- of hospital subjects: the institution it concerns
  institution_code text,
  -- what is approved, in the form of its kind
  content jsonb NOT NULL,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);

CREATE UNIQUE INDEX approval_subject ON approval (kind, subject)
  WHERE state NOT IN ('withdrawn', 'reversed', 'closed');
CREATE INDEX approval_institution ON approval (institution_code, kind);

-- Every step anybody took, for ever.
CREATE TABLE approval_step (
  approval_id uuid NOT NULL REFERENCES approval,
  number integer NOT NULL,
  action text NOT NULL,
  from_state text NOT NULL,
  to_state text NOT NULL,
  login text NOT NULL,
  at timestamptz NOT NULL,
  reason text NOT NULL,
  -- the content as it stood when the step was taken
  content jsonb NOT NULL,
  PRIMARY KEY (approval_id, number)
);

CREATE FUNCTION approval_step_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'approval_step is append-only';
END
$$;

CREATE TRIGGER approval_step_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON approval_step
  FOR EACH STATEMENT EXECUTE FUNCTION approval_step_is_append_only();
