-- Long work and what it made: areas that were imported, years that were settled.

CREATE TABLE job (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kind text NOT NULL,
  input jsonb NOT NULL,
  state text NOT NULL DEFAULT 'waiting'
    CHECK (state IN ('waiting', 'running', 'done', 'failed', 'cancelled', 'interrupted')),
  attempt integer NOT NULL DEFAULT 1,
  stage text NOT NULL DEFAULT '',
  -- thousandths of the whole work
  share_permille integer NOT NULL DEFAULT 0,
  result jsonb,
  -- what was wrong with the input, as problems of RFC 9457 responses
  problems jsonb,
  created_by text NOT NULL,
  language text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  started_at timestamptz,
  ended_at timestamptz
);

CREATE INDEX job_waiting ON job (id) WHERE state = 'waiting';

CREATE TABLE area (
  -- the name of its folder below areas/
  id text PRIMARY KEY,
  code text NOT NULL,
  name text NOT NULL,
  imported_by text NOT NULL,
  imported_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE run (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  area_id text NOT NULL REFERENCES area,
  year integer NOT NULL,
  state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'done', 'failed')),
  job_id bigint REFERENCES job,
  -- manifest.json of the result, once it is there
  manifest jsonb,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  settled_at timestamptz
);
