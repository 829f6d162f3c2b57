import { YibaoError } from '#kernel/errors.ts';
import { explainRunCase, prepareExplanations, workflowErrors } from '#workflow/index.ts';
import {
  caseExplanationSchema,
  revealBody,
  runCasePage,
  runCaseParams,
  runCaseQuery,
  runInstitutionPage,
  runInstitutionQuery,
  runListSchema,
  runMonthPage,
  runMonthQuery,
  runParams,
} from '../contract/run.ts';
import { answerList, type ListSource } from '../list.ts';
import { isPersonal, maskRow } from '../mask.ts';
import { type Context, route } from '../route.ts';
import { inEngine } from '../store-list.ts';

const CODE = { title: { zh: '机构代码', en: 'Institution' }, filter: 'begins' } as const;
const NAME = { title: { zh: '机构名称', en: 'Name' } } as const;
const SCHEME = { title: { zh: '险种', en: 'Scheme' }, filter: 'equal' } as const;
const MONTH = { title: { zh: '月份', en: 'Month' }, filter: 'equal' } as const;
const CASES = { title: { zh: '病例数', en: 'Cases' }, kind: 'count' } as const;
const POINTS = { title: { zh: '分值', en: 'Points' }, kind: 'scaled4' } as const;
const yuan = (zh: string, en: string) => ({ title: { zh, en }, kind: 'yuan' }) as const;

const INSTITUTIONS: ListSource = {
  from: `(SELECT c.*, i.name, i.level FROM clearing_result AS c
    JOIN institution AS i ON i.fixmedins_code = c.fixmedins_code) AS t`,
  key: 'fixmedins_code, insutype',
  columns: {
    fixmedins_code: CODE,
    name: { ...NAME, filter: 'begins' },
    level: { title: { zh: '级别', en: 'Level' }, kind: 'count', filter: 'equal' },
    insutype: SCHEME,
    cases: CASES,
    points4: POINTS,
    cost_fen: yuan('总费用', 'Cost'),
    due_fen: yuan('应付', 'Due'),
    result_fen: yuan('清算结果', 'Result'),
    monthly_paid_fen: yuan('月预结算', 'Paid monthly'),
    clearing_cash_fen: yuan('清算拨付', 'Clearing cash'),
  },
};

const MONTHS: ListSource = {
  from: `(SELECT m.*, i.name FROM month_result AS m
    JOIN institution AS i ON i.fixmedins_code = m.fixmedins_code) AS t`,
  key: 'month, insutype, fixmedins_code',
  columns: {
    month: MONTH,
    insutype: SCHEME,
    fixmedins_code: CODE,
    name: NAME,
    cases: CASES,
    points4: POINTS,
    cost_fen: yuan('总费用', 'Cost'),
    base_fen: yuan('预结算基数', 'Base'),
    paid_fen: yuan('月预结算', 'Paid'),
  },
};

const CASE_LIST: ListSource = {
  from: 'case_result',
  key: 'setl_id',
  columns: {
    setl_id: { title: { zh: '结算ID', en: 'Settlement id' }, filter: 'begins' },
    fixmedins_code: CODE,
    insutype: SCHEME,
    month: MONTH,
    diagnosis: { title: { zh: '主要诊断', en: 'Principal diagnosis' } },
    group_code: { title: { zh: '病种', en: 'Group' }, filter: 'begins' },
    kind: { title: { zh: '病种类型', en: 'Kind' }, filter: 'equal' },
    deviation: { title: { zh: '偏差', en: 'Deviation' }, filter: 'equal' },
    cost_fen: yuan('总费用', 'Cost'),
    fund_fen: yuan('基金支付', 'Fund'),
    points4: POINTS,
  },
};

/** The lists of one settlement, read from its kept tables. */
export const runListRoutes = [
  route({
    method: 'GET',
    url: '/api/runs/:id/institutions',
    action: 'run.read',
    summary: { zh: '机构年度清算', en: 'institutions in the annual clearing' },
    params: runParams,
    query: runInstitutionQuery,
    answer: runInstitutionPage,
    handle: async ({ params, query }, context) =>
      answerList(INSTITUTIONS, query, inEngine(await context.runTables.of(params.id)), context, {
        fixmedins_code: context.institution,
      }),
  }),
  route({
    method: 'GET',
    url: '/api/runs/:id/months',
    action: 'run.read',
    summary: { zh: '月预结算', en: 'monthly settlement' },
    params: runParams,
    query: runMonthQuery,
    answer: runMonthPage,
    handle: async ({ params, query }, context) =>
      answerList(MONTHS, query, inEngine(await context.runTables.of(params.id)), context, {
        fixmedins_code: context.institution,
      }),
  }),
  route({
    method: 'GET',
    url: '/api/runs/:id/cases',
    action: 'case.read',
    summary: { zh: '病例', en: 'cases' },
    params: runParams,
    query: runCaseQuery,
    answer: runCasePage,
    handle: async ({ params, query }, context) => {
      const tables = await context.runTables.of(params.id);
      // who looks at cases will ask why one was paid so
      prepareExplanations(context, params.id);
      return answerList(CASE_LIST, query, inEngine(tables), context, { fixmedins_code: context.institution });
    },
  }),
  route({
    method: 'GET',
    url: '/api/runs/:id/cases/:setlId/explanation',
    action: 'case.read',
    summary: { zh: '一份清单的支付依据', en: 'why one list was paid so' },
    params: runCaseParams,
    answer: caseExplanationSchema,
    handle: async ({ params }, context) =>
      explainRunCase(context, params.id, params.setlId, context.institution),
  }),
  route({
    method: 'GET',
    url: '/api/runs/:id/cases/:setlId/list',
    action: 'case.read',
    summary: { zh: '一份清单，个人信息已遮盖', en: 'one list, with personal data masked' },
    params: runCaseParams,
    answer: runListSchema,
    handle: async ({ params }, context) => {
      const list = await listOf(context, params.id, params.setlId);
      const masked = Object.keys(list).filter((field) => isPersonal(field) && list[field]);
      return { list: maskRow(list), masked };
    },
  }),
  route({
    method: 'POST',
    url: '/api/runs/:id/cases/:setlId/list/reveal',
    action: 'case.reveal',
    summary: {
      zh: '一份清单，含个人信息；须说明理由，记入审计日志',
      en: 'one list with its personal data; the reason is kept in the audit log',
    },
    params: runCaseParams,
    body: revealBody,
    answer: runListSchema,
    isSecret: true,
    inTransaction: true,
    handle: async ({ params, body }, context) => {
      const list = await listOf(context, params.id, params.setlId);
      context.note({ reason: body.reason });
      return { list, masked: [] };
    },
  }),
];

/**
 * A list of the year as the settlement read it; one of another institution is not there for a reader of one's own.
 * @throws YibaoError workflow.no-such-case
 */
async function listOf(
  { runTables, institution }: Pick<Context, 'runTables' | 'institution'>,
  runId: number,
  setlId: string,
): Promise<Record<string, string | null>> {
  const tables = await runTables.of(runId);
  const rows = await tables.rows('SELECT CAST(columns(*) AS VARCHAR) FROM kept_list WHERE setl_id = $1', [
    setlId,
  ]);
  const [list] = rows as Record<string, string | null>[];
  if (list === undefined || (institution !== undefined && list.institution !== institution)) {
    throw new YibaoError({
      definition: workflowErrors.noSuchCase,
      value: setlId,
      parameters: { run: runId },
    });
  }
  return list;
}
