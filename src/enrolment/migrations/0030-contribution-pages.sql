-- What people look at of contributions and years: one scheme reconciled by itself, receipts found quickly, and what held in a year
-- that was closed.
-- Source: docs/domain/enrolment.md#reconciliation, #continuity.

-- the scheme that was compared; empty: all of them
ALTER TABLE contribution_reconciliation ADD COLUMN insutype text NOT NULL DEFAULT '';

-- the receipts of departments by their number and by the day they were paid on
CREATE INDEX department_row_receipt ON department_row ((facts ->> 'receipt')) WHERE facts ? 'receipt';
CREATE INDEX department_row_paid_on ON department_row ((facts ->> 'paid_on')) WHERE facts ? 'receipt';
CREATE INDEX contribution_paid_on ON contribution (paid_on);

-- what held in the year that a closing closed; null: stated, or closed before this was kept
ALTER TABLE continuity_fact ADD COLUMN continuous_before integer CHECK (continuous_before BETWEEN 0 AND 100);
ALTER TABLE continuity_fact ADD COLUMN zero_claim_before integer CHECK (zero_claim_before BETWEEN 0 AND 100);
