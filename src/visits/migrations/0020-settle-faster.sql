-- What every settlement at the window checks and writes, with less work for the same guarantees.

-- A settlement marks its lines: the new version of a line finds room on the page of the old one, and with no index on the mark
-- none has to be told. Lines of a settlement are found by its visit.
DROP INDEX fee_line_settlement;
ALTER TABLE fee_line SET (fillfactor = 50);

-- Which settlement a row belongs to was checked row by row; a settlement never goes away, so one look at all rows of a statement does.
CREATE FUNCTION settlement_is_known() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE unknown text;
BEGIN
  SELECT w.setl_id INTO unknown FROM written AS w LEFT JOIN settlement AS s ON s.setl_id = w.setl_id
    WHERE w.setl_id IS NOT NULL AND s.setl_id IS NULL LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION '% names settlement %, which is not there', TG_TABLE_NAME, unknown USING ERRCODE = 'foreign_key_violation';
  END IF;
  RETURN NULL;
END $$;

ALTER TABLE fee_line DROP CONSTRAINT fee_line_setl_id_fkey;
CREATE TRIGGER fee_line_refers_to_settlement AFTER INSERT ON fee_line
  REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION settlement_is_known('settlement');
CREATE TRIGGER fee_line_still_refers_to_settlement AFTER UPDATE ON fee_line
  REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION settlement_is_known('settlement');
ALTER TABLE settlement_change DROP CONSTRAINT settlement_change_setl_id_fkey;
CREATE TRIGGER settlement_change_refers_to_settlement AFTER INSERT ON settlement_change
  REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION settlement_is_known('settlement');

CREATE TRIGGER settlement_is_not_emptied BEFORE TRUNCATE ON settlement
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- I6, I7 and the journal in one look
CREATE OR REPLACE FUNCTION settlement_adds_up() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  paid bigint;
  lines bigint;
  in_journal bigint;
BEGIN
  SELECT
      (SELECT coalesce(sum(pay_fen), 0) FROM settlement_fund WHERE setl_id = NEW.setl_id),
      CASE WHEN NEW.sign = 1 THEN
        (SELECT coalesce(sum(amount_fen), 0) FROM fee_line WHERE mdtrt_id = NEW.mdtrt_id AND setl_id = NEW.setl_id) END,
      (SELECT (SELECT coalesce(sum(l.amount_fen), 0) FROM journal_leg AS l WHERE l.entry_id = e.entry_id AND l.kind <> 'payable')
        FROM journal_entry AS e WHERE e.setl_id = NEW.setl_id)
    INTO paid, lines, in_journal;
  IF paid <> NEW.fund_pay_sumamt_fen THEN
    RAISE EXCEPTION 'settlement % breaks I6: % <> %', NEW.setl_id, paid, NEW.fund_pay_sumamt_fen USING ERRCODE = 'check_violation';
  END IF;
  IF lines <> NEW.medfee_sumamt_fen AND NOT EXISTS (SELECT 1 FROM settlement WHERE reverses = NEW.setl_id) THEN
    RAISE EXCEPTION 'settlement % breaks I7: % <> %', NEW.setl_id, lines, NEW.medfee_sumamt_fen USING ERRCODE = 'check_violation';
  END IF;
  IF in_journal IS DISTINCT FROM NEW.fund_pay_sumamt_fen + NEW.acct_pay_fen THEN
    RAISE EXCEPTION 'settlement % is not what the journal has: %', NEW.setl_id, in_journal USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;

-- Documents are compressed by what costs the processor least, where the server has it.
DO $$
BEGIN
  ALTER TABLE settlement ALTER COLUMN body SET COMPRESSION lz4;
  ALTER TABLE visit ALTER COLUMN body SET COMPRESSION lz4;
  ALTER TABLE fee_line ALTER COLUMN body SET COMPRESSION lz4;
EXCEPTION WHEN feature_not_supported THEN
  NULL;
END $$;
