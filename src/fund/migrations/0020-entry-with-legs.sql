-- An entry holds its legs itself: they are written and checked with it, at once, where a row for each leg needed a key, a reference to
-- the entry and a look at all its legs at the end. `journal_leg` goes on as a view of them.

ALTER TABLE journal_entry
  -- who is owed what its payable legs say, and how that is cleared
  ADD COLUMN fixmedins_code text NOT NULL DEFAULT '',
  ADD COLUMN clr_optins text NOT NULL DEFAULT '',
  ADD COLUMN clr_type text NOT NULL DEFAULT '',
  ADD COLUMN clr_way text NOT NULL DEFAULT '',
  ADD COLUMN insutype text NOT NULL DEFAULT '',
  -- what funds and accounts paid: the sum of their legs
  ADD COLUMN paid_fen bigint NOT NULL DEFAULT 0,
  -- the legs in their order, one element each; debit positive, credit negative
  ADD COLUMN leg_kind text[] NOT NULL DEFAULT '{}',
  ADD COLUMN leg_fund_pay_type text[] NOT NULL DEFAULT '{}',
  ADD COLUMN leg_psn_no text[] NOT NULL DEFAULT '{}',
  ADD COLUMN leg_fen bigint[] NOT NULL DEFAULT '{}';

DO $$
DECLARE odd bigint;
BEGIN
  SELECT entry_id INTO odd FROM journal_leg GROUP BY entry_id
    HAVING max(number) <> count(*) OR min(number) <> 1
      OR count(DISTINCT (fixmedins_code, clr_optins, clr_type, clr_way, insutype)) FILTER (WHERE kind = 'payable') > 1 LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'the legs of journal entry % are not numbered from 1, or not owed to one institution', odd;
  END IF;
END $$;

ALTER TABLE journal_entry DISABLE TRIGGER journal_entry_stays;
UPDATE journal_entry AS e SET fixmedins_code = l.fixmedins_code, clr_optins = l.clr_optins, clr_type = l.clr_type, clr_way = l.clr_way,
    insutype = l.insutype, paid_fen = l.paid_fen, leg_kind = l.kinds, leg_fund_pay_type = l.funds, leg_psn_no = l.persons,
    leg_fen = l.fen
  FROM (SELECT entry_id, max(fixmedins_code) AS fixmedins_code, max(clr_optins) AS clr_optins, max(clr_type) AS clr_type,
      max(clr_way) AS clr_way, max(insutype) AS insutype, coalesce(sum(amount_fen) FILTER (WHERE kind <> 'payable'), 0) AS paid_fen,
      array_agg(kind ORDER BY number) AS kinds, array_agg(fund_pay_type ORDER BY number) AS funds,
      array_agg(psn_no ORDER BY number) AS persons, array_agg(amount_fen ORDER BY number) AS fen
    FROM journal_leg GROUP BY entry_id) AS l
  WHERE l.entry_id = e.entry_id;
ALTER TABLE journal_entry ENABLE TRIGGER journal_entry_stays;

DROP TABLE journal_leg;
DROP FUNCTION journal_entry_balances();
ALTER TABLE journal_entry DROP CONSTRAINT journal_entry_entry_id_scheme_key;

-- fund: expense of one fund; account: a personal account, whosever; payable: what an institution is owed, from the funds or
-- (fund_pay_type 310200) from accounts. Never refuses silently: the reason says which rule is broken.
CREATE FUNCTION journal_legs_are_whole(entry_id bigint, scheme text, insutype text, fixmedins_code text, paid_fen bigint,
  kinds text[], funds text[], persons text[], fen bigint[]) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
  legs integer := cardinality(kinds);
  difference bigint := 0;
  paid bigint := 0;
  fault text;
BEGIN
  IF cardinality(funds) <> legs OR cardinality(persons) <> legs OR cardinality(fen) <> legs THEN
    RAISE EXCEPTION 'journal entry % has legs of which a part is missing', entry_id USING ERRCODE = 'check_violation';
  END IF;
  FOR leg IN 1 .. legs LOOP
    IF (fen[leg] <> 0) IS NOT TRUE THEN
      fault := 'has a leg without an amount';
    ELSIF kinds[leg] = 'fund' THEN
      paid := paid + fen[leg];
      -- the pools of the schemes are never mixed
      IF (persons[leg] = '' AND funds[leg] <> '' AND (
          (scheme = 'employee' AND funds[leg] !~ '^39' AND funds[leg] <> '660102')
          OR (scheme = 'resident' AND funds[leg] !~ '^3[1237]' AND funds[leg] <> '660101'))) IS NOT TRUE THEN
        fault := 'names a fund of another scheme or none (journal_leg_scheme)';
      END IF;
    ELSIF kinds[leg] = 'account' THEN
      paid := paid + fen[leg];
      IF (persons[leg] <> '' AND funds[leg] <> '') IS NOT TRUE THEN
        fault := 'has an account of nobody';
      END IF;
    ELSIF kinds[leg] = 'payable' THEN
      IF (persons[leg] = '' AND funds[leg] IS NOT NULL AND fixmedins_code <> '' AND (
          (scheme = 'employee' AND insutype !~ '^3[89]') OR (scheme = 'resident' AND insutype ~ '^3[89]'))) IS NOT TRUE THEN
        fault := 'owes nobody, or under an insurance of another scheme (journal_leg_insutype)';
      END IF;
    ELSE
      fault := 'has a leg of an unknown kind';
    END IF;
    difference := difference + fen[leg];
  END LOOP;
  IF fault IS NULL AND difference <> 0 THEN
    fault := 'does not balance: ' || difference;
  ELSIF fault IS NULL AND paid <> paid_fen THEN
    fault := 'says another sum than its legs: ' || paid;
  END IF;
  IF fault IS NOT NULL THEN
    RAISE EXCEPTION 'journal entry % %', entry_id, fault USING ERRCODE = 'check_violation';
  END IF;
  RETURN true;
END $$;

ALTER TABLE journal_entry ADD CONSTRAINT journal_entry_legs CHECK (journal_legs_are_whole(entry_id, scheme, insutype, fixmedins_code,
  paid_fen, leg_kind, leg_fund_pay_type, leg_psn_no, leg_fen));

CREATE VIEW journal_leg AS
  SELECT e.entry_id, l.number::integer AS number, e.scheme, l.kind, l.fund_pay_type, l.psn_no,
    CASE WHEN l.kind = 'payable' THEN e.fixmedins_code ELSE '' END AS fixmedins_code,
    CASE WHEN l.kind = 'payable' THEN e.clr_optins ELSE '' END AS clr_optins,
    CASE WHEN l.kind = 'payable' THEN e.clr_type ELSE '' END AS clr_type,
    CASE WHEN l.kind = 'payable' THEN e.clr_way ELSE '' END AS clr_way,
    CASE WHEN l.kind = 'payable' THEN e.insutype ELSE '' END AS insutype, l.amount_fen
  FROM journal_entry AS e
    CROSS JOIN LATERAL unnest(e.leg_kind, e.leg_fund_pay_type, e.leg_psn_no, e.leg_fen)
      WITH ORDINALITY AS l (kind, fund_pay_type, psn_no, amount_fen, number);
