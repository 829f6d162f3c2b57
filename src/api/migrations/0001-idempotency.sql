-- Answers to writes that carried an Idempotency-Key: the same request sent again gets the same answer.

CREATE TABLE idempotent_answer (
  login text NOT NULL,
  key text NOT NULL,
  -- SHA-256 of method, address and body
  request_hash text NOT NULL,
  -- null while the first request is being worked on
  status integer,
  body text,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (login, key)
);
