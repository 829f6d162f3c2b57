-- Merges are approved by a second person; family sharing is made and ended for persons, more than once for the same two.

-- '': before merges were approved
ALTER TABLE person_merge ADD COLUMN approval_id text NOT NULL DEFAULT '';

ALTER TABLE account_sharing DROP CONSTRAINT account_sharing_pkey;
ALTER TABLE account_sharing
  ADD COLUMN sharing_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  -- of the one who may use the account to its owner; '': from an imported file, which does not say
  ADD COLUMN relation text NOT NULL DEFAULT '',
  ADD COLUMN made_by text NOT NULL DEFAULT '',
  ADD COLUMN made_at timestamptz,
  ADD COLUMN ended_by text,
  ADD COLUMN ended_at timestamptz,
  ADD COLUMN end_reason text NOT NULL DEFAULT '';

CREATE INDEX account_sharing_owner ON account_sharing (owner_psn_no, user_psn_no);
