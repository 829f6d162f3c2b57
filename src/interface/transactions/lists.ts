import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import { DuplicateKey, type Json, type JsonObject, LIST_COLUMNS, reduceList } from '#claims/intake/index.ts';
import { type Store, type StoreTransaction, transaction } from '#engine/postgres/store.ts';
import { YibaoError } from '#kernel/errors.ts';
import type { Call, Handler, Transactions } from '../dispatcher.ts';
import { isOlderEdition, opened } from '../dispatcher.ts';
import { canonicalJson, timeText } from '../envelope.ts';
import { interfaceErrors } from '../errors.ts';
import { type Fault, refuse } from '../fault.ts';

/** The states of 4102. */
export const LIST_STATES = { notSubmitted: 0, submitted: 1, approved: 2, rejected: 3 } as const;
const STATE_NAMES = ['未提交', '已提交', '审核通过', '审核不通过'] as const;
const STATE_NAMES_EN = ['not submitted', 'submitted', 'approved', 'rejected'] as const;

export type ListRow = {
  setl_list_id: number;
  setl_id: string;
  psn_no: string;
  mdtrt_id: string;
  version: number;
  state: number;
  setl_ym: string;
  fixmedins_code: string;
};

const text = (value: Json | undefined): string =>
  value === undefined || value === null ? '' : String(value);

/** The number of a list as the interface gives it: nine digits. */
export const listNumber = (setlListId: number): string => String(setlListId).padStart(9, '0');

/** What is kept of a list that was sent. @throws Refusal for a list of another institution */
function sentList({ input: sent, header, now }: Pick<Call, 'input' | 'header' | 'now'>) {
  const info = sent.setlinfo as JsonObject;
  const owner = columnOf(sent, 'fixmedins_code');
  if (owner !== '' && owner !== header.fixmedins_code) {
    throw refuse('只能上传本机构的清单', 'only lists of the own institution may be uploaded', {
      node: 'setlinfo',
      field: 'fixmedins_code',
      value: owner,
    });
  }
  const input = owner === '' ? { ...sent, fixmedins_code: header.fixmedins_code } : sent;
  const discharged = text(info.dscg_time).slice(0, 10);
  const settled = text(info.setl_end_date).slice(0, 10) || discharged;
  return {
    form: header.infno === '4101' && isOlderEdition(input) ? '4101-2021' : header.infno,
    body: JSON.stringify(input),
    bodyHash: createHash('sha256').update(canonicalJson(input)).digest('hex'),
    setlId: text(info.setl_id),
    at: now.toString(),
    by: `${header.opter} ${header.opter_name}`,
    psn_no: text(info.psn_no) || text(info.hi_no),
    mdtrt_id: text(info.mdtrt_id),
    setl_ym: settled.slice(0, 7).replace('-', ''),
    care_type: text(info.med_type) || text(input.med_type),
    discharged: discharged || null,
    settled: settled || null,
    is_refund: text(info.refd_setl_flag ?? input.refd_setl_flag) === '1',
  };
}

/** Makes a list with its first version, unless there is one of this settlement. */
const newList: NonNullable<Handler['opening']> = ([call]) => {
  const { header, institution } = call!;
  const { form, body, bodyHash, setlId, at, by, ...values } = sentList(call!);
  return [
    sql<{ n: number; setl_list_id: number }>`WITH new_list AS (
      INSERT INTO interface_list (area_id, fixmedins_code, setl_id, psn_no, mdtrt_id, version, setl_ym, care_type,
        discharge_date, settlement_date, is_refund, changed_at)
      VALUES (${institution.area_id}, ${header.fixmedins_code}, ${setlId}, ${values.psn_no}, ${values.mdtrt_id}, 1,
        ${values.setl_ym}, ${values.care_type}, ${values.discharged}::date, ${values.settled}::date, ${values.is_refund}, ${at})
      ON CONFLICT (area_id, setl_id) DO NOTHING RETURNING setl_list_id
    ), new_version AS (
      INSERT INTO interface_list_version (setl_list_id, version, form, body, body_sha256, msgid, received_at)
      SELECT setl_list_id, 1, ${form}, ${body}, ${bodyHash}, ${header.msgid}, ${at}::timestamptz FROM new_list
    ), new_change AS (
      INSERT INTO interface_list_change (setl_list_id, version, from_state, to_state, changed_by, changed_at)
      SELECT setl_list_id, 1, NULL, 0, ${by}, ${at}::timestamptz FROM new_list
    )
    SELECT 1 AS n, setl_list_id FROM new_list`,
  ];
};

/** 4101 and 4101A: one list for each message; it comes in state 0 and can be sent again until it is submitted. */
const upload: Handler = opened(newList, async (call) => {
  const { db, header, institution, now } = call;
  const [made] = call.opened as [readonly { readonly setl_list_id: number }[]];
  if (made.length > 0) return { data: { setl_list_id: listNumber(made[0]!.setl_list_id) } };

  const { form, body, bodyHash, setlId, at, by, ...values } = sentList(call);
  const list = await lockList(db, institution.area_id, setlId);
  const place = { node: 'setlinfo', field: 'setl_id', name: '结算ID', value: setlId };
  if (list === undefined || list.fixmedins_code !== header.fixmedins_code) {
    throw refuse(
      '该结算的清单已由其他机构上传',
      'another institution uploaded the list of this settlement',
      place,
    );
  }
  if (list.state === LIST_STATES.submitted || list.state === LIST_STATES.approved) {
    throw refuse(
      `清单${STATE_NAMES[list.state]}，不能再修改`,
      `the list is ${STATE_NAMES_EN[list.state]} and cannot be changed`,
      place,
    );
  }
  const version = list.version + 1;
  const { rows: changed } = await sql`INSERT INTO interface_list_version
      (setl_list_id, version, form, body, body_sha256, msgid, received_at)
    SELECT ${list.setl_list_id}, ${version}, ${form}, ${body}, ${bodyHash}, ${header.msgid}, ${at}::timestamptz
    WHERE NOT EXISTS (SELECT FROM interface_list_version
      WHERE setl_list_id = ${list.setl_list_id} AND version = ${list.version} AND body_sha256 = ${bodyHash})
    RETURNING version`.execute(db);
  // the same content once more is no new version
  if (changed.length > 0) {
    await sql`UPDATE interface_list SET version = ${version}, psn_no = ${values.psn_no}, mdtrt_id = ${values.mdtrt_id},
        setl_ym = ${values.setl_ym}, care_type = ${values.care_type}, discharge_date = ${values.discharged}::date,
        settlement_date = ${values.settled}::date, is_refund = ${values.is_refund}, changed_at = ${at}
      WHERE setl_list_id = ${list.setl_list_id}`.execute(db);
    await voidResults(db, list.setl_list_id);
    await recordChange(db, { ...list, version }, null, list.state, by, now);
  }
  return { data: { setl_list_id: listNumber(list.setl_list_id) } };
});

/**
 * A column of the list as a settlement will read it, whatever name the client gave it.
 * @throws Refusal when the list gives a column twice under two names, or hides another list in itself
 */
function columnOf(list: JsonObject, name: string): string {
  if (list.input !== undefined)
    throw refuse('清单中不应再有input', 'there must be no input within the list', { node: 'input' });
  try {
    return reduceList(list).values[LIST_COLUMNS.indexOf(name)] ?? '';
  } catch (error) {
    if (!(error instanceof DuplicateKey)) throw error;
    const field = error.keys.join('、');
    throw refuse('同一项以两个名称给出', 'the same item is given under two names', {
      node: 'setlinfo',
      field,
    });
  }
}

/** A list for change: others wait until the transaction ends. */
export async function lockList(
  db: StoreTransaction,
  areaId: string,
  setlId: string,
): Promise<ListRow | undefined> {
  const { rows } = await sql<ListRow>`SELECT * FROM interface_list
    WHERE area_id = ${areaId} AND setl_id = ${setlId} FOR UPDATE`.execute(db);
  return rows[0];
}

const voidResults = (db: StoreTransaction, setlListId: number) =>
  sql`UPDATE interface_list_result SET is_void = true WHERE setl_list_id = ${setlListId}`.execute(db);

async function recordChange(
  db: StoreTransaction,
  list: ListRow,
  from: number | null,
  to: number,
  by: string,
  now: Temporal.Instant,
  reason = '',
): Promise<void> {
  await sql`INSERT INTO interface_list_change (setl_list_id, version, from_state, to_state, changed_by, reason, changed_at)
    VALUES (${list.setl_list_id}, ${list.version}, ${from}, ${to}, ${by}, ${reason}, ${now.toString()})`.execute(
    db,
  );
}

/**
 * Moves a list to another state with its history. To 1: quality control and grouping of its version are asked for; to 0: what
 * they said no longer counts. Who may do which step is the caller's matter.
 */
export async function changeListState(
  db: StoreTransaction,
  list: ListRow,
  to: number,
  change: { readonly by: string; readonly now: Temporal.Instant; readonly reason?: string },
): Promise<void> {
  const { by, now, reason } = change;
  await sql`UPDATE interface_list SET state = ${to}, changed_at = ${now.toString()}
    WHERE setl_list_id = ${list.setl_list_id}`.execute(db);
  await recordChange(db, list, list.state, to, by, now, reason);
  if (to === LIST_STATES.notSubmitted) await voidResults(db, list.setl_list_id);
  if (to !== LIST_STATES.submitted) return;
  await sql`INSERT INTO interface_list_result (setl_list_id, version, requested_at)
    VALUES (${list.setl_list_id}, ${list.version}, ${now.toString()})
    ON CONFLICT (setl_list_id, version) DO UPDATE SET state = 'waiting', is_void = false, quality = NULL, grouping = NULL,
      problem = NULL, done_at = NULL, requested_at = EXCLUDED.requested_at`.execute(db);
}

/**
 * The agency approves a submitted list (2, which is final: it is neither sent again nor taken back, and settled as it is) or
 * rejects it (3, the institution corrects it and submits it again). What quality control wants returned is not approved.
 * @throws YibaoError interface.no-such-list, .list-not-submitted, .list-not-assessed, .list-to-be-returned
 */
export async function decideList(
  store: Store,
  setlListId: number,
  to: typeof LIST_STATES.approved | typeof LIST_STATES.rejected,
  change: { readonly by: string; readonly now: Temporal.Instant; readonly reason?: string },
): Promise<ListRow> {
  return transaction(store, async (db) => {
    const value = String(setlListId);
    const { rows } =
      await sql<ListRow>`SELECT * FROM interface_list WHERE setl_list_id = ${setlListId} FOR UPDATE`.execute(
        db,
      );
    const [list] = rows;
    if (list === undefined)
      throw new YibaoError({ definition: interfaceErrors.noSuchList, field: 'list', value });
    if (list.state !== LIST_STATES.submitted) {
      const parameters = { state: `${list.state}` };
      throw new YibaoError({ definition: interfaceErrors.listNotSubmitted, value, parameters });
    }
    const { rows: results } = await sql<{
      state: string;
      quality: { returned?: string } | null;
    }>`SELECT state, quality
      FROM interface_list_result
      WHERE setl_list_id = ${setlListId} AND version = ${list.version} AND NOT is_void`.execute(db);
    const [result] = results;
    if (to === LIST_STATES.approved) {
      if (result?.state !== 'done')
        throw new YibaoError({ definition: interfaceErrors.listNotAssessed, value });
      if (result.quality?.returned === '1') {
        throw new YibaoError({ definition: interfaceErrors.listToBeReturned, value });
      }
    }
    await changeListState(db, list, to, change);
    return { ...list, state: to };
  });
}

/** The steps an institution may take itself; 1 to 0 only where the area allows it. Source: interface.md §1.6. */
const OWN_STEPS = new Set(['0 1', '3 0', '3 1']);

export const listTransactions: Transactions = {
  '4101': upload,
  '4101A': upload,

  '4102': async (call) => {
    const { db, header, institution, now } = call;
    const list = await ownList(call, 'lock');
    const data = call.input.data as JsonObject;
    const asked = text(data.stas_type);
    const place = { node: 'data', field: 'stas_type', name: '审核状态', value: asked };
    if (asked !== '0' && asked !== '1') {
      throw refuse('机构只能改为0（未提交）或1（已提交）', 'an institution may set 0 or 1', place);
    }
    const to = Number(asked);
    const mayWithdraw =
      institution.may_withdraw_submitted && list.state === LIST_STATES.submitted && to === 0;
    if (!OWN_STEPS.has(`${list.state} ${to}`) && !mayWithdraw) {
      throw refuse(
        `清单现为${list.state}（${STATE_NAMES[list.state]}），不能改为${asked}`,
        `the list is ${STATE_NAMES_EN[list.state]} (${list.state}) and cannot be set to ${asked}`,
        place,
      );
    }
    await changeListState(db, list, to, { by: `${header.opter} ${header.opter_name}`, now });
    return {};
  },

  '4103': async (call) => {
    const list = await ownList(call, 'read');
    const { rows } = await sql<{
      body: string;
      received_at: string;
    }>`SELECT body, received_at FROM interface_list_version
      WHERE setl_list_id = ${list.setl_list_id} AND version = ${list.version}`.execute(call.db);
    const [version] = rows;
    return queriedList(call, list, JSON.parse(version!.body) as JsonObject, version!.received_at);
  },

  '4105': async ({ db, input, header }) => {
    const data = input.data as JsonObject;
    ownDataOnly(header.fixmedins_code, data);
    const careTypes = careTypesOf(data.medtype_list);
    const [from, to] = [text(data.stt_begntime).slice(0, 10), text(data.stt_endtime).slice(0, 10)];
    if (from > to) {
      throw refuse('统计结束时间早于开始时间', 'it is before stt_begntime', {
        node: 'data',
        field: 'stt_endtime',
        value: to,
      });
    }
    const countsRefunds = text(data.refdset_flag) === '1';
    const { rows } = await sql<Record<string, number>>`SELECT count(*) AS uploaded,
        count(*) FILTER (WHERE state = 0) AS not_submitted, count(*) FILTER (WHERE state = 1) AS submitted,
        count(*) FILTER (WHERE state = 2) AS approved, count(*) FILTER (WHERE state = 3) AS rejected
      FROM interface_list
      WHERE fixmedins_code = ${header.fixmedins_code}
        AND coalesce(settlement_date, discharge_date) BETWEEN ${from}::date AND ${to}::date
        AND (care_type = '' OR care_type = ANY (${careTypes}::text[]))
        AND (${countsRefunds} OR NOT is_refund)`.execute(db);
    const counts = rows[0]!;
    return {
      // until settlements with patients are made here, what should be uploaded is what was
      needUploadCnt: counts.uploaded,
      uploadedCnt: counts.uploaded,
      notSubmittedCnt: counts.not_submitted,
      submittedCnt: counts.submitted,
      approvedCnt: counts.approved,
      rejectedCnt: counts.rejected,
    };
  },
};

/** The list the message names by settlement and person, if it is the sender's. */
async function ownList({ db, input, header, institution }: Call, how: 'lock' | 'read'): Promise<ListRow> {
  const data = input.data as JsonObject;
  const setlId = text(data.setl_id);
  const place: Omit<Fault, 'reason'> = { node: 'data', field: 'setl_id', name: '结算ID', value: setlId };
  const { rows } = await sql<ListRow>`SELECT * FROM interface_list
    WHERE area_id = ${institution.area_id} AND setl_id = ${setlId} AND fixmedins_code = ${header.fixmedins_code}
    ${how === 'lock' ? sql`FOR UPDATE` : sql``}`.execute(db);
  const [list] = rows;
  if (list === undefined)
    throw refuse('本机构没有上传过该清单', 'this institution has not uploaded this list', place);
  if (list.psn_no !== text(data.psn_no)) {
    throw refuse('与清单上的人员编号不符', 'it is not the person of the list', {
      node: 'data',
      field: 'psn_no',
      name: '人员编号',
      value: text(data.psn_no),
    });
  }
  return list;
}

/** @throws Refusal when the message asks for another institution than its sender */
export function ownDataOnly(fixmedinsCode: string, data: JsonObject): void {
  const asked = text(data.fixmedins_code);
  if (asked === '' || asked === fixmedinsCode) return;
  throw refuse('只能查询本机构的数据', 'only data of the own institution', {
    node: 'data',
    field: 'fixmedins_code',
    name: '定点医药机构编号',
    value: asked,
  });
}

/** A list of care types as an array, or as a text with commas. */
const careTypesOf = (value: Json | undefined): string[] =>
  (Array.isArray(value)
    ? value.map((each) => (typeof each === 'object' ? text((each as JsonObject)?.med_type) : text(each)))
    : text(value).split(/[,，|]/)
  ).map((each) => each.trim());

/** Fields 4103 gives under another name than 4101 took them. */
const RENAMED: Readonly<Record<string, string>> = {
  poscode: 'emp_poscode',
  opsp_mdtrt_date: 'opsp_mdtrt_time',
  adm_way: 'adm_way_code',
  refldept_dept: 'refl_caty',
  wm_dise_code: 'otp_wm_diag_dise_code',
  tcm_dise_code: 'otp_tcm_diag_dise_code',
  age_days: 'age_daus',
  nwb_age: 'age_daus',
  adm_dept_code: 'adm_dept_codg',
  dscg_dept_code: 'dscg_dept_codg',
  insuplc: 'insu_admdvs',
  hsorg: 'hsorg_name',
};

/** Durations `days/hours/minutes` that 4103 gives in three fields. */
const DURATIONS: Readonly<Record<string, readonly [string, string, string]>> = {
  vent_used_dura: ['vent_used_days', 'vent_used_h_cnt', 'vent_used_m_cnt'],
  pwcry_bfadm_coma_dura: ['bfadm_coma_days', 'bfadm_coma_h_cnt', 'bfadm_coma_m_cnt'],
  pwcry_afadm_coma_dura: ['afadm_coma_days', 'afadm_coma_h_cnt', 'afadm_coma_m_cnt'],
};

const ITEM_NODES = [
  'payinfo',
  'opspdiseinfo',
  'diseinfo',
  'iteminfo',
  'oprninfo',
  'icuinfo',
  'bldinfo',
] as const;

const CHARGES: Readonly<Record<string, string>> = {
  med_chrgitm: 'med_chrgitm_type',
  amt: 'item_sumamt',
  claa_sumfee: 'item_claa_sumfee',
  clab_amt: 'item_clab_amt',
  fulamt_ownpay_amt: 'item_fulamt_ownpay_amt',
  oth_amt: 'item_ownpay_amt',
};

function queriedList({ institution }: Call, list: ListRow, body: JsonObject, receivedAt: string) {
  const given = body.setlinfo as JsonObject;
  const setlinfo: Record<string, Json> = {};
  for (const [name, value] of Object.entries(given)) {
    setlinfo[RENAMED[name] ?? name] = value;
    const parts = DURATIONS[name];
    if (parts === undefined) continue;
    const amounts = /^(\d+)\/(\d+)\/(\d+)$/.exec(text(value));
    for (const [index, part] of parts.entries()) setlinfo[part] = amounts?.[index + 1] ?? '0';
  }
  const ids = { setl_id: list.setl_id, psn_no: list.psn_no, mdtrt_id: list.mdtrt_id };
  const items = (node: string): JsonObject[] => {
    const value = body[node];
    return (
      Array.isArray(value) ? value : value === undefined || value === null ? [] : [value]
    ) as JsonObject[];
  };
  const nodes = Object.fromEntries(
    ITEM_NODES.map((node) => [
      node,
      items(node).map((item) => {
        const renamed = Object.fromEntries(
          Object.entries(item).map(([name, value]) => [
            node === 'iteminfo' ? (CHARGES[name] ?? name) : name,
            value,
          ]),
        );
        if (node === 'oprninfo') renamed.main_oprn_flag = text(item.oprn_oprt_type) === '1' ? '1' : '0';
        return { ...renamed, ...ids };
      }),
    ]),
  );
  return {
    setlinfo: {
      ...setlinfo,
      ...ids,
      setl_list_sn: listNumber(list.setl_list_id),
      fixmedins_code: institution.fixmedins_code,
      fixmedins_name: institution.name,
      hi_setl_lv: setlinfo.hi_setl_lv ?? institution.level,
      dcla_time: timeText(Temporal.Instant.from(receivedAt)),
      diag_code_cnt: String(items('diseinfo').length),
      oprn_oprt_code_cnt: String(items('oprninfo').length),
      stas_type: String(list.state),
    },
    ...nodes,
  };
}
