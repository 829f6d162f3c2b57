-- What was decided here and changes files of an area: written down with the decision, carried out after it. A server that
-- ends between the two carries it out when it starts.

CREATE TABLE area_change (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  area_id text NOT NULL REFERENCES area,
  approval_id uuid NOT NULL REFERENCES approval,
  kind text NOT NULL CHECK (kind IN ('policy', 'special_case')),
  -- what the function of this kind is given, whenever it is carried out
  change jsonb NOT NULL,
  -- null: not yet in the files
  applied_at timestamptz
);

CREATE INDEX area_change_waiting ON area_change (area_id, id) WHERE applied_at IS NULL;
