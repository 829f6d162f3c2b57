-- Audit entries that are not in the chain yet. The chain has one end: were it locked by every write until its commit,
-- writes would follow one another. So entries are written here, with what they are about, and chained many at a time.

CREATE TABLE audit_waiting (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at text NOT NULL,
  login text NOT NULL,
  role text NOT NULL,
  action text NOT NULL,
  subject text NOT NULL,
  outcome text NOT NULL,
  detail text NOT NULL
);

CREATE TRIGGER audit_waiting_is_not_changed BEFORE UPDATE OR TRUNCATE ON audit_waiting
  FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_is_append_only();
