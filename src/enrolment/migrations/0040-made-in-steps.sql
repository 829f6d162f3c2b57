-- Payable lists and closings of years are made some thousand persons at a time, so that nobody waits for 100,000 of them; until the
-- last of them a list or closing is nobody's to see, and can be given up without a trace.
-- Source: docs/domain/enrolment.md#payables, #continuity.

ALTER TABLE payable_list ADD COLUMN is_whole boolean NOT NULL DEFAULT true;
CREATE UNIQUE INDEX payable_list_in_making ON payable_list (is_whole) WHERE NOT is_whole;

ALTER TABLE continuity_closing DROP CONSTRAINT continuity_closing_state_check;
ALTER TABLE continuity_closing ADD CONSTRAINT continuity_closing_state_check
  CHECK (state IN ('making', 'prepared', 'applied', 'refused', 'replaced'));
CREATE UNIQUE INDEX continuity_closing_in_making ON continuity_closing (insutype) WHERE state = 'making';

-- rows stay as they were written, but for those of what is still being made
CREATE FUNCTION refuse_once_whole() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE is_in_making boolean := false;
BEGIN
  CASE TG_TABLE_NAME
    WHEN 'payable_list' THEN is_in_making := NOT OLD.is_whole;
    WHEN 'payable' THEN is_in_making := EXISTS (SELECT 1 FROM payable_list WHERE list_id = OLD.list_id AND NOT is_whole);
    WHEN 'continuity_closing' THEN is_in_making := OLD.state = 'making';
    WHEN 'continuity_fact' THEN
      is_in_making := EXISTS (SELECT 1 FROM continuity_closing WHERE closing_id = OLD.closing_id AND state = 'making');
  END CASE;
  IF is_in_making THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION '% of % is refused: its rows stay as they were written', TG_OP, TG_TABLE_NAME
    USING ERRCODE = 'integrity_constraint_violation';
END $$;

DROP TRIGGER payable_list_stays ON payable_list;
CREATE TRIGGER payable_list_stays BEFORE DELETE ON payable_list FOR EACH ROW EXECUTE FUNCTION refuse_once_whole();
DROP TRIGGER payable_stays ON payable;
CREATE TRIGGER payable_stays BEFORE UPDATE ON payable FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER payable_goes BEFORE DELETE ON payable FOR EACH ROW EXECUTE FUNCTION refuse_once_whole();
DROP TRIGGER continuity_closing_stays ON continuity_closing;
CREATE TRIGGER continuity_closing_stays BEFORE DELETE ON continuity_closing FOR EACH ROW EXECUTE FUNCTION refuse_once_whole();
DROP TRIGGER continuity_fact_stays ON continuity_fact;
CREATE TRIGGER continuity_fact_stays BEFORE UPDATE ON continuity_fact FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER continuity_fact_goes BEFORE DELETE ON continuity_fact FOR EACH ROW EXECUTE FUNCTION refuse_once_whole();
