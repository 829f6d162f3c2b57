import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { sql } from 'kysely';
import { mergePersons } from '#enrolment/index.ts';
import { sealJournal, verifyLedger } from '#fund/index.ts';
import { message, OTHER_HOSPITAL } from './support/hospital-service.ts';
import {
  AREA,
  admission,
  CHILD,
  description,
  discharge,
  feeLines,
  type Insured,
  ok,
  outpatientVisit,
  PHARMACY,
  RESIDENT,
  RETIRED,
  registration,
  sendTo,
  settlementOf,
  startVisitService,
  type VisitService,
  WORKER,
} from './support/visit-service.ts';

let service: VisitService;
before(async () => {
  service = await startVisitService();
});
after(() => service.close());
const send: VisitService['send'] = (...given) => service.send(...given);

const person1101 = ({ certno, name }: Insured, more = {}) => ({
  data: {
    mdtrt_cert_type: '02',
    mdtrt_cert_no: certno,
    psn_cert_type: '01',
    certno,
    psn_name: name,
    ...more,
  },
});
const cumulative = async (person: Insured, year = '2025') => {
  const { cuminfo } = ok(await send('5206', { data: { psn_no: person.psn_no, cum_ym: `${year}12` } }));
  return Object.fromEntries(
    (cuminfo as { cum_type_code: string; cum: string }[]).map((row) => [row.cum_type_code, row.cum]),
  );
};
const stateOf = async (psnNo: string) => {
  const { rows } = await sql`SELECT scheme, year, code, value FROM accumulator WHERE psn_no = ${psnNo}
    ORDER BY 1, 2, 3`.execute(service.store);
  const { rows: accounts } = await sql`SELECT psn_no, balance_fen FROM personal_account ORDER BY 1`.execute(
    service.store,
  );
  return { rows, accounts };
};
const settleVisit = async (person: Insured, day: string, yuan: string, more = {}) => {
  const mdtrtId = await outpatientVisit(send, person, day, [{ yuan, sn: '1' }]);
  const { setlinfo } = ok(await send('2207', settlementOf(person, mdtrtId, yuan, more)));
  return {
    ...setlinfo,
    ...{ undo: { data: { setl_id: setlinfo.setl_id, mdtrt_id: mdtrtId, psn_no: person.psn_no } } },
  };
};

describe('a visit from the card at the window to the receipt', () => {
  test('1101 says who it is, what the person is insured in and the balance', async () => {
    const { baseinfo, insuinfo, idetinfo } = ok(await send('1101', person1101(WORKER)));
    assert.equal(baseinfo.psn_no, WORKER.psn_no);
    assert.equal(baseinfo.gend, '1');
    assert.equal(baseinfo.brdy, '1980-05-06');
    assert.deepEqual(
      insuinfo.map((row: Record<string, string>) => [
        row.insutype,
        row.psn_type,
        row.balc,
        row.insuplc_admdvs,
      ]),
      [
        ['310', '11', '1000.00', AREA],
        ['330', '11', '0.00', AREA],
      ],
    );
    assert.deepEqual(idetinfo, []);
    const resident = ok(await send('1101', person1101(RESIDENT, { begntime: '2025-06-01 08:00:00' })));
    assert.deepEqual(
      resident.idetinfo.map((row: Record<string, string>) => row.psn_idet_type),
      ['2303'],
    );
    const wrongName = await send('1101', person1101({ ...WORKER, name: '别人' }));
    assert.match(wrongName.err_msg, /psn_name.*别人.*姓名与证件不符/);
    const nobody = await send('1101', person1101({ ...WORKER, certno: '990100198005060049' }));
    assert.match(nobody.err_msg, /没有该证件的参保人/);
  });

  test('2001 says fund by fund what the person is entitled to', async () => {
    const ask = (person: Insured, begntime: string) =>
      send('2001', {
        data: {
          psn_no: person.psn_no,
          insutype: person.insutype,
          fixmedins_code: 'H43010000001',
          med_type: '21',
          begntime,
        },
      });
    const { trtinfo } = ok(await ask(WORKER, '2025-03-01 08:00:00'));
    assert.deepEqual(
      trtinfo.map((row: Record<string, string>) => [row.fund_pay_type, row.trt_enjymnt_flag]),
      [
        ['310100', '1'],
        ['330100', '1'],
      ],
    );
    const late = ok(await ask(RESIDENT, '2026-03-01 08:00:00'));
    assert.deepEqual(
      late.trtinfo.map((row: Record<string, string>) => [row.trt_enjymnt_flag, row.trt_chk_rslt]),
      [['0', '不在待遇享受期内']],
    );
  });

  test('2201 to 2207: the lines are split at upload, 2206 decides without keeping, 2207 keeps, amounts as text or numbers', async () => {
    const mdtrtId = await outpatientVisit(send, WORKER, '2025-03-04', [
      { yuan: 600, sn: '1' },
      { yuan: '400.50', sn: '2' },
    ]);
    const trial = ok(await send('2206', settlementOf(WORKER, mdtrtId, '1000.50')));
    assert.equal(trial.setlinfo.setl_id, '');
    const kept = ok(await send('2207', settlementOf(WORKER, mdtrtId, 1000.5)));
    const { setl_id, setl_time, medins_setl_id, ...first } = trial.setlinfo;
    const { setl_id: id, setl_time: _, medins_setl_id: __, ...second } = kept.setlinfo;
    assert.deepEqual(first, second);
    assert.match(id, /^\d{30}$/);
    // level 3: the deductible of 400 a year, then 60 %
    assert.equal(kept.setlinfo.act_pay_dedc, '400.00');
    assert.equal(kept.setlinfo.hifp_pay, '360.30');
    assert.equal(kept.setlinfo.psn_cash_pay, '640.20');
    assert.deepEqual(
      kept.setldetail.map((row: Record<string, string>) => [
        row.fund_pay_type,
        row.fund_payamt,
        row.crt_payb_lmt_amt,
      ]),
      [['310100', '360.30', '4639.70']],
    );
    const items = ok(await send('100001', { psn_No: WORKER.psn_no, setl_Id: id, mdtrt_Id: mdtrtId }));
    assert.ok(Array.isArray(items));
    const funds = items.reduce(
      (sum: number, item: Record<string, string>) => sum + Number(item.fundPayAmt),
      0,
    );
    assert.equal(funds.toFixed(2), '360.30');
    const again = ok(await send('5203', { data: { psn_no: WORKER.psn_no, setl_id: id, mdtrt_id: mdtrtId } }));
    assert.equal(again.setlinfo.hifp_pay, '360.30');
    assert.equal(again.setlinfo.refd_setl_flag, '0');
    const lines = ok(await send('5204', { data: { psn_no: WORKER.psn_no, setl_id: id, mdtrt_id: mdtrtId } }));
    assert.deepEqual(
      lines.map((line: Record<string, string>) => [
        line.feedetl_sn,
        line.det_item_fee_sumamt,
        line.inscp_scp_amt,
      ]),
      [
        ['1', '600.00', '600.00'],
        ['2', '400.50', '400.50'],
      ],
    );
    const sums = await cumulative(WORKER);
    assert.equal(sums.F0000, '1000.50');
    assert.equal(sums.Q0000, '400.00');
    assert.equal(sums.D310101, '360.30');
  });

  test('the account pays when it is asked to, own and of the family, and the balance follows', async () => {
    const own = await settleVisit(WORKER, '2025-03-05', '100', { acct_used_flag: '1' });
    assert.equal(own.acct_pay, '40.00');
    assert.equal(own.acct_mulaid_pay, '0.00');
    assert.equal(own.balc, '960.00');
    const ofChild = await settleVisit(CHILD, '2025-03-05', '100', { acct_used_flag: '2' });
    assert.equal(ofChild.acct_pay, ofChild.psn_part_amt);
    assert.equal(ofChild.acct_mulaid_pay, ofChild.acct_pay);
    assert.notEqual(ofChild.acct_pay, '0.00');
    const { insuinfo } = ok(await send('1101', person1101(WORKER)));
    assert.equal(Number(insuinfo[0].balc), 960 - Number(ofChild.acct_pay));
    ok(await send('2208', ofChild.undo));
    ok(await send('2208', own.undo));
    assert.equal(ok(await send('1101', person1101(WORKER))).insuinfo[0].balc, '1000.00');
  });

  test('a total that is not that of the lines, a wrong batch, another hospital, another person are refused by name', async () => {
    const mdtrtId = await outpatientVisit(send, RETIRED, '2025-03-04', [{ yuan: 10, sn: '1' }]);
    const wrong = await send('2207', settlementOf(RETIRED, mdtrtId, '11'));
    assert.match(wrong.err_msg, /medfee_sumamt（医疗费总额）值“11.00”：与待结算明细之和10.00不等/);
    assert.match(
      (await send('2207', settlementOf(RETIRED, mdtrtId, '10', { chrg_bchno: 'B9' }))).err_msg,
      /chrg_bchno.*B9.*没有待结算的费用明细/,
    );
    assert.match(
      (await send('2207', settlementOf(RETIRED, mdtrtId, '10'), { fixmedins_code: OTHER_HOSPITAL })).err_msg,
      /mdtrt_id.*本机构没有该人员的这次就诊/,
    );
    assert.match((await send('2207', settlementOf(WORKER, mdtrtId, '10'))).err_msg, /没有该人员的这次就诊/);
    assert.match(
      (await send('2207', settlementOf(RETIRED, mdtrtId, '10', { insutype: '390' }))).err_msg,
      /insutype.*就诊登记的险种是310/,
    );
    assert.match(
      (await send('2204', feeLines(RETIRED, mdtrtId, '2025-03-04', [{ yuan: 5, sn: '1' }]))).err_msg,
      /该流水号的明细已上传/,
    );
    const unequal = feeLines(RETIRED, mdtrtId, '2025-03-04', [{ yuan: 5, sn: '2' }]);
    unequal.feedetail[0]!.pric = 6;
    assert.match((await send('2204', unequal)).err_msg, /det_item_fee_sumamt.*数量×单价为6.00/);
    ok(await send('2205', { data: [{ mdtrt_id: mdtrtId, chrg_bchno: '0000', psn_no: RETIRED.psn_no }] }));
    ok(await send('2202', { data: { psn_no: RETIRED.psn_no, mdtrt_id: mdtrtId, ipt_otp_no: 'x' } }));
    assert.match((await send('2203', description(RETIRED, mdtrtId, '2025-03-04'))).err_msg, /该就诊已撤销/);
  });

  test('a message again gets the first answer, the same msgid with another input is refused', async () => {
    const mdtrtId = await outpatientVisit(send, RETIRED, '2025-03-06', [{ yuan: 500, sn: '1' }]);
    const body = message('2207', settlementOf(RETIRED, mdtrtId, 500), { mdtrtarea_admvs: AREA });
    const first = await sendTo(service.url, body);
    const again = await sendTo(service.url, { ...body, inf_time: '2025-03-06 10:00:00' });
    assert.deepEqual(again, first);
    const other = await sendTo(service.url, { ...body, input: settlementOf(RETIRED, mdtrtId, 501) });
    assert.match(other.err_msg, /msgid 重复/);
    ok(
      await send('2208', {
        data: { setl_id: first.output.setlinfo.setl_id, mdtrt_id: mdtrtId, psn_no: RETIRED.psn_no },
      }),
    );
  });
});

describe('what is undone leaves no trace but its two records', () => {
  test('a reversal is the negative, and the person is exactly where he was', async () => {
    const start = await stateOf(WORKER.psn_no);
    const settled = await settleVisit(WORKER, '2025-04-01', '3000', { acct_used_flag: '1' });
    const { setlinfo, setldetail } = ok(await send('2208', settled.undo));
    assert.equal(setlinfo.hifp_pay, `-${settled.hifp_pay}`);
    assert.equal(
      setlinfo.pdn_cash_pay,
      settled.psn_cash_pay === '0.00' ? '0.00' : `-${settled.psn_cash_pay}`,
    );
    assert.ok(setldetail.every((row: Record<string, string>) => row.fund_payamt!.startsWith('-')));
    assert.deepEqual(await stateOf(WORKER.psn_no), start);
    assert.match((await send('2208', settled.undo)).err_msg, /该结算已撤销/);
    // the lines are open again
    const again = ok(
      await send('2207', settlementOf(WORKER, settled.mdtrt_id, '3000', { acct_used_flag: '1' })),
    );
    assert.equal(again.setlinfo.hifp_pay, settled.hifp_pay);
    ok(await send('2208', { data: { ...settled.undo.data, setl_id: again.setlinfo.setl_id } }));
    assert.deepEqual(await stateOf(WORKER.psn_no), start);
  });

  test('only the last settlement of a year goes: the refusal names those in the way', async () => {
    const start = await stateOf(WORKER.psn_no);
    const [one, two, three] = [
      await settleVisit(WORKER, '2025-05-01', '100'),
      await settleVisit(WORKER, '2025-05-02', '100'),
      await settleVisit(WORKER, '2025-05-03', '100'),
    ];
    const refused = await send('2208', one.undo);
    assert.equal(refused.infcode, -1);
    assert.match(refused.err_msg, new RegExp(`请先依次撤销：${three.setl_id}、${two.setl_id}$`));
    for (const each of [three, two, one]) ok(await send('2208', each.undo));
    assert.deepEqual(await stateOf(WORKER.psn_no), start);
  });

  test('2601 finds a settlement and an admission the client never heard of', async () => {
    const start = await stateOf(RETIRED.psn_no);
    const mdtrtId = await outpatientVisit(send, RETIRED, '2025-06-01', [{ yuan: 700, sn: '1' }]);
    ok(await send('2207', settlementOf(RETIRED, mdtrtId, 700), { msgid: 'LOST-1' }));
    const undo = (omsgid: string, oinfno: string) =>
      send('2601', { data: { psn_no: RETIRED.psn_no, omsgid, oinfno } });
    assert.match((await undo('LOST-1', '2204')).err_msg, /只能冲正/);
    assert.match((await undo('NEVER', '2207')).err_msg, /没有执行成功的原交易/);
    ok(await undo('LOST-1', '2207'));
    assert.deepEqual(await stateOf(RETIRED.psn_no), start);
    assert.match((await undo('LOST-1', '2207')).err_msg, /该结算已撤销/);
    ok(await send('2401', admission(RETIRED, '2025-06-02', 'Z1'), { msgid: 'LOST-2' }));
    assert.match((await send('2401', admission(RETIRED, '2025-06-02', 'Z2'))).err_msg, /住院未出院/);
    ok(await undo('LOST-2', '2401'));
    const { result } = ok(await send('2401', admission(RETIRED, '2025-06-02', 'Z1')));
    ok(await send('2404', { data: { mdtrt_id: result.mdtrt_id, psn_no: RETIRED.psn_no } }));
  });
});

describe('a stay', () => {
  test('mid-stay settlements and the last one together pay what one settlement would', async () => {
    const start = await stateOf(RESIDENT.psn_no);
    const stay = async (parts: readonly (readonly [string, string])[], number: string) => {
      const { result } = ok(await send('2401', admission(RESIDENT, '2025-07-01', number)));
      const answers = [];
      for (const [index, [day, yuan]] of parts.entries()) {
        ok(await send('2301', feeLines(RESIDENT, result.mdtrt_id, day, [{ yuan, sn: `${index}` }])));
        const isLast = index === parts.length - 1;
        if (isLast) ok(await send('2402', discharge(RESIDENT, result.mdtrt_id, '2025-07-30')));
        const wanted = settlementOf(RESIDENT, result.mdtrt_id, yuan, { mid_setl_flag: isLast ? '0' : '1' });
        ok(await send('2303', wanted));
        answers.push(ok(await send('2304', wanted)).setlinfo);
      }
      return { mdtrtId: result.mdtrt_id, answers };
    };
    const undo = async ({ mdtrtId, answers }: Awaited<ReturnType<typeof stay>>) => {
      for (const { setl_id } of answers.toReversed()) {
        ok(await send('2305', { data: { mdtrt_id: mdtrtId, setl_id, psn_no: RESIDENT.psn_no } }));
      }
    };
    const whole = await stay([['2025-07-20', '60000']], 'S1');
    await undo(whole);
    assert.deepEqual(await stateOf(RESIDENT.psn_no), start);
    const parts = await stay(
      [
        ['2025-07-05', '10000'],
        ['2025-07-12', '20000.01'],
        ['2025-07-20', '29999.99'],
      ],
      'S2',
    );
    const sum = (field: string) =>
      parts.answers.reduce((total, each) => total + Math.round(Number(each[field]) * 100), 0);
    for (const field of [
      'medfee_sumamt',
      'act_pay_dedc',
      'hifp_pay',
      'hifmi_pay',
      'maf_pay',
      'psn_cash_pay',
    ]) {
      const one = Math.round(Number(whole.answers[0][field]) * 100);
      assert.ok(Math.abs(sum(field) - one) <= 3, `${field}: ${sum(field)} ≠ ${one}`);
    }
    assert.notEqual(whole.answers[0].hifmi_pay, '0.00');
    assert.notEqual(whole.answers[0].maf_pay, '0.00');
    assert.equal((await cumulative(RESIDENT)).C0000, '1');
    await undo(parts);
    assert.deepEqual(await stateOf(RESIDENT.psn_no), start);
  });

  test('without a discharge only a mid-stay settlement is possible, and a settled stay is not undone', async () => {
    const { result } = ok(await send('2401', admission(RETIRED, '2025-08-01', 'S3')));
    ok(
      await send(
        '2301',
        feeLines(RETIRED, result.mdtrt_id, '2025-08-02', [
          { yuan: 900, sn: '1' },
          { yuan: 100, sn: '2' },
        ]),
      ),
    );
    const wanted = settlementOf(RETIRED, result.mdtrt_id, 1000);
    assert.match((await send('2304', wanted)).err_msg, /未办理出院/);
    ok(await send('2402', discharge(RETIRED, result.mdtrt_id, '2025-08-03')));
    const settled = ok(await send('2304', wanted));
    const key = { mdtrt_id: result.mdtrt_id, psn_no: RETIRED.psn_no };
    assert.match((await send('2404', { data: key })).err_msg, new RegExp(settled.setlinfo.setl_id));
    assert.match((await send('2405', { data: key })).err_msg, /先撤销结算/);
    assert.match((await send('2302', { data: [{ feedetl_sn: '1', ...key }] })).err_msg, /不能撤销/);
    ok(await send('2305', { data: { ...key, setl_id: settled.setlinfo.setl_id } }));
    ok(await send('2405', { data: key }));
    ok(await send('2404', { data: key }));
  });
});

describe('pharmacy, filings, reconciliation', () => {
  test('2101 tries a purchase and keeps nothing, 2102 makes it, 2103 takes it back', async () => {
    const header = { fixmedins_code: PHARMACY };
    const purchase = {
      druginfo: { ...settlementOf(WORKER, '', '80').data, begntime: '2025-09-01 10:00:00', med_type: '41' },
      drugdetail: feeLines(WORKER, '', '2025-09-01', [
        { yuan: 50, sn: '1' },
        { yuan: 30, sn: '2' },
      ]).feedetail,
    };
    const count = async () =>
      (
        await sql<{ n: number }>`SELECT count(*) AS n FROM visit WHERE kind = 'pharmacy'`.execute(
          service.store,
        )
      ).rows[0]!.n;
    const trial = ok(await send('2101', purchase, header));
    assert.equal(await count(), 0);
    const kept = ok(await send('2102', purchase, header));
    assert.equal(await count(), 1);
    assert.equal(kept.setlinfo.hifp_pay, trial.setlinfo.hifp_pay);
    assert.equal(kept.detlcutinfo.length, 2);
    assert.equal(kept.setlinfo.clr_type, '41');
    const { mdtrt_id, setl_id } = kept.setlinfo;
    ok(await send('2103', { data: { mdtrt_id, setl_id, psn_no: WORKER.psn_no } }, header));
    assert.match((await send('2102', purchase)).err_msg, /只用于定点零售药店/);
  });

  test('a chronic disease is paid once it is recognised, and no longer when the filing is withdrawn', async () => {
    const data = {
      psn_no: WORKER.psn_no,
      insutype: '310',
      opsp_dise_code: 'M03900',
      opsp_dise_name: '高血压',
      insu_optins: AREA,
      ide_fixmedins_no: 'H43010000001',
      ide_fixmedins_name: '第一医院',
      hosp_ide_date: '2025-01-01',
      diag_dr_codg: 'D1',
      diag_dr_name: '赵医生',
      begndate: '2025-01-01',
    };
    const { data: visit } = ok(await send('2201', registration(WORKER, '2025-10-01', 'C1')));
    ok(await send('2203', description(WORKER, visit.mdtrt_id, '2025-10-01', '14', 'M03900')));
    ok(await send('2204', feeLines(WORKER, visit.mdtrt_id, '2025-10-01', [{ yuan: 1000, sn: '1' }])));
    const wanted = settlementOf(WORKER, visit.mdtrt_id, 1000, { med_type: '14' });
    assert.match((await send('2207', wanted)).err_msg, /没有有效的门诊慢特病备案/);
    const { result } = ok(await send('2503', { data }));
    assert.match((await send('2503', { data })).err_msg, /已有有效的备案/);
    const settled = ok(await send('2207', wanted));
    // the deductible of the year is paid already: 80 %
    assert.equal(settled.setlinfo.hifp_pay, '800.00');
    ok(await send('2208', { data: { ...wanted.data, setl_id: settled.setlinfo.setl_id } }));
    ok(
      await send('2504', {
        data: { trt_dcla_detl_sn: result.trt_dcla_detl_sn, psn_no: WORKER.psn_no, memo: '撤' },
      }),
    );
    assert.match((await send('2207', wanted)).err_msg, /没有有效的门诊慢特病备案/);
  });

  test('3201 agrees with what was answered and says what differs; 3202 goes settlement by settlement', async () => {
    const today = Temporal.Now.zonedDateTimeISO('+08:00').toPlainDate().toString();
    const header = { fixmedins_code: OTHER_HOSPITAL };
    const sendOther: VisitService['send'] = (infno, input) => send(infno, input, header);
    const day = '2025-11-01';
    const mdtrtId = await outpatientVisit(sendOther, WORKER, day, [{ yuan: 200, sn: '1' }]);
    const { setlinfo } = ok(await sendOther('2207', settlementOf(WORKER, mdtrtId, 200)));
    const data = {
      insutype: '310',
      clr_type: '11',
      setl_optins: AREA,
      stmt_begndate: today,
      stmt_enddate: today,
      medfee_sumamt: '200.00',
      fund_pay_sumamt: setlinfo.fund_pay_sumamt,
      acct_pay: 0,
      fixmedins_setl_cnt: 1,
      fixmedins_refd_setl_flag: '0',
    };
    assert.equal(ok(await sendOther('3201', { data })).stmtinfo.stmt_rslt, '0');
    const { stmtinfo } = ok(await sendOther('3201', { data: { ...data, medfee_sumamt: '201' } }));
    assert.deepEqual(
      [stmtinfo.stmt_rslt, stmtinfo.stmt_rslt_dscr],
      ['1', '医疗费总额：中心200.00，机构201.00'],
    );
    const row = [setlinfo.setl_id, mdtrtId, WORKER.psn_no, '200.00', '1.00', '0.00', '0'].join('\t');
    const file = `${row}\nNOSUCH\tM\t${WORKER.psn_no}\t5.00\t0\t0\t0\n`;
    const uploaded = ok(
      await sendOther('9101', {
        fsUploadIn: {
          in: Buffer.from(file).toString('base64'),
          filename: 'a.txt',
          fixmedins_code: OTHER_HOSPITAL,
        },
      }),
    );
    const { fileinfo } = ok(
      await sendOther('3202', { data: { ...data, file_qury_no: uploaded.file_qury_no, cash_payamt: 0 } }),
    );
    const { rows } = await sql<{ content: Uint8Array }>`SELECT content FROM interface_file_part
      WHERE file_qury_no = ${fileinfo.file_qury_no}`.execute(service.store);
    const { unzipOne } = await import('#visits/zip.ts');
    const lines = unzipOne(Buffer.from(rows[0]!.content))!
      .toString('utf8')
      .trimEnd()
      .split('\n')
      .map((line) => line.split('\t'));
    assert.deepEqual(
      lines.map((cells) => [cells[2], cells[4]]),
      [
        [setlinfo.setl_id, '1'],
        ['NOSUCH', '1'],
      ],
    );
    assert.match(lines[0]![6]!, /金额不符/);
    ok(
      await sendOther('2208', {
        data: { setl_id: setlinfo.setl_id, mdtrt_id: mdtrtId, psn_no: WORKER.psn_no },
      }),
    );
  });
});

describe('the ledger', () => {
  test('proves journal = settlements = accumulators, and finds what was changed behind its back', async () => {
    await settleVisit(WORKER, '2025-12-01', '5000', { acct_used_flag: '1' });
    const before = await verifyLedger(service.store);
    assert.deepEqual(before.faults, []);
    assert.ok(before.entries > 10 && before.unsealed === before.entries);
    const now = Temporal.Now.instant();
    const seal = await sealJournal(service.store, now);
    assert.equal(seal?.entries, before.entries);
    assert.equal(await sealJournal(service.store, now), undefined);
    await settleVisit(WORKER, '2025-12-02', '50');
    await sealJournal(service.store, now);
    const sealed = await verifyLedger(service.store);
    assert.deepEqual([sealed.faults, sealed.seals, sealed.unsealed], [[], 2, 0]);
    const tampered: readonly (readonly [string, RegExp])[] = [
      ["UPDATE accumulator SET value = value + 1 WHERE code = 'entered'", /^accumulators$/],
      [
        `UPDATE journal_entry SET leg_fund_pay_type[1] = leg_fund_pay_type[1] || '1' WHERE leg_kind[1] = 'fund'`,
        /^(fund-parts|seal)$/,
      ],
      [
        `UPDATE journal_entry SET leg_fen = ARRAY(SELECT fen * 2 FROM unnest(leg_fen) AS l (fen)), paid_fen = paid_fen * 2
          WHERE leg_kind[1] = 'fund'`,
        /^(funds|fund-parts|account-legs|seal)$/,
      ],
      ["UPDATE journal_entry SET fixmedins_code = 'H9' WHERE 'payable' = ANY (leg_kind)", /^seal$/],
      ['UPDATE settlement SET line_sn = line_sn[2:] WHERE sign = 1', /^(lines|document-lines)$/],
      ["UPDATE settlement SET invono = 'x'", /^document-lines$/],
      ['UPDATE settlement SET change_before[1] = change_before[1] + 1', /^seal$/],
      ['UPDATE settlement SET change_by[1] = change_by[1] + 1', /^(accumulators|seal)$/],
      ['UPDATE personal_account SET balance_fen = balance_fen + 1', /^accounts$/],
      ["UPDATE settlement SET body = jsonb_set(body::jsonb, '{psn_type}', '\"x\"')::json", /^seal$/],
      [
        'DELETE FROM journal_entry WHERE entry_id = (SELECT max(entry_id) FROM journal_entry)',
        /^(entries|fund-parts|seal|account-legs)$/,
      ],
    ];
    for (const [statement, checks] of tampered) {
      await assert.rejects(
        service.store.transaction().execute(async (db) => {
          await sql`SET LOCAL session_replication_role = replica`.execute(db);
          await sql.raw(statement).execute(db);
          const { faults } = await verifyLedger(db as never);
          assert.ok(faults.length > 0, statement);
          for (const { check } of faults) assert.match(check, checks, statement);
          throw new Error('taken back');
        }),
        /taken back/,
        statement,
      );
    }
    assert.deepEqual((await verifyLedger(service.store)).faults, []);
  });

  test('the database itself refuses changes, unbalanced entries, mixed schemes and broken identities', async () => {
    const refused = async (statement: string, reason: RegExp) =>
      assert.rejects(
        service.store.transaction().execute((db) => sql.raw(statement).execute(db)),
        reason,
        statement,
      );
    await refused('UPDATE settlement SET hifp_pay_fen = 0', /refused/);
    await refused('DELETE FROM journal_entry', /refused/);
    await refused('DELETE FROM person', /refused/);
    // an entry of an employee with two legs, changed: what is wrong with it is found when it is written
    const entry = (changed: string) =>
      `INSERT INTO journal_entry OVERRIDING SYSTEM VALUE
        SELECT (jsonb_populate_record(NULL::journal_entry, to_jsonb(e) || jsonb_build_object('entry_id', 0, 'setl_id', 'X')
          || '${changed}')).* FROM journal_entry AS e
        WHERE scheme = 'employee' AND leg_kind = '{fund,payable}' AND fixmedins_code <> '' LIMIT 1`;
    await refused(entry('{"leg_fen": [101, -100]}'), /does not balance/);
    await refused(entry('{"leg_fen": [100, -100], "paid_fen": 99}'), /says another sum/);
    await refused(entry('{"leg_fen": [0, 0], "paid_fen": 0}'), /without an amount/);
    await refused(entry('{"leg_fen": [null, null], "paid_fen": 0}'), /without an amount/);
    await refused(entry('{"leg_fen": [100]}'), /a part is missing/);
    await refused(entry('{"leg_fund_pay_type": ["390100", ""]}'), /journal_leg_scheme/);
    await refused(entry('{"leg_fund_pay_type": ["", ""]}'), /journal_leg_scheme/);
    await refused(entry('{"insutype": "390"}'), /journal_leg_insutype/);
    await refused(entry('{"fixmedins_code": ""}'), /owes nobody/);
    await refused(entry('{"leg_kind": ["account", "payable"]}'), /account of nobody/);
    await refused(entry('{"leg_kind": ["gift", "payable"]}'), /unknown kind/);
    await refused('UPDATE fee_line SET amount_fen = amount_fen + 1', /refused/);
    await refused('DELETE FROM fee_line', /a line of settlement .* cannot be removed/);
    const copy = (table: string, changed: string) =>
      `INSERT INTO ${table} OVERRIDING SYSTEM VALUE SELECT (jsonb_populate_record(NULL::${table}, to_jsonb(t) || '${changed}')).*
        FROM ${table} AS t WHERE setl_id = (SELECT max(setl_id) FROM settled_line)`;
    const again = '{"setl_id": "X", "sequence": 9999, "msgid": "X"}';
    await refused(copy('settlement', again), /has lines that settlement/);
    await refused(
      `WITH settled AS (${copy('settlement', again).replace("|| '", `|| '{"line_sn": []}' || '`)})
        ${copy('journal_entry', '{"entry_id": 0, "setl_id": "X"}')}`,
      /breaks I7/,
    );
    const settled = (changed: string) =>
      `INSERT INTO settlement
        SELECT (jsonb_populate_record(NULL::settlement, to_jsonb(s) || '{"setl_id": "X", "sequence": 9999, "msgid": "X"}'
          || '${changed}')).* FROM settlement AS s WHERE sign = 1 AND cardinality(fund_pay_fen) = 1 LIMIT 1`;
    await refused(settled('{"fund_pay_fen": [1]}'), /breaks I6/);
    await refused(settled('{"fund_pay_fen": [null]}'), /a part of a fund is missing/);
    await refused(settled('{"fund_layer": []}'), /a part of a fund is missing/);
    await refused(settled('{"fund_limit_fen": [1]}'), /settlement_fund_i9/);
    await refused(
      settled('{"change_code": ["a", "b"], "change_before": [1, null], "change_by": [1, 1]}'),
      /settlement_change_i10/,
    );
    await refused(
      settled('{"change_code": ["a", "a"], "change_before": [1, 1], "change_by": [1, 1]}'),
      /stands twice/,
    );
    for (const column of ['medfee_sumamt', 'hifp_pay', 'acct_pay', 'psn_part_amt']) {
      await refused(
        `INSERT INTO settlement SELECT (jsonb_populate_record(NULL::settlement, to_jsonb(s) || jsonb_build_object('setl_id', 'X',
          'sequence', 9999, 'msgid', 'X', '${column}_fen', ${column}_fen + 1))).* FROM settlement AS s WHERE sign = 1 LIMIT 1`,
        /settlement_i\d|settlement_signs/,
      );
    }
  });
});

test('two files of one person are put together: both numbers keep resolving, what was used up adds up', async () => {
  const at = Temporal.Now.instant();
  await mergePersons(service.store, RETIRED.psn_no, WORKER.psn_no, at);
  const { baseinfo } = ok(await send('1101', person1101({ ...RETIRED, name: WORKER.name })));
  assert.equal(baseinfo.psn_no, WORKER.psn_no);
  assert.deepEqual(await cumulative(RETIRED), await cumulative(WORKER));
  assert.deepEqual((await verifyLedger(service.store)).faults, []);
});
