import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, App, Button, Empty, Flex, Modal, Select, Tabs, Tag } from 'antd';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import type { JournalMonths, SealBody, VerdictBody } from '#api/contract/fund.ts';
import { read, write } from '../client.ts';
import { type Column, DataTable } from '../components/data-table.tsx';
import { Answer, Page, Refusal } from '../components/page.tsx';
import { count, moment, yuan } from '../format.ts';
import { CLEARING_NAME, INSUTYPE_NAME, WAY_NAME } from '../insured.ts';
import { nameOf } from '../names.ts';
import { type Text, usePreferences, useText } from '../preferences.tsx';
import { useMay } from '../session.tsx';
import { options } from './cases.tsx';

type Row = Readonly<Record<string, string | number | null>>;

/** The accounts of the funds: what a month came to, how the days are closed, how it agrees with institutions. */
export function FundPage() {
  const say = useText();
  const may = useMay();
  const [search, setSearch] = useSearchParams();
  const answer = useQuery({
    queryKey: ['/api/fund/months'],
    queryFn: ({ signal }) => read<JournalMonths>('/api/fund/months', signal),
  });
  const tab = search.get('tab') ?? 'accounts';
  const set = (name: string, value: string) =>
    setSearch(
      (before) => {
        const next = new URLSearchParams([...before].filter(([key]) => key === 'tab' || key === 'month'));
        next.set(name, value);
        return next;
      },
      { replace: true },
    );
  return (
    <Page
      title={say({ zh: '基金月账', en: 'Accounts of the funds' })}
      lead={say({
        zh: '一笔结算一条分录，职工与居民不相混；日结以 SM3 链接，封存后不能改动。',
        en: 'One entry for each settlement, employees and residents never mixed. Closed days are chained by SM3.',
      })}
      actions={may('fund.close') ? <Closing /> : null}
    >
      <Answer
        query={answer}
        empty={({ rows }) =>
          rows.length === 0
            ? say({
                zh: '日记账还没有分录：机构结算第一次就诊之后这里有账。',
                en: 'The journal has no entries yet: the first settlement of an institution makes one.',
              })
            : undefined
        }
      >
        {({ rows }) => {
          const month = search.get('month') ?? rows[0]!.month;
          return (
            <>
              <Flex gap={8} align="center" className="no-print">
                <Select
                  aria-label={say({ zh: '月份', en: 'Month' })}
                  value={month}
                  style={{ width: 260 }}
                  onChange={(value: string) => set('month', value)}
                  options={rows.map((one) => ({
                    value: one.month,
                    label: say({
                      zh: `${one.month}（${count(one.entries)} 笔，基金 ${yuan(one.fund_fen)} 元）`,
                      en: `${one.month} (${count(one.entries)} entries, funds ${yuan(one.fund_fen)})`,
                    }),
                  }))}
                />
              </Flex>
              <Tabs
                activeKey={tab}
                onChange={(key) => set('tab', key)}
                items={TABS.map(({ key, title }) => ({ key, label: say(title) }))}
              />
              <Part month={month} tab={tab} />
            </>
          );
        }}
      </Answer>
    </Page>
  );
}

const TABS: readonly { readonly key: string; readonly title: Text }[] = [
  { key: 'accounts', title: { zh: '应付机构', en: 'Owed to institutions' } },
  { key: 'funds', title: { zh: '按基金', en: 'By fund' } },
  { key: 'days', title: { zh: '按日', en: 'By day' } },
  { key: 'seals', title: { zh: '日结封存', en: 'Closed batches' } },
  { key: 'reconciliations', title: { zh: '与机构对账', en: 'Reconciliation' } },
];

const SCHEMES: Readonly<Record<string, Text>> = {
  employee: { zh: '职工', en: 'employees' },
  resident: { zh: '居民', en: 'residents' },
};

function Part({ month, tab }: { readonly month: string; readonly tab: string }) {
  const say = useText();
  const { language } = usePreferences();
  const amount = (key: string, zh: string, en: string): Column<Row> => ({
    key,
    title: say({ zh: `${zh}（元）`, en: `${en} (yuan)` }),
    kind: 'yuan',
    sortable: true,
  });
  const number = (key: string, zh: string, en: string): Column<Row> => ({
    key,
    title: say({ zh, en }),
    kind: 'count',
    sortable: true,
  });
  const path = `/api/fund/months/${month}/${tab}`;
  if (tab === 'accounts') {
    return (
      <DataTable<Row>
        path={path}
        rowKey={(row) =>
          ['fixmedins_code', 'clr_optins', 'clr_type', 'clr_way', 'insutype'].map((key) => row[key]).join(' ')
        }
        filters={[
          { key: 'fixmedins_code', title: say({ zh: '机构开头', en: 'Institution begins' }), search: true },
          { key: 'clr_optins', title: say({ zh: '经办机构开头', en: 'Office begins' }), search: true },
          {
            key: 'clr_type',
            title: say({ zh: '清算类别', en: 'Class' }),
            options: options(CLEARING_NAME, say),
          },
          { key: 'clr_way', title: say({ zh: '清算方式', en: 'Way' }), options: options(WAY_NAME, say) },
          {
            key: 'insutype',
            title: say({ zh: '险种', en: 'Insurance' }),
            options: options(INSUTYPE_NAME, say),
          },
        ]}
        columns={[
          { key: 'fixmedins_code', title: say({ zh: '机构', en: 'Institution' }), sortable: true },
          { key: 'clr_optins', title: say({ zh: '经办机构', en: 'Office' }) },
          {
            key: 'clr_type',
            title: say({ zh: '清算类别', en: 'Class' }),
            render: (row) => `${row.clr_type} ${say(CLEARING_NAME[String(row.clr_type)] ?? '')}`,
          },
          {
            key: 'clr_way',
            title: say({ zh: '清算方式', en: 'Way' }),
            render: (row) => `${row.clr_way} ${say(WAY_NAME[String(row.clr_way)] ?? '')}`,
          },
          {
            key: 'insutype',
            title: say({ zh: '险种', en: 'Insurance' }),
            render: (row) => say(nameOf(INSUTYPE_NAME, String(row.insutype))),
          },
          number('settlements', '结算', 'Settlements'),
          number('reversals', '冲销', 'Reversals'),
          amount('medfee_fen', '医疗费', 'Fee'),
          amount('fund_fen', '应付：基金', 'Owed: funds'),
          amount('account_fen', '应付：账户', 'Owed: accounts'),
          amount('cash_fen', '现金（备注）', 'Cash (memo)'),
        ]}
      />
    );
  }
  if (tab === 'funds') {
    return (
      <DataTable<Row>
        path={path}
        rowKey={(row) => `${row.scheme} ${row.fund_pay_type}`}
        filters={[
          { key: 'scheme', title: say({ zh: '制度', en: 'Scheme' }), options: options(SCHEMES, say) },
        ]}
        columns={[
          {
            key: 'scheme',
            title: say({ zh: '制度', en: 'Scheme' }),
            render: (row) => say(nameOf(SCHEMES, String(row.scheme))),
          },
          { key: 'fund_pay_type', title: say({ zh: '基金', en: 'Fund' }), sortable: true },
          { key: 'name', title: say({ zh: '名称', en: 'Name' }) },
          number('entries', '分录', 'Entries'),
          amount('paid_fen', '支付', 'Paid'),
          amount('taken_back_fen', '冲回', 'Taken back'),
          amount('amount_fen', '净支出', 'Net'),
        ]}
      />
    );
  }
  if (tab === 'days') {
    return (
      <DataTable<Row>
        path={path}
        rowKey={(row) => String(row.day)}
        columns={[
          { key: 'day', title: say({ zh: '日期', en: 'Day' }), sortable: true },
          number('entries', '分录', 'Entries'),
          number('reversals', '其中冲销', 'Reversals'),
          amount('fund_fen', '基金', 'Funds'),
          amount('account_fen', '账户', 'Accounts'),
          amount('cash_fen', '现金（备注）', 'Cash (memo)'),
          {
            key: 'unsealed',
            title: say({ zh: '封存', en: 'Closed' }),
            render: (row) =>
              row.unsealed === 0 ? (
                <Tag color="blue">{say({ zh: '已封存', en: 'closed' })}</Tag>
              ) : (
                <Tag color="orange">
                  {say({ zh: `${row.unsealed} 笔未封存`, en: `${row.unsealed} open` })}
                </Tag>
              ),
          },
        ]}
      />
    );
  }
  if (tab === 'seals') {
    return (
      <DataTable<SealBody>
        path="/api/fund/seals"
        rowKey={(row) => String(row.number)}
        empty={say({ zh: '还没有日结；点右上方“日结”。', en: 'Nothing closed yet: press “Close” above.' })}
        columns={[
          { key: 'number', title: say({ zh: '批号', en: 'Batch' }), kind: 'count' },
          {
            key: 'sealed_at',
            title: say({ zh: '封存时间', en: 'Closed at' }),
            render: (row) => moment(row.sealed_at, language),
          },
          { key: 'first_entry_id', title: say({ zh: '首条分录', en: 'First entry' }), kind: 'count' },
          { key: 'last_entry_id', title: say({ zh: '末条分录', en: 'Last entry' }), kind: 'count' },
          { key: 'entries', title: say({ zh: '分录数', en: 'Entries' }), kind: 'count' },
          { key: 'hash', title: 'SM3', render: (row) => <code>{row.hash.slice(0, 16)}…</code> },
        ]}
      />
    );
  }
  return <Reconciliations />;
}

const RESULT: Readonly<Record<string, Text>> = {
  '0': { zh: '平', en: 'agrees' },
  '1': { zh: '不平', en: 'differs' },
};

function Reconciliations() {
  const say = useText();
  const { language } = usePreferences();
  const [open, setOpen] = useState<Row>();
  return (
    <>
      <DataTable<Row>
        path="/api/fund/reconciliations"
        rowKey={(row) => `${row.kind} ${row.id}`}
        onOpen={(row) => setOpen(row)}
        empty={say({
          zh: '机构还没有对账（3201 总账、3202 明细）。明细对账的结果保留 30 天。',
          en: 'No institution has reconciled yet (3201 totals, 3202 in detail). Detailed results are kept for 30 days.',
        })}
        filters={[
          { key: 'fixmedins_code', title: say({ zh: '机构开头', en: 'Institution begins' }), search: true },
          { key: 'result', title: say({ zh: '结果', en: 'Result' }), options: options(RESULT, say) },
        ]}
        columns={[
          {
            key: 'at',
            title: say({ zh: '时间', en: 'At' }),
            render: (row) => moment(String(row.at), language),
          },
          { key: 'fixmedins_code', title: say({ zh: '机构', en: 'Institution' }), sortable: true },
          {
            key: 'kind',
            title: say({ zh: '交易', en: 'Transaction' }),
            render: (row) =>
              row.kind === '3201'
                ? say({ zh: '3201 总账', en: '3201 totals' })
                : say({ zh: '3202 明细', en: '3202 in detail' }),
          },
          {
            key: 'result',
            title: say({ zh: '结果', en: 'Result' }),
            render: (row) => (
              <Tag color={row.result === '0' ? 'blue' : 'orange'}>
                {say(nameOf(RESULT, String(row.result)))}
              </Tag>
            ),
          },
          { key: 'rows', title: say({ zh: '行数', en: 'Rows' }), kind: 'count' },
          { key: 'differences', title: say({ zh: '不符', en: 'Differences' }), kind: 'count' },
          { key: 'text', title: say({ zh: '说明', en: 'In words' }) },
        ]}
      />
      {open?.kind === '3202' ? (
        <DataTable<Row>
          prefix="file."
          path={`/api/fund/reconciliations/${open.fixmedins_code}/${open.id}`}
          caption={say({
            zh: `${open.fixmedins_code} 的差异报告`,
            en: `Differences of ${open.fixmedins_code}`,
          })}
          rowKey={(row) => `${row.setl_id} ${row.msgid}`}
          filters={[
            { key: 'result', title: say({ zh: '结果', en: 'Result' }), options: options(RESULT, say) },
          ]}
          columns={[
            {
              key: 'result',
              title: say({ zh: '结果', en: 'Result' }),
              render: (row) => (
                <Tag color={row.result === '0' ? 'blue' : 'orange'}>
                  {say(nameOf(RESULT, String(row.result)))}
                </Tag>
              ),
            },
            { key: 'text', title: say({ zh: '差异', en: 'Difference' }) },
            { key: 'setl_id', title: say({ zh: '结算ID', en: 'Settlement' }) },
            { key: 'psn_no', title: say({ zh: '人员编号', en: 'Personal number' }) },
            {
              key: 'medfee',
              title: say({ zh: '医疗费（元）', en: 'Fee (yuan)' }),
              kind: 'count',
              render: (row) => row.medfee,
            },
            {
              key: 'fund',
              title: say({ zh: '基金（元）', en: 'Funds (yuan)' }),
              kind: 'count',
              render: (row) => row.fund,
            },
            {
              key: 'account',
              title: say({ zh: '账户（元）', en: 'Accounts (yuan)' }),
              kind: 'count',
              render: (row) => row.account,
            },
          ]}
        />
      ) : open === undefined ? null : (
        <Empty
          image={Empty.PRESENTED_IMAGE_SIMPLE}
          description={String(open.text) || say({ zh: '总账平', en: 'The totals agree' })}
        />
      )}
    </>
  );
}

/** Closes what is open, and proves the books. */
function Closing() {
  const say = useText();
  const client = useQueryClient();
  const { message, modal } = App.useApp();
  const [busy, setBusy] = useState(false);
  const [verdict, setVerdict] = useState<VerdictBody>();
  const [error, setError] = useState<unknown>();
  const attempt = async (work: () => Promise<void>) => {
    setBusy(true);
    setError(undefined);
    try {
      await work();
    } catch (refused) {
      setError(refused);
    } finally {
      setBusy(false);
    }
  };
  const close = () =>
    attempt(async () => {
      const { sealed } = await write<{ sealed: number }>('POST', '/api/fund/seals', {});
      message.success(
        sealed === 0
          ? say({ zh: '没有待封存的分录', en: 'There was nothing to close' })
          : say({ zh: `已封存 ${sealed} 笔`, en: `${sealed} entries closed` }),
      );
      await client.invalidateQueries();
    });
  const verify = () =>
    attempt(async () => setVerdict(await write<VerdictBody>('POST', '/api/fund/verification', {})));
  return (
    <>
      <Button
        loading={busy}
        onClick={() =>
          modal.confirm({
            title: say({
              zh: '封存尚未封存的分录？封存后不能改动。',
              en: 'Close the open entries? Closed entries cannot be changed.',
            }),
            onOk: close,
          })
        }
      >
        {say({ zh: '日结', en: 'Close' })}
      </Button>
      <Button loading={busy} onClick={() => void verify()}>
        {say({ zh: '验证账目', en: 'Prove the books' })}
      </Button>
      <Modal
        open={verdict !== undefined || error !== undefined}
        footer={null}
        title={say({ zh: '账目验证', en: 'Proof of the books' })}
        onCancel={() => {
          setVerdict(undefined);
          setError(undefined);
        }}
      >
        {error ? <Refusal error={error} /> : null}
        {verdict ? (
          <Flex vertical gap={8}>
            <Alert
              showIcon
              type={verdict.faults.length === 0 ? 'success' : 'error'}
              title={
                verdict.faults.length === 0
                  ? say({
                      zh: '日记账、结算、明细、年度累计与账户一致，封存之后没有改动。',
                      en: 'Journal, settlements, lines, accumulators and accounts agree; nothing was changed after it was closed.',
                    })
                  : say({ zh: `${verdict.faults.length} 处不符`, en: `${verdict.faults.length} faults` })
              }
            />
            <span>
              {say({
                zh: `分录 ${count(verdict.entries)}，结算 ${count(verdict.settlements)}，累计 ${count(verdict.accumulators)}，批次 ${count(verdict.seals)}，未封存 ${count(verdict.unsealed)}`,
                en: `${count(verdict.entries)} entries, ${count(verdict.settlements)} settlements, ${count(verdict.accumulators)} accumulators, ${count(verdict.seals)} batches, ${count(verdict.unsealed)} open`,
              })}
            </span>
            <ul>
              {verdict.faults.map((fault) => (
                <li key={`${fault.check} ${fault.subject}`}>{say(fault.text)}</li>
              ))}
            </ul>
            <code style={{ wordBreak: 'break-all' }}>SM3 {verdict.hash}</code>
          </Flex>
        ) : null}
      </Modal>
    </>
  );
}
