import { transaction } from '#engine/postgres/store.ts';
import { tryReimbursement } from '#visits/index.ts';
import {
  reimbursementBody,
  reimbursementPage,
  reimbursementQuery,
  trialSchema,
} from '../contract/reimbursement.ts';
import { answerList, type ListSource } from '../list.ts';
import { masked } from '../mask.ts';
import { formOf, trialOf } from '../reimbursement-content.ts';
import { route } from '../route.ts';
import { inStore } from '../store-list.ts';

const REIMBURSEMENTS: ListSource = {
  from: `(SELECT a.id::text AS id, a.subject AS invoice, p.file_number AS file, coalesce(p.name, '') AS psn_name,
      coalesce(nullif(a.content ->> 'fixmedins_name', ''), a.content ->> 'fixmedins_code', '') AS fixmedins_name,
      coalesce(a.content ->> 'begndate', '') AS begndate, a.state,
      s.medfee_sumamt_fen AS medfee_fen, s.fund_pay_sumamt_fen AS fund_fen, s.setl_id,
      a.created_by AS "createdBy", a.updated_at AS "updatedAt"
    FROM approval AS a LEFT JOIN person AS p ON p.psn_no = a.content ->> 'psn_no'
      LEFT JOIN settlement AS s ON s.infno = 'manual' AND s.msgid = a.id::text AND s.sign = 1
    WHERE a.kind = 'reimbursement') AS t`,
  key: '"updatedAt" DESC, id',
  columns: {
    id: { title: { zh: '编号', en: 'Number' } },
    invoice: { title: { zh: '发票', en: 'Invoice' }, filter: 'contains' },
    file: { title: { zh: '档案号', en: 'File' }, kind: 'count' },
    psn_name: { title: { zh: '姓名', en: 'Name' } },
    fixmedins_name: { title: { zh: '就医机构', en: 'Institution' } },
    begndate: { title: { zh: '就医日期', en: 'Treated on' } },
    state: { title: { zh: '状态', en: 'State' }, filter: 'equal' },
    medfee_fen: { title: { zh: '医疗费', en: 'Fee' }, kind: 'yuan' },
    fund_fen: { title: { zh: '基金支付', en: 'Funds' }, kind: 'yuan' },
    setl_id: { title: { zh: '结算ID', en: 'Settlement' } },
    createdBy: { title: { zh: '录入人', en: 'Entered by' } },
    updatedAt: { title: { zh: '最近办理', en: 'Last step at' } },
  },
};

/** Invoices reimbursed at the agency. They are opened and approved as approvals of the kind `reimbursement`. */
export const reimbursementRoutes = [
  route({
    method: 'GET',
    url: '/api/reimbursements',
    action: 'person.read',
    summary: { zh: '零星报销', en: 'manual reimbursements' },
    query: reimbursementQuery,
    answer: reimbursementPage,
    handle: async ({ query }, context) =>
      answerList(REIMBURSEMENTS, query, masked(inStore(context.store)), context),
  }),
  route({
    method: 'POST',
    url: '/api/reimbursements/trial',
    action: 'reimbursement.prepare',
    summary: {
      zh: '试算：今天结算会是多少，不保存',
      en: 'what the settlement would be today; nothing is kept',
    },
    body: reimbursementBody,
    answer: trialSchema,
    handle: async ({ body }, { store, benefits }) =>
      transaction(store, async (db) => {
        const form = await formOf(db, body);
        return trialOf(await tryReimbursement({ db, now: Temporal.Now.instant() }, benefits, form));
      }),
  }),
];
