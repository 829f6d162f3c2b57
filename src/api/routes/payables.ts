import { sql } from 'kysely';
import { payableStates, sendPayables } from '#enrolment/index.ts';
import { addJob } from '#workflow/index.ts';
import {
  makePayablesBody,
  payableListDetailSchema,
  payableListPage,
  payableListQuery,
  payablePage,
  payableParams,
  payableQuery,
  sendPayablesBody,
} from '../contract/enrolment-decision.ts';
import { handedOver } from '../contract/fund.ts';
import { jobStarted } from '../contract/job.ts';
import { csvText } from '../csv.ts';
import { answerList, type ListSource, rowOf } from '../list.ts';
import { masked } from '../mask.ts';
import { route } from '../route.ts';
import { inStore } from '../store-list.ts';

const LISTS: ListSource = {
  from: `(SELECT list_id, year, area_code, as_of, persons, person_fen, subsidy_fen, assistance_fen, made_by, made_at, sent_by, sent_at
    FROM payable_list WHERE is_whole) AS t`,
  key: 'list_id DESC',
  columns: {
    list_id: { title: { zh: '清册编号', en: 'List' }, kind: 'count' },
    year: { title: { zh: '年度', en: 'Year' }, filter: 'equal' },
    area_code: { title: { zh: '统筹区', en: 'Area' }, filter: 'begins' },
    as_of: { title: { zh: '身份截至', en: 'As of' } },
    persons: { title: { zh: '人数', en: 'Persons' }, kind: 'count' },
    person_fen: { title: { zh: '个人应缴', en: 'Persons pay' }, kind: 'yuan' },
    subsidy_fen: { title: { zh: '财政补助', en: 'Subsidy' }, kind: 'yuan' },
    assistance_fen: { title: { zh: '救助资助', en: 'Assistance' }, kind: 'yuan' },
    made_by: { title: { zh: '生成人', en: 'Made by' } },
    made_at: { title: { zh: '生成时间', en: 'Made at' } },
    sent_by: { title: { zh: '送税务', en: 'Sent by' } },
    sent_at: { title: { zh: '送出时间', en: 'Sent at' } },
  },
};

const COLUMNS: ListSource['columns'] = {
  number: { title: { zh: '序号', en: 'Number' }, kind: 'count' },
  file: { title: { zh: '档案号', en: 'File number' }, kind: 'count', filter: 'equal' },
  psn_name: { title: { zh: '姓名', en: 'Name' } },
  certno: { title: { zh: '证件号码', en: 'Certificate' } },
  county: { title: { zh: '区县', en: 'County' }, filter: 'begins' },
  residence: { title: { zh: '户籍或居住证', en: 'Residence' } },
  identities: { title: { zh: '救助身份', en: 'Identities' } },
  person_fen: { title: { zh: '个人应缴', en: 'Person pays' }, kind: 'yuan' },
  subsidy_fen: { title: { zh: '财政补助', en: 'Subsidy' }, kind: 'yuan' },
  assistance_fen: { title: { zh: '救助资助', en: 'Assistance' }, kind: 'yuan' },
  state: { title: { zh: '状态', en: 'State' }, filter: 'equal' },
  reason: { title: { zh: '税务说明', en: 'Tax bureau says' } },
  paid_fen: { title: { zh: '已缴', en: 'Paid' }, kind: 'yuan' },
  difference_fen: { title: { zh: '多缴（＋）少缴（－）', en: 'More or less than due' }, kind: 'yuan' },
  paid_on: { title: { zh: '缴费日期', en: 'Paid on' } },
  receipts: { title: { zh: '票据', en: 'Receipts' } },
};
const ROWS_OF = (listId: number): ListSource => ({
  from: `(SELECT s.number, p.file_number AS file, s.name AS psn_name, s.certno, s.county, s.residence, s.identities, s.person_fen,
      s.subsidy_fen, s.assistance_fen, s.state, s.reason, s.paid_fen,
      CASE WHEN s.paid_on IS NULL THEN 0 ELSE s.paid_fen - s.person_fen END AS difference_fen, s.paid_on, s.receipts
    FROM payable_state AS s JOIN person AS p ON p.psn_no = s.psn_no WHERE s.list_id = ${Math.trunc(listId)}
      AND EXISTS (SELECT 1 FROM payable_list AS l WHERE l.list_id = s.list_id AND l.is_whole)) AS t`,
  key: 'number',
  columns: COLUMNS,
});

/** What the tax bureau is sent: the number of the row is what its answer names. */
const SENT = {
  payable: { title: { zh: '应缴编号', en: 'Payable' } },
  name: { title: { zh: '姓名', en: 'Name' } },
  psn_cert_type: { title: { zh: '证件类型', en: 'Certificate type' } },
  certno: { title: { zh: '证件号码', en: 'Certificate' } },
  county: { title: { zh: '区县', en: 'County' } },
  year: { title: { zh: '年度', en: 'Year' } },
  person_fen: { title: { zh: '个人应缴', en: 'Person pays' }, kind: 'yuan' },
} as const satisfies ListSource['columns'];

/** Lists of what residents have to pay, for the tax bureau. Its answers are landed as a file of the department `tax-answers`. */
export const payableRoutes = [
  route({
    method: 'GET',
    url: '/api/payable-lists',
    action: 'contribution.read',
    summary: { zh: '居民应缴清册', en: 'lists of what residents have to pay' },
    query: payableListQuery,
    answer: payableListPage,
    handle: async ({ query }, context) => answerList(LISTS, query, inStore(context.store), context),
  }),
  route({
    method: 'POST',
    url: '/api/payable-lists',
    action: 'payable.make',
    summary: {
      zh: '生成某区某年的应缴清册（任务）；任务结果 `listId`、人数与金额',
      en: 'make the list of an area and year, as a job; its result has `listId`, persons and amounts',
    },
    body: makePayablesBody,
    answer: jobStarted,
    status: 202,
    inTransaction: true,
    handle: async ({ body }, { store, jobs, login, language, note, afterwards }) => {
      const jobId = await addJob(store, { kind: 'payable-list', input: body, createdBy: login, language });
      note({ jobId, ...body });
      afterwards(() => jobs.wake());
      return { jobId };
    },
  }),
  route({
    method: 'GET',
    url: '/api/payable-lists/:list',
    action: 'contribution.read',
    summary: { zh: '一份清册与各状态的人数、金额', en: 'a list with its rows by state and county' },
    params: payableParams,
    answer: payableListDetailSchema,
    handle: async ({ params }, { store }) => ({
      list: await rowOf(LISTS, { list_id: params.list }, inStore(store)),
      states: await payableStates(store, params.list),
    }),
  }),
  route({
    method: 'GET',
    url: '/api/payable-lists/:list/rows',
    action: 'contribution.read',
    summary: {
      zh: '清册的行：应缴、税务回执、已缴，个人信息遮蔽',
      en: 'rows of a list: due, answered, paid; masked',
    },
    params: payableParams,
    query: payableQuery,
    answer: payablePage,
    handle: async ({ params, query }, context) =>
      answerList(ROWS_OF(params.list), query, masked(inStore(context.store)), context),
  }),
  route({
    method: 'POST',
    url: '/api/payable-lists/:list/sending',
    action: 'payable.make',
    summary: {
      zh: '送税务的文件，含个人信息；须说明理由，记入审计日志',
      en: 'the file for the tax bureau with personal data; the reason is kept in the audit log',
    },
    params: payableParams,
    body: sendPayablesBody,
    answer: handedOver,
    isSecret: true,
    inTransaction: true,
    handle: async ({ params, body }, { store, login, note, language }) => {
      await sendPayables(store, params.list, login, Temporal.Now.instant());
      const { rows } = await sql<
        Record<string, unknown>
      >`SELECT p.list_id || '-' || p.number AS payable, p.name, p.psn_cert_type, p.certno, p.county, l.year, p.person_fen
        FROM payable AS p JOIN payable_list AS l ON l.list_id = p.list_id WHERE p.list_id = ${params.list} ORDER BY p.number`.execute(
        store,
      );
      note({ list: params.list, reason: body.reason, persons: rows.length });
      const columns = Object.entries(SENT);
      const isCsv = body.format === 'csv';
      // told as a byte-order mark, which spreadsheets need to read Chinese
      const bytes = isCsv
        ? Buffer.from(`\uFEFF${csvText(columns, rows)}`)
        : await (await import('../workbook-export.ts')).listWorkbook(columns, rows, language);
      return {
        filename: `payable-${params.list}.${body.format}`,
        type: isCsv ? 'text/csv' : 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
        content: bytes.toString('base64'),
      };
    },
  }),
];
