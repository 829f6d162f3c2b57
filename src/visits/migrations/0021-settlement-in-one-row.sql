-- A settlement is one row: what each fund pays and what it changes of the person's year stand in it, and are checked with it. Rows of
-- their own needed keys, references and a look back at the settlement. `settlement_fund` and `settlement_change` go on as views.

ALTER TABLE settlement
  -- what each fund pays, in their order, one element each; fund_limit_fen: crt_payb_lmt_amt before it, null: no limit
  ADD COLUMN fund_layer text[] NOT NULL DEFAULT '{}',
  ADD COLUMN fund_pay_type text[] NOT NULL DEFAULT '{}',
  ADD COLUMN fund_pay_column text[] NOT NULL DEFAULT '{}',
  ADD COLUMN fund_pay_fen bigint[] NOT NULL DEFAULT '{}',
  ADD COLUMN fund_limit_fen bigint[] NOT NULL DEFAULT '{}',
  -- what changes of accumulators and balances: each has its value before and by how much it changed; after is their sum (I10)
  ADD COLUMN change_code text[] NOT NULL DEFAULT '{}',
  ADD COLUMN change_before bigint[] NOT NULL DEFAULT '{}',
  ADD COLUMN change_by bigint[] NOT NULL DEFAULT '{}';

DO $$
DECLARE odd text;
BEGIN
  SELECT setl_id INTO odd FROM settlement_fund GROUP BY setl_id HAVING max(number) <> count(*) OR min(number) <> 1 LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'the funds of settlement % are not numbered from 1', odd;
  END IF;
END $$;

ALTER TABLE settlement DISABLE TRIGGER settlement_stays;
UPDATE settlement AS s SET fund_layer = f.layers, fund_pay_type = f.types, fund_pay_column = f.columns, fund_pay_fen = f.fen,
    fund_limit_fen = f.limits
  FROM (SELECT setl_id, array_agg(layer ORDER BY number) AS layers, array_agg(fund_pay_type ORDER BY number) AS types,
      array_agg(pay_column ORDER BY number) AS columns, array_agg(pay_fen ORDER BY number) AS fen,
      array_agg(limit_before_fen ORDER BY number) AS limits
    FROM settlement_fund GROUP BY setl_id) AS f
  WHERE f.setl_id = s.setl_id;
UPDATE settlement AS s SET change_code = c.codes, change_before = c.before, change_by = c.change
  FROM (SELECT setl_id, array_agg(code ORDER BY code) AS codes, array_agg(before ORDER BY code) AS before,
      array_agg(change ORDER BY code) AS change
    FROM settlement_change GROUP BY setl_id) AS c
  WHERE c.setl_id = s.setl_id;
ALTER TABLE settlement ENABLE TRIGGER settlement_stays;

DROP TABLE settlement_fund;
DROP TABLE settlement_change;

CREATE VIEW settlement_fund AS
  SELECT s.setl_id, f.number::integer AS number, f.layer, f.fund_pay_type, f.pay_column, f.pay_fen, f.limit_before_fen,
    f.limit_before_fen - f.pay_fen AS limit_after_fen
  FROM settlement AS s
    CROSS JOIN LATERAL unnest(s.fund_layer, s.fund_pay_type, s.fund_pay_column, s.fund_pay_fen, s.fund_limit_fen)
      WITH ORDINALITY AS f (layer, fund_pay_type, pay_column, pay_fen, limit_before_fen, number);

CREATE VIEW settlement_change AS
  SELECT s.setl_id, c.code, c.before, c.change, c.before + c.change AS after
  FROM settlement AS s CROSS JOIN LATERAL unnest(s.change_code, s.change_before, s.change_by) AS c (code, before, change);

-- I1 to I6, I8 to I10, and signs. One function instead of an expression for each: those are read anew for every row that is written.
CREATE FUNCTION settlement_is_whole(setl_id text, sign smallint, medfee_sumamt bigint, fulamt_ownpay_amt bigint, overlmt_selfpay bigint,
  preselfpay_amt bigint, inscp_scp_amt bigint, act_pay_dedc bigint, hifp_pay bigint, cvlserv_pay bigint, hifes_pay bigint,
  hifmi_pay bigint, hifob_pay bigint, hifdm_pay bigint, maf_pay bigint, oth_pay bigint, fund_pay_sumamt bigint, hosp_part_amt bigint,
  psn_part_amt bigint, acct_pay bigint, acct_mulaid_pay bigint, psn_cash_pay bigint, layers text[], funds text[], columns text[],
  fen bigint[], limits bigint[], codes text[], before bigint[], change bigint[]) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
  fault text;
  paid bigint := 0;
BEGIN
  IF least(sign * medfee_sumamt, sign * fulamt_ownpay_amt, sign * overlmt_selfpay, sign * preselfpay_amt, sign * inscp_scp_amt,
      sign * act_pay_dedc, sign * hifp_pay, sign * cvlserv_pay, sign * hifes_pay, sign * hifmi_pay, sign * hifob_pay,
      sign * hifdm_pay, sign * maf_pay, sign * oth_pay, sign * fund_pay_sumamt, sign * hosp_part_amt, sign * psn_part_amt,
      sign * acct_pay, sign * acct_mulaid_pay, sign * psn_cash_pay) < 0 THEN
    fault := 'settlement_signs';
  ELSIF medfee_sumamt <> fulamt_ownpay_amt + overlmt_selfpay + preselfpay_amt + inscp_scp_amt THEN
    fault := 'settlement_i1';
  ELSIF medfee_sumamt <> fund_pay_sumamt + psn_part_amt + hosp_part_amt THEN
    fault := 'settlement_i2';
  ELSIF fund_pay_sumamt <> hifp_pay + cvlserv_pay + hifes_pay + hifmi_pay + hifob_pay + hifdm_pay + maf_pay + oth_pay THEN
    fault := 'settlement_i3';
  ELSIF psn_part_amt <> acct_pay + psn_cash_pay THEN
    fault := 'settlement_i4';
  ELSIF sign * acct_mulaid_pay > sign * acct_pay THEN
    fault := 'settlement_i5';
  ELSIF sign * act_pay_dedc > sign * inscp_scp_amt OR sign * hifp_pay > sign * (inscp_scp_amt - act_pay_dedc) THEN
    fault := 'settlement_i8';
  END IF;
  IF cardinality(funds) <> cardinality(fen) OR cardinality(layers) <> cardinality(fen) OR cardinality(columns) <> cardinality(fen)
      OR cardinality(limits) <> cardinality(fen) OR array_position(funds, NULL) IS NOT NULL OR array_position(layers, NULL) IS NOT NULL
      OR array_position(columns, NULL) IS NOT NULL THEN
    fault := 'settlement_fund: a part of a fund is missing';
  END IF;
  FOR number IN 1 .. cardinality(fen) LOOP
    IF fen[number] IS NULL THEN
      fault := 'settlement_fund: a part of a fund is missing';
    ELSIF limits[number] - fen[number] < 0 THEN
      fault := 'settlement_fund_i9';
    END IF;
    paid := paid + fen[number];
  END LOOP;
  IF fault IS NULL AND paid <> fund_pay_sumamt THEN
    fault := 'I6: ' || paid || ' <> ' || fund_pay_sumamt;
  END IF;
  IF cardinality(codes) <> cardinality(before) OR cardinality(codes) <> cardinality(change) OR array_position(before, NULL) IS NOT NULL
      OR array_position(change, NULL) IS NOT NULL THEN
    fault := 'settlement_change_i10';
  END IF;
  FOR number IN 1 .. cardinality(codes) LOOP
    IF (array_position(codes, codes[number]) = number AND codes[number] IS NOT NULL) IS NOT TRUE THEN
      fault := 'settlement_change: a code that stands twice or is missing';
    END IF;
  END LOOP;
  IF fault IS NOT NULL THEN
    RAISE EXCEPTION 'settlement % breaks %', setl_id, fault USING ERRCODE = 'check_violation';
  END IF;
  RETURN true;
END $$;

ALTER TABLE settlement
  DROP CONSTRAINT settlement_signs,
  DROP CONSTRAINT settlement_i1,
  DROP CONSTRAINT settlement_i2,
  DROP CONSTRAINT settlement_i3,
  DROP CONSTRAINT settlement_i4,
  DROP CONSTRAINT settlement_i5,
  DROP CONSTRAINT settlement_i8,
  ADD CONSTRAINT settlement_whole CHECK (settlement_is_whole(setl_id, sign, medfee_sumamt_fen, fulamt_ownpay_amt_fen, overlmt_selfpay_fen,
    preselfpay_amt_fen, inscp_scp_amt_fen, act_pay_dedc_fen, hifp_pay_fen, cvlserv_pay_fen, hifes_pay_fen, hifmi_pay_fen, hifob_pay_fen,
    hifdm_pay_fen, maf_pay_fen, oth_pay_fen, fund_pay_sumamt_fen, hosp_part_amt_fen, psn_part_amt_fen, acct_pay_fen,
    acct_mulaid_pay_fen, psn_cash_pay_fen, fund_layer, fund_pay_type, fund_pay_column, fund_pay_fen, fund_limit_fen, change_code,
    change_before, change_by));

-- most settlements undo nothing and need no place in the index of what is undone
ALTER TABLE settlement DROP CONSTRAINT settlement_reverses_key;
CREATE UNIQUE INDEX settlement_reverses ON settlement (reverses) WHERE reverses IS NOT NULL;

-- A document is written once and read seldom: kept as it was written, and beside its row unless it is long. What others look for in
-- it, the number of the invoice, has a column.
DROP INDEX settlement_invoice;
ALTER TABLE settlement ADD COLUMN invono text NOT NULL DEFAULT '';
ALTER TABLE settlement DISABLE TRIGGER settlement_stays;
UPDATE settlement SET invono = body ->> 'invono' WHERE body ->> 'invono' <> '';
ALTER TABLE settlement ENABLE TRIGGER settlement_stays;
ALTER TABLE settlement ALTER COLUMN body TYPE json USING body::text::json;
CREATE INDEX settlement_invoice ON settlement (invono) WHERE invono <> '';
ALTER TABLE settlement SET (toast_tuple_target = 3000);
