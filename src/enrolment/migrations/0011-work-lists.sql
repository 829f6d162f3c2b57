-- Who is to be called on and why, and what came of it. Source: docs/domain/enrolment.md#work-lists.

CREATE TABLE work_item (
  item_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kind text NOT NULL,
  psn_no text NOT NULL REFERENCES person,
  -- what about the person it is, so that the same is found once: a span, a certificate, a date
  key text NOT NULL,
  county text NOT NULL DEFAULT '',
  organisation text NOT NULL DEFAULT '',
  reason text NOT NULL,
  detail text NOT NULL DEFAULT '',
  state text NOT NULL,
  found_on date NOT NULL,
  found_by text NOT NULL,
  changed_at timestamptz NOT NULL,
  UNIQUE (kind, psn_no, key)
);

CREATE INDEX work_item_place ON work_item (kind, county, state);

CREATE TABLE work_item_step (
  item_id bigint NOT NULL REFERENCES work_item,
  number integer NOT NULL,
  action text NOT NULL,
  from_state text NOT NULL,
  to_state text NOT NULL,
  login text NOT NULL,
  note text NOT NULL DEFAULT '',
  at timestamptz NOT NULL,
  PRIMARY KEY (item_id, number)
);

CREATE TRIGGER work_item_stays BEFORE DELETE ON work_item FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER work_item_step_stays BEFORE UPDATE OR DELETE ON work_item_step
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
