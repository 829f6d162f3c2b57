import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { sql } from 'kysely';
import { monthAccounts, verifyLedger } from '#fund/index.ts';
import { CALL_PATH, HOSPITAL, message, OTHER_HOSPITAL } from './support/hospital-service.ts';
import {
  AREA,
  admission,
  CHILD,
  discharge,
  feeLines,
  type Insured,
  ok,
  outpatientVisit,
  PHARMACY,
  RESIDENT,
  RETIRED,
  settlementOf,
  startVisitService,
  type VisitService,
  WORKER,
} from './support/visit-service.ts';

type Row = Record<string, string>;
let service: VisitService;
/** What the service takes for the present; undefined: the real one. */
let now: string | undefined;
before(async () => {
  service = await startVisitService(
    { memory: true },
    { clock: () => (now === undefined ? Temporal.Now.instant() : Temporal.Instant.from(now)) },
  );
});
after(() => service.close());
const send: VisitService['send'] = (...given) => service.send(...given);

/** Everything that a settlement may change of persons: what is used up, every account, and which lines are settled. */
const stateOf = async () => {
  const rows = async (query: string) => (await sql.raw<Row>(query).execute(service.store)).rows;
  return {
    used: await rows('SELECT psn_no, scheme, year, code, value FROM accumulator ORDER BY 1, 2, 3, 4'),
    accounts: await rows('SELECT psn_no, balance_fen FROM personal_account ORDER BY 1'),
    lines: await rows(`SELECT l.mdtrt_id, l.feedetl_sn, d.setl_id FROM fee_line AS l
      LEFT JOIN settled_line AS d ON d.mdtrt_id = l.mdtrt_id AND d.feedetl_sn = l.feedetl_sn ORDER BY 1, 2`),
  };
};
const undo = (infno: string, person: Insured, mdtrt_id: string, setl_id: string) =>
  send(infno, { data: { psn_no: person.psn_no, mdtrt_id, setl_id } });
const AMOUNTS = [
  'medfee_sumamt',
  'fulamt_ownpay_amt',
  'overlmt_selfpay',
  'preselfpay_amt',
  'inscp_scp_amt',
  'act_pay_dedc',
  'hifp_pay',
  'cvlserv_pay',
  'hifes_pay',
  'hifmi_pay',
  'hifob_pay',
  'maf_pay',
  'oth_pay',
  'fund_pay_sumamt',
  'psn_part_amt',
  'acct_pay',
  'psn_cash_pay',
  'acct_mulaid_pay',
  'hosp_part_amt',
];
const negated = (amount: string): string =>
  /^-/.test(amount) ? amount.slice(1) : /[1-9]/.test(amount) ? `-${amount}` : amount;
/** A negative settlement is the other one with every sign turned, fund by fund. */
const isNegativeOf = (
  negative: { setlinfo: Row; setldetail: Row[] },
  original: { setlinfo: Row; setldetail: Row[] },
) => {
  for (const field of AMOUNTS)
    assert.equal(negative.setlinfo[field], negated(original.setlinfo[field]!), field);
  assert.notEqual(negative.setlinfo.setl_id, original.setlinfo.setl_id);
  assert.deepEqual(
    negative.setldetail.map((row) => [row.fund_pay_type, row.fund_payamt]).toSorted(),
    original.setldetail.map((row) => [row.fund_pay_type, negated(row.fund_payamt!)]).toSorted(),
  );
};

describe('2601: what the client never heard of', () => {
  const reverse = (person: Insured, omsgid: string, oinfno: string, header = {}) =>
    send('2601', { data: { psn_no: person.psn_no, omsgid, oinfno } }, header);
  /** Sends and goes away before the answer. */
  const sendAndHangUp = async (body: object) => {
    const { hostname, port } = new URL(service.url);
    const text = JSON.stringify(body);
    await new Promise<void>((resolve, reject) => {
      const socket = connect(Number(port), hostname, () => {
        socket.end(
          `POST ${CALL_PATH} HTTP/1.1\r\nHost: x\r\nContent-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`,
          () => {
            socket.destroy();
            resolve();
          },
        );
      });
      socket.on('error', reject);
    });
  };

  test('an answer that was lost: the settlement is found by its message and taken back exactly', async () => {
    const mdtrtId = await outpatientVisit(send, WORKER, '2025-03-01', [{ yuan: '800', sn: '1' }]);
    const start = await stateOf();
    await sendAndHangUp(
      message('2207', settlementOf(WORKER, mdtrtId, '800', { acct_used_flag: '1' }), { msgid: 'GONE-1' }),
    );
    const count = async () =>
      (
        await sql<{ n: number }>`SELECT count(*) AS n FROM settlement WHERE msgid = 'GONE-1'`.execute(
          service.store,
        )
      ).rows[0]!.n;
    for (let tries = 0; (await count()) === 0 && tries < 100; tries++) await wait(50);
    assert.equal(await count(), 1, 'it was carried out though nobody heard the answer');
    assert.notDeepEqual(await stateOf(), start);
    ok(await reverse(WORKER, 'GONE-1', '2207'));
    assert.deepEqual(await stateOf(), start);
    // the message itself, sent again, still gets its first answer and settles nothing
    const again = ok(
      await send('2207', settlementOf(WORKER, mdtrtId, '800', { acct_used_flag: '1' }), { msgid: 'GONE-1' }),
    );
    assert.equal(again.setlinfo.medfee_sumamt, '800.00');
    assert.equal(await count(), 1);
    assert.deepEqual(await stateOf(), start);
    ok(await send('2207', settlementOf(WORKER, mdtrtId, '800', { acct_used_flag: '1' })));
  });

  test('a message that never arrived, was refused, or is another’s: nothing is undone, and it is said why', async () => {
    const mdtrtId = await outpatientVisit(send, RETIRED, '2025-03-01', [{ yuan: '900', sn: '1' }]);
    assert.match(
      (await reverse(RETIRED, 'NEVER-1', '2207')).err_msg,
      /omsgid（原发送方报文ID）值“NEVER-1”：没有执行成功的原交易，无需冲正/,
    );
    const refused = await send('2207', settlementOf(RETIRED, mdtrtId, '901'), { msgid: 'REFUSED-1' });
    assert.equal(refused.infcode, -1);
    assert.match((await reverse(RETIRED, 'REFUSED-1', '2207')).err_msg, /无需冲正/);
    ok(await send('2207', settlementOf(RETIRED, mdtrtId, '900'), { msgid: 'KEPT-1' }));
    const start = await stateOf();
    assert.match((await reverse(WORKER, 'KEPT-1', '2207')).err_msg, /无需冲正/, 'of another person');
    assert.match(
      (await reverse(RETIRED, 'KEPT-1', '2207', { fixmedins_code: OTHER_HOSPITAL })).err_msg,
      /无需冲正/,
    );
    assert.match((await reverse(RETIRED, 'KEPT-1', '2304')).err_msg, /无需冲正/, 'under another number');
    for (const infno of ['2206', '2208', '2203', '6202', 'x'])
      assert.match(
        (await reverse(RETIRED, 'KEPT-1', infno)).err_msg,
        /oinfno（原交易编号）值“.*”：只能冲正2102、2207、2304、2401/,
      );
    assert.deepEqual(await stateOf(), start);
    ok(await reverse(RETIRED, 'KEPT-1', '2207'));
    assert.match((await reverse(RETIRED, 'KEPT-1', '2207')).err_msg, /该结算已撤销/);
  });

  test('2102, 2304 and 2401 as well; an admission with something settled is not undone', async () => {
    const start = await stateOf();
    const header = { fixmedins_code: PHARMACY };
    const purchase = {
      druginfo: { ...settlementOf(CHILD, '', '80').data, begntime: '2025-04-01 10:00:00', med_type: '41' },
      drugdetail: feeLines(CHILD, '', '2025-04-01', [{ yuan: 80, sn: '1' }]).feedetail,
    };
    ok(await send('2102', purchase, { ...header, msgid: 'DRUG-1' }));
    ok(await reverse(CHILD, 'DRUG-1', '2102', header));
    const used = async () => (await stateOf()).used;
    assert.deepEqual(await used(), start.used);
    const { result } = ok(await send('2401', admission(CHILD, '2025-04-02', 'R1'), { msgid: 'ADMIT-1' }));
    ok(await send('2301', feeLines(CHILD, result.mdtrt_id, '2025-04-03', [{ yuan: 7000, sn: '1' }])));
    ok(await send('2402', discharge(CHILD, result.mdtrt_id, '2025-04-05')));
    const { setlinfo } = ok(
      await send('2304', settlementOf(CHILD, result.mdtrt_id, 7000), { msgid: 'STAY-1' }),
    );
    assert.match(
      (await reverse(CHILD, 'ADMIT-1', '2401')).err_msg,
      new RegExp(`已结算（${setlinfo.setl_id}），先撤销结算`),
    );
    ok(await reverse(CHILD, 'STAY-1', '2304'));
    assert.deepEqual(await used(), start.used);
    ok(await reverse(CHILD, 'ADMIT-1', '2401'));
    assert.match((await reverse(CHILD, 'ADMIT-1', '2401')).err_msg, /该交易已撤销/);
  });

  test('the reversal comes first: the message is refused when it still arrives, however often and in whatever form', async () => {
    const mdtrtId = await outpatientVisit(send, CHILD, '2025-05-02', [{ yuan: '60', sn: '1' }]);
    const start = await stateOf();
    const first = await reverse(CHILD, 'LATE-1', '2207', { msgid: 'UNDO-1' });
    assert.match(first.err_msg, /没有执行成功的原交易，无需冲正；该报文以后到达也不再执行/);
    const settlement = settlementOf(CHILD, mdtrtId, '60');
    for (const input of [settlement, settlement, JSON.stringify(settlement), { data: {} }]) {
      const late = await send('2207', input, { msgid: 'LATE-1' });
      assert.equal(late.infcode, -1);
      assert.match(
        late.err_msg,
        /字段msgid（发送方报文ID）值“LATE-1”：该报文已先由2601（msgid UNDO-1）冲正，不再执行；需要办理请换一个msgid重发/,
      );
    }
    assert.deepEqual(await stateOf(), start);
    // asked again, under the same msgid or another, nothing changes: the first reversal is the one that is named
    assert.equal((await reverse(CHILD, 'LATE-1', '2207', { msgid: 'UNDO-1' })).err_msg, first.err_msg);
    assert.equal((await reverse(CHILD, 'LATE-1', '2207', { msgid: 'UNDO-2' })).err_msg, first.err_msg);
    assert.match((await send('2207', settlement, { msgid: 'LATE-1' })).err_msg, /UNDO-1/);
    // only this message of this institution under this number
    assert.match(
      (await send('2401', { mdtrtinfo: {} }, { msgid: 'LATE-1' })).err_msg,
      /必填项为空|缺少该节点/,
    );
    ok(await send('2207', settlement, { msgid: 'LATE-2' }));
    ok(await reverse(CHILD, 'LATE-2', '2207'));
    assert.deepEqual(await stateOf(), start);
  });

  test('an admission and a purchase that come after their reversal do not happen', async () => {
    assert.match((await reverse(CHILD, 'LATE-A', '2401')).err_msg, /以后到达也不再执行/);
    const late = await send('2401', admission(CHILD, '2025-05-03', 'LATE'), { msgid: 'LATE-A' });
    assert.match(late.err_msg, /已先由2601（msgid .+）冲正/);
    const header = { fixmedins_code: PHARMACY };
    assert.match((await reverse(CHILD, 'LATE-A', '2102', header)).err_msg, /以后到达也不再执行/);
    const purchase = {
      druginfo: { ...settlementOf(CHILD, '', '80').data, begntime: '2025-05-03 10:00:00', med_type: '41' },
      drugdetail: feeLines(CHILD, '', '2025-05-03', [{ yuan: 80, sn: '1' }]).feedetail,
    };
    assert.match((await send('2102', purchase, { ...header, msgid: 'LATE-A' })).err_msg, /冲正，不再执行/);
    const { rows } =
      await sql`SELECT mdtrt_id FROM visit WHERE begntime >= '2025-05-03' AND begntime < '2025-05-04'`.execute(
        service.store,
      );
    assert.deepEqual(rows, []);
  });

  test('many that take back the same: one does, the others are told', async () => {
    const mdtrtId = await outpatientVisit(send, CHILD, '2025-05-01', [{ yuan: '60', sn: '1' }]);
    const start = await stateOf();
    ok(await send('2207', settlementOf(CHILD, mdtrtId, '60'), { msgid: 'MANY-1' }));
    const answers = await Promise.all(Array.from({ length: 6 }, () => reverse(CHILD, 'MANY-1', '2207')));
    assert.equal(answers.filter(({ infcode }) => infcode === 0).length, 1);
    assert.ok(answers.every(({ infcode, err_msg }) => infcode === 0 || /该结算已撤销/.test(err_msg)));
    assert.deepEqual(await stateOf(), start);
  });
});

describe('exactly where it was', () => {
  test('one-stop: basic, catastrophic and assistance in one answer are all taken back', async () => {
    const { result } = ok(await send('2401', admission(RESIDENT, '2025-06-01', 'ONE')));
    ok(
      await send(
        '2301',
        feeLines(RESIDENT, result.mdtrt_id, '2025-06-02', [
          { yuan: '90000.01', sn: '1' },
          { yuan: '0.33', sn: '2' },
        ]),
      ),
    );
    ok(await send('2402', discharge(RESIDENT, result.mdtrt_id, '2025-06-20')));
    const start = await stateOf();
    const settled = ok(await send('2304', settlementOf(RESIDENT, result.mdtrt_id, '90000.34')));
    for (const field of ['hifp_pay', 'hifmi_pay', 'maf_pay'])
      assert.notEqual(settled.setlinfo[field], '0.00', field);
    const negative = ok(await undo('2305', RESIDENT, result.mdtrt_id, settled.setlinfo.setl_id));
    isNegativeOf(negative, settled);
    assert.deepEqual(await stateOf(), start);
    const again = ok(await send('2304', settlementOf(RESIDENT, result.mdtrt_id, '90000.34')));
    for (const field of AMOUNTS) assert.equal(again.setlinfo[field], settled.setlinfo[field], field);
    const negativeAgain = await undo('2305', RESIDENT, result.mdtrt_id, negative.setlinfo.setl_id);
    assert.match(negativeAgain.err_msg, /该结算已撤销/, 'a negative settlement is not undone');
    ok(await undo('2305', RESIDENT, result.mdtrt_id, again.setlinfo.setl_id));
  });

  test('a stay over the year’s end, settled three times: taken back last first, each step exactly where it was', async () => {
    const { result } = ok(await send('2401', admission(WORKER, '2025-12-20', 'LONG')));
    const mdtrtId = result.mdtrt_id;
    const states = [];
    const settled: { setlinfo: Row; setldetail: Row[] }[] = [];
    const parts = [
      ['2025-12-25', '12000.01', '1'],
      ['2025-12-31', '8000.99', '1'],
      ['2026-01-10', '30000', '0'],
    ] as const;
    for (const [index, [day, yuan, mid]] of parts.entries()) {
      ok(await send('2301', feeLines(WORKER, mdtrtId, day, [{ yuan, sn: `${index}` }])));
      if (mid === '0') ok(await send('2402', discharge(WORKER, mdtrtId, day)));
      states.push(await stateOf());
      settled.push(
        ok(
          await send(
            '2304',
            settlementOf(WORKER, mdtrtId, yuan, { mid_setl_flag: mid, acct_used_flag: '1' }),
          ),
        ),
      );
    }
    const years = (
      await sql<{
        year: number;
      }>`SELECT year FROM settlement WHERE mdtrt_id = ${mdtrtId} ORDER BY sequence, year`.execute(
        service.store,
      )
    ).rows;
    assert.deepEqual(years.map(({ year }) => year).toSorted(), [2025, 2025, 2026]);
    const ids = settled.map(({ setlinfo }) => setlinfo.setl_id!);
    const blocked = await undo('2305', WORKER, mdtrtId, ids[0]!);
    assert.match(
      blocked.err_msg,
      new RegExp(`请先依次撤销：${ids[2]}、${ids[1]}$`),
      'the next year began where this one ended',
    );
    const between = await outpatientVisit(send, WORKER, '2026-02-01', [{ yuan: '500', sn: '1' }]);
    const visit = ok(await send('2207', settlementOf(WORKER, between, '500')));
    assert.match((await undo('2305', WORKER, mdtrtId, ids[2]!)).err_msg, new RegExp(visit.setlinfo.setl_id));
    ok(await undo('2208', WORKER, between, visit.setlinfo.setl_id));
    ok(await send('2202', { data: { psn_no: WORKER.psn_no, mdtrt_id: between, ipt_otp_no: 'x' } }));
    for (const index of [2, 1, 0]) {
      const negative = ok(await undo('2305', WORKER, mdtrtId, ids[index]!));
      isNegativeOf(negative, settled[index]!);
      const state = await stateOf();
      // the lines of later parts are uploaded already, and open
      const known: ReadonlySet<string> = new Set(
        states[index]!.lines.map((line) => `${line.mdtrt_id} ${line.feedetl_sn}`),
      );
      assert.deepEqual(
        { ...state, lines: state.lines.filter((line) => known.has(`${line.mdtrt_id} ${line.feedetl_sn}`)) },
        states[index],
        `part ${index + 1}`,
      );
    }
    assert.deepEqual((await verifyLedger(service.store)).faults, []);
  });
});

describe('accounts of months across a year’s end', () => {
  const accountsOf = async (month: string) =>
    (await monthAccounts(service.store, month)).filter(
      ({ fixmedins_code }) => fixmedins_code === OTHER_HOSPITAL,
    );
  const sums = async (month: string) => {
    const rows = await accountsOf(month);
    const sum = (field: 'settlements' | 'reversals' | 'medfee_fen' | 'fund_fen') =>
      rows.reduce((total, row) => total + Number(row[field as never] ?? 0), 0);
    return [sum('settlements'), sum('medfee_fen'), sum('fund_fen')];
  };
  const header = { fixmedins_code: OTHER_HOSPITAL };
  const other: VisitService['send'] = (infno, input) => send(infno, input, header);
  after(() => {
    now = undefined;
  });

  test('a settlement belongs to the Beijing month in which it was made, its reversal to that of the reversal', async () => {
    const before = [await sums('202512'), await sums('202601')];
    assert.deepEqual(before, [
      [0, 0, 0],
      [0, 0, 0],
    ]);
    const at = async (instant: string, day: string, yuan: string) => {
      now = instant;
      const mdtrtId = await outpatientVisit(other, CHILD, day, [{ yuan, sn: '1' }]);
      const { setlinfo } = ok(await other('2207', settlementOf(CHILD, mdtrtId, yuan)));
      return { mdtrtId, setlinfo: setlinfo as Row };
    };
    const fen = (text: string | undefined) => Math.round(Number(text) * 100);
    // one second before and after midnight in Beijing; in UTC both are in December
    const december = await at('2025-12-31T15:59:59Z', '2025-12-30', '300');
    const january = await at('2025-12-31T16:00:00Z', '2025-12-31', '500');
    assert.equal(december.setlinfo.setl_time, '2025-12-31 23:59:59');
    assert.equal(january.setlinfo.setl_time, '2026-01-01 00:00:00');
    assert.deepEqual(await sums('202512'), [1, 30_000, fen(december.setlinfo.fund_pay_sumamt)]);
    assert.deepEqual(await sums('202601'), [1, 50_000, fen(january.setlinfo.fund_pay_sumamt)]);
    // both are visits of 2025: what they used up is that of 2025
    const { rows } = await sql<{
      year: number;
    }>`SELECT DISTINCT year FROM settlement WHERE fixmedins_code = ${OTHER_HOSPITAL}`.execute(service.store);
    assert.deepEqual(rows, [{ year: 2025 }]);
    const closed = await accountsOf('202512');
    now = '2026-01-15T02:00:00Z';
    for (const each of [january, december]) {
      const { mdtrtId, setlinfo } = each;
      ok(
        await other('2208', { data: { psn_no: CHILD.psn_no, mdtrt_id: mdtrtId, setl_id: setlinfo.setl_id } }),
      );
    }
    assert.deepEqual(await accountsOf('202512'), closed, 'a month that is over does not change');
    const [, medfee, fund] = await sums('202601');
    assert.deepEqual([medfee, fund], [-30_000, -fen(december.setlinfo.fund_pay_sumamt)]);
  });

  test('3201 draws the line at the same second', async () => {
    const compare = async (from: string, to: string, count: number, yuan: string, fund: string) => {
      const data = {
        insutype: '390',
        clr_type: '11',
        setl_optins: AREA,
        stmt_begndate: from,
        stmt_enddate: to,
        medfee_sumamt: yuan,
        fund_pay_sumamt: fund,
        acct_pay: 0,
        fixmedins_setl_cnt: count,
        fixmedins_refd_setl_flag: '0',
        refd_setl_flag: '0',
      };
      return ok(await other('3201', { data })).stmtinfo as Row;
    };
    const { rows } = await sql<{ fund: number }>`SELECT fund_pay_sumamt_fen AS fund FROM settlement
      WHERE fixmedins_code = ${OTHER_HOSPITAL} AND sign = 1 ORDER BY setl_time`.execute(service.store);
    const [first, second] = rows.map(({ fund }) => (fund / 100).toFixed(2)) as [string, string];
    assert.equal((await compare('2025-12-31', '2025-12-31', 1, '300', first)).stmt_rslt, '0');
    assert.equal((await compare('2026-01-01', '2026-01-01', 1, '500', second)).stmt_rslt, '0');
    const both = (Number(first) + Number(second)).toFixed(2);
    assert.equal((await compare('2025-12-31', '2026-01-01', 2, '800', both)).stmt_rslt, '0');
    assert.match(
      (await compare('2025-12-31', '2025-12-31', 2, '800', both)).stmt_rslt_dscr!,
      /笔数：中心1，机构2/,
    );
  });

  test('journal, settlements, lines and accounts still agree', async () => {
    const { faults, settlements } = await verifyLedger(service.store);
    assert.deepEqual(faults, []);
    assert.ok(settlements > 20, `${settlements} of ${HOSPITAL} and others`);
  });
});
