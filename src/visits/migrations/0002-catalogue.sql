-- The lists that institutions download by version: what an area's files said when they were last asked for, and since when.

-- one row for each time the files of a list had changed
CREATE TABLE catalogue_version (
  area_code text NOT NULL,
  -- items, or the name of a list of codes
  list text NOT NULL,
  version integer NOT NULL CHECK (version > 0),
  sha256 text NOT NULL,
  published_at timestamptz NOT NULL,
  PRIMARY KEY (area_code, list, version)
);

-- every row a list ever had, as it was last said; what the files no longer have stays and is not valid
CREATE TABLE catalogue_entry (
  area_code text NOT NULL,
  list text NOT NULL,
  rid text NOT NULL,
  code text NOT NULL,
  -- the version that brought it or changed it last
  version integer NOT NULL,
  is_valid boolean NOT NULL,
  body jsonb NOT NULL,
  made_at timestamptz NOT NULL,
  changed_at timestamptz NOT NULL,
  PRIMARY KEY (area_code, list, rid)
);

CREATE INDEX catalogue_entry_version ON catalogue_entry (area_code, list, version);
CREATE INDEX catalogue_entry_code ON catalogue_entry (area_code, list, code);

-- for 1317, which asks for what changed since
ALTER TABLE item_mapping ADD COLUMN changed_at timestamptz NOT NULL DEFAULT now();
