import { sql } from 'kysely';
import { newNumber } from '#enrolment/index.ts';
import { type Call, type Handler, refuse, type Transactions } from '#interface/index.ts';
import { lockedPerson } from './persons.ts';
import { dayOf, type Fields, node, text } from './values.ts';

type Kind = 'transfer' | 'chronic' | 'designated' | 'accident';

/** What each filing keeps beside its fields. */
type Filed = {
  readonly kind: Kind;
  readonly type: (data: Fields) => string;
  readonly disease?: string;
  readonly institution?: string;
};

const file =
  (at: string, { kind, type, disease, institution }: Filed): Handler =>
  async ({ db, input, header, now }: Call) => {
    const data = node(input, at);
    const person = await lockedPerson(db, text(data, 'psn_no'), at);
    const begndate = dayOf(data, 'begndate') || dayOf(data, 'refl_date');
    const enddate = dayOf(data, 'enddate') || null;
    if (enddate !== null && enddate < begndate) {
      throw refuse('结束日期早于开始日期', 'the end is before the beginning', {
        node: at,
        field: 'enddate',
        value: enddate,
      });
    }
    const codg = disease === undefined ? '' : text(data, disease);
    const code = institution === undefined ? '' : text(data, institution);
    const { rows: same } = await sql<{ trt_dcla_detl_sn: string }>`SELECT trt_dcla_detl_sn FROM filing
      WHERE psn_no = ${person.psn_no} AND kind = ${kind} AND biz_appy_type = ${type(data)} AND dise_codg = ${codg}
        AND fixmedins_code = ${code} AND withdrawn_at IS NULL
        AND daterange(begndate, enddate, '[]') && daterange(${begndate}::date, ${enddate}::date, '[]')`.execute(
      db,
    );
    if (same.length > 0) {
      throw refuse(
        `已有有效的备案（${same[0]!.trt_dcla_detl_sn}）`,
        `it is filed already (${same[0]!.trt_dcla_detl_sn})`,
        {
          node: at,
          field: 'begndate',
          value: begndate,
        },
      );
    }
    const number = newNumber(now);
    await sql`INSERT INTO filing (trt_dcla_detl_sn, psn_no, kind, biz_appy_type, insutype, dise_codg, fixmedins_code, begndate, enddate,
        body, filed_by, filed_at)
      VALUES (${number}, ${person.psn_no}, ${kind}, ${type(data)}, ${text(data, 'insutype')}, ${codg}, ${code}, ${begndate},
        ${enddate}, ${JSON.stringify(data)}::jsonb, ${header.fixmedins_code}, ${now.toString()})`.execute(db);
    return { result: { trt_dcla_detl_sn: number, exp_content: '' } };
  };

const withdraw =
  (kind: Kind): Handler =>
  async ({ db, input, header, now }) => {
    const data = node(input, 'data');
    const person = await lockedPerson(db, text(data, 'psn_no'));
    const number = text(data, 'trt_dcla_detl_sn');
    const { rows } = await sql`UPDATE filing SET withdrawn_at = ${now.toString()}
      WHERE trt_dcla_detl_sn = ${number} AND psn_no = ${person.psn_no} AND kind = ${kind} AND withdrawn_at IS NULL
        AND filed_by = ${header.fixmedins_code} RETURNING kind`.execute(db);
    if (rows.length > 0) return {};
    throw refuse('本机构没有这项有效的备案', 'this institution has no such filing', {
      node: 'data',
      field: 'trt_dcla_detl_sn',
      name: '待遇申报明细流水号',
      value: number,
    });
  };

/** 2501 to 2507: transfers, chronic diseases, designated institutions, accidents. Source: interface.md §1.6. */
export const filingTransactions: Transactions = {
  '2501': file('refmedin', { kind: 'transfer', type: () => '06', institution: 'reflin_medins_no' }),
  '2502': withdraw('transfer'),
  '2503': file('data', { kind: 'chronic', type: () => '01', disease: 'opsp_dise_code' }),
  '2504': withdraw('chronic'),
  '2505': file('data', {
    kind: 'designated',
    type: (data) => text(data, 'biz_appy_type'),
    institution: 'fixmedins_code',
  }),
  '2506': withdraw('designated'),
  '2507': file('data', { kind: 'accident', type: () => '02', institution: 'fixmedins_code' }),
};
