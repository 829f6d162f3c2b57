-- What people ask of the agency (service-items.csv), until when it has to be done, and what they thought of it.
-- Source: docs/domain/visits.md#service-items.

CREATE TABLE service_request (
  request_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  item text NOT NULL,
  -- who it is for; a unit or institution has a name and no file
  psn_no text REFERENCES person,
  applicant text NOT NULL DEFAULT '',
  -- counter, online
  channel text NOT NULL CHECK (channel IN ('counter', 'online')),
  note text NOT NULL DEFAULT '',
  state text NOT NULL DEFAULT 'received' CHECK (state IN ('received', 'done', 'refused')),
  received_on date NOT NULL,
  -- the last working day of its time limit; null: the item has none
  due_on date,
  received_by text NOT NULL,
  closed_on date,
  closed_by text,
  outcome text NOT NULL DEFAULT '',
  rating integer CHECK (rating BETWEEN 1 AND 5),
  comment text NOT NULL DEFAULT '',
  CHECK ((state = 'received') = (closed_on IS NULL)),
  CHECK (rating IS NULL OR state <> 'received'),
  CHECK ((psn_no IS NULL) = (applicant <> ''))
);

CREATE INDEX service_request_person ON service_request (psn_no);
CREATE INDEX service_request_open ON service_request (due_on) WHERE state = 'received';
