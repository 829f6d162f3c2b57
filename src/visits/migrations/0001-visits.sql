-- What happens while a person waits: visits, fee lines, settlements. Source: docs/domain/visits.md.

CREATE TABLE visit (
  mdtrt_id text PRIMARY KEY,
  psn_no text NOT NULL REFERENCES person,
  fixmedins_code text NOT NULL,
  area_code text NOT NULL,
  level text NOT NULL DEFAULT '',
  insutype text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('outpatient', 'inpatient', 'pharmacy')),
  -- '' until 2203 says it
  med_type text NOT NULL DEFAULT '',
  ipt_otp_no text NOT NULL DEFAULT '',
  dise_codg text NOT NULL DEFAULT '',
  begntime timestamp NOT NULL,
  endtime timestamp,
  -- open, discharged, cancelled
  state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'discharged', 'cancelled')),
  -- the transaction it was registered by, for 2601
  infno text NOT NULL,
  msgid text NOT NULL,
  body jsonb NOT NULL,
  made_at timestamptz NOT NULL
);

CREATE INDEX visit_person ON visit (psn_no, begntime);
CREATE UNIQUE INDEX visit_message ON visit (fixmedins_code, msgid, infno);
CREATE UNIQUE INDEX visit_number ON visit (fixmedins_code, kind, ipt_otp_no)
  WHERE state <> 'cancelled' AND ipt_otp_no <> '';

CREATE TABLE visit_diagnosis (
  mdtrt_id text NOT NULL REFERENCES visit,
  -- 1 admission or outpatient, 2 discharge
  inout_diag_type text NOT NULL,
  diag_type text NOT NULL,
  diag_srt_no text NOT NULL,
  body jsonb NOT NULL,
  PRIMARY KEY (mdtrt_id, inout_diag_type, diag_type, diag_srt_no)
);

CREATE TABLE settlement (
  setl_id text PRIMARY KEY,
  -- 1 a settlement, -1 one that undoes another
  sign smallint NOT NULL CHECK (sign IN (1, -1)),
  reverses text UNIQUE REFERENCES settlement,
  mdtrt_id text NOT NULL REFERENCES visit,
  psn_no text NOT NULL REFERENCES person,
  insutype text NOT NULL,
  scheme text NOT NULL,
  year integer NOT NULL,
  -- the order of a person's settlements of a year: each begins where the one before ended
  sequence integer NOT NULL,
  -- the day whose policy holds
  policy_date date NOT NULL,
  policy_hash text NOT NULL,
  setl_time timestamptz NOT NULL,
  fixmedins_code text NOT NULL,
  med_type text NOT NULL,
  clr_optins text NOT NULL,
  clr_type text NOT NULL,
  clr_way text NOT NULL,
  is_mid_stay boolean NOT NULL,
  infno text NOT NULL,
  msgid text NOT NULL,
  medfee_sumamt_fen bigint NOT NULL,
  fulamt_ownpay_amt_fen bigint NOT NULL,
  overlmt_selfpay_fen bigint NOT NULL,
  preselfpay_amt_fen bigint NOT NULL,
  inscp_scp_amt_fen bigint NOT NULL,
  act_pay_dedc_fen bigint NOT NULL,
  hifp_pay_fen bigint NOT NULL,
  cvlserv_pay_fen bigint NOT NULL,
  hifes_pay_fen bigint NOT NULL,
  hifmi_pay_fen bigint NOT NULL,
  hifob_pay_fen bigint NOT NULL,
  hifdm_pay_fen bigint NOT NULL,
  maf_pay_fen bigint NOT NULL,
  oth_pay_fen bigint NOT NULL,
  fund_pay_sumamt_fen bigint NOT NULL,
  hosp_part_amt_fen bigint NOT NULL,
  psn_part_amt_fen bigint NOT NULL,
  acct_pay_fen bigint NOT NULL,
  acct_mulaid_pay_fen bigint NOT NULL,
  psn_cash_pay_fen bigint NOT NULL,
  balc_fen bigint NOT NULL,
  pool_ratio6 bigint NOT NULL,
  -- the settlement as the engine gave it, with its lines and steps, and the person and visit it was given
  body jsonb NOT NULL,
  UNIQUE (psn_no, year, sequence),
  CHECK ((sign = -1) = (reverses IS NOT NULL)),
  CONSTRAINT settlement_signs CHECK (
    sign * medfee_sumamt_fen >= 0 AND
    sign * fulamt_ownpay_amt_fen >= 0 AND
    sign * overlmt_selfpay_fen >= 0 AND
    sign * preselfpay_amt_fen >= 0 AND
    sign * inscp_scp_amt_fen >= 0 AND
    sign * act_pay_dedc_fen >= 0 AND
    sign * hifp_pay_fen >= 0 AND
    sign * cvlserv_pay_fen >= 0 AND
    sign * hifes_pay_fen >= 0 AND
    sign * hifmi_pay_fen >= 0 AND
    sign * hifob_pay_fen >= 0 AND
    sign * hifdm_pay_fen >= 0 AND
    sign * maf_pay_fen >= 0 AND
    sign * oth_pay_fen >= 0 AND
    sign * fund_pay_sumamt_fen >= 0 AND
    sign * hosp_part_amt_fen >= 0 AND
    sign * psn_part_amt_fen >= 0 AND
    sign * acct_pay_fen >= 0 AND
    sign * acct_mulaid_pay_fen >= 0 AND
    sign * psn_cash_pay_fen >= 0),
  CONSTRAINT settlement_i1 CHECK (
    medfee_sumamt_fen = fulamt_ownpay_amt_fen + overlmt_selfpay_fen + preselfpay_amt_fen + inscp_scp_amt_fen),
  CONSTRAINT settlement_i2 CHECK (medfee_sumamt_fen = fund_pay_sumamt_fen + psn_part_amt_fen + hosp_part_amt_fen),
  CONSTRAINT settlement_i3 CHECK (
    fund_pay_sumamt_fen = hifp_pay_fen + cvlserv_pay_fen + hifes_pay_fen + hifmi_pay_fen + hifob_pay_fen + hifdm_pay_fen
      + maf_pay_fen + oth_pay_fen),
  CONSTRAINT settlement_i4 CHECK (psn_part_amt_fen = acct_pay_fen + psn_cash_pay_fen),
  CONSTRAINT settlement_i5 CHECK (sign * acct_mulaid_pay_fen <= sign * acct_pay_fen),
  CONSTRAINT settlement_i8 CHECK (sign * act_pay_dedc_fen <= sign * inscp_scp_amt_fen
    AND sign * hifp_pay_fen <= sign * (inscp_scp_amt_fen - act_pay_dedc_fen))
);

CREATE INDEX settlement_visit ON settlement (mdtrt_id);
CREATE UNIQUE INDEX settlement_message ON settlement (fixmedins_code, msgid, infno);
CREATE INDEX settlement_reconciled ON settlement (fixmedins_code, setl_time);

CREATE TABLE settlement_fund (
  setl_id text NOT NULL REFERENCES settlement,
  number integer NOT NULL,
  layer text NOT NULL,
  fund_pay_type text NOT NULL,
  pay_column text NOT NULL,
  pay_fen bigint NOT NULL,
  -- crt_payb_lmt_amt before and after; null: no limit
  limit_before_fen bigint,
  limit_after_fen bigint,
  PRIMARY KEY (setl_id, number),
  CONSTRAINT settlement_fund_i9 CHECK (
    limit_after_fen IS NULL OR (limit_after_fen = limit_before_fen - pay_fen AND limit_after_fen >= 0))
);

CREATE TABLE settlement_change (
  setl_id text NOT NULL REFERENCES settlement,
  code text NOT NULL,
  before bigint NOT NULL,
  change bigint NOT NULL,
  after bigint NOT NULL,
  PRIMARY KEY (setl_id, code),
  CONSTRAINT settlement_change_i10 CHECK (after = before + change)
);

-- what a person's year has used up, one row for each code; 0 as the year: what outlives years (a stay that goes on)
CREATE TABLE accumulator (
  psn_no text NOT NULL REFERENCES person,
  scheme text NOT NULL,
  year integer NOT NULL,
  code text NOT NULL,
  value bigint NOT NULL CHECK (value <> 0),
  PRIMARY KEY (psn_no, scheme, year, code)
);

-- a fee line with its split, which is made when it is uploaded
CREATE TABLE fee_line (
  mdtrt_id text NOT NULL REFERENCES visit,
  feedetl_sn text NOT NULL,
  chrg_bchno text NOT NULL,
  fee_ocur_time timestamp NOT NULL,
  med_list_codg text NOT NULL,
  medins_list_codg text NOT NULL,
  cnt4 bigint NOT NULL,
  pric6 bigint NOT NULL,
  amount_fen bigint NOT NULL,
  own_fen bigint NOT NULL,
  over_limit_fen bigint NOT NULL,
  prior_fen bigint NOT NULL,
  in_scope_fen bigint NOT NULL,
  list_class text NOT NULL DEFAULT '',
  is_restricted boolean NOT NULL DEFAULT false,
  ceiling6 bigint,
  prior_ratio6 bigint NOT NULL DEFAULT 0,
  direct_ratio6 bigint,
  reason text NOT NULL,
  body jsonb NOT NULL,
  uploaded_at timestamptz NOT NULL,
  -- the settlement it is in; null: none yet, or that one was undone
  setl_id text REFERENCES settlement,
  PRIMARY KEY (mdtrt_id, feedetl_sn),
  CONSTRAINT fee_line_i7 CHECK (amount_fen = own_fen + over_limit_fen + prior_fen + in_scope_fen)
);

CREATE INDEX fee_line_settlement ON fee_line (setl_id) WHERE setl_id IS NOT NULL;

-- I6, I7 and the journal, once everything of a settlement is there
CREATE FUNCTION settlement_adds_up() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  paid bigint;
  lines bigint;
  in_journal bigint;
BEGIN
  SELECT coalesce(sum(pay_fen), 0) INTO paid FROM settlement_fund WHERE setl_id = NEW.setl_id;
  IF paid <> NEW.fund_pay_sumamt_fen THEN
    RAISE EXCEPTION 'settlement % breaks I6: % <> %', NEW.setl_id, paid, NEW.fund_pay_sumamt_fen USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.sign = 1 THEN
    SELECT coalesce(sum(amount_fen), 0) INTO lines FROM fee_line WHERE setl_id = NEW.setl_id;
    IF lines <> NEW.medfee_sumamt_fen AND NOT EXISTS (SELECT 1 FROM settlement WHERE reverses = NEW.setl_id) THEN
      RAISE EXCEPTION 'settlement % breaks I7: % <> %', NEW.setl_id, lines, NEW.medfee_sumamt_fen USING ERRCODE = 'check_violation';
    END IF;
  END IF;
  SELECT coalesce(sum(l.amount_fen) FILTER (WHERE l.kind <> 'payable'), 0) INTO in_journal
    FROM journal_entry AS e LEFT JOIN journal_leg AS l ON l.entry_id = e.entry_id WHERE e.setl_id = NEW.setl_id
    HAVING count(e.entry_id) > 0;
  IF in_journal IS DISTINCT FROM NEW.fund_pay_sumamt_fen + NEW.acct_pay_fen THEN
    RAISE EXCEPTION 'settlement % is not what the journal has: %', NEW.setl_id, in_journal USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER settlement_adds_up AFTER INSERT ON settlement DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION settlement_adds_up();

CREATE TRIGGER settlement_stays BEFORE UPDATE OR DELETE ON settlement FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER settlement_fund_stays BEFORE UPDATE OR DELETE ON settlement_fund
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER settlement_change_stays BEFORE UPDATE OR DELETE ON settlement_change
  FOR EACH ROW EXECUTE FUNCTION refuse_change();

ALTER TABLE journal_entry ADD FOREIGN KEY (setl_id) REFERENCES settlement DEFERRABLE INITIALLY DEFERRED;

-- what an institution calls an item and the list's code for it (3301, 3302)
CREATE TABLE item_mapping (
  fixmedins_code text NOT NULL,
  fixmedins_hilist_id text NOT NULL,
  list_type text NOT NULL,
  med_list_codg text NOT NULL,
  begndate date NOT NULL,
  enddate date NOT NULL,
  body jsonb NOT NULL,
  PRIMARY KEY (fixmedins_code, fixmedins_hilist_id, list_type, med_list_codg)
);
