import { sql } from 'kysely';
import type { Json, JsonObject } from '#claims/intake/index.ts';
import type { ListGroup } from '#payment/index.ts';
import type { ListQuality } from '#workflow/index.ts';
import type { Call, Transactions } from '../dispatcher.ts';
import { timeText } from '../envelope.ts';
import { listNumber, ownDataOnly } from './lists.ts';
import { pageOf } from './paging.ts';

type Row = {
  setl_list_id: number;
  setl_id: string;
  psn_no: string;
  setl_ym: string;
  settlement_date: string | null;
  discharge_date: string | null;
  body: string;
  quality: ListQuality;
  grouping: ListGroup | null;
  done_at: string;
};

const text = (value: Json | undefined): string =>
  value === undefined || value === null ? '' : String(value);

/** The finished results of the sender's lists of one month that still count, a page of them. */
async function resultsOf(
  { db, input, header }: Call,
  filter: { errLv?: string; retnFlag?: string } = {},
): Promise<Row[]> {
  const data = input.data as JsonObject;
  ownDataOnly(header.fixmedins_code, data);
  const { offset, size } = pageOf({ page_num: data.page_num, page_size: data.page_size });
  const [setlId, psnNo] = [text(data.setl_id), text(data.psn_no)];
  const { rows } =
    await sql<Row>`SELECT l.setl_list_id, l.setl_id, l.psn_no, l.setl_ym, l.settlement_date, l.discharge_date,
      v.body, r.quality, r.grouping, r.done_at
    FROM interface_list AS l
    JOIN interface_list_result AS r ON r.setl_list_id = l.setl_list_id AND r.version = l.version
    JOIN interface_list_version AS v ON v.setl_list_id = l.setl_list_id AND v.version = l.version
    WHERE l.fixmedins_code = ${header.fixmedins_code} AND l.setl_ym = ${text(data.setl_ym)}
      AND r.state = 'done' AND NOT r.is_void
      AND (${setlId} = '' OR l.setl_id = ${setlId}) AND (${psnNo} = '' OR l.psn_no = ${psnNo})
      AND (${filter.errLv ?? ''} = '' OR r.quality ->> 'level' = ${filter.errLv ?? ''})
      AND (${filter.retnFlag ?? ''} = '' OR r.quality ->> 'returned' = ${filter.retnFlag ?? ''})
    ORDER BY l.setl_list_id LIMIT ${size} OFFSET ${offset}`.execute(db);
  return rows;
}

/** Of the list as it was sent: the person, as far as the list says who it is. */
function personOf(row: Row): { psn_name: string; psn_cert_type: string; cert_no: string; insutype: string } {
  const body = JSON.parse(row.body) as JsonObject;
  const info = body.setlinfo as JsonObject;
  const given = (name: string) => text(info[name]) || text(body[name]);
  return {
    psn_name: given('psn_name'),
    psn_cert_type: given('patn_cert_type') || given('psn_cert_type'),
    cert_no: given('certno'),
    insutype: given('insutype') || given('hi_type'),
  };
}

function qualityRow({ institution }: Call, row: Row, details: 'detailinfo' | 'detl_list') {
  const { quality, grouping } = row;
  const { psn_name, psn_cert_type, cert_no } = personOf(row);
  return {
    fixmedins_code: institution.fixmedins_code,
    fixmedins_name: institution.name,
    setl_ym: row.setl_ym,
    setl_id: row.setl_id,
    psn_no: row.psn_no,
    psn_name,
    psn_cert_type,
    cert_no,
    qltctrl_rslt: quality.passed,
    err_lv: quality.level,
    retn_flag: quality.returned,
    qltctrl_ver: quality.version,
    qltctrl_time: timeText(Temporal.Instant.from(row.done_at)),
    grp_stas: grouping?.isGrouped ? '1' : '0',
    [details]: quality.details.map((detail) => ({
      exam_data_fld: detail.field,
      qltctrl_chk_rslt: detail.finding,
      // the settlement list annex spells it so
      qltctrl_chkrslt: detail.finding,
      err_lv: detail.level,
      retn_flag: detail.returned,
      init_val: detail.value,
    })),
  };
}

/** What quality control and grouping said of the sender's submitted lists. Source: interface.md §2, payment.md §4.2. */
export const resultTransactions: Transactions = {
  '4104': async (call) => {
    const data = call.input.data as JsonObject;
    const rows = await resultsOf(call, { errLv: text(data.err_lv), retnFlag: text(data.retn_flag) });
    return rows.map((row) => qualityRow(call, row, 'detailinfo'));
  },

  '3607': async (call) => {
    const rows = await resultsOf(call);
    return { data: rows.map((row) => qualityRow(call, row, 'detl_list')) };
  },

  '3605': async (call) => {
    const rows = (await resultsOf(call)).filter(({ grouping }) => grouping?.method === 'drg');
    return {
      data: rows.map((row) => {
        const grouping = row.grouping!;
        return {
          setl_id: row.setl_id,
          drg_code: grouping.code,
          drg_name: grouping.name,
          adrg_code: grouping.adrg ?? '',
          mdc_codg: grouping.mdc ?? '',
          ccmcc: grouping.complications ?? '',
          grp_rslt: grouping.isGrouped ? '1' : '0',
          err_info: grouping.reason,
          grp_name: grouping.name,
          grp_ver: grouping.scheme,
          place_grp_ver: grouping.scheme,
          psn_no: row.psn_no,
          drg_admdvs: call.institution.area_code,
          setl_list_sn: listNumber(row.setl_list_id),
          setl_ym: row.setl_ym,
          fixmedins_code: call.institution.fixmedins_code,
          grp_time: timeText(Temporal.Instant.from(row.done_at)),
          vali_flag: '1',
        };
      }),
    };
  },

  '3606': async (call) => {
    const rows = (await resultsOf(call)).filter(({ grouping }) => grouping?.method === 'dip');
    return {
      data: rows.map((row) => {
        const grouping = row.grouping!;
        const { psn_name, insutype } = personOf(row);
        return {
          setl_id: row.setl_id,
          psn_no: row.psn_no,
          psn_name,
          insutype,
          setl_time: row.settlement_date ?? row.discharge_date ?? '',
          clr_optins: call.institution.area_code,
          insu_admdvs: call.institution.area_code,
          fixmedins_code: call.institution.fixmedins_code,
          fixmedins_name: call.institution.name,
          fixmedins_lv: call.institution.level,
          nuld_flag: '0',
          grp_stas: grouping.isGrouped ? '1' : '0',
          grp_stas_name: grouping.isGrouped ? '成功' : '不成功',
          dip_dise_grp_code: grouping.code,
          dip_dise_grp_name: grouping.name,
          grp_diag_code: grouping.diagnosis,
          oprn_grp_code: grouping.procedures,
          dise_list_type: grouping.kind,
          dise_list_type_name: grouping.kindName,
          asst_list_flag: grouping.auxiliary === '' ? '0' : '1',
          asst_list_detl: grouping.auxiliary,
          grp_dise_sco: grouping.score,
          act_setl_sco: grouping.points,
          remarks: grouping.reason,
        };
      }),
    };
  },
};
