import { earlyWarnings, type WarnedPerson } from '#visits/index.ts';
import { handedOver, handOverBody, warningPage, warningQuery } from '../contract/fund.ts';
import { csvText } from '../csv.ts';
import { answerRows, type ListSource } from '../list.ts';
import { maskRow } from '../mask.ts';
import { type Context, route } from '../route.ts';
import { today } from './persons.ts';

const text = (zh: string, en: string) => ({ title: { zh, en } });
const yuan = (zh: string, en: string) => ({ title: { zh, en }, kind: 'yuan' }) as const;
const COLUMNS: ListSource['columns'] = {
  file: { ...text('档案号', 'File'), kind: 'count' },
  psn_no: text('人员编号', 'Personal number'),
  psn_name: text('姓名', 'Name'),
  certno: text('证件号码', 'Certificate'),
  area_code: text('参保地', 'Area'),
  insutype: { ...text('险种', 'Insurance'), filter: 'equal' },
  identities: text('救助身份', 'Identities'),
  settlements: { ...text('结算', 'Settlements'), kind: 'count' },
  medfee_fen: yuan('医疗费', 'Fee'),
  fund_fen: yuan('基金支付', 'Funds'),
  burden_fen: yuan('个人负担', 'Own burden'),
  line_fen: yuan('预警线', 'Line'),
};

/** Persons whose own burden of a year passes the line of the policy, for civil affairs. */
export const earlyWarningRoutes = [
  route({
    method: 'GET',
    url: '/api/early-warnings',
    action: 'warning.read',
    summary: { zh: '高额费用预警名单，个人信息已遮盖', en: 'the early-warning list, masked' },
    query: warningQuery,
    answer: warningPage,
    handle: async ({ query }, context) => {
      const rows = await warned(context, query.area_code, query.year);
      const { area_code: _, ...rest } = query;
      return answerRows(
        COLUMNS,
        rows.map((row) => maskRow(row)),
        rest,
        context,
      );
    },
  }),
  route({
    method: 'POST',
    url: '/api/early-warnings/hand-over',
    action: 'warning.hand-over',
    summary: {
      zh: '移交民政的名单，含个人信息；须说明理由，记入审计日志',
      en: 'the list for civil affairs with personal data; the reason is kept in the audit log',
    },
    body: handOverBody,
    answer: handedOver,
    isSecret: true,
    inTransaction: true,
    handle: async ({ body }, context) => {
      const rows = await warned(context, body.area_code, body.year);
      context.note({ reason: body.reason, area_code: body.area_code, year: body.year, persons: rows.length });
      const columns = Object.entries(COLUMNS);
      const plain = rows as unknown as Record<string, unknown>[];
      const isCsv = body.format === 'csv';
      // told as a byte-order mark, which spreadsheets need to read Chinese
      const bytes = isCsv
        ? Buffer.from(`\uFEFF${csvText(columns, plain)}`)
        : await (await import('../workbook-export.ts')).listWorkbook(columns, plain, context.language);
      return {
        filename: `early-warning-${body.area_code}-${body.year}.${body.format}`,
        type: isCsv ? 'text/csv' : 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
        content: bytes.toString('base64'),
      };
    },
  }),
];

/** By the policy of the last day of the year, or of today while it lasts. */
async function warned({ store, benefits }: Context, areaCode: string, year: number): Promise<WarnedPerson[]> {
  const last = `${year}-12-31`;
  return earlyWarnings(store, benefits, { areaCode, year, date: last < today() ? last : today() });
}
