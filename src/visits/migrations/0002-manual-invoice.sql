-- Invoices that were settled at the agency. Source: docs/domain/visits.md#manual.

CREATE TABLE manual_invoice (
  setl_id text PRIMARY KEY REFERENCES settlement,
  mdtrt_id text NOT NULL REFERENCES visit,
  invoice_code text NOT NULL,
  invoice_number text NOT NULL,
  -- the settlement that undid it: the invoice may be settled again then
  undone_by text REFERENCES settlement
);

-- an invoice is paid once
CREATE UNIQUE INDEX manual_invoice_once ON manual_invoice (invoice_code, invoice_number) WHERE undone_by IS NULL;

-- invoices that institutions settled at the window
CREATE INDEX settlement_invoice ON settlement ((body ->> 'invono')) WHERE (body ->> 'invono') <> '';
