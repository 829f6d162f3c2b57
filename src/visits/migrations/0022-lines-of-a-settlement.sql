-- A settlement says which lines are in it; the lines are not written again, neither when they are settled nor when that is undone.
-- A line is settled while a settlement has it that was not undone: `settled_line`.

ALTER TABLE settlement ADD COLUMN line_sn text[] NOT NULL DEFAULT '{}';
ALTER TABLE settlement DISABLE TRIGGER settlement_stays;
UPDATE settlement SET line_sn = ARRAY(SELECT json_array_elements_text(body -> 'feedetl_sn')) WHERE sign = 1;
ALTER TABLE settlement ENABLE TRIGGER settlement_stays;

CREATE VIEW settled_line AS
  SELECT s.mdtrt_id, l.feedetl_sn, s.setl_id
  FROM settlement AS s CROSS JOIN LATERAL unnest(s.line_sn) AS l (feedetl_sn)
  WHERE s.sign = 1 AND NOT EXISTS (SELECT 1 FROM settlement AS r WHERE r.reverses = s.setl_id);

DO $$
DECLARE odd text;
BEGIN
  SELECT coalesce(l.setl_id, d.setl_id) INTO odd
    FROM (SELECT * FROM fee_line WHERE setl_id IS NOT NULL) AS l
      FULL JOIN settled_line AS d ON d.mdtrt_id = l.mdtrt_id AND d.feedetl_sn = l.feedetl_sn AND d.setl_id = l.setl_id
    WHERE l.setl_id IS NULL OR d.setl_id IS NULL LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'the document of settlement % names other lines than are marked as settled by it', odd;
  END IF;
END $$;

DROP TRIGGER fee_line_refers_to_settlement ON fee_line;
DROP TRIGGER fee_line_still_refers_to_settlement ON fee_line;
DROP FUNCTION settlement_is_known();
ALTER TABLE fee_line DROP COLUMN setl_id;
ALTER TABLE fee_line SET (fillfactor = 100);

-- I7, that no line is paid twice, and the journal, once everything of a settlement is there
CREATE OR REPLACE FUNCTION settlement_adds_up() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  found_lines bigint;
  lines bigint;
  in_journal bigint;
  other text;
BEGIN
  IF NEW.sign = 1 THEN
    -- who settles lines of this visit, or takes some away, waits for one another
    PERFORM 1 FROM visit WHERE mdtrt_id = NEW.mdtrt_id FOR NO KEY UPDATE;
    SELECT count(*), coalesce(sum(amount_fen), 0) INTO found_lines, lines FROM fee_line
      WHERE mdtrt_id = NEW.mdtrt_id AND feedetl_sn IN (SELECT unnest(NEW.line_sn));
    IF lines <> NEW.medfee_sumamt_fen OR found_lines <> cardinality(NEW.line_sn) THEN
      IF NOT EXISTS (SELECT 1 FROM settlement WHERE reverses = NEW.setl_id) THEN
        RAISE EXCEPTION 'settlement % breaks I7: % lines of % with % <> %', NEW.setl_id, found_lines, cardinality(NEW.line_sn), lines,
          NEW.medfee_sumamt_fen USING ERRCODE = 'check_violation';
      END IF;
    END IF;
    SELECT setl_id INTO other FROM settlement AS s
      WHERE mdtrt_id = NEW.mdtrt_id AND sign = 1 AND setl_id <> NEW.setl_id AND line_sn && NEW.line_sn
        AND NOT EXISTS (SELECT 1 FROM settlement AS r WHERE r.reverses IN (s.setl_id, NEW.setl_id)) LIMIT 1;
    IF FOUND THEN
      RAISE EXCEPTION 'settlement % has lines that settlement % has', NEW.setl_id, other USING ERRCODE = 'unique_violation';
    END IF;
  END IF;
  SELECT paid_fen INTO in_journal FROM journal_entry WHERE setl_id = NEW.setl_id;
  IF in_journal IS DISTINCT FROM NEW.fund_pay_sumamt_fen + NEW.acct_pay_fen THEN
    RAISE EXCEPTION 'settlement % is not what the journal has: %', NEW.setl_id, in_journal USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;

-- a line that is settled neither changes nor goes
CREATE TRIGGER fee_line_stays BEFORE UPDATE ON fee_line FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE FUNCTION settled_lines_stay() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE settled text;
BEGIN
  PERFORM 1 FROM visit WHERE mdtrt_id IN (SELECT mdtrt_id FROM removed) ORDER BY mdtrt_id FOR NO KEY UPDATE;
  SELECT d.setl_id INTO settled FROM removed AS l
    JOIN settled_line AS d ON d.mdtrt_id = l.mdtrt_id AND d.feedetl_sn = l.feedetl_sn LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'a line of settlement % cannot be removed', settled USING ERRCODE = 'foreign_key_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER settled_lines_stay AFTER DELETE ON fee_line
  REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION settled_lines_stay();
