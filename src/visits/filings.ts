import { sql } from 'kysely';
import type { Store } from '#engine/postgres/store.ts';
import { newNumber } from '#enrolment/index.ts';
import { type Call, type Handler, refuse, type Transactions } from '#interface/index.ts';
import { lockedPerson } from './persons.ts';
import { dayOf, type Fields, node, text } from './values.ts';

export type FilingKind = 'transfer' | 'chronic' | 'designated' | 'accident' | 'long-term-care';

/** What each filing keeps beside its fields. */
type Filed = {
  readonly kind: FilingKind;
  readonly type: (data: Fields) => string;
  readonly disease?: string;
  readonly institution?: string;
};

/** What is filed for a person; an end of null is open. */
export type NewFiling = {
  readonly kind: FilingKind;
  readonly biz_appy_type: string;
  readonly insutype: string;
  readonly dise_codg: string;
  readonly fixmedins_code: string;
  readonly begndate: string;
  readonly enddate: string | null;
  /** of an assessment of disability: its level, the form of care chosen, and whether relatives care */
  readonly longterm_eval_lv?: string | undefined;
  readonly nurscare_way?: string | undefined;
  readonly rels_nurscare_flag?: string | undefined;
  readonly body: Fields;
  /** an institution, or who filed it at the agency */
  readonly filed_by: string;
};

/** Files something for a person, who is locked. @throws Refusal for what is filed already, or ends before it begins */
export async function addFiling(
  db: Store,
  psnNo: string,
  filing: NewFiling,
  now: Temporal.Instant,
  at = 'data',
): Promise<string> {
  const { kind, biz_appy_type, dise_codg, fixmedins_code, begndate, enddate } = filing;
  if (enddate !== null && enddate < begndate) {
    throw refuse('结束日期早于开始日期', 'the end is before the beginning', {
      node: at,
      field: 'enddate',
      value: enddate,
    });
  }
  const { rows: same } = await sql<{ trt_dcla_detl_sn: string }>`SELECT trt_dcla_detl_sn FROM filing
    WHERE psn_no = ${psnNo} AND kind = ${kind} AND biz_appy_type = ${biz_appy_type} AND dise_codg = ${dise_codg}
      AND fixmedins_code = ${fixmedins_code} AND withdrawn_at IS NULL
      AND daterange(begndate, enddate, '[]') && daterange(${begndate}::date, ${enddate}::date, '[]')`.execute(
    db,
  );
  if (same.length > 0) {
    throw refuse(
      `已有有效的备案（${same[0]!.trt_dcla_detl_sn}）`,
      `it is filed already (${same[0]!.trt_dcla_detl_sn})`,
      { node: at, field: 'begndate', value: begndate },
    );
  }
  const number = newNumber(now);
  await sql`INSERT INTO filing (trt_dcla_detl_sn, psn_no, kind, biz_appy_type, insutype, dise_codg, fixmedins_code, begndate, enddate,
      longterm_eval_lv, nurscare_way, rels_nurscare_flag, body, filed_by, filed_at)
    VALUES (${number}, ${psnNo}, ${kind}, ${biz_appy_type}, ${filing.insutype}, ${dise_codg}, ${fixmedins_code}, ${begndate},
      ${enddate}, ${filing.longterm_eval_lv ?? ''}, ${filing.nurscare_way ?? ''}, ${filing.rels_nurscare_flag ?? ''},
      ${JSON.stringify(filing.body)}::jsonb, ${filing.filed_by}, ${now.toString()})`.execute(db);
  return number;
}

/**
 * Ends a filing on a day, its last; one that had not begun by then is withdrawn. What was settled under it stands.
 * @param psnNo only a filing of this person
 * @throws Refusal where there is none, or it ends before
 */
export async function endFiling(
  db: Store,
  number: string,
  lastDay: string,
  now: Temporal.Instant,
  psnNo?: string,
): Promise<void> {
  const { rows } = await sql`UPDATE filing SET
      enddate = CASE WHEN begndate <= ${lastDay}::date THEN ${lastDay}::date ELSE enddate END,
      withdrawn_at = CASE WHEN begndate > ${lastDay}::date THEN ${now.toString()}::timestamptz END
    WHERE trt_dcla_detl_sn = ${number} AND withdrawn_at IS NULL AND (enddate IS NULL OR enddate > ${lastDay}::date)
      AND (${psnNo ?? null}::text IS NULL OR psn_no = ${psnNo ?? null}) RETURNING kind`.execute(db);
  if (rows.length > 0) return;
  throw refuse('没有这项备案，或它在那天之前已终止', 'there is no such filing, or it has ended by that day', {
    node: 'data',
    field: 'trt_dcla_detl_sn',
    name: '待遇申报明细流水号',
    value: number,
  });
}

const file =
  (at: string, { kind, type, disease, institution }: Filed): Handler =>
  async ({ db, input, header, now }: Call) => {
    const data = node(input, at);
    const person = await lockedPerson(db, text(data, 'psn_no'), at);
    const filing: NewFiling = {
      kind,
      biz_appy_type: type(data),
      insutype: text(data, 'insutype'),
      dise_codg: disease === undefined ? '' : text(data, disease),
      fixmedins_code: institution === undefined ? '' : text(data, institution),
      begndate: dayOf(data, 'begndate') || dayOf(data, 'refl_date'),
      enddate: dayOf(data, 'enddate') || null,
      body: data,
      filed_by: header.fixmedins_code,
    };
    const number = await addFiling(db, person.psn_no, filing, now, at);
    return { result: { trt_dcla_detl_sn: number, exp_content: '' } };
  };

const withdraw =
  (kind: FilingKind): Handler =>
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
