-- The journal of the funds: double entry, one entry for each settlement. Source: docs/domain/visits.md#journal.

CREATE TABLE journal_entry (
  entry_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  -- the settlement, positive or negative, it books
  setl_id text NOT NULL UNIQUE,
  -- employee or resident: no entry has both
  scheme text NOT NULL CHECK (scheme IN ('employee', 'resident')),
  booked_at timestamptz NOT NULL,
  -- what the person paid in cash, no money of the funds
  memo_cash_fen bigint NOT NULL,
  -- what the institution bears itself
  memo_hospital_fen bigint NOT NULL,
  UNIQUE (entry_id, scheme)
);

CREATE INDEX journal_entry_booked ON journal_entry (booked_at);

-- A leg: debit positive, credit negative.
-- fund: expense of one fund; account: a personal account, whosever; payable: what an institution is owed, from the funds or
-- (fund_pay_type 310200) from accounts.
CREATE TABLE journal_leg (
  entry_id bigint NOT NULL,
  number integer NOT NULL,
  scheme text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('fund', 'account', 'payable')),
  fund_pay_type text NOT NULL DEFAULT '',
  psn_no text NOT NULL DEFAULT '',
  fixmedins_code text NOT NULL DEFAULT '',
  clr_optins text NOT NULL DEFAULT '',
  clr_type text NOT NULL DEFAULT '',
  clr_way text NOT NULL DEFAULT '',
  insutype text NOT NULL DEFAULT '',
  amount_fen bigint NOT NULL CHECK (amount_fen <> 0),
  PRIMARY KEY (entry_id, number),
  FOREIGN KEY (entry_id, scheme) REFERENCES journal_entry (entry_id, scheme),
  CHECK ((kind = 'payable') = (fixmedins_code <> '')),
  CHECK ((kind = 'account') = (psn_no <> '')),
  CHECK (kind = 'payable' OR fund_pay_type <> ''),
  -- the pools of the schemes are never mixed
  CONSTRAINT journal_leg_scheme CHECK (
    kind <> 'fund'
    OR (scheme = 'employee' AND fund_pay_type !~ '^39' AND fund_pay_type <> '660102')
    OR (scheme = 'resident' AND fund_pay_type !~ '^3[1237]' AND fund_pay_type <> '660101')),
  CONSTRAINT journal_leg_insutype CHECK (
    kind <> 'payable'
    OR (scheme = 'employee' AND insutype !~ '^3[89]') OR (scheme = 'resident' AND insutype ~ '^3[89]'))
);

CREATE INDEX journal_leg_payable ON journal_leg (fixmedins_code, entry_id) WHERE kind = 'payable';

CREATE FUNCTION journal_entry_balances() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE difference bigint;
BEGIN
  SELECT coalesce(sum(amount_fen), 0) INTO difference FROM journal_leg WHERE entry_id = NEW.entry_id;
  IF difference <> 0 THEN
    RAISE EXCEPTION 'journal entry % does not balance: %', NEW.entry_id, difference USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER journal_leg_balances AFTER INSERT ON journal_leg DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION journal_entry_balances();

CREATE TRIGGER journal_entry_stays BEFORE UPDATE OR DELETE ON journal_entry
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER journal_leg_stays BEFORE UPDATE OR DELETE ON journal_leg
  FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- closed batches: SM3 over every entry, its legs and its settlement, chained to the batch before
CREATE TABLE journal_seal (
  number integer PRIMARY KEY,
  first_entry_id bigint NOT NULL,
  last_entry_id bigint NOT NULL,
  entries integer NOT NULL,
  previous_hash text NOT NULL,
  hash text NOT NULL,
  sealed_at timestamptz NOT NULL,
  CHECK (first_entry_id <= last_entry_id)
);

CREATE TRIGGER journal_seal_stays BEFORE UPDATE OR DELETE ON journal_seal
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
