-- What was paid for whom, what is due, what came and went by transfer, and whether tax bureau, treasury and agency agree.
-- Source: docs/domain/enrolment.md#contributions.

-- paid in time or later, deemed to be paid, brought from another area, paid up at retirement
ALTER TABLE contribution ADD COLUMN kind text NOT NULL DEFAULT 'paid'
  CHECK (kind IN ('paid', 'arrears', 'deemed', 'transferred', 'pay-up'));
ALTER TABLE contribution ADD COLUMN booked_from bigint REFERENCES department_file;
CREATE UNIQUE INDEX contribution_receipt ON contribution (receipt, insutype, psn_no, month_from) WHERE receipt <> '';

-- paid-to month and counted months of each person and scheme; a month counts once
CREATE VIEW contribution_summary AS
  SELECT psn_no, insutype, max(month) FILTER (WHERE kind <> 'deemed') AS paid_to, count(DISTINCT month)::integer AS months,
    count(DISTINCT month) FILTER (WHERE kind = 'deemed' AND NOT is_paid)::integer AS deemed_months,
    count(DISTINCT month) FILTER (WHERE kind IN ('paid', 'arrears', 'pay-up'))::integer AS local_months
  FROM (SELECT coalesce(p.merged_into, p.psn_no) AS psn_no, c.insutype, c.kind, to_char(m.month, 'YYYYMM') AS month,
      bool_or(c.kind <> 'deemed') OVER (PARTITION BY coalesce(p.merged_into, p.psn_no), c.insutype, m.month) AS is_paid
    FROM contribution AS c JOIN person AS p ON p.psn_no = c.psn_no
    CROSS JOIN LATERAL generate_series(to_date(c.month_from, 'YYYYMM')::timestamp, to_date(c.month_to, 'YYYYMM')::timestamp,
      interval '1 month') AS m (month)) AS months
  GROUP BY psn_no, insutype;

-- insurance brought from or taken to another area or scheme
CREATE TABLE insurance_transfer (
  transfer_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  psn_no text NOT NULL REFERENCES person,
  direction text NOT NULL CHECK (direction IN ('in', 'out')),
  insutype text NOT NULL,
  other_area text NOT NULL,
  -- number of the certificate of insurance
  certificate text NOT NULL,
  month_from text NOT NULL CHECK (month_from ~ '^[12][0-9]{3}(0[1-9]|1[0-2])$'),
  month_to text NOT NULL CHECK (month_to ~ '^[12][0-9]{3}(0[1-9]|1[0-2])$'),
  balance_fen bigint NOT NULL DEFAULT 0 CHECK (balance_fen >= 0),
  state text NOT NULL DEFAULT 'requested' CHECK (state IN ('requested', 'done', 'refused')),
  requested_on date NOT NULL,
  requested_by text NOT NULL,
  ended_on date,
  ended_by text,
  note text NOT NULL DEFAULT '',
  CHECK (month_from <= month_to),
  UNIQUE (direction, certificate)
);

CREATE INDEX insurance_transfer_person ON insurance_transfer (psn_no);
CREATE TRIGGER insurance_transfer_stays BEFORE DELETE ON insurance_transfer
  FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TABLE contribution_reconciliation (
  reconciliation_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  paid_from date NOT NULL,
  paid_to date NOT NULL,
  -- receipts of any side, those of them all sides agree on
  receipts integer NOT NULL,
  agreed integer NOT NULL,
  tax_fen bigint NOT NULL,
  treasury_fen bigint NOT NULL,
  agency_fen bigint NOT NULL,
  made_by text NOT NULL,
  made_at timestamptz NOT NULL,
  CHECK (paid_from <= paid_to)
);

CREATE TABLE contribution_difference (
  reconciliation_id bigint NOT NULL REFERENCES contribution_reconciliation,
  number integer NOT NULL,
  kind text NOT NULL,
  receipt text NOT NULL,
  insutype text NOT NULL,
  psn_no text REFERENCES person,
  county text NOT NULL DEFAULT '',
  -- null: this side does not have it
  tax_fen bigint,
  treasury_fen bigint,
  agency_fen bigint,
  detail text NOT NULL DEFAULT '',
  PRIMARY KEY (reconciliation_id, number)
);

CREATE INDEX contribution_difference_kind ON contribution_difference (reconciliation_id, kind);
CREATE TRIGGER contribution_reconciliation_stays BEFORE UPDATE OR DELETE ON contribution_reconciliation
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER contribution_difference_stays BEFORE UPDATE OR DELETE ON contribution_difference
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
