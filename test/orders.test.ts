import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { sql } from 'kysely';
import { verifyLedger } from '#fund/index.ts';
import { HOSPITAL, OTHER_HOSPITAL } from './support/hospital-service.ts';
import {
  admission,
  CHILD,
  discharge,
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

let service: VisitService;
before(async () => {
  service = await startVisitService();
});
after(() => service.close());
const send: VisitService['send'] = (...given) => service.send(...given);

type Fields = Readonly<Record<string, unknown>>;
const DAY = '2025-03-04';
let serial = 0;
/** What 6201 is sent with: the camel case of its tables, lists within `data`. */
const order = (person: Insured, yuan: readonly number[], more: Fields = {}) => {
  serial += 1;
  return {
    data: {
      orgCodg: HOSPITAL,
      psnNo: person.psn_no,
      insutype: person.insutype,
      medOrgOrd: `O${serial}`,
      begntime: `${DAY} 09:30:00`,
      idNo: person.certno,
      userName: person.name,
      idType: '01',
      ecToken: 'T1',
      iptOtpNo: `OM${serial}`,
      deptName: '内科',
      caty: 'A03',
      mdtrtId: '',
      medType: '11',
      feeType: '01',
      medfeeSumamt: yuan.reduce((sum, each) => sum + each, 0).toFixed(2),
      acctUsedFlag: '0',
      diseCodg: 'J00',
      psnSetlway: '01',
      chrgBchno: `B${serial}`,
      diseinfoList: [
        {
          diagType: '1',
          diagSrtNo: 1,
          diagCode: 'J00',
          diagName: '感冒',
          diagDept: '内科',
          diseDorNo: 'D1',
          diseDorName: '赵医生',
          diagTime: `${DAY} 09:40:00`,
          valiFlag: '1',
        },
      ],
      feedetailList: yuan.map((each, index) => ({
        feedetlSn: `L${serial}-${index + 1}`,
        psnNo: person.psn_no,
        chrgBchno: `B${serial}`,
        rxCircFlag: '0',
        feeOcurTime: `${DAY} 09:45:00`,
        medListCodg: 'XA02BCA001',
        medinsListCodg: 'A1',
        detItemFeeSumamt: each,
        cnt: 1,
        pric: each,
        bilgDeptCodg: '03',
        bilgDeptName: '内科',
        bilgDrCodg: 'D1',
        bilgDrName: '赵医生',
        hospApprFlag: '0',
        medType: '11',
      })),
      ...more,
    },
  };
};
type Uploaded = { payOrdId: string; payToken: string; mdtrtId: string; medOrgOrd: string; person: Insured };
const upload = async (
  person: Insured,
  yuan: readonly number[],
  more: Fields = {},
  header = {},
): Promise<Uploaded> => {
  const message = order(person, yuan, more);
  const { payOrdId, payToken, extData } = ok(await send('6201', message, header)).data;
  return { payOrdId, payToken, mdtrtId: extData.mdtrtId, medOrgOrd: String(message.data.medOrgOrd), person };
};
let payments = 0;
const payment = ({ payOrdId, payToken, mdtrtId }: Uploaded, more: Fields = {}) => {
  payments += 1;
  return {
    data: {
      payAuthNo: 'AUTH',
      payOrdId,
      payToken,
      orgCodg: HOSPITAL,
      orgBizSer: `S${payments}`,
      mdtrtId,
      ...more,
    },
  };
};
const query = ({ payOrdId, payToken, person }: Uploaded, more: Fields = {}) => ({
  data: {
    payOrdId,
    orgCodg: HOSPITAL,
    payToken,
    idNo: person.certno,
    userName: person.name,
    idType: '01',
    ...more,
  },
});
const stateOf = async (uploaded: Uploaded): Promise<string> =>
  ok(await send('6301', query(uploaded))).data.ordStas;
const refund = ({ payOrdId }: Uploaded, refdType: string, total: string, cash: string, more: Fields = {}) => {
  payments += 1;
  return {
    data: {
      payOrdId,
      appRefdSn: `R${payments}`,
      appRefdTime: '20250305101112',
      totlRefdAmt: total,
      cashRefdAmt: cash,
      ecToken: 'T1',
      refdType,
      ...more,
    },
  };
};
const totalsOf = async (psnNo: string) =>
  (
    await sql`SELECT scheme, year, code, value FROM accumulator WHERE psn_no = ${psnNo} ORDER BY 1, 2, 3`.execute(
      service.store,
    )
  ).rows;

describe('an order from the fees to the refund', () => {
  test('6201 registers and uploads, 6202 pays what 2207 would pay, 6204 completes, 6203 gives everything back', async () => {
    const start = await totalsOf(WORKER.psn_no);
    const mdtrtId = await outpatientVisit(send, WORKER, DAY, [{ yuan: 1000, sn: '1' }]);
    const byWindow = ok(await send('2206', settlementOf(WORKER, mdtrtId, 1000))).setlinfo;
    const uploaded = await upload(WORKER, [600, 400]);
    assert.match(uploaded.payOrdId, /^\d{30}$/);
    assert.equal(await stateOf(uploaded), '0');
    const paid = ok(await send('6202', payment(uploaded))).data;
    assert.deepEqual(
      [paid.feeSumamt, paid.fundPay, paid.psnAcctPay, paid.ownPayAmt, paid.ordStas],
      ['1000.00', byWindow.fund_pay_sumamt, '0.00', byWindow.psn_cash_pay, '4'],
    );
    const { setl_id } = paid.extData;
    const asked = ok(
      await send('5203', { data: { psn_no: WORKER.psn_no, setl_id, mdtrt_id: uploaded.mdtrtId } }),
    );
    assert.equal(asked.setlinfo.hifp_pay, byWindow.hifp_pay);
    const { diseinfo } = ok(
      await send('5202', { data: { psn_no: WORKER.psn_no, mdtrt_id: uploaded.mdtrtId } }),
    );
    assert.equal(diseinfo[0].diag_name, '感冒');
    const again = await send('6202', payment(uploaded));
    assert.match(again.err_msg, /payOrdId（支付订单号）.*订单状态为4，不能支付/);
    const notice = {
      payOrdId: uploaded.payOrdId,
      medOrgOrd: uploaded.medOrgOrd,
      feeSumamt: 1000,
      ownPayAmt: paid.ownPayAmt,
      psnAcctPay: '0',
      fundPay: paid.fundPay,
      thdPayType: '1',
    };
    assert.match(
      (await send('6204', { data: { ...notice, fundPay: '1' } })).err_msg,
      /字段fundPay值“1”：订单中为/,
    );
    assert.equal(ok(await send('6204', { data: notice })).data.success, true);
    const result = ok(await send('6301', query(uploaded))).data;
    assert.deepEqual([result.ordStas, result.setlType, result.orgName], ['6', 'ALL', '第一医院']);
    const all = refund(uploaded, 'ALL', '1000.00', paid.ownPayAmt, { fundRefdAmt: paid.fundPay });
    const back = ok(await send('6203', all)).data;
    assert.equal(back.refStatus, 'SUCC');
    assert.match(`${back.hiTrnsDate}${back.hiTrnsTime}`, /^\d{14}$/);
    assert.equal(back.extData.fund_pay_sumamt, `-${paid.fundPay}`);
    assert.equal(await stateOf(uploaded), '7');
    assert.deepEqual(await totalsOf(WORKER.psn_no), start, 'the person is where he was');
    assert.match(
      (await send('6203', refund(uploaded, 'ALL', '1000.00', '0'))).err_msg,
      /订单状态为7，医保部分已退/,
    );
    ok(await send('2202', { data: { psn_no: WORKER.psn_no, mdtrt_id: mdtrtId, ipt_otp_no: 'x' } }));
  });

  test('a message that comes again gets the first answer, and nothing is paid twice', async () => {
    const message = order(RETIRED, [500]);
    const first = await send('6201', message, { msgid: 'order-again' });
    assert.deepEqual(await send('6201', message, { msgid: 'order-again' }), first);
    const { payOrdId, payToken, extData } = ok(first).data;
    const uploaded = { payOrdId, payToken, mdtrtId: extData.mdtrtId, medOrgOrd: '', person: RETIRED };
    const asked = payment(uploaded);
    const answers = await Promise.all([1, 2, 3, 4].map(() => send('6202', asked, { msgid: 'pay-again' })));
    assert.equal(new Set(answers.map((answer) => JSON.stringify(answer))).size, 1);
    ok(answers[0]!);
    const { rows } = await sql<{
      n: number;
    }>`SELECT count(*) AS n FROM settlement WHERE mdtrt_id = ${extData.mdtrtId}`.execute(service.store);
    assert.equal(rows[0]!.n, 1);
  });

  test('cash is given back in parts, never more than was paid; then the insurance alone', async () => {
    const uploaded = await upload(RESIDENT, [300]);
    const paid = ok(await send('6202', payment(uploaded))).data;
    const cash = Math.round(Number(paid.ownPayAmt) * 100);
    assert.ok(cash > 2);
    const yuan = (fen: number) => (fen / 100).toFixed(2);
    assert.match(
      (await send('6203', refund(uploaded, 'CASH', '300', yuan(cash + 1)))).err_msg,
      /cashRefdAmt（现金退费金额）.*现金可退/,
    );
    assert.match((await send('6203', refund(uploaded, 'CASH', '300', '0'))).err_msg, /cashRefdAmt/);
    const part = refund(uploaded, 'CASH', '300', '0.01');
    const done = ok(await send('6203', part)).data;
    assert.deepEqual([done.hiFefdSn, done.hiTrnsDate], ['', '']);
    assert.match((await send('6203', part)).err_msg, /appRefdSn.*已退过/);
    assert.equal(await stateOf(uploaded), '10');
    ok(await send('6203', refund(uploaded, 'HI', '300', '0')));
    assert.equal(await stateOf(uploaded), '11');
    ok(await send('6203', refund(uploaded, 'CASH', '300', yuan(cash - 1))));
    assert.equal(await stateOf(uploaded), '7');
  });

  test('a settlement that was taken back at the window is seen in the order', async () => {
    const uploaded = await upload(CHILD, [100]);
    const { setl_id } = ok(await send('6202', payment(uploaded))).data.extData;
    ok(await send('2208', { data: { psn_no: CHILD.psn_no, mdtrt_id: uploaded.mdtrtId, setl_id } }));
    assert.equal(await stateOf(uploaded), '13');
    assert.match(
      (await send('6203', refund(uploaded, 'HI', '100', '0'))).err_msg,
      /订单状态为13，医保部分已退/,
    );
  });

  test('6401 takes back what is not paid: the visit the order made, or its lines alone', async () => {
    const own = await upload(WORKER, [50]);
    assert.equal(ok(await send('6401', query(own))).data.success, true);
    assert.equal(await stateOf(own), '12');
    assert.match((await send('6202', payment(own))).err_msg, /订单状态为12，不能支付/);
    assert.match((await send('6401', query(own))).err_msg, /订单状态为12，不能撤销/);
    const mdtrtId = await outpatientVisit(send, WORKER, DAY, [{ yuan: 7, sn: 'own' }]);
    const within = await upload(WORKER, [50], { mdtrtId });
    ok(await send('6401', query(within)));
    const { rows } = await sql<{
      feedetl_sn: string;
    }>`SELECT feedetl_sn FROM fee_line WHERE mdtrt_id = ${mdtrtId}`.execute(service.store);
    assert.deepEqual(
      rows.map((row) => row.feedetl_sn),
      ['own'],
    );
    const paidOne = await upload(WORKER, [50], { mdtrtId, medOrgOrd: within.medOrgOrd });
    ok(await send('6202', payment(paidOne)));
    assert.match((await send('6401', query(paidOne))).err_msg, /不能撤销/);
  });

  test('a pharmacy and a stay', async () => {
    const header = { fixmedins_code: PHARMACY };
    const message = order(RETIRED, [40], {
      orgCodg: PHARMACY,
      medType: '41',
      feeType: '09',
      acctUsedFlag: '1',
    });
    const bought = ok(await send('6201', message, header)).data;
    const uploaded = {
      payOrdId: bought.payOrdId,
      payToken: bought.payToken,
      mdtrtId: bought.extData.mdtrtId,
      medOrgOrd: '',
      person: RETIRED,
    };
    const paid = ok(await send('6202', payment(uploaded, { orgCodg: PHARMACY }), header)).data;
    assert.notEqual(paid.psnAcctPay, '0.00');
    assert.equal(Number(paid.psnAcctPay) + Number(paid.fundPay), 40);
    assert.equal(paid.ordStas, '6', 'no cash is left to be paid');
    const { result } = ok(await send('2401', admission(RESIDENT, DAY, 'OS1')));
    const stay = await upload(RESIDENT, [5000], { mdtrtId: result.mdtrt_id, medType: '21', feeType: '02' });
    assert.match((await send('6202', payment(stay))).err_msg, /未办理出院（2402），只能中途结算/);
    ok(await send('2402', discharge(RESIDENT, result.mdtrt_id, '2025-03-09')));
    assert.ok(Number(ok(await send('6202', payment(stay))).data.fundPay) > 0);
  });
});

test('what is wrong is refused by name, and leaves nothing behind', async () => {
  const refused = async (infno: string, message: object, pattern: RegExp, header = {}) =>
    assert.match((await send(infno, message, header)).err_msg, pattern);
  const visitCount = async () =>
    (await sql<{ n: number }>`SELECT count(*) AS n FROM visit`.execute(service.store)).rows[0]!.n;
  const before = await visitCount();
  await refused(
    '6201',
    order(WORKER, [50], { medfeeSumamt: '51' }),
    /medfeeSumamt（医疗费总额）值“51.00”：与明细之和50.00不等/,
  );
  await refused('6201', order(WORKER, [50], { idNo: RETIRED.certno }), /idNo（证件号码）.*不是该人员的证件/);
  await refused('6201', order(WORKER, [50], { userName: '别人' }), /userName.*姓名与证件不符/);
  await refused(
    '6201',
    order(WORKER, [50], { orgCodg: OTHER_HOSPITAL }),
    /orgCodg值“H43010000002”：不是本机构的编码/,
  );
  await refused('6201', order(WORKER, [50], { feedetailList: [] }), /data\.feedetailList：至少要有一行/);
  await refused('6201', order(WORKER, [50], { begntime: '昨天' }), /begntime（开始时间）值“昨天”/);
  await refused('6201', order(WORKER, [50], { insutype: '390' }), /没有参加该险种/);
  await refused('6201', order(WORKER, [50], { medType: '21' }), /该医疗类别须用住院交易/);
  const bad = order(WORKER, [50, 60]);
  await refused(
    '6201',
    {
      data: {
        ...bad.data,
        feedetailList: bad.data.feedetailList.map((line, index) => ({ ...line, pric: index + 50 })),
      },
    },
    /节点data\.feedetailList\[2\]字段detItemFeeSumamt.*数量×单价为51\.00/,
  );
  assert.equal(await visitCount(), before);
  const { diseinfoList, feedetailList, ...rest } = order(WORKER, [50]).data;
  const beside = ok(await send('6201', { data: rest, diseinfoList, feedetailList })).data;
  const uploaded = {
    payOrdId: beside.payOrdId,
    payToken: beside.payToken,
    mdtrtId: beside.extData.mdtrtId,
    medOrgOrd: '',
    person: WORKER,
  };
  await refused(
    '6201',
    order(WORKER, [50], { medOrgOrd: rest.medOrgOrd }),
    /medOrgOrd（医疗机构订单号）.*已有订单/,
  );
  await refused('6202', payment(uploaded, { payToken: 'x' }), /没有该订单，或支付token不符/);
  await refused('6202', payment(uploaded, { payAuthNo: '', ecAuthCode: '' }), /不能同时为空/);
  await refused('6202', payment(uploaded, { mdtrtId: 'x' }), /mdtrtId（就诊ID）值“x”：不是该订单的就诊/);
  await refused('6202', payment(uploaded), /没有该订单/, { fixmedins_code: OTHER_HOSPITAL });
  await refused('6203', refund(uploaded, 'ALL', '50', '0'), /订单状态为0，没有支付，不能退费/);
  await refused(
    '6203',
    refund(uploaded, 'SOME', '50', '0'),
    /refdType（退费类型）值“SOME”：应为ALL、CASH、HI之一/,
  );
  await refused('6301', query(uploaded, { idNo: RETIRED.certno }), /不是该人员的证件/);
  ok(await send('6401', query(uploaded)));
  assert.deepEqual((await verifyLedger(service.store)).faults, []);
});
