-- Simulations somebody wanted to keep: what was assumed, and what it came to.

CREATE TABLE simulation (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  run_id bigint NOT NULL REFERENCES run,
  title text NOT NULL,
  -- by scenario the values it sets, as they were asked for
  scenarios jsonb NOT NULL,
  -- the answer as it was given, JSON of `yibao simulate --json`
  result text NOT NULL,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX simulation_run ON simulation (run_id, id);
