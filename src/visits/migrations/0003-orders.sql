-- Orders of online payment (6201 to 6401): fees that were uploaded to be paid from afar, and what became of them.

CREATE TABLE pay_order (
  pay_ord_id text PRIMARY KEY,
  fixmedins_code text NOT NULL,
  -- the institution's own number of the order
  med_org_ord text NOT NULL,
  psn_no text NOT NULL REFERENCES person,
  mdtrt_id text NOT NULL REFERENCES visit,
  -- the visit was registered by the order itself and goes with it
  is_own_visit boolean NOT NULL,
  chrg_bchno text NOT NULL,
  pay_token text NOT NULL,
  fee_fen bigint NOT NULL CHECK (fee_fen >= 0),
  -- what was sent with 6201, in the words of the other transactions
  body jsonb NOT NULL,
  made_at timestamptz NOT NULL,
  cancelled_at timestamptz,
  setl_id text UNIQUE REFERENCES settlement,
  paid_at timestamptz,
  -- the cash part was paid, by which way
  thd_pay_type text NOT NULL DEFAULT '',
  confirmed_at timestamptz,
  cash_refunded_fen bigint NOT NULL DEFAULT 0 CHECK (cash_refunded_fen >= 0),
  CHECK (cancelled_at IS NULL OR setl_id IS NULL)
);

CREATE UNIQUE INDEX pay_order_of_institution ON pay_order (fixmedins_code, med_org_ord) WHERE cancelled_at IS NULL;

-- every refund that was made, by the client's own number of it
CREATE TABLE pay_refund (
  refd_sn text PRIMARY KEY,
  pay_ord_id text NOT NULL REFERENCES pay_order,
  app_refd_sn text NOT NULL,
  refd_type text NOT NULL CHECK (refd_type IN ('ALL', 'CASH', 'HI')),
  cash_fen bigint NOT NULL,
  -- the settlement that takes the other one back
  setl_id text REFERENCES settlement,
  made_at timestamptz NOT NULL,
  UNIQUE (pay_ord_id, app_refd_sn)
);

CREATE TRIGGER pay_refund_stays BEFORE UPDATE OR DELETE ON pay_refund FOR EACH ROW EXECUTE FUNCTION refuse_change();
