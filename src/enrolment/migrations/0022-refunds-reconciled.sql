-- Refunds of contributions in the three-way reconciliation: how many there were, and what each side gave back, in positive amounts.
ALTER TABLE contribution_reconciliation ADD COLUMN refunds integer NOT NULL DEFAULT 0;
ALTER TABLE contribution_reconciliation ADD COLUMN tax_refunded_fen bigint NOT NULL DEFAULT 0;
ALTER TABLE contribution_reconciliation ADD COLUMN treasury_refunded_fen bigint NOT NULL DEFAULT 0;
ALTER TABLE contribution_reconciliation ADD COLUMN agency_refunded_fen bigint NOT NULL DEFAULT 0;
