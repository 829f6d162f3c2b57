import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { Json, JsonObject } from '#claims/intake/index.ts';
import type { StoreTransaction } from '#engine/postgres/store.ts';
import { advance, findApproval, interfaceActor, openExitApplications } from '#workflow/index.ts';
import type { Call, Transactions } from '../dispatcher.ts';
import { timeText } from '../envelope.ts';
import { refuse } from '../fault.ts';
import { pageOf } from './paging.ts';

type Application = {
  appy_chk_setl_list_id: string;
  setl_id: string;
  psn_no: string;
  exit_type: string;
  is_valid: boolean;
  review_state: number;
  body: JsonObject;
  opinions: readonly { opinion: string; at: string; by: string; exitType: string }[];
  made_by: string;
  made_at: string;
  changed_at: string;
  mdtrt_id: string | null;
};

const text = (value: Json | undefined): string =>
  value === undefined || value === null ? '' : String(value);
const flag = (value: boolean): string => (value ? '1' : '0');

/** 3601 to 3604: special-case applications of an institution for its own lists. Source: payment.md §4.2. */
export const exitTransactions: Transactions = {
  '3601': async (call) => {
    const data = (call.input.data ?? {}) as JsonObject;
    ownInstitutionOnly(call, data);
    const { offset, size } = pageOf({ page_num: data.pageNum, page_size: data.pageSize });
    const rows = await findApplications(call, data);
    const between = rows.filter(({ made_at }) => {
      const day = timeText(Temporal.Instant.from(made_at)).slice(0, 10);
      const [from, to] = [text(data.begndate).slice(0, 10), text(data.enddate).slice(0, 10)];
      return (from === '' || day >= from) && (to === '' || day <= to);
    });
    return { data: between.slice(offset, offset + size).map((row) => rowOf(call, row)) };
  },

  '3602': async (call) => {
    const data = (call.input.data ?? {}) as JsonObject;
    const { db, header, institution, now } = call;
    const [setlId, psnNo, exitType] = [
      text(data.setl_id),
      text(data.psn_no),
      text(data.exit_type) || text(data.appy_exit_type),
    ];
    const place = { node: 'data', field: 'setl_id', name: '结算ID', value: setlId };
    if (setlId === '') throw refuse('必填项为空', 'a value is required', place);
    if (text(data.exit_rea) === '') {
      throw refuse('必填项为空', 'a value is required', {
        node: 'data',
        field: 'exit_rea',
        name: '退出原因',
        value: '',
      });
    }
    ownInstitutionOnly(call, data);
    const { rows: lists } = await sql<{
      psn_no: string;
      state: number;
    }>`SELECT psn_no, state FROM interface_list
      WHERE area_id = ${institution.area_id} AND fixmedins_code = ${header.fixmedins_code} AND setl_id = ${setlId}`.execute(
      db,
    );
    const [list] = lists;
    if (list === undefined || (psnNo !== '' && list.psn_no !== psnNo)) {
      throw refuse(
        '本机构没有上传过该结算的清单',
        'no list of this settlement was uploaded by this institution',
        place,
      );
    }
    if (list.state === 0 || list.state === 3) {
      throw refuse('清单尚未提交或未通过，不能申请', 'the list is not submitted or was rejected', place);
    }
    const id = `${institution.area_code}${createHash('sha256')
      .update(`3602 ${header.fixmedins_code} ${setlId} ${header.msgid}`)
      .digest('hex')
      .slice(0, 24)}`;
    const at = now.toString();
    const { rows } =
      await sql`INSERT INTO interface_exit_application (appy_chk_setl_list_id, area_id, fixmedins_code, setl_id,
        psn_no, exit_type, body, made_by, made_at, changed_at)
      VALUES (${id}, ${institution.area_id}, ${header.fixmedins_code}, ${setlId}, ${list.psn_no}, ${exitType},
        ${JSON.stringify(data)}::jsonb, ${`${header.opter} ${header.opter_name}`}, ${at}, ${at})
      ON CONFLICT DO NOTHING RETURNING appy_chk_setl_list_id`.execute(db);
    if (rows.length === 0)
      throw refuse('该清单已有有效的申请', 'there is a valid application for this list', place);
    await openReview(db, institution.area_id, setlId);
    return { data: { code: '0', message: '', type: 'success', appy_chk_setl_list_id: id } };
  },

  '3603': async (call) => {
    const data = (call.input.data ?? {}) as JsonObject;
    const { db, header, now } = call;
    const id = text(data.appy_chk_setl_list_id);
    const isWithdrawn = text(data.vali_flag) === '0';
    await changeReview(call, id, isWithdrawn);
    const { rows } = await sql`UPDATE interface_exit_application
      SET body = body || ${JSON.stringify(data)}::jsonb, changed_at = ${now.toString()},
        exit_type = coalesce(nullif(${text(data.exit_type) || text(data.appy_exit_type)}, ''), exit_type),
        is_valid = ${!isWithdrawn}
      WHERE appy_chk_setl_list_id = ${id} AND fixmedins_code = ${header.fixmedins_code} AND is_valid AND review_state = 0
      RETURNING appy_chk_setl_list_id`.execute(db);
    if (rows.length === 0) {
      throw refuse(
        '没有可修改的申请：不存在、已撤销或已审核',
        'no such application, or it was withdrawn or reviewed',
        {
          node: 'data',
          field: 'appy_chk_setl_list_id',
          value: id,
        },
      );
    }
    return { data: { code: '0', message: '', type: 'success' } };
  },

  '3604': async (call) => {
    // the specification names no input node: the fields may stand in `data` or in the input itself
    const data = (call.input.data ?? call.input) as JsonObject;
    if (['appy_chk_setl_list_id', 'setl_id', 'psn_no'].every((field) => text(data[field]) === '')) {
      throw refuse(
        '申请ID、结算ID、人员编号至少填写一项',
        'give the application, the settlement or the person',
        {
          node: 'data',
          field: 'appy_chk_setl_list_id',
          value: '',
        },
      );
    }
    const applications = await findApplications(call, data);
    return {
      preSetl_invy_evt_list: [],
      appy_chk_opnn_evt_list: applications.flatMap((row) =>
        row.opinions.map((opinion, index) => ({
          appy_chk_setl_list_opnn_id: `${row.appy_chk_setl_list_id}-${index + 1}`,
          appy_chk_setl_list_id: row.appy_chk_setl_list_id,
          setl_id: row.setl_id,
          psn_no: row.psn_no,
          drg_dip_exit_opnn_type: String(row.review_state),
          opnn: opinion.opinion,
          opnn_time: timeText(Temporal.Instant.from(opinion.at)),
          opnn_exit_type: opinion.exitType,
          opnn_resper_name: opinion.by,
          drg_admdvs: call.institution.area_code,
          vali_flag: flag(row.is_valid),
          poolarea_no: call.institution.area_code.slice(0, 3),
        })),
      ),
    };
  },
};

/** The case is reviewed at once when its list is settled already, else with the settlement that takes it. */
async function openReview(db: StoreTransaction, areaId: string, setlId: string): Promise<void> {
  const { rows } = await sql<{ id: number; year: number }>`SELECT r.id, r.year
    FROM interface_list_settled AS s
    JOIN interface_list AS l ON l.setl_list_id = s.setl_list_id AND l.area_id = ${areaId} AND l.setl_id = ${setlId}
    JOIN run AS r ON CAST(r.id AS text) = s.run_id AND r.state = 'done'
    ORDER BY r.id DESC LIMIT 1`.execute(db);
  const [run] = rows;
  if (run !== undefined) await openExitApplications(db, { ...run, areaId }, setlId);
}

/**
 * An application is changed or taken back until its review has begun; one that was sent back for completion is applied for again.
 * @throws Refusal once it is with the experts
 */
async function changeReview(
  { db, header, input, now }: Call,
  id: string,
  isWithdrawn: boolean,
): Promise<void> {
  const { rows } = await sql<{ approval_id: string | null; body: JsonObject }>`SELECT approval_id, body
    FROM interface_exit_application
    WHERE appy_chk_setl_list_id = ${id} AND fixmedins_code = ${header.fixmedins_code} AND is_valid AND review_state = 0
    FOR UPDATE`.execute(db);
  const approvalId = rows[0]?.approval_id ?? undefined;
  if (approvalId === undefined) return;
  const approval = await findApproval(db, approvalId, 'locked');
  if (approval.state !== 'applied' && approval.state !== 'returned') {
    throw refuse('申请已受理评审，不能修改或撤销', 'the application is under review', {
      node: 'data',
      field: 'appy_chk_setl_list_id',
      value: id,
    });
  }
  const actor = interfaceActor(`${header.opter} ${header.opter_name}`);
  const at = new Date(now.epochMilliseconds);
  const data = (input.data ?? {}) as JsonObject;
  const reason = text(data.exit_rea) || text(rows[0]!.body.exit_rea);
  const content = { ...approval.content, reason };
  if (isWithdrawn)
    await advance(db, { id: approvalId, action: 'withdraw', reason: reason || '机构撤销' }, actor, at);
  else if (approval.state === 'returned') {
    await advance(db, { id: approvalId, action: 'apply', reason, content }, actor, at);
  } else {
    await sql`UPDATE approval SET content = ${JSON.stringify(content)}::jsonb, updated_at = ${at.toISOString()}::timestamptz
      WHERE id = ${approvalId}::uuid`.execute(db);
  }
}

/** @throws Refusal when the message asks for another institution than its sender */
function ownInstitutionOnly({ header }: Call, data: JsonObject): void {
  const asked = text(data.fixmedins_code);
  if (asked === '' || asked === header.fixmedins_code) return;
  throw refuse('只能办理本机构的业务', 'only matters of the own institution', {
    node: 'data',
    field: 'fixmedins_code',
    name: '定点医药机构编号',
    value: asked,
  });
}

async function findApplications(
  { db, header }: Pick<Call, 'header'> & { db: StoreTransaction },
  data: JsonObject,
): Promise<Application[]> {
  const filter = (field: string) => text(data[field]);
  const { rows } = await sql<Application>`SELECT a.*, l.mdtrt_id
    FROM interface_exit_application AS a
    LEFT JOIN interface_list AS l ON l.area_id = a.area_id AND l.setl_id = a.setl_id AND l.fixmedins_code = a.fixmedins_code
    WHERE a.fixmedins_code = ${header.fixmedins_code}
      AND (${filter('appy_chk_setl_list_id')} = '' OR a.appy_chk_setl_list_id = ${filter('appy_chk_setl_list_id')})
      AND (${filter('setl_id')} = '' OR a.setl_id = ${filter('setl_id')})
      AND (${filter('psn_no')} = '' OR a.psn_no = ${filter('psn_no')})
      AND (${filter('vali_flag')} = '' OR a.is_valid = (${filter('vali_flag')} = '1'))
      AND (${filter('exit_type')} = '' OR a.exit_type = ${filter('exit_type')})
    ORDER BY a.made_at, a.appy_chk_setl_list_id`.execute(db);
  return rows;
}

function rowOf({ institution }: Call, row: Application): Record<string, unknown> {
  const given = Object.fromEntries(
    Object.entries(row.body).filter(([, value]) => typeof value !== 'object' || value === null),
  );
  return {
    ...given,
    dipDiseGrpCode: row.body.DIP_DISE_GRP_CODE ?? '',
    dipDiseGrpName: row.body.DIP_DISE_GRP_NAME ?? '',
    spcasExitWt: row.body.SPCAS_EXIT_WT ?? '',
    appy_chk_setl_list_id: row.appy_chk_setl_list_id,
    setl_id: row.setl_id,
    psn_no: row.psn_no,
    mdtrt_id: row.mdtrt_id ?? '',
    fixmedins_code: institution.fixmedins_code,
    fixmedins_name: institution.name,
    exit_type: row.exit_type,
    appy_exit_type: row.exit_type,
    vali_flag: flag(row.is_valid),
    rchk_flag: String(row.review_state),
    drg_admdvs: institution.area_code,
    poolarea_no: institution.area_code,
    crter_name: row.made_by,
    crte_time: timeText(Temporal.Instant.from(row.made_at)),
    updt_time: timeText(Temporal.Instant.from(row.changed_at)),
  };
}
