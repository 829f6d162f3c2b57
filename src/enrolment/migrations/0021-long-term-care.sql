-- What an assessment of disability found, as a filing of the person with its days: longterm_eval_lv, nurscare_way and
-- rels_nurscare_flag of the interface's code lists. Source: docs/domain/visits.md#filings.
ALTER TABLE filing DROP CONSTRAINT filing_kind_check;
ALTER TABLE filing ADD CONSTRAINT filing_kind_check
  CHECK (kind IN ('transfer', 'chronic', 'designated', 'accident', 'long-term-care'));
ALTER TABLE filing ADD COLUMN longterm_eval_lv text NOT NULL DEFAULT '';
ALTER TABLE filing ADD COLUMN nurscare_way text NOT NULL DEFAULT '';
ALTER TABLE filing ADD COLUMN rels_nurscare_flag text NOT NULL DEFAULT '';
ALTER TABLE filing ADD CONSTRAINT filing_of_long_term_care
  CHECK ((kind = 'long-term-care') = (longterm_eval_lv <> '' AND nurscare_way <> ''));
