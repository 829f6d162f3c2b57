import { sql } from 'kysely';
import { cumulativeTypes, stepTitle } from '#benefits/index.ts';
import type { StoreTransaction } from '#engine/postgres/store.ts';
import { type PersonFile, personOn } from '#enrolment/index.ts';
import { type Call, refuse, type Transactions, timeText } from '#interface/index.ts';
import { personOf } from './persons.ts';
import { type StoredSettlement, settlementById } from './reverse.ts';
import { personFields, settlementAnswer } from './settlement-answer.ts';
import { stayDays } from './stay-facts.ts';
import { decimal, type Fields, node, ratio4, text, timeOf, yuan } from './values.ts';
import type { VisitRow } from './visits.ts';

/** 1901, 5201 to 5206 and 100001. Source: interface.md §1.6, §1.7. */
export const queryTransactions: Transactions = {
  '1901': async ({ input, metadata }) => {
    const data = node(input, 'data');
    const type = text(data, 'type');
    const codes = metadata.dictionaries.get(type);
    if (codes === undefined) {
      throw refuse('没有该字典', 'there is no such dictionary', {
        node: 'data',
        field: 'type',
        name: '字典类型',
        value: type,
      });
    }
    // the table writes Vali_Flag; clients also write it in small letters
    const flag = text(data, 'Vali_Flag') || text(data, 'vali_Flag') || text(data, 'vali_flag');
    return {
      list: (flag === '0' ? [] : [...codes]).map(([value, label], index) => ({
        type,
        label,
        value,
        sort: String(index + 1),
        valiFlag: '1',
      })),
    };
  },

  '5201': async ({ db, input, institution }) => {
    const data = node(input, 'data');
    const file = await personOf(db, text(data, 'psn_no'));
    const { rows } = await sql<VisitRow>`SELECT * FROM visit WHERE psn_no IN (${ALL_NUMBERS(file.psn_no)})
      AND fixmedins_code = ${institution.fixmedins_code} AND state <> 'cancelled'
      AND begntime BETWEEN ${timeOf(data, 'begntime')}::timestamp AND ${endOfSpan(data)}::timestamp
      AND med_type = ${text(data, 'med_type')} AND (${text(data, 'mdtrt_id')} = '' OR mdtrt_id = ${text(data, 'mdtrt_id')})
      ORDER BY begntime, mdtrt_id`.execute(db);
    return { mdtrtinfo: rows.map((visit) => visitFields(file, visit)) };
  },

  '5202': async ({ db, input, institution }) => {
    const data = node(input, 'data');
    const file = await personOf(db, text(data, 'psn_no'));
    const { rows } = await sql<{
      inout_diag_type: string;
      body: Fields;
      mdtrt_id: string;
    }>`SELECT d.* FROM visit_diagnosis AS d
      JOIN visit AS v ON v.mdtrt_id = d.mdtrt_id
      WHERE d.mdtrt_id = ${text(data, 'mdtrt_id')} AND v.psn_no IN (${ALL_NUMBERS(file.psn_no)})
        AND v.fixmedins_code = ${institution.fixmedins_code}
      ORDER BY inout_diag_type, diag_type, diag_srt_no`.execute(db);
    return {
      diseinfo: rows.map(({ inout_diag_type, body, mdtrt_id }) => ({
        maindiag_flag: text(body, 'diag_srt_no') === '1' ? '1' : '0',
        ...body,
        diag_info_id:
          `${mdtrt_id.slice(0, 20)}${inout_diag_type}${text(body, 'diag_type')}${text(body, 'diag_srt_no')}`.slice(
            0,
            30,
          ),
        mdtrt_id,
        psn_no: file.psn_no,
        inout_diag_type,
      })),
    };
  },

  '5203': async (call) => {
    const { file, row } = await settlementOf(call, node(call.input, 'data'), 'data');
    const answer = settlementAnswer(file, row, row.body.settlement, row.body) as {
      setlinfo: Record<string, string>;
      setldetail: unknown;
    };
    const { rows } = await sql<VisitRow & { name: string }>`SELECT v.*, i.name FROM visit AS v
      LEFT JOIN interface_institution AS i ON i.fixmedins_code = v.fixmedins_code
      WHERE v.mdtrt_id = ${row.mdtrt_id}`.execute(call.db);
    const visit = rows[0]!;
    return {
      setlinfo: {
        ...answer.setlinfo,
        psn_pay: answer.setlinfo.psn_part_amt,
        cash_payamt: answer.setlinfo.psn_cash_pay,
        pay_loc: '2',
        fixmedins_code: row.fixmedins_code,
        fixmedins_name: visit.name,
        hosp_lv: visit.level,
        begndate: visit.begntime.slice(0, 10),
        enddate: (visit.endtime ?? row.policy_date).slice(0, 10),
        refd_setl_flag: row.sign === -1 ? '1' : '0',
        year: String(row.year),
        dise_codg: visit.dise_codg,
      },
      setldetail: answer.setldetail,
    };
  },

  '5204': async (call) => {
    const data = node(call.input, 'data');
    const { row } = await settlementOf(call, data, 'data');
    const { rows } = await sql<QueriedLine>`SELECT ${LINE_COLUMNS}
      FROM fee_line AS l WHERE l.mdtrt_id = ${row.mdtrt_id}
        AND feedetl_sn IN (SELECT jsonb_array_elements_text(${JSON.stringify(row.body.feedetl_sn)}::jsonb))
      ORDER BY fee_ocur_time, feedetl_sn`.execute(call.db);
    return rows.map((line) => ({
      ...lineFields(line),
      mdtrt_id: row.mdtrt_id,
      setl_id: row.setl_id,
      med_type: row.med_type,
    }));
  },

  '5206': async ({ db, input, now }) => {
    const data = node(input, 'data');
    const file = await personOf(db, text(data, 'psn_no'));
    const month = text(data, 'cum_ym') || timeText(now).slice(0, 7).replace('-', '');
    const year = Number(month.slice(0, 4));
    const { rows } = await sql<{
      scheme: string;
      code: string;
      value: number;
    }>`SELECT scheme, code, value FROM accumulator
      WHERE psn_no = ${file.psn_no} AND year = ${year} ORDER BY scheme, code`.execute(db);
    const insutypeOf = (scheme: string) =>
      file.enrolments.findLast(({ insutype }) =>
        scheme === 'employee' ? insutype === '310' : /^3[89]/.test(insutype),
      )?.insutype ?? (scheme === 'employee' ? '310' : '390');
    return {
      cuminfo: [...Map.groupBy(rows, ({ scheme }) => scheme)].flatMap(([scheme, own]) =>
        cumulativeTypes({
          year,
          values: Object.fromEntries(own.map(({ code, value }) => [code, value])),
        }).map(({ code, value }) => ({
          insutype: insutypeOf(scheme),
          year: String(year),
          cum_ym: month,
          cum_type_code: code,
          // a count is a count, everything else is money
          cum: code === 'C0000' ? String(value) : yuan(value),
        })),
      ),
    };
  },

  '100001': async (call) => {
    const keys = {
      psn_no: text(call.input, 'psn_No'),
      setl_id: text(call.input, 'setl_Id'),
      mdtrt_id: text(call.input, 'mdtrt_Id'),
    };
    const { file, row } = await settlementOf(call, keys, '');
    return row.body.settlement.steps.map(({ code, selfPayFen, fundPayFen, ratio }) => {
      const sum = selfPayFen + fundPayFen;
      return {
        setlId: row.setl_id,
        mdtrtId: row.mdtrt_id,
        psnNo: file.psn_no,
        polItemCode: code,
        polItemName: stepTitle(code).zh,
        selfPayAmt: yuan(selfPayFen),
        selfPayProp: ratio4(1_000_000 - ratio),
        fundPayAmt: yuan(fundPayFen),
        fundPayProp: ratio4(ratio),
        polItemPaySum: yuan(sum),
      };
    });
  },
};

/** The numbers of a person: the one that goes on and those that were merged into it. */
export const ALL_NUMBERS = (psnNo: string) =>
  sql`SELECT psn_no FROM person WHERE psn_no = ${psnNo} OR merged_into = ${psnNo}`;

/**
 * The end of a span of a query: a day means until its last second, nothing means without an end.
 * @throws Refusal when it is before the beginning
 */
export function endOfSpan(data: Fields): string {
  const end = timeOf(data, 'endtime').replace(' 00:00:00', ' 23:59:59');
  if (end === '') return 'infinity';
  if (end >= timeOf(data, 'begntime')) return end;
  throw refuse('结束早于开始', 'the end is before the beginning', {
    node: 'data',
    field: 'endtime',
    name: '结束时间',
    value: end,
  });
}

/** A visit as it was registered and described, and the person as of its first day. */
function visitFields(file: PersonFile, visit: VisitRow): Record<string, unknown> {
  const { begntime, endtime, insutype } = visit;
  const date = begntime.slice(0, 10);
  const enrolment = personOn(file, date, insutype)?.enrolment;
  const isStay = visit.kind === 'inpatient';
  return {
    ...visit.body,
    ...personFields(file, date),
    mdtrt_id: visit.mdtrt_id,
    insutype,
    psn_type: enrolment?.psn_type ?? '',
    cvlserv_flag: enrolment?.cvlserv_flag ?? '0',
    insu_optins: enrolment?.insuplc_admdvs ?? '',
    emp_name: enrolment?.emp_name ?? '',
    begntime,
    endtime: endtime ?? '',
    med_type: visit.med_type,
    ipt_otp_no: visit.ipt_otp_no,
    dise_codg: visit.dise_codg,
    inhosp_stas: isStay && visit.state === 'open' ? '1' : '0',
    ars_year_ipt_flag: isStay && endtime !== null && endtime.slice(0, 4) !== date.slice(0, 4) ? '1' : '0',
    ipt_days: isStay && endtime !== null ? stayDays(begntime, endtime) : 0,
  };
}

/** A stored line with the amounts of its split. */
export type QueriedLine = {
  readonly feedetl_sn: string;
  readonly fee_at: string;
  readonly med_list_codg: string;
  readonly medins_list_codg: string;
  readonly cnt4: number;
  readonly pric6: number;
  readonly amount_fen: number;
  readonly own_fen: number;
  readonly over_limit_fen: number;
  readonly prior_fen: number;
  readonly in_scope_fen: number;
  readonly list_class: string;
  readonly is_restricted: boolean;
  readonly ceiling6: number | null;
  readonly prior_ratio6: number;
  readonly direct_ratio6: number | null;
  readonly body: Fields;
};
export const LINE_COLUMNS = sql`l.feedetl_sn, to_char(l.fee_ocur_time, 'YYYY-MM-DD HH24:MI:SS') AS fee_at, l.med_list_codg,
  l.medins_list_codg, l.cnt4, l.pric6, l.amount_fen, l.own_fen, l.over_limit_fen, l.prior_fen, l.in_scope_fen, l.list_class,
  l.is_restricted, l.ceiling6, l.prior_ratio6, l.direct_ratio6, l.body`;

export const lineFields = (line: QueriedLine): Record<string, unknown> => ({
  ...line.body,
  feedetl_sn: line.feedetl_sn,
  rx_drord_no: text(line.body, 'rxno') || text(line.body, 'drord_no'),
  fee_ocur_time: line.fee_at,
  cnt: decimal(line.cnt4, 4),
  pric: decimal(line.pric6, 6),
  det_item_fee_sumamt: yuan(line.amount_fen),
  pric_uplmt_amt: decimal(line.ceiling6 ?? 0, 6),
  selfpay_prop: ratio4(line.prior_ratio6),
  fulamt_ownpay_amt: yuan(line.own_fen),
  overlmt_amt: yuan(line.over_limit_fen),
  preselfpay_amt: yuan(line.prior_fen),
  inscp_scp_amt: yuan(line.in_scope_fen),
  chrgitm_lv: { A: '01', B: '02', C: '03' }[line.list_class] ?? '',
  hilist_code: line.med_list_codg,
  med_list_codg: line.med_list_codg,
  medins_list_codg: line.medins_list_codg,
  lmt_used_flag: line.is_restricted ? '1' : '0',
  drt_reim_flag: line.direct_ratio6 === null ? '0' : '1',
});

/** @throws Refusal when the institution has no such settlement of the person */
async function settlementOf(
  { db, institution }: Call,
  data: Fields,
  at: string,
): Promise<{ readonly file: PersonFile; readonly row: StoredSettlement }> {
  const file = await personOf(db, text(data, 'psn_no'), at);
  const row = await settlementById(db, text(data, 'setl_id'));
  const isOwn =
    row !== undefined &&
    row.fixmedins_code === institution.fixmedins_code &&
    row.mdtrt_id === text(data, 'mdtrt_id') &&
    (await isNumberOf(db, row.psn_no, file));
  if (isOwn) return { file, row };
  throw refuse('本机构没有该人员的这次结算', 'this institution has no such settlement of the person', {
    node: at,
    field: 'setl_id',
    name: '结算ID',
    value: text(data, 'setl_id'),
  });
}

async function isNumberOf(db: StoreTransaction, psnNo: string, file: PersonFile): Promise<boolean> {
  if (psnNo === file.psn_no) return true;
  const { rows } =
    await sql`SELECT 1 FROM person WHERE psn_no = ${psnNo} AND merged_into = ${file.psn_no}`.execute(db);
  return rows.length > 0;
}
