-- Why a span waits, or does not: what it follows, and the months between. Source: docs/domain/enrolment.md#transfers.

ALTER TABLE enrolment
  -- late, gap, transfer (also where it waits for nothing after one); '': not known, or nothing to wait for
  ADD COLUMN waiting_reason text NOT NULL DEFAULT '' CHECK (waiting_reason IN ('', 'late', 'gap', 'transfer')),
  -- months without insurance before the span; null: not known
  ADD COLUMN gap_months integer CHECK (gap_months >= 0);
