import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { sql } from 'kysely';
import { DEMO_PERSON, inventPersons } from '#api/demo-persons.ts';
import { afterWorkingDays, readServiceItems } from '#enrolment/index.ts';
import { verifyLedger } from '#fund/index.ts';
import { registerArea } from '#interface/index.ts';
import { CALL_PATH, message } from './support/hospital-service.ts';
import { addUser, ask, startService } from './support/service.ts';

const AREA = '990100';
let service: Awaited<ReturnType<typeof startService>>;
const roles = ['clerk', 'reviewer', 'head', 'bureau', 'expert', 'hospital'] as const;
before(async () => {
  service = await startService();
  await inventPersons(service.services, 12);
  for (const role of roles) await addUser(service, role, role === 'hospital' ? 'H99010100001' : undefined);
  await addUser(service, 'person', DEMO_PERSON);
  await addUser(service, 'person', '990100900002');
});
after(() => service.close());

const store = () => service.services.store;
const get = async (login: string, url: string) => {
  const answer = await ask(service, login, { url });
  assert.equal(answer.statusCode, 200, `${url}: ${answer.body.slice(0, 400)}`);
  return answer.json();
};
const post = (login: string, url: string, body: unknown = {}) =>
  ask(service, login, { method: 'POST', url, body });
const done = async (login: string, url: string, body: unknown = {}) => {
  const answer = await post(login, url, body);
  assert.ok(answer.statusCode < 300, `${url}: ${answer.statusCode} ${answer.body.slice(0, 600)}`);
  return answer.json();
};
const one = async <T>(query: ReturnType<typeof sql<T>>): Promise<T> =>
  (await query.execute(store())).rows[0]!;
const OWNER = `person-${DEMO_PERSON}`;
const OTHER = 'person-990100900002';

describe('the agency finds persons and reads their files', () => {
  test('by number, certificate or name; who it is stays masked, in exports too', async () => {
    const person = await one(sql<{ name: string; certno: string }>`SELECT name, certno FROM person AS p
      JOIN person_certificate AS c ON c.psn_no = p.psn_no WHERE p.psn_no = ${DEMO_PERSON}`);
    for (const query of [
      `psn_no=${DEMO_PERSON}`,
      `certno=${person.certno}`,
      `certno=${person.certno.toLowerCase()}`,
    ]) {
      const { rows } = await get('clerk', `/api/persons?${query}`);
      assert.deepEqual(
        rows.map(({ file }: { file: number }) => file),
        [1],
        query,
      );
    }
    const { rows } = await get('clerk', `/api/persons?psn_name=${encodeURIComponent(person.name)}`);
    assert.ok(rows.length > 0);
    const text =
      JSON.stringify(rows) + (await ask(service, 'clerk', { url: '/api/persons?format=csv' })).body;
    for (const hidden of [person.name, person.certno, DEMO_PERSON]) assert.ok(!text.includes(hidden), hidden);
    assert.equal((await get('clerk', '/api/persons?certno=990100190001010000')).total, 0);
  });

  test('personal data are shown for a reason, which the log keeps', async () => {
    const masked = await get('clerk', '/api/persons/1');
    assert.ok(masked.masked && masked.psn_name.includes('*') && masked.certificates[0].certno.includes('*'));
    assert.equal((await post('clerk', '/api/persons/1/reveal', { reason: 'x' })).statusCode, 400);
    assert.equal((await post('bureau', '/api/persons/1/reveal', { reason: '来信核查' })).statusCode, 403);
    const shown = await done('clerk', '/api/persons/1/reveal', { reason: '窗口核对身份' });
    assert.equal(shown.psn_no, DEMO_PERSON);
    const { rows } = await get('head', '/api/audit?action=person.reveal&size=1&sort=-number');
    assert.match(rows[0].detail, /窗口核对身份/);
    assert.ok(!rows[0].subject.includes(DEMO_PERSON));
  });

  test('every part of the file is a list; the sums of the year are those of the settlements', async () => {
    const person = await get('clerk', '/api/persons/1');
    const { rows } = await get('clerk', '/api/persons/1/settlements?size=200');
    const sum = (key: string) =>
      rows.reduce((total: number, row: Record<string, number>) => total + row[key]!, 0);
    assert.equal(sum('medfee_fen'), person.year_medfee_fen);
    assert.equal(sum('fund_fen') + sum('person_fen'), sum('medfee_fen'));
    const contributions = await get('clerk', '/api/persons/1/contributions');
    assert.equal(contributions.total, 11);
    assert.equal(contributions.rows[0].total_fen, 60_000);
    for (const part of [
      'certificates',
      'identities',
      'enrolments',
      'filings',
      'accumulators',
      'visits',
      'movements',
      'sharing',
      'requests',
    ]) {
      await get('clerk', `/api/persons/1/${part}`);
      assert.equal(
        (await ask(service, 'clerk', { url: `/api/persons/1/${part}?format=csv` })).statusCode,
        200,
        part,
      );
    }
    assert.equal((await ask(service, 'clerk', { url: '/api/persons/999999' })).statusCode, 404);
    assert.equal((await ask(service, 'hospital-h99010100001', { url: '/api/persons/1' })).statusCode, 403);
  });
});

describe('a settlement in words', () => {
  test('its steps add up to it, each in one of the fourteen, with rows and articles', async () => {
    const { rows: all } = await sql<{
      setl_id: string;
      sign: number;
    }>`SELECT setl_id, sign FROM settlement`.execute(store());
    let reasons = 0;
    for (const { setl_id, sign } of all) {
      const told = await get('clerk', `/api/visit-settlements/${setl_id}`);
      assert.equal(told.order.length, 14);
      assert.ok(told.policy_unchanged);
      const sum = (key: string) =>
        told.steps.reduce((total: number, step: Record<string, number>) => total + step[key]!, 0);
      assert.equal(sum('fund_pay_fen'), told.totals.fund_pay_sumamt_fen, setl_id);
      assert.equal(sum('self_pay_fen'), told.totals.psn_part_amt_fen, setl_id);
      for (const step of told.steps) {
        assert.ok(step.number >= 1 && step.number <= 14);
        reasons += step.reasons.length;
        for (const reason of step.reasons) assert.ok(reason.source.title.zh !== '');
      }
      assert.equal(told.kind, sign === 1 ? 'settlement' : 'reversal');
      assert.ok(sign * told.totals.medfee_sumamt_fen > 0);
      assert.ok(!JSON.stringify(told.head).includes('990100900'));
    }
    assert.ok(reasons > all.length);
  });

  test('a reversal names what it undoes, and is named by it', async () => {
    const pair = await one(
      sql<{
        setl_id: string;
        reverses: string;
      }>`SELECT setl_id, reverses FROM settlement WHERE sign = -1 LIMIT 1`,
    );
    assert.equal((await get('clerk', `/api/visit-settlements/${pair.setl_id}`)).head.reverses, pair.reverses);
    assert.equal(
      (await get('clerk', `/api/visit-settlements/${pair.reverses}`)).head.undone_by,
      pair.setl_id,
    );
  });

  test('its lines add up to the fee', async () => {
    const kept = await one(sql<{
      setl_id: string;
      fee: number;
    }>`SELECT setl_id, medfee_sumamt_fen AS fee FROM settlement
      WHERE sign = 1 ORDER BY setl_id LIMIT 1`);
    const { rows } = await get('clerk', `/api/visit-settlements/${kept.setl_id}/lines`);
    const sum = rows.reduce((total: number, row: { amount_fen: number }) => total + row.amount_fen, 0);
    assert.equal(sum, kept.fee);
    const steps = await ask(service, 'clerk', {
      url: `/api/visit-settlements/${kept.setl_id}/steps?format=csv`,
    });
    assert.match(steps.body, /^position,step,code,/);
  });
});

describe('filings', () => {
  const filing = { kind: 'transfer', biz_appy_type: '06', begndate: '2026-01-01', enddate: null };
  test('are added, not twice, and end on a day', async () => {
    const { trt_dcla_detl_sn: number } = await done('clerk', '/api/persons/3/filings', filing);
    const again = await post('clerk', '/api/persons/3/filings', filing);
    assert.equal(again.statusCode, 422);
    assert.match(again.json().title, /已有有效的备案/);
    const backwards = { ...filing, kind: 'accident', enddate: '2025-01-01' };
    assert.equal((await post('clerk', '/api/persons/3/filings', backwards)).statusCode, 422);
    await done('reviewer', `/api/filings/${number}/end`, { lastDay: '2026-02-28', reason: '回到参保地' });
    const { rows } = await get('clerk', '/api/persons/3/filings');
    assert.equal(
      rows.find((row: Record<string, string>) => row.trt_dcla_detl_sn === number).enddate,
      '2026-02-28',
    );
    assert.equal(
      (await post('clerk', `/api/filings/${number}/end`, { lastDay: '2026-03-31', reason: 'x' })).statusCode,
      422,
    );
    assert.equal((await post('bureau', '/api/persons/3/filings', filing)).statusCode, 403);
  });
});

describe('manual reimbursement', () => {
  const invoice = {
    file: 1,
    insutype: '310',
    med_type: '11',
    fixmedins_code: 'H88000000001',
    fixmedins_name: '外地医院',
    hosp_lv: '3',
    area_code: '880000',
    begndate: '2025-12-01',
    enddate: '2025-12-01',
    invoice_code: 'A1',
    invoice_number: '777',
    medfee_sumamt: '1000.00',
    lines: [
      { med_list_codg: 'S220', name: '磁共振', cnt: '1', pric: '620', det_item_fee_sumamt: '620.00' },
      { med_list_codg: 'XA01', name: '药', cnt: '4', pric: '95', det_item_fee_sumamt: '380.00' },
    ],
  };
  const step = (login: string, id: string, action: string, reason?: string) =>
    post(login, `/api/approvals/${id}/steps`, { action, ...(reason ? { reason } : {}) });
  const settlements = async () => (await one(sql<{ n: number }>`SELECT count(*) AS n FROM settlement`)).n;

  test('lines that do not add up to the invoice are refused with both sums', async () => {
    const wrong = await post('clerk', '/api/reimbursements/trial', { ...invoice, medfee_sumamt: '1000.01' });
    assert.equal(wrong.statusCode, 422);
    assert.match(wrong.json().title, /1000\.00/);
  });

  test('three people enter, check and approve; approval settles through the engine and the journal; it can be undone', async () => {
    const before = await settlements();
    const stateBefore = await accumulatorsOf();
    const trial = await done('clerk', '/api/reimbursements/trial', invoice);
    assert.equal(await settlements(), before);
    const { approval, content } = await done('clerk', '/api/approvals', {
      kind: 'reimbursement',
      ...invoice,
    });
    assert.deepEqual(content.trial, trial);
    assert.ok(!JSON.stringify(content).includes(DEMO_PERSON));
    // an expert judges cases, and sees no invoice of a person
    assert.equal((await ask(service, 'expert', { url: `/api/approvals/${approval.id}` })).statusCode, 404);
    assert.equal((await get('expert', '/api/approvals?kind=reimbursement')).total, 0);
    assert.ok((await get('bureau', '/api/approvals?kind=reimbursement')).total > 0);
    // one invoice, one reimbursement
    const twice = await post('clerk', '/api/approvals', { kind: 'reimbursement', ...invoice });
    assert.equal(twice.statusCode, 409);
    assert.equal((await step('clerk', approval.id, 'check')).statusCode, 409);
    assert.equal((await step('reviewer', approval.id, 'check')).statusCode, 200);
    assert.equal((await step('reviewer', approval.id, 'approve')).statusCode, 409);
    assert.equal(await settlements(), before);
    assert.equal((await step('head', approval.id, 'approve')).statusCode, 200);
    const kept = await one(
      sql<Record<string, string | number>>`SELECT * FROM settlement WHERE infno = 'manual'`,
    );
    assert.equal(kept.medfee_sumamt_fen, 100_000);
    assert.equal(kept.fund_pay_sumamt_fen, Math.round(Number(trial.fund_pay_sumamt) * 100));
    assert.ok(Number(kept.fund_pay_sumamt_fen) > 0);
    // the agency owes it, no institution does
    assert.equal(kept.fixmedins_code, AREA);
    assert.equal(kept.clr_way, '1');
    const month = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 7).replace('-', '');
    const { rows } = await get('clerk', `/api/fund/months/${month}/accounts`);
    assert.ok(rows.some((row: Record<string, string>) => row.fixmedins_code === AREA));
    assert.ok(!rows.some((row: Record<string, string>) => row.fixmedins_code === 'H88000000001'));
    assert.deepEqual((await verifyLedger(store())).faults, []);
    const told = await get('clerk', `/api/visit-settlements/${kept.setl_id}`);
    assert.equal(told.head.place, '外地医院');
    // paid once
    const paid = await post('clerk', '/api/reimbursements/trial', invoice);
    assert.match(paid.json().title, /该发票已结算/);
    assert.equal(
      (await post('clerk', '/api/approvals', { kind: 'reimbursement', ...invoice })).statusCode,
      422,
    );
    // undone: the person is where he was, and the invoice may be settled again
    assert.equal((await step('head', approval.id, 'reverse')).statusCode, 422);
    assert.equal((await step('head', approval.id, 'reverse', '发票有误')).statusCode, 200);
    assert.deepEqual(await accumulatorsOf(), stateBefore);
    assert.deepEqual((await verifyLedger(store())).faults, []);
    assert.deepEqual(await done('clerk', '/api/reimbursements/trial', invoice), trial);
  });

  test('one that was sent back is corrected, the invoice number too; what it said before stays with its steps', async () => {
    const wrong = {
      ...invoice,
      invoice_number: '778',
      medfee_sumamt: '620.00',
      lines: invoice.lines.slice(0, 1),
    };
    const { approval } = await done('clerk', '/api/approvals', { kind: 'reimbursement', ...wrong });
    const other = { ...invoice, invoice_number: '780' };
    const { approval: standing } = await done('clerk', '/api/approvals', { kind: 'reimbursement', ...other });
    const steps = `/api/approvals/${approval.id}/steps`;
    assert.equal((await step('reviewer', approval.id, 'return', '漏了一行，号码有误')).statusCode, 200);
    const correct = (content: object) => post('clerk', steps, { action: 'prepare', content });
    // what is wrong is refused as when it is entered, and nothing changes
    assert.equal((await correct({ ...invoice, medfee_sumamt: '1.00' })).statusCode, 422);
    assert.equal((await correct({ ...invoice, invoice_number: '780' })).json().code, 'approval.open-already');
    assert.equal((await get('clerk', `/api/approvals/${approval.id}`)).approval.state, 'returned');
    const corrected = await correct({ ...invoice, invoice_number: '779' });
    assert.equal(corrected.statusCode, 200, corrected.body);
    const { approval: after, content } = corrected.json();
    assert.deepEqual([after.state, after.subject], ['prepared', 'A1/779']);
    assert.equal(content.lines.length, 2);
    assert.equal(content.trial.medfee_sumamt, '1000.00');
    const kept = await sql<{
      action: string;
      number: string;
      lines: number;
    }>`SELECT action, content ->> 'invoice_number' AS number,
      jsonb_array_length(content -> 'lines') AS lines FROM approval_step WHERE approval_id = ${approval.id} ORDER BY number`.execute(
      store(),
    );
    assert.deepEqual(kept.rows.map((row) => [row.action, row.number, row.lines]).toSorted(), [
      ['prepare', '778', 1],
      ['prepare', '779', 2],
      ['return', '778', 1],
    ]);
    // the number it had is free again
    const { approval: again } = await done('clerk', '/api/approvals', { kind: 'reimbursement', ...wrong });
    for (const id of [again.id, standing.id, approval.id]) {
      assert.equal((await step('clerk', id, 'withdraw', '试')).statusCode, 200);
    }
  });

  test('the store itself keeps one settlement for an invoice', async () => {
    const kept = await one(sql<{ setl_id: string; mdtrt_id: string }>`SELECT setl_id, mdtrt_id FROM settlement
      WHERE sign = 1 AND infno <> 'manual' ORDER BY setl_id LIMIT 1`);
    const other = await one(
      sql<{
        setl_id: string;
      }>`SELECT setl_id FROM settlement WHERE sign = 1 AND infno <> 'manual' ORDER BY setl_id DESC LIMIT 1`,
    );
    const insert = (setlId: string) =>
      sql`INSERT INTO manual_invoice (setl_id, mdtrt_id, invoice_code, invoice_number)
      VALUES (${setlId}, ${kept.mdtrt_id}, 'T', '1')`.execute(store());
    await insert(kept.setl_id);
    await assert.rejects(insert(other.setl_id), /manual_invoice_once/);
    await sql`DELETE FROM manual_invoice WHERE invoice_code = 'T'`.execute(store());
  });

  const accumulatorsOf = async () =>
    (
      await sql`SELECT scheme, year, code, value FROM accumulator WHERE psn_no = ${DEMO_PERSON} ORDER BY 1, 2, 3`.execute(
        store(),
      )
    ).rows;
});

describe('the list of items', () => {
  const change = {
    kind: 'items',
    area_code: AREA,
    document: '演示通知',
    article: '第二条',
    rows: [{ code: 'S220', name: '磁共振平扫', from: '2025-12-15', ceiling: '300' }],
  };
  test('is searched with its dates, and changed by two people from a day', async () => {
    const found = await get('clerk', `/api/items?area_code=${AREA}&code=S2`);
    assert.ok(found.rows.every(({ code }: { code: string }) => code.startsWith('S2')));
    const wrong = { ...change, rows: [{ code: 'S220', from: '2025-12-15', ceiling: 'x' }] };
    const refused = await post('clerk', '/api/approvals', wrong);
    assert.equal(refused.statusCode, 422);
    assert.match(refused.body, /ceiling/);
    const { approval } = await done('clerk', '/api/approvals', change);
    assert.equal(
      (await post('clerk', `/api/approvals/${approval.id}/steps`, { action: 'publish' })).statusCode,
      409,
    );
    const state = async (date: string) =>
      (await get('clerk', `/api/items?area_code=${AREA}&code=S220&date=${date}`)).rows.map(
        (row: Record<string, string>) => [row.from, row.ceiling, row.state],
      );
    assert.deepEqual(await state('2025-12-20'), [['2020-01-01', '', 'in-force']]);
    await done('reviewer', `/api/approvals/${approval.id}/steps`, { action: 'publish' });
    assert.deepEqual(await state('2025-12-01'), [
      ['2020-01-01', '', 'in-force'],
      ['2025-12-15', '300', 'to-come'],
    ]);
    const again = await post('clerk', '/api/approvals', change);
    assert.equal(again.statusCode, 422);
    assert.match(again.json().title, /同一天已有/);
  });

  test('a published change holds for lines from its day, and not before', async () => {
    const invoice = (day: string) => ({
      file: 1,
      insutype: '310',
      med_type: '11',
      fixmedins_code: 'H9',
      hosp_lv: '3',
      area_code: AREA,
      begndate: day,
      enddate: day,
      invoice_number: `L${day}`,
      medfee_sumamt: '620.00',
      lines: [{ med_list_codg: 'S220', cnt: '1', pric: '620', det_item_fee_sumamt: '620.00' }],
    });
    const fund = async (day: string) =>
      Number((await done('clerk', '/api/reimbursements/trial', invoice(day))).fund_pay_sumamt);
    const [before, since] = [await fund('2025-12-14'), await fund('2025-12-15')];
    assert.ok(before > since && since > 0, `${before} ${since}`);
  });
});

describe('early warning', () => {
  test('lists who bears more in scope than the line of the policy, the most first', async () => {
    const { rows } = await get('head', `/api/early-warnings?area_code=${AREA}&year=2025&size=200`);
    const { rows: sums } = await sql<{
      file: number;
      burden: number;
      poor: boolean;
    }>`SELECT p.file_number AS file,
        sum(s.psn_part_amt_fen - s.fulamt_ownpay_amt_fen - s.overlmt_selfpay_fen)::bigint AS burden,
        EXISTS (SELECT 1 FROM person_identity AS i WHERE i.psn_no = p.psn_no
          AND (i.enddate IS NULL OR i.enddate >= '2025-12-31')) AS poor
      FROM settlement AS s JOIN person AS p ON p.psn_no = s.psn_no WHERE s.year = 2025 GROUP BY 1, 3`.execute(
      store(),
    );
    // once the year is over its last day decides, until then today
    const expected = sums
      .filter(({ burden, poor }) => burden > (poor ? 500_000 : 1_500_000))
      .toSorted((a, b) => b.burden - a.burden || a.file - b.file)
      .map(({ file, burden }) => [file, burden]);
    assert.ok(expected.length > 0);
    assert.deepEqual(
      rows.map((row: Record<string, number>) => [row.file, row.burden_fen]),
      expected,
    );
    assert.ok(rows.every((row: Record<string, string>) => row.certno!.includes('*')));
    // an area whose policy says no line warns of nobody
    assert.equal((await get('head', '/api/early-warnings?area_code=110000&year=2025')).total, 0);
  });

  test('is handed over with names for a reason, which the log keeps', async () => {
    const wanted = { area_code: AREA, year: 2025, format: 'csv', reason: '移交市民政局核查' };
    assert.equal((await post('clerk', '/api/early-warnings/hand-over', wanted)).statusCode, 403);
    const file = await done('head', '/api/early-warnings/hand-over', wanted);
    const text = Buffer.from(file.content, 'base64').toString('utf8');
    assert.doesNotMatch(text, /\*/);
    assert.match(text, /^\uFEFFfile,psn_no,psn_name,certno/);
    const { rows } = await get('head', '/api/audit?action=warning.hand-over&size=1&sort=-number');
    assert.match(rows[0].detail, /移交市民政局核查/);
    assert.doesNotMatch(rows[0].detail, /990100900/);
    const xlsx = await done('head', '/api/early-warnings/hand-over', { ...wanted, format: 'xlsx' });
    assert.equal(Buffer.from(xlsx.content, 'base64').subarray(0, 2).toString(), 'PK');
  });
});

describe('the accounts of the funds', () => {
  test('what institutions are owed in a month is what funds and accounts paid in it, and what its days add up to', async () => {
    const { rows: months } = await get('clerk', '/api/fund/months');
    for (const { month, fund_fen } of months) {
      const part = async (name: string) =>
        (await get('clerk', `/api/fund/months/${month}/${name}?size=500`)).rows;
      const sum = (rows: Record<string, number>[], key: string) =>
        rows.reduce((total, row) => total + row[key]!, 0);
      const [accounts, funds, days] = [await part('accounts'), await part('funds'), await part('days')];
      assert.equal(sum(accounts, 'fund_fen'), fund_fen);
      assert.equal(sum(days, 'fund_fen'), fund_fen);
      assert.equal(sum(funds, 'amount_fen'), sum(accounts, 'fund_fen') + sum(accounts, 'account_fen'));
      assert.equal(sum(funds, 'paid_fen') + sum(funds, 'taken_back_fen'), sum(funds, 'amount_fen'));
    }
  });

  test('the day is closed once, the books are proven, and a changed row is found', async () => {
    assert.equal((await post('reviewer', '/api/fund/seals')).statusCode, 403);
    assert.ok((await done('clerk', '/api/fund/seals')).sealed > 0);
    assert.equal((await done('clerk', '/api/fund/seals')).sealed, 0);
    const whole = await done('head', '/api/fund/verification');
    assert.deepEqual([whole.faults, whole.unsealed], [[], 0]);
    const before = await one(
      sql<{ value: number }>`SELECT value FROM accumulator ORDER BY psn_no, code LIMIT 1`,
    );
    const change = (by: number) =>
      sql`UPDATE accumulator SET value = value + ${by}
      WHERE (psn_no, code) = (SELECT psn_no, code FROM accumulator ORDER BY psn_no, code LIMIT 1)`.execute(
        store(),
      );
    await change(1);
    const broken = await done('head', '/api/fund/verification');
    assert.ok(broken.faults.some((fault: { check: string }) => fault.check === 'accumulators'));
    await change(-1);
    assert.equal(
      (await one(sql<{ value: number }>`SELECT value FROM accumulator ORDER BY psn_no, code LIMIT 1`)).value,
      before.value,
    );
  });

  test('totals an institution reconciled stand as they were answered', async () => {
    const code = 'H99010100001';
    await registerArea(store(), { areaId: 'demo', areaCode: AREA }, [
      { fixmedinsCode: code, name: '第一医院', level: '3' },
    ]);
    const sums = await one(sql<
      Record<string, number>
    >`SELECT count(*) AS n, sum(medfee_sumamt_fen)::bigint AS medfee,
        sum(fund_pay_sumamt_fen)::bigint AS fund, sum(acct_pay_fen)::bigint AS account
      FROM settlement WHERE fixmedins_code = ${code} AND clr_optins = ${AREA} AND clr_type = '11' AND insutype = '310'`);
    const yuanOf = (fen: number) => (fen / 100).toFixed(2);
    const data = {
      insutype: '310',
      clr_type: '11',
      setl_optins: AREA,
      stmt_begndate: '2025-01-01',
      stmt_enddate: '2025-12-31',
      medfee_sumamt: yuanOf(sums.medfee!),
      fund_pay_sumamt: yuanOf(sums.fund!),
      acct_pay: yuanOf(sums.account!),
      fixmedins_setl_cnt: sums.n,
      fixmedins_refd_setl_flag: '0',
    };
    for (const said of [data, { ...data, acct_pay: '0.01' }]) {
      const payload = message('3201', { data: said }, { fixmedins_code: code, mdtrtarea_admvs: AREA });
      const answer = await service.server.inject({ method: 'POST', url: CALL_PATH, payload });
      assert.equal(answer.json().infcode, 0, answer.body);
    }
    const { rows } = await get('clerk', '/api/fund/reconciliations?kind=3201&sort=result');
    assert.deepEqual(
      rows.map((row: Record<string, string>) => [row.fixmedins_code, row.result]),
      [
        [code, '0'],
        [code, '1'],
      ],
    );
    assert.match(rows[1].text, /个人账户支付：中心.*机构0\.01/);
  });

  test('the report of differences of an institution is shown row by row', async () => {
    const { rows } = await get('clerk', '/api/fund/reconciliations');
    const report = rows.find(({ kind }: { kind: string }) => kind === '3202');
    assert.equal(report.result, '1');
    // one amount differs, one settlement is missing there
    assert.equal(report.differences, 2);
    const path = `/api/fund/reconciliations/${report.fixmedins_code}/${report.id}`;
    const { rows: differences } = await get('clerk', `${path}?result=1`);
    assert.equal(differences.length, 2);
    assert.match(differences[0].text, /金额不符/);
    assert.match(differences[1].text, /机构没有该结算/);
  });
});

describe('service items', () => {
  test('are the 28 of the national list in ten groups', () => {
    const items = readServiceItems();
    assert.equal(items.length, 28);
    assert.equal(new Set(items.map(({ group }) => group.zh)).size, 10);
    assert.deepEqual(
      items.map(({ code }) => code),
      Array.from({ length: 28 }, (_, index) => String(index + 1).padStart(2, '0')),
    );
  });

  test('working days leave out Saturdays and Sundays', () => {
    assert.equal(afterWorkingDays('2025-11-28', 0), '2025-11-28');
    assert.equal(afterWorkingDays('2025-11-28', 1), '2025-12-01');
    assert.equal(afterWorkingDays('2025-11-29', 5), '2025-12-05');
    assert.equal(afterWorkingDays('2025-11-24', 20), '2025-12-22');
  });

  test('a request is received with its due day, finished once, and rated once by whom it is for', async () => {
    const { id } = await done('clerk', '/api/service-requests', { item: '16', file: 1, note: '糖尿病' });
    assert.equal((await post(OWNER, `/api/own-file/requests/${id}/rating`, { rating: 5 })).statusCode, 409);
    await done('clerk', `/api/service-requests/${id}/close`, { state: 'done', outcome: '已认定' });
    assert.equal(
      (await post('clerk', `/api/service-requests/${id}/close`, { state: 'done', outcome: 'x' })).statusCode,
      409,
    );
    assert.equal((await post(OTHER, `/api/own-file/requests/${id}/rating`, { rating: 1 })).statusCode, 409);
    await done(OWNER, `/api/own-file/requests/${id}/rating`, { rating: 5, comment: '很快' });
    assert.equal((await post(OWNER, `/api/own-file/requests/${id}/rating`, { rating: 1 })).statusCode, 409);
    const wrong = await post('clerk', '/api/service-requests', { item: '01', file: 1 });
    assert.equal(wrong.statusCode, 422);
    const { rows } = await get('clerk', '/api/service-items?size=100');
    const item = rows.find(({ code }: { code: string }) => code === '16');
    const { rows: known } = await sql<{
      mean: string;
      n: number;
    }>`SELECT avg(rating)::text AS mean, count(rating) AS n
      FROM service_request WHERE item = '16'`.execute(store());
    assert.equal(item.rated, known[0]!.n);
    assert.equal(item.rating4, Math.round(Number(known[0]!.mean) * 10_000));
  });
});

describe('an insured person who signs in', () => {
  test('sees the own file: entitlement, account, settlements in words, family, filings', async () => {
    const own = await get(OWNER, '/api/own-file');
    assert.equal(own.psn_no, DEMO_PERSON);
    assert.equal(own.entitlements[0].state, 'entitled');
    const { rows } = await get(OWNER, '/api/own-file/settlements?size=1');
    const told = await get(OWNER, `/api/own-settlements/${rows[0].setl_id}`);
    assert.equal(told.order.length, 14);
    const family = await get(OWNER, '/api/own-file/sharing');
    for (const row of family.rows) assert.match(row.psn_name, /\*/);
  });

  test('files living elsewhere from today on, and ends it', async () => {
    const body = { biz_appy_type: '06', begndate: '2099-01-01' };
    assert.equal(
      (await post(OWNER, '/api/own-file/filings', { ...body, begndate: '2020-01-01' })).statusCode,
      400,
    );
    const { trt_dcla_detl_sn: number } = await done(OWNER, '/api/own-file/filings', body);
    const end = { lastDay: '2098-12-31', reason: '不去了' };
    assert.equal((await post(OTHER, `/api/own-file/filings/${number}/end`, end)).statusCode, 422);
    await done(OWNER, `/api/own-file/filings/${number}/end`, end);
    const { rows } = await get(OWNER, '/api/own-file/filings');
    assert.equal(
      rows.find((row: Record<string, string>) => row.trt_dcla_detl_sn === number).state,
      'withdrawn',
    );
  });

  test('gets nothing of another person by any address, query or body', async () => {
    const mine = await get(OTHER, '/api/own-file');
    assert.equal(mine.psn_no, '990100900002');
    const { rows } = await sql<{ setl_id: string; psn_no: string }>`SELECT setl_id, psn_no FROM settlement
      WHERE psn_no <> '990100900002'`.execute(store());
    for (const { setl_id } of rows) {
      assert.equal((await ask(service, OTHER, { url: `/api/own-settlements/${setl_id}` })).statusCode, 404);
      assert.equal((await ask(service, OTHER, { url: `/api/visit-settlements/${setl_id}` })).statusCode, 403);
    }
    const wanted = [`psn_no=${DEMO_PERSON}`, 'file=1', `psnNo=${DEMO_PERSON}`, `owner_psn_no=${DEMO_PERSON}`];
    const hidden = await one(sql<{ name: string; certno: string }>`SELECT name, certno FROM person AS p
      JOIN person_certificate AS c ON c.psn_no = p.psn_no WHERE p.psn_no = ${DEMO_PERSON}`);
    for (const part of [
      'certificates',
      'identities',
      'enrolments',
      'contributions',
      'filings',
      'accumulators',
      'visits',
      'settlements',
      'movements',
      'sharing',
      'requests',
    ]) {
      const own = (await ask(service, OTHER, { url: `/api/own-file/${part}` })).body;
      for (const query of wanted) {
        const { body } = await ask(service, OTHER, { url: `/api/own-file/${part}?${query}` });
        assert.equal(body, own, `${part} ${query}`);
      }
      for (const text of [DEMO_PERSON, hidden.certno]) assert.ok(!own.includes(text), `${part} ${text}`);
    }
    for (const url of [
      '/api/persons',
      '/api/persons/1',
      '/api/persons/1/settlements',
      '/api/filings',
      '/api/reimbursements',
      '/api/service-requests',
      '/api/early-warnings?area_code=990100&year=2025',
      '/api/fund/months',
      '/api/approvals',
      '/api/audit',
      '/api/users',
    ]) {
      assert.equal((await ask(service, OTHER, { url })).statusCode, 403, url);
    }
    const request = await one(sql<{
      id: number;
    }>`SELECT request_id AS id FROM service_request WHERE psn_no = ${DEMO_PERSON}
      AND state <> 'received' AND rating IS NULL LIMIT 1`);
    assert.equal(
      (await post(OTHER, `/api/own-file/requests/${request.id}/rating`, { rating: 1 })).statusCode,
      409,
    );
    const { id } = await done(OTHER, '/api/own-file/requests', { item: '08', file: 1, psn_no: DEMO_PERSON });
    const made = await one(
      sql<{ psn_no: string }>`SELECT psn_no FROM service_request WHERE request_id = ${id}`,
    );
    assert.equal(made.psn_no, '990100900002');
  });

  test('a user is a person or none, and of a number somebody has', async () => {
    await addUser(service, 'administrator');
    const user = { login: 'p1', displayName: 'p1', role: 'person' };
    const make = (body: unknown) => post('administrator', '/api/users', body);
    assert.equal((await make(user)).statusCode, 422);
    assert.equal((await make({ ...user, psnNo: 'nobody' })).statusCode, 422);
    assert.equal((await make({ ...user, role: 'clerk', psnNo: '990100900003' })).statusCode, 422);
    assert.equal((await make({ ...user, psnNo: '990100900003' })).statusCode, 201);
    const { rows } = await get('administrator', '/api/users?login=p1');
    assert.match(rows[0].psnNo, /^99\*+03$/);
  });
});

describe('insurance taken to another area', () => {
  test('does not end before what was settled under it, and takes the balance of the day', async () => {
    const { file } = await one(sql<{ file: number }>`SELECT p.file_number AS file FROM person AS p
      WHERE p.psn_no <> ${DEMO_PERSON} AND EXISTS (SELECT 1 FROM enrolment AS e WHERE e.psn_no = p.psn_no AND e.insutype = '310')
        AND EXISTS (SELECT 1 FROM settlement AS s WHERE s.psn_no = p.psn_no AND s.insutype = '310' AND s.sign = 1
          AND NOT EXISTS (SELECT 1 FROM settlement AS r WHERE r.reverses = s.setl_id)) ORDER BY 1 LIMIT 1`);
    const { transferId } = await done('clerk', '/api/insurance-transfers', {
      ...{ file, direction: 'out', insutype: '310', otherArea: '440300', certificate: 'OUT-1' },
      ...{ monthFrom: '202501', monthTo: '202511' },
    });
    const address = `/api/insurance-transfers/${transferId}`;
    const early = await get('clerk', `${address}?on=2025-01-01`);
    assert.ok(early.settled_later > 0);
    assert.equal(early.spans.length, 1);
    const refused = await post('clerk', `${address}/end`, { isDone: true, on: '2025-01-01' });
    assert.equal(refused.statusCode, 409);
    const { code, problems } = refused.json();
    assert.deepEqual(
      [code, problems[0].field, problems[0].value],
      ['enrolment.settled-later', 'on', '2025-01-01'],
    );
    const before = await get('clerk', `${address}?on=2026-01-31`);
    assert.ok(before.account.balance_fen > 0);
    assert.deepEqual([before.settled_later, before.account.change_fen], [0, -before.account.balance_fen]);
    await done('clerk', `${address}/end`, { isDone: true, on: '2026-01-31' });
    const after = await get('clerk', address);
    assert.deepEqual(
      [after.account, after.spans.map((span: { enddate: string }) => span.enddate)],
      [{ change_fen: before.account.change_fen, balance_fen: 0 }, ['2026-01-31']],
    );
  });
});
