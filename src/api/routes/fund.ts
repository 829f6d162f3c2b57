import { sql } from 'kysely';
import { FUND_NAMES } from '#benefits/index.ts';
import { monthAccounts, monthDays, monthFunds, sealJournal, verifyLedger } from '#fund/index.ts';
import { YibaoError } from '#kernel/errors.ts';
import { differencesOfFile, reconciliationReports } from '#visits/index.ts';
import {
  anyPage,
  journalMonths,
  monthPartParams,
  monthPartQuery,
  reconciledQuery,
  reconciliationParams,
  reconciliationQuery,
  sealedSchema,
  sealPage,
  verdictSchema,
} from '../contract/fund.ts';
import { plainListQuery } from '../contract/person.ts';
import { apiErrors } from '../errors.ts';
import { answerList, answerRows, type Column, type ListSource } from '../list.ts';
import { maskRow } from '../mask.ts';
import { route } from '../route.ts';
import { inStore } from '../store-list.ts';

const text = (zh: string, en: string, filter?: Column['filter']): Column => ({
  title: { zh, en },
  ...(filter ? { filter } : {}),
});
const yuan = (zh: string, en: string): Column => ({ title: { zh, en }, kind: 'yuan' });
const count = (zh: string, en: string): Column => ({ title: { zh, en }, kind: 'count' });

const COLUMNS: Readonly<Record<'accounts' | 'funds' | 'days', ListSource['columns']>> = {
  accounts: {
    fixmedins_code: text('机构', 'Institution', 'begins'),
    clr_optins: text('清算经办机构', 'Clearing office', 'begins'),
    clr_type: text('清算类别', 'Class', 'equal'),
    clr_way: text('清算方式', 'Way', 'equal'),
    insutype: text('险种', 'Insurance', 'equal'),
    settlements: count('结算', 'Settlements'),
    reversals: count('冲销', 'Reversals'),
    medfee_fen: yuan('医疗费', 'Fee'),
    fund_fen: yuan('应付：基金', 'Owed by funds'),
    account_fen: yuan('应付：个人账户', 'Owed by accounts'),
    cash_fen: yuan('个人现金（备注）', 'Cash (memo)'),
  },
  funds: {
    scheme: text('制度', 'Scheme', 'equal'),
    fund_pay_type: text('基金', 'Fund'),
    name: text('名称', 'Name'),
    entries: count('分录', 'Entries'),
    paid_fen: yuan('支付', 'Paid'),
    taken_back_fen: yuan('冲回', 'Taken back'),
    amount_fen: yuan('净支出', 'Net'),
  },
  days: {
    day: text('日期', 'Day'),
    entries: count('分录', 'Entries'),
    reversals: count('其中冲销', 'Reversals'),
    fund_fen: yuan('基金', 'Funds'),
    account_fen: yuan('个人账户', 'Accounts'),
    cash_fen: yuan('现金（备注）', 'Cash (memo)'),
    unsealed: count('未封存', 'Not sealed'),
  },
};

const SEALS: ListSource = {
  from: 'journal_seal AS t',
  key: 'number DESC',
  columns: {
    number: count('批号', 'Batch'),
    first_entry_id: count('首条分录', 'First entry'),
    last_entry_id: count('末条分录', 'Last entry'),
    entries: count('分录数', 'Entries'),
    hash: text('SM3', 'SM3'),
    sealed_at: text('封存时间', 'Sealed at'),
  },
};

const REPORT_COLUMNS: ListSource['columns'] = {
  id: text('编号', 'Number'),
  kind: text('交易', 'Transaction', 'equal'),
  fixmedins_code: text('机构', 'Institution', 'begins'),
  at: text('时间', 'At'),
  result: text('结果', 'Result', 'equal'),
  rows: count('行数', 'Rows'),
  differences: count('不符', 'Differences'),
  text: text('说明', 'In words'),
};

const RECONCILED_COLUMNS: ListSource['columns'] = {
  result: text('结果', 'Result', 'equal'),
  text: text('差异', 'Difference'),
  setl_id: text('结算ID', 'Settlement'),
  mdtrt_id: text('就诊ID', 'Visit'),
  psn_no: text('人员编号', 'Personal number'),
  msgid: text('报文ID', 'Message'),
  refund: text('退费', 'Refund'),
  medfee: text('医疗费（元）', 'Fee (yuan)'),
  fund: text('基金（元）', 'Funds (yuan)'),
  account: text('账户（元）', 'Accounts (yuan)'),
};

/** What the funds owe and paid, month by month, how it is sealed, and how it agrees with the institutions. */
export const fundRoutes = [
  route({
    method: 'GET',
    url: '/api/fund/months',
    action: 'fund.read',
    summary: { zh: '有分录的月份，最近的在前', en: 'months with entries, the last first' },
    answer: journalMonths,
    handle: async (_parts, { store }) => {
      const { rows } =
        await sql`SELECT to_char(e.booked_at AT TIME ZONE 'Asia/Shanghai', 'YYYYMM') AS month, count(*) AS entries,
          sum(s.fund_pay_sumamt_fen)::bigint AS fund_fen,
          count(*) FILTER (WHERE e.entry_id > (SELECT coalesce(max(last_entry_id), 0) FROM journal_seal)) AS unsealed
        FROM journal_entry AS e JOIN settlement AS s ON s.setl_id = e.setl_id GROUP BY 1 ORDER BY 1 DESC`.execute(
          store,
        );
      return { rows };
    },
  }),
  route({
    method: 'GET',
    url: '/api/fund/months/:month/:part',
    action: 'fund.read',
    summary: {
      zh: '一个月的账：accounts 按机构、经办机构、类别与方式；funds 按基金；days 按日',
      en: 'a month: accounts by institution, office, class and way; funds; days',
    },
    params: monthPartParams,
    query: monthPartQuery,
    answer: anyPage,
    handle: async ({ params: { month, part }, query }, context) => {
      const rows =
        part === 'accounts'
          ? await monthAccounts(context.store, month)
          : part === 'days'
            ? await monthDays(context.store, month)
            : (await monthFunds(context.store, month)).map((row) => ({
                ...row,
                name: FUND_NAMES[row.fund_pay_type]?.[context.language] ?? row.fund_pay_type,
              }));
      return answerRows(COLUMNS[part], rows, query, context);
    },
  }),
  route({
    method: 'GET',
    url: '/api/fund/seals',
    action: 'fund.read',
    summary: { zh: '日结封存的批次', en: 'the closed batches' },
    query: plainListQuery,
    answer: sealPage,
    handle: async ({ query }, context) => answerList(SEALS, query, inStore(context.store), context),
  }),
  route({
    method: 'POST',
    url: '/api/fund/seals',
    action: 'fund.close',
    summary: { zh: '日结：封存尚未封存的分录', en: 'close: seal the entries that are not sealed' },
    answer: sealedSchema,
    status: 201,
    handle: async (_parts, { store, note }) => {
      const seal = await sealJournal(store, Temporal.Now.instant());
      note({ number: seal?.number, entries: seal?.entries ?? 0, hash: seal?.hash });
      return { sealed: seal?.entries ?? 0 };
    },
  }),
  route({
    method: 'POST',
    url: '/api/fund/verification',
    action: 'fund.close',
    summary: {
      zh: '验证日记账、结算、明细、累计与账户一致，封存之后无改动',
      en: 'prove that journal, settlements, lines, accumulators and accounts agree, and that what is sealed is unchanged',
    },
    answer: verdictSchema,
    requestsPerMinute: 6,
    handle: async (_parts, { store, note }) => {
      const verdict = await verifyLedger(store);
      note({ entries: verdict.entries, faults: verdict.faults.length, hash: verdict.hash });
      return verdict;
    },
  }),
  route({
    method: 'GET',
    url: '/api/fund/reconciliations',
    action: 'fund.read',
    summary: { zh: '与机构的对账（3201、3202）', en: 'reconciliations with institutions (3201, 3202)' },
    query: reconciliationQuery,
    answer: anyPage,
    handle: async ({ query }, context) =>
      answerRows(
        REPORT_COLUMNS,
        await reconciliationReports(context.store, Temporal.Now.instant()),
        query,
        context,
      ),
  }),
  route({
    method: 'GET',
    url: '/api/fund/reconciliations/:code/:id',
    action: 'fund.read',
    summary: { zh: '一份明细对账的差异', en: 'the differences of one reconciliation' },
    params: reconciliationParams,
    query: reconciledQuery,
    answer: anyPage,
    handle: async ({ params, query }, context) => {
      const rows = await differencesOfFile(context.store, params.id, params.code, Temporal.Now.instant());
      if (rows === undefined) throw new YibaoError({ definition: apiErrors.notFound, value: params.id });
      return answerRows(
        RECONCILED_COLUMNS,
        rows.map((row) => maskRow(row)),
        query,
        context,
      );
    },
  }),
];
