-- Refunds of contributions, retirement by years, and what the tax bureau is asked to collect.
-- Source: docs/domain/enrolment.md#refunds, #retirement, #payables.

-- a contribution that was given back, once: the person's part to the person, what others granted to those
CREATE TABLE contribution_refund (
  contribution_id bigint PRIMARY KEY REFERENCES contribution,
  psn_no text NOT NULL REFERENCES person,
  -- both-schemes, twice, elsewhere, dead
  reason text NOT NULL,
  -- the day the other insurance began, or of the death
  happened_on date NOT NULL,
  person_fen bigint NOT NULL CHECK (person_fen >= 0),
  subsidy_fen bigint NOT NULL CHECK (subsidy_fen >= 0),
  assistance_fen bigint NOT NULL CHECK (assistance_fen >= 0),
  approval_id text NOT NULL,
  decided_on date NOT NULL
);

CREATE INDEX contribution_refund_person ON contribution_refund (psn_no);
CREATE TRIGGER contribution_refund_stays BEFORE UPDATE OR DELETE ON contribution_refund
  FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- contributions as they count: without those given back
CREATE VIEW contribution_kept AS
  SELECT * FROM contribution AS c
  WHERE NOT EXISTS (SELECT 1 FROM contribution_refund AS r WHERE r.contribution_id = c.contribution_id);

CREATE OR REPLACE VIEW contribution_summary AS
  SELECT psn_no, insutype, max(month) FILTER (WHERE kind <> 'deemed') AS paid_to, count(DISTINCT month)::integer AS months,
    count(DISTINCT month) FILTER (WHERE kind = 'deemed' AND NOT is_paid)::integer AS deemed_months,
    count(DISTINCT month) FILTER (WHERE kind IN ('paid', 'arrears', 'pay-up'))::integer AS local_months
  FROM (SELECT coalesce(p.merged_into, p.psn_no) AS psn_no, c.insutype, c.kind, to_char(m.month, 'YYYYMM') AS month,
      bool_or(c.kind <> 'deemed') OVER (PARTITION BY coalesce(p.merged_into, p.psn_no), c.insutype, m.month) AS is_paid
    FROM contribution_kept AS c JOIN person AS p ON p.psn_no = c.psn_no
    CROSS JOIN LATERAL generate_series(to_date(c.month_from, 'YYYYMM')::timestamp, to_date(c.month_to, 'YYYYMM')::timestamp,
      interval '1 month') AS m (month)) AS months
  GROUP BY psn_no, insutype;

-- on what grounds months are deemed to be paid; the months themselves are a contribution of the kind `deemed`
CREATE TABLE deemed_decision (
  contribution_id bigint PRIMARY KEY REFERENCES contribution,
  ground text NOT NULL,
  document text NOT NULL CHECK (document <> ''),
  approval_id text NOT NULL,
  decided_on date NOT NULL
);

CREATE TRIGGER deemed_decision_stays BEFORE UPDATE OR DELETE ON deemed_decision
  FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- lifetime benefits by years: what was counted against what was needed
CREATE TABLE retirement (
  psn_no text PRIMARY KEY REFERENCES person,
  retires_on date NOT NULL,
  counted_years integer NOT NULL,
  needed_years integer NOT NULL,
  actual_months integer NOT NULL,
  deemed_months integer NOT NULL,
  local_months integer NOT NULL,
  pay_up_fen bigint NOT NULL DEFAULT 0,
  document text NOT NULL,
  approval_id text NOT NULL,
  decided_on date NOT NULL
);

CREATE TRIGGER retirement_stays BEFORE UPDATE OR DELETE ON retirement FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- what residents have to pay for a year, as it is sent to the tax bureau
CREATE TABLE payable_list (
  list_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  insutype text NOT NULL,
  year integer NOT NULL,
  area_code text NOT NULL,
  as_of date NOT NULL,
  persons integer NOT NULL,
  person_fen bigint NOT NULL,
  subsidy_fen bigint NOT NULL,
  assistance_fen bigint NOT NULL,
  made_by text NOT NULL,
  made_at timestamptz NOT NULL,
  sent_by text,
  sent_at timestamptz,
  CHECK ((sent_by IS NULL) = (sent_at IS NULL))
);

CREATE TABLE payable (
  list_id bigint NOT NULL REFERENCES payable_list,
  number integer NOT NULL,
  psn_no text NOT NULL REFERENCES person,
  name text NOT NULL,
  psn_cert_type text NOT NULL,
  certno text NOT NULL,
  county text NOT NULL,
  residence text NOT NULL,
  identities text NOT NULL,
  person_fen bigint NOT NULL,
  subsidy_fen bigint NOT NULL,
  assistance_fen bigint NOT NULL,
  PRIMARY KEY (list_id, number),
  UNIQUE (list_id, psn_no)
);

CREATE INDEX payable_person ON payable (psn_no);
CREATE TRIGGER payable_stays BEFORE UPDATE OR DELETE ON payable FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER payable_list_stays BEFORE DELETE ON payable_list FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- what the tax bureau said of a row of a list, the latest answer last
CREATE TABLE payable_answer (
  answer_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  list_id bigint NOT NULL,
  number integer NOT NULL,
  -- accepted, refused
  result text NOT NULL,
  reason text NOT NULL,
  file_id bigint NOT NULL REFERENCES department_file,
  line integer NOT NULL,
  FOREIGN KEY (list_id, number) REFERENCES payable,
  UNIQUE (file_id, line)
);

CREATE INDEX payable_answer_row ON payable_answer (list_id, number);
CREATE TRIGGER payable_answer_stays BEFORE UPDATE OR DELETE ON payable_answer
  FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- each row with the last answer and what was paid for it by now
CREATE VIEW payable_state AS
  SELECT b.*, l.year, l.insutype, l.sent_at, a.result, coalesce(a.reason, '') AS reason, coalesce(c.paid_fen, 0) AS paid_fen, c.paid_on,
    coalesce(c.receipts, '') AS receipts,
    CASE WHEN c.paid_fen IS NOT NULL THEN CASE WHEN c.paid_fen = b.person_fen THEN 'paid' ELSE 'paid-otherwise' END
      WHEN b.person_fen = 0 AND a.result = 'accepted' THEN 'paid'
      WHEN a.result IS NOT NULL THEN a.result WHEN l.sent_at IS NOT NULL THEN 'sent' ELSE 'made' END AS state
  FROM payable AS b JOIN payable_list AS l ON l.list_id = b.list_id
  LEFT JOIN LATERAL (SELECT result, reason FROM payable_answer AS t WHERE t.list_id = b.list_id AND t.number = b.number
    ORDER BY t.answer_id DESC LIMIT 1) AS a ON true
  LEFT JOIN LATERAL (SELECT sum(k.person_fen)::bigint AS paid_fen, max(k.paid_on) AS paid_on,
      string_agg(k.receipt, ' ' ORDER BY k.receipt) AS receipts
    FROM person AS p JOIN contribution_kept AS k ON k.psn_no = coalesce(p.merged_into, p.psn_no)
    WHERE p.psn_no = b.psn_no AND k.insutype = l.insutype AND k.kind IN ('paid', 'arrears')
      AND k.month_from >= l.year || '01' AND k.month_to <= l.year || '12' HAVING count(*) > 0) AS c ON true;
