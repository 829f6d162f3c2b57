import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import type { StoreTransaction } from '#engine/postgres/store.ts';
import { newNumber, type PersonFile } from '#enrolment/index.ts';
import { type Call, type Handler, Refusal, refuse, type Transactions, timeText } from '#interface/index.ts';
import type { BenefitSource } from './benefit-source.ts';
import { isOpen, keepLines } from './fees.ts';
import { insuredOn, lockedPerson } from './persons.ts';
import { addVisit, cancel, checkMedType, keepDiagnoses, writingAtOnce } from './register.ts';
import { reverse, settlementById } from './reverse.ts';
import { settle } from './settle.ts';
import { dayOf, type Fields, fenOf, node, rowsOf, text, timeOf, yuan } from './values.ts';
import { visitOnDay } from './visit-on-day.ts';
import { type VisitRow, visitOf } from './visits.ts';

const at = 'data';

/** ordStas of the national dictionary. */
const STATES = {
  saved: '0',
  insurancePaid: '4',
  done: '6',
  refunded: '7',
  insuranceRefunded: '8',
  cashRefunded: '9',
  cashPartlyRefunded: '10',
  insuranceAndPartOfCashRefunded: '11',
  cancelled: '12',
  insuranceCancelled: '13',
} as const;

type Order = {
  readonly pay_ord_id: string;
  readonly fixmedins_code: string;
  readonly med_org_ord: string;
  readonly psn_no: string;
  readonly mdtrt_id: string;
  readonly is_own_visit: boolean;
  readonly chrg_bchno: string;
  readonly pay_token: string;
  readonly fee_fen: number;
  readonly body: Fields;
  readonly cancelled_at: string | null;
  readonly setl_id: string | null;
  readonly paid_at: string | null;
  readonly confirmed_at: string | null;
  readonly cash_refunded_fen: number;
  /** of the settlement; null while there is none */
  readonly cash_fen: number | null;
  readonly account_fen: number | null;
  readonly fund_fen: number | null;
  readonly is_refunded: boolean;
  readonly is_reversed: boolean;
};

/** The words of the 6xxx transactions in those of all others: `feedetlSn` is feedetl_sn. */
const snakeOf = (fields: Fields): Fields =>
  Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      value,
    ]),
  );

/** A list that stands in `data` or, as the tables can be read, too, beside it. */
function listOf(input: Fields, name: string): readonly Fields[] {
  const inside = rowsOf(node(input, 'data'), name);
  const rows = inside.length > 0 ? inside : rowsOf(input, name);
  if (rows.length === 0) throw refuse('至少要有一行', 'at least one row is needed', { node: `data.${name}` });
  return rows.map(snakeOf);
}

function stateOf(order: Order): string {
  if (order.cancelled_at !== null) return STATES.cancelled;
  if (order.setl_id === null) return STATES.saved;
  const cash = order.cash_fen ?? 0;
  const isCashBack = order.cash_refunded_fen >= cash;
  // taken back by 2208, 2305 or 2103, not by the refund of the order
  if (order.is_reversed && !order.is_refunded) return STATES.insuranceCancelled;
  if (order.is_refunded) {
    if (isCashBack) return STATES.refunded;
    return order.cash_refunded_fen === 0 ? STATES.insuranceRefunded : STATES.insuranceAndPartOfCashRefunded;
  }
  if (order.cash_refunded_fen > 0) return isCashBack ? STATES.cashRefunded : STATES.cashPartlyRefunded;
  return cash === 0 || order.confirmed_at !== null ? STATES.done : STATES.insurancePaid;
}

/**
 * An order of the institution, locked until the transaction ends; of the token, the number is asked for with, too.
 * @throws Refusal when there is none
 */
async function orderOf(
  { db, institution, input }: Call,
  isTokenNeeded = true,
): Promise<{ order: Order; file: PersonFile }> {
  const data = node(input, at);
  const number = text(data, 'payOrdId');
  // locked by a statement of its own: what is read after it is what others have left
  await sql`SELECT 1 FROM pay_order WHERE pay_ord_id = ${number} FOR UPDATE`.execute(db);
  const { rows } = await sql<Order>`SELECT o.*, s.psn_cash_pay_fen AS cash_fen, s.acct_pay_fen AS account_fen,
      s.fund_pay_sumamt_fen AS fund_fen,
      EXISTS (SELECT 1 FROM pay_refund AS r WHERE r.pay_ord_id = o.pay_ord_id AND r.setl_id IS NOT NULL) AS is_refunded,
      EXISTS (SELECT 1 FROM settlement AS n WHERE n.reverses = o.setl_id) AS is_reversed
    FROM pay_order AS o LEFT JOIN settlement AS s ON s.setl_id = o.setl_id
    WHERE o.pay_ord_id = ${number} AND o.fixmedins_code = ${institution.fixmedins_code}`.execute(db);
  const [seen] = rows;
  const isRight = seen !== undefined && (!isTokenNeeded || text(data, 'payToken') === seen.pay_token);
  if (!isRight) {
    throw refuse(
      '本机构没有该订单，或支付token不符',
      'this institution has no such order, or the token is another',
      {
        node: at,
        field: 'payOrdId',
        name: '支付订单号',
        value: number,
      },
    );
  }
  const org = text(data, 'orgCodg');
  if (org !== '' && org !== institution.fixmedins_code) {
    throw refuse('不是本机构的编码', 'not the code of this institution', {
      node: at,
      field: 'orgCodg',
      value: org,
    });
  }
  const file = await lockedPerson(db, seen.psn_no);
  checkIdentity(file, data);
  return { order: seen, file };
}

/** The certificate and name that come with an order are those of the person. */
function checkIdentity(file: PersonFile, data: Fields): void {
  const [type, number, name] = [
    text(data, 'idType'),
    text(data, 'idNo').toUpperCase(),
    text(data, 'userName'),
  ];
  if (number !== '') {
    const isOwn = file.certificates.some(
      (each) => each.certno.toUpperCase() === number && (type === '' || each.psn_cert_type === type),
    );
    if (!isOwn)
      throw refuse('不是该人员的证件', 'not a certificate of the person', {
        node: at,
        field: 'idNo',
        name: '证件号码',
        value: number,
      });
  }
  if (name !== '' && name.normalize('NFKC') !== file.name)
    throw refuse('姓名与证件不符', 'the name is not that of the certificate', {
      node: at,
      field: 'userName',
      name: '用户姓名',
      value: name,
    });
}

function refuseState(order: Order, zh: string, en: string): never {
  const state = stateOf(order);
  throw refuse(`订单状态为${state}，${zh}`, `the order is in state ${state}: ${en}`, {
    node: at,
    field: 'payOrdId',
    name: '支付订单号',
    value: order.pay_ord_id,
  });
}

/** The visit the order names, or one that it registers itself. */
async function visitOfOrder(
  call: Call,
  file: PersonFile,
  data: Fields,
  number: string,
): Promise<{ visit: VisitRow; isOwn: boolean }> {
  const { institution, db } = call;
  if (number !== '') return { visit: await visitOf(db, number, { institution, person: file }), isOwn: false };
  const kind = institution.type === '2' ? 'pharmacy' : 'outpatient';
  const medType = text(data, 'med_type');
  checkMedType(medType, kind, at);
  insuredOn(file, dayOf(data, 'begntime'), text(data, 'insutype'));
  const visit = await addVisit(call, file, {
    kind,
    insutype: text(data, 'insutype'),
    medType,
    number: kind === 'pharmacy' ? '' : text(data, 'ipt_otp_no'),
    begntime: timeOf(data, 'begntime'),
    disease: text(data, 'dise_codg'),
    body: data,
    at,
  });
  return { visit, isOwn: true };
}

/** 6201: registers the visit where there is none, and uploads the fees of an order, which splits them. */
const upload =
  (source: BenefitSource): Handler =>
  async (call) => {
    const { db, input, institution, now } = call;
    const given = node(input, at);
    const [diagnoses, lines] = [listOf(input, 'diseinfoList'), listOf(input, 'feedetailList')];
    const org = text(given, 'orgCodg');
    if (org !== institution.fixmedins_code)
      throw refuse('不是本机构的编码', 'not the code of this institution', {
        node: at,
        field: 'orgCodg',
        value: org,
      });
    const data = snakeOf(given);
    const file = await lockedPerson(db, text(data, 'psn_no'));
    checkIdentity(file, given);
    const { visit, isOwn } = await visitOfOrder(call, file, data, text(data, 'mdtrt_id'));
    for (const [index, line] of lines.entries()) {
      const said = { mdtrt_id: text(line, 'mdtrt_id') || visit.mdtrt_id, psn_no: text(line, 'psn_no') };
      if (said.mdtrt_id === visit.mdtrt_id && said.psn_no === text(data, 'psn_no')) continue;
      const field = said.mdtrt_id === visit.mdtrt_id ? 'psnNo' : 'mdtrtId';
      throw refuse('一个订单的明细应属于同一次就诊', 'the lines of an order belong to one visit', {
        node: `data.feedetailList[${index + 1}]`,
        field,
        value: field === 'psnNo' ? said.psn_no : said.mdtrt_id,
      });
    }
    const medType = visit.med_type || text(data, 'med_type');
    const isStay = visit.kind === 'inpatient';
    const day = isStay ? dayOf(lines[0]!, 'fee_ocur_time') : visit.begntime.slice(0, 10);
    const context = visitOnDay(visit, file, { date: day, medType, insutype: visit.insutype, at, source });
    if (isOwn || visit.kind === 'outpatient') await keepDiagnoses(db, visit.mdtrt_id, '1', diagnoses);
    const batch = text(data, 'chrg_bchno');
    const answers = await keepLines(
      call,
      source,
      visit,
      context,
      lines.map((line) => ({ ...line, chrg_bchno: batch })),
      'data.feedetailList',
    );
    const feeFen = answers.reduce((sum, line) => sum + fenOf(line, 'det_item_fee_sumamt'), 0);
    const said = fenOf(data, 'medfee_sumamt');
    if (said !== feeFen) {
      throw refuse(`与明细之和${yuan(feeFen)}不等`, `the lines add up to ${yuan(feeFen)}`, {
        node: at,
        field: 'medfeeSumamt',
        name: '医疗费总额',
        value: yuan(said),
      });
    }
    const payOrdId = newNumber(now);
    const payToken = randomBytes(20).toString('hex');
    const { rows } =
      await sql`INSERT INTO pay_order (pay_ord_id, fixmedins_code, med_org_ord, psn_no, mdtrt_id, is_own_visit, chrg_bchno,
        pay_token, fee_fen, body, made_at)
      VALUES (${payOrdId}, ${institution.fixmedins_code}, ${text(data, 'med_org_ord')}, ${file.psn_no}, ${visit.mdtrt_id}, ${isOwn},
        ${batch}, ${payToken}, ${feeFen}, ${JSON.stringify({ ...data, diseinfo_list: undefined, feedetail_list: undefined })}::jsonb,
        ${now.toString()})
      ON CONFLICT DO NOTHING RETURNING pay_ord_id`.execute(db);
    if (rows.length === 0) {
      throw refuse('该医疗机构订单号已有订单', 'there is an order of this number of the institution', {
        node: at,
        field: 'medOrgOrd',
        name: '医疗机构订单号',
        value: text(data, 'med_org_ord'),
      });
    }
    // the number of the visit is what 6202 has to be sent with
    return { data: { payOrdId, payToken, cashierUrl: '', extData: { mdtrtId: visit.mdtrt_id } } };
  };

/** 6202: settles the order, as 2207, 2304 or 2102 would. */
const pay =
  (source: BenefitSource): Handler =>
  async (call) => {
    const { db, input, institution, now } = call;
    const data = node(input, at);
    if (text(data, 'payAuthNo') === '' && text(data, 'ecAuthCode') === '') {
      throw refuse('支付授权码与电子凭证授权码不能同时为空', 'payAuthNo or ecAuthCode is needed', {
        node: at,
        field: 'payAuthNo',
        name: '支付授权码',
        value: '',
      });
    }
    const { order, file } = await orderOf(call);
    if (order.cancelled_at !== null || order.setl_id !== null)
      refuseState(order, '不能支付', 'it cannot be paid');
    if (text(data, 'mdtrtId') !== order.mdtrt_id) {
      throw refuse('不是该订单的就诊', 'not the visit of the order', {
        node: at,
        field: 'mdtrtId',
        name: '就诊ID',
        value: text(data, 'mdtrtId'),
      });
    }
    const visit = await visitOf(db, order.mdtrt_id, { institution, person: file });
    const isStay = visit.kind === 'inpatient';
    const isMidStay = isStay && text(order.body, 'mid_setl_flag') === '1';
    if (isStay && isMidStay === (visit.state === 'discharged')) {
      throw refuse(
        isMidStay ? '已出院，不能中途结算' : '未办理出院（2402），只能中途结算',
        isMidStay
          ? 'the stay is over: no settlement in its middle'
          : 'there is no discharge (2402): only a mid-stay settlement is possible',
        { node: at, field: 'mdtrtId', value: order.mdtrt_id },
      );
    }
    const { setlinfo } = (await settle(writingAtOnce(call), source, file, visit, {
      data: { ...order.body, medfee_sumamt: yuan(order.fee_fen) },
      at,
      medType: visit.med_type || text(order.body, 'med_type'),
      batch: order.chrg_bchno,
      date: isStay ? (isMidStay ? undefined : visit.endtime!.slice(0, 10)) : visit.begntime.slice(0, 10),
      isMidStay,
      isTrial: false,
    })) as { readonly setlinfo: Record<string, string> };
    await sql`UPDATE pay_order SET setl_id = ${setlinfo.setl_id}, paid_at = ${now.toString()}
      WHERE pay_ord_id = ${order.pay_ord_id}`.execute(db);
    const { order: paid } = await orderOf(call);
    return {
      data: {
        payOrdId: order.pay_ord_id,
        ordStas: stateOf(paid),
        ...amountsOf(paid),
        // the settlement itself, for the receipt
        extData: setlinfo,
      },
    };
  };

const amountsOf = (order: Order): Record<string, string> => ({
  feeSumamt: yuan(order.fee_fen),
  ownPayAmt: yuan(order.cash_fen ?? 0),
  psnAcctPay: yuan(order.account_fen ?? 0),
  fundPay: yuan(order.fund_fen ?? 0),
});

/** @throws Refusal naming the amount that is not that of the order */
function checkAmounts(data: Fields, amounts: Readonly<Record<string, number>>): void {
  for (const [field, fen] of Object.entries(amounts)) {
    if (text(data, field) === '' || fenOf(data, field) === fen) continue;
    throw refuse(`订单中为${yuan(fen)}`, `the order has ${yuan(fen)}`, {
      node: at,
      field,
      value: text(data, field),
    });
  }
}

/** 6204 and 6302: the payment centre says that all of an order is paid; the amounts are those of the settlement. */
const confirm =
  (cashField: 'ownPayAmt' | 'ownpayAmt'): Handler =>
  async (call) => {
    const { db, input, now } = call;
    const data = node(input, at);
    const { order } = await orderOf(call, false);
    if (order.setl_id === null || order.is_reversed || order.cash_refunded_fen > 0)
      refuseState(order, '不能确认支付', 'its payment cannot be confirmed');
    if (text(data, 'medOrgOrd') !== order.med_org_ord) {
      throw refuse('不是该订单的医院订单号', 'not the number the institution gave the order', {
        node: at,
        field: 'medOrgOrd',
        name: '医院订单号',
        value: text(data, 'medOrgOrd'),
      });
    }
    checkAmounts(data, {
      feeSumamt: order.fee_fen,
      [cashField]: order.cash_fen ?? 0,
      psnAcctPay: order.account_fen ?? 0,
      fundPay: order.fund_fen ?? 0,
    });
    await sql`UPDATE pay_order SET confirmed_at = coalesce(confirmed_at, ${now.toString()}),
        thd_pay_type = CASE WHEN thd_pay_type = '' THEN ${text(data, 'thdPayType')} ELSE thd_pay_type END
      WHERE pay_ord_id = ${order.pay_ord_id}`.execute(db);
    return { data: { success: true, message: '' } };
  };

const REFUNDS = ['ALL', 'CASH', 'HI'];

/** 6203: gives back the insurance's part by a negative settlement, the cash part by its amount, or both. */
const refund: Handler = async (call) => {
  const { db, input, now } = call;
  const data = node(input, at);
  const type = text(data, 'refdType').toUpperCase();
  if (!REFUNDS.includes(type)) {
    throw refuse(`应为${REFUNDS.join('、')}之一`, `one of ${REFUNDS.join(', ')} is expected`, {
      node: at,
      field: 'refdType',
      name: '退费类型',
      value: text(data, 'refdType'),
    });
  }
  const { order, file } = await orderOf(call, false);
  if (order.setl_id === null) refuseState(order, '没有支付，不能退费', 'it was not paid');
  const cash = order.cash_fen ?? 0;
  const cashFen = fenOf(data, 'cashRefdAmt');
  checkAmounts(data, { totlRefdAmt: order.fee_fen });
  if (type !== 'CASH') {
    checkAmounts(data, { psnAcctRefdAmt: order.account_fen ?? 0, fundRefdAmt: order.fund_fen ?? 0 });
    if (order.is_reversed) refuseState(order, '医保部分已退', "the insurance's part was given back before");
  }
  const left = cash - order.cash_refunded_fen;
  const isWrong =
    type === 'HI' ? cashFen !== 0 : type === 'ALL' ? cashFen !== left : cashFen <= 0 || cashFen > left;
  if (isWrong) {
    const most = type === 'HI' ? 0 : left;
    throw refuse(`现金可退${yuan(most)}`, `${yuan(most)} of cash can be given back`, {
      node: at,
      field: 'cashRefdAmt',
      name: '现金退费金额',
      value: text(data, 'cashRefdAmt'),
    });
  }
  const negative =
    type === 'CASH'
      ? undefined
      : ((await reverse(writingAtOnce(call), file, (await settlementById(db, order.setl_id!))!, at)) as {
          readonly setlinfo: Record<string, string>;
        });
  const refdSn = newNumber(now);
  await keepRefund(
    db,
    order,
    { refdSn, sn: text(data, 'appRefdSn'), type, cashFen, setlId: negative?.setlinfo.setl_id },
    now,
  );
  const time = negative === undefined ? '' : timeText(now).replaceAll(/\D/g, '');
  return {
    data: {
      refdSn,
      hiFefdSn: negative?.setlinfo.setl_id ?? '',
      hiTrnsDate: time.slice(0, 8),
      hiTrnsTime: time.slice(8),
      refStatus: 'SUCC',
      extData: negative?.setlinfo ?? '',
    },
  };
};

async function keepRefund(
  db: StoreTransaction,
  order: Order,
  given: {
    readonly refdSn: string;
    readonly sn: string;
    readonly type: string;
    readonly cashFen: number;
    readonly setlId: string | undefined;
  },
  now: Temporal.Instant,
): Promise<void> {
  const { rows } =
    await sql`INSERT INTO pay_refund (refd_sn, pay_ord_id, app_refd_sn, refd_type, cash_fen, setl_id, made_at)
    VALUES (${given.refdSn}, ${order.pay_ord_id}, ${given.sn}, ${given.type}, ${given.cashFen}, ${given.setlId ?? null}, ${now.toString()})
    ON CONFLICT DO NOTHING RETURNING refd_sn`.execute(db);
  if (rows.length === 0) {
    throw refuse('该应用退款流水号已退过', 'this number of a refund was used before', {
      node: at,
      field: 'appRefdSn',
      name: '应用退款流水号',
      value: given.sn,
    });
  }
  await sql`UPDATE pay_order SET cash_refunded_fen = cash_refunded_fen + ${given.cashFen}
    WHERE pay_ord_id = ${order.pay_ord_id}`.execute(db);
}

/** Faults name the fields as the client wrote them. */
const inCamelCase =
  (handler: Handler): Handler =>
  async (call) => {
    try {
      return await handler(call);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      throw new Refusal(
        ...error.faults.map((fault) =>
          fault.field === undefined ? fault : { ...fault, field: camelOf(fault.field) },
        ),
      );
    }
  };

const camelOf = (name: string): string =>
  name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** 6201 to 6401: orders of online payment. Source: interface.md §1.6; choices: docs/domain/visits.md#orders. */
export const orderTransactions = (source: BenefitSource): Transactions =>
  Object.fromEntries(
    Object.entries(ordersOf(source)).map(([infno, handler]) => [infno, inCamelCase(handler)]),
  );

const ordersOf = (source: BenefitSource): Transactions => ({
  '6201': upload(source),
  '6202': pay(source),
  '6203': refund,
  '6204': confirm('ownPayAmt'),
  '6302': confirm('ownpayAmt'),

  '6301': async (call) => {
    const { order } = await orderOf(call);
    const { institution } = call;
    return {
      data: {
        ordStas: stateOf(order),
        payOrdId: order.pay_ord_id,
        callType: '',
        medOrgOrd: order.med_org_ord,
        traceTime: order.paid_at === null ? '' : timeText(Temporal.Instant.from(order.paid_at)),
        orgCodg: institution.fixmedins_code,
        orgName: institution.name,
        setlType: order.confirmed_at === null && (order.cash_fen ?? 0) > 0 ? 'HI' : 'ALL',
        ...amountsOf(order),
        revsToken: '',
        extData: { mdtrtId: order.mdtrt_id, setlId: order.setl_id ?? '' },
      },
    };
  },

  '6401': async (call) => {
    const { db, now } = call;
    const { order } = await orderOf(call);
    if (order.cancelled_at !== null || order.setl_id !== null)
      refuseState(order, '不能撤销', 'it cannot be cancelled');
    if (order.is_own_visit) await cancel(db, order.mdtrt_id);
    else {
      await sql`DELETE FROM fee_line WHERE mdtrt_id = ${order.mdtrt_id} AND chrg_bchno = ${order.chrg_bchno}
        AND ${isOpen(order.mdtrt_id)}`.execute(db);
    }
    await sql`UPDATE pay_order SET cancelled_at = ${now.toString()} WHERE pay_ord_id = ${order.pay_ord_id}`.execute(
      db,
    );
    return { data: { success: true } };
  },
});
