-- Who may sign in, who is signed in, and what was done.

CREATE TABLE user_account (
  login text PRIMARY KEY,
  display_name text NOT NULL,
  role text NOT NULL,
  -- of hospital users: the only institution they see
  institution_code text,
  -- argon2id$memory$passes$parallelism$salt$hash, base64url
  password_hash text,
  must_change_password boolean NOT NULL DEFAULT false,
  failed_logins integer NOT NULL DEFAULT 0,
  locked_until timestamptz,
  is_disabled boolean NOT NULL DEFAULT false,
  -- issuer and subject of a login by OpenID Connect
  oidc_subject text UNIQUE,
  created_at timestamptz NOT NULL DEFAULT now(),
  CHECK ((role = 'hospital') = (institution_code IS NOT NULL))
);

CREATE TABLE session (
  -- SHA-256 of the token in the cookie: whoever reads the store cannot sign in with it
  token_hash text PRIMARY KEY,
  login text NOT NULL REFERENCES user_account ON DELETE CASCADE,
  created_at timestamptz NOT NULL DEFAULT now(),
  seen_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL
);

CREATE INDEX session_login ON session (login);

CREATE TABLE audit_entry (
  number bigint PRIMARY KEY,
  -- texts, not types: the hash is made of exactly these characters
  at text NOT NULL,
  login text NOT NULL,
  role text NOT NULL,
  action text NOT NULL,
  subject text NOT NULL,
  outcome text NOT NULL,
  detail text NOT NULL,
  previous_hash text NOT NULL,
  -- SM3 of the previous hash and the fields above
  hash text NOT NULL
);

CREATE FUNCTION audit_entry_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'audit_entry is append-only';
END
$$;

CREATE TRIGGER audit_entry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry
  FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_is_append_only();
