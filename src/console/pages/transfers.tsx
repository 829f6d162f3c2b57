import { useQuery } from '@tanstack/react-query';
import { Alert, Descriptions, Drawer, Flex, Form, Input, InputNumber, Select, Tag, Typography } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';
import type { InsuranceTransfer, TransferDetail } from '#api/contract/contribution.ts';
import { useInAddress } from '../address.ts';
import { read, withQuery, write } from '../client.ts';
import { DataTable } from '../components/data-table.tsx';
import { FormButton } from '../components/form-button.tsx';
import { Answer, Page } from '../components/page.tsx';
import { count, fenOf, yuan } from '../format.ts';
import { INSUTYPE_NAME } from '../insured.ts';
import { nameOf } from '../names.ts';
import { type Text, useText } from '../preferences.tsx';
import { useMay } from '../session.tsx';
import { options } from './cases.tsx';

const DIRECTION: Readonly<Record<string, Text>> = {
  in: { zh: '转入', en: 'in' },
  out: { zh: '转出', en: 'out' },
};
const STATE: Readonly<Record<string, Text>> = {
  requested: { zh: '已受理', en: 'taken in' },
  done: { zh: '已办结', en: 'done' },
  refused: { zh: '已退回', en: 'sent back' },
};
const SCHEMES: Readonly<Record<string, Text>> = {
  '310': INSUTYPE_NAME['310']!,
  '390': INSUTYPE_NAME['390']!,
};
const COLOUR_OF_STATE: Readonly<Record<string, string>> = { done: 'blue', refused: 'orange' };

/** Insurance brought from, or taken to, another area: taken in, then done or sent back. */
export function TransfersPage() {
  const say = useText();
  const may = useMay();
  const [given, set] = useInAddress();
  return (
    <Page
      title={say({ zh: '关系转移接续', en: 'Transfers' })}
      lead={say({
        zh: '凭参保凭证转入或转出：转入带来月数与个人账户，转出终止参保期、带走账户；一份凭证只办一次。',
        en: 'By certificate of insurance: one that comes in brings months and account, one that goes out ends the span. Each certificate once.',
      })}
      actions={may('transfer.write') ? <NewTransfer /> : null}
    >
      <DataTable<InsuranceTransfer>
        path="/api/insurance-transfers"
        rowKey={(row) => String(row.transfer_id)}
        onOpen={(row) => set({ transfer: String(row.transfer_id) })}
        empty={say({
          zh: '还没有转移。参保人持参保凭证申请时在上方受理。',
          en: 'No transfers yet: take one in above when a person brings a certificate.',
        })}
        filters={[
          { key: 'state', title: say({ zh: '状态', en: 'State' }), options: options(STATE, say) },
          {
            key: 'direction',
            title: say({ zh: '转入或转出', en: 'In or out' }),
            options: options(DIRECTION, say),
          },
          { key: 'insutype', title: say({ zh: '险种', en: 'Scheme' }), options: options(SCHEMES, say) },
          { key: 'file', title: say({ zh: '档案号', en: 'File' }), search: true },
        ]}
        columns={[
          { key: 'transfer_id', title: say({ zh: '编号', en: 'Number' }), kind: 'count', sortable: true },
          {
            key: 'file',
            title: say({ zh: '档案', en: 'File' }),
            render: (row) => (
              <Link to={`/persons/${row.file}?tab=contributions`}>
                {row.file} {row.psn_name}
              </Link>
            ),
          },
          {
            key: 'direction',
            title: say({ zh: '方向', en: 'Direction' }),
            render: (row) => say(nameOf(DIRECTION, row.direction)),
          },
          {
            key: 'insutype',
            title: say({ zh: '险种', en: 'Scheme' }),
            render: (row) => say(nameOf(INSUTYPE_NAME, row.insutype)),
          },
          { key: 'other_area', title: say({ zh: '对方统筹区', en: 'Other area' }), sortable: true },
          { key: 'certificate', title: say({ zh: '参保凭证号', en: 'Certificate' }) },
          {
            key: 'month_from',
            title: say({ zh: '月份', en: 'Months' }),
            render: (row) => `${row.month_from} – ${row.month_to}`,
          },
          { key: 'balance_fen', title: say({ zh: '个人账户（元）', en: 'Account (yuan)' }), kind: 'yuan' },
          {
            key: 'state',
            title: say({ zh: '状态', en: 'State' }),
            sortable: true,
            render: (row) => (
              <Tag {...(COLOUR_OF_STATE[row.state] ? { color: COLOUR_OF_STATE[row.state] } : {})}>
                {say(nameOf(STATE, row.state))}
              </Tag>
            ),
          },
          { key: 'requested_on', title: say({ zh: '受理日', en: 'Taken in' }), sortable: true },
          { key: 'ended_on', title: say({ zh: '办结日', en: 'Ended' }), sortable: true },
          { key: 'note', title: say({ zh: '说明', en: 'Note' }) },
        ]}
      />
      <TransferDrawer transfer={given('transfer')} onClose={() => set({ transfer: undefined })} />
    </Page>
  );
}

type Entered = {
  readonly direction: 'in' | 'out';
  readonly file: string;
  readonly insutype: string;
  readonly otherArea: string;
  readonly certificate: string;
  readonly monthFrom: string;
  readonly monthTo: string;
  readonly balanceFen?: string | null;
};
/** yyyy-MM of a month field as the service has it. */
const monthOf = (value: string): string => value.replace('-', '');

function NewTransfer() {
  const say = useText();
  const submit = async ({ balanceFen, ...values }: Entered) => {
    const { transferId } = await write<{ transferId: number }>('POST', '/api/insurance-transfers', {
      ...values,
      file: Number(values.file),
      monthFrom: monthOf(values.monthFrom),
      monthTo: monthOf(values.monthTo),
      ...(balanceFen ? { balanceFen: Number(fenOf(balanceFen)) } : {}),
    });
    return say({ zh: `已受理，编号 ${transferId}`, en: `Taken in as ${transferId}` });
  };
  const month = (name: string, label: Text) => (
    <Form.Item name={name} label={say(label)} rules={[{ required: true }]} style={{ flex: 1 }}>
      <Input type="month" />
    </Form.Item>
  );
  return (
    <FormButton
      kind="primary"
      label={say({ zh: '受理转移', en: 'Take in a transfer' })}
      title={say({ zh: '受理关系转移接续', en: 'Take in a transfer' })}
      okText={say({ zh: '受理', en: 'Take in' })}
      name="transfer"
      initialValues={{ direction: 'in', insutype: '310' }}
      send={submit}
    >
      <Flex gap={12}>
        <Form.Item name="direction" label={say({ zh: '方向', en: 'Direction' })} style={{ flex: 1 }}>
          <Select options={options(DIRECTION, say)} />
        </Form.Item>
        <Form.Item name="insutype" label={say({ zh: '险种', en: 'Scheme' })} style={{ flex: 1 }}>
          <Select options={options(SCHEMES, say)} />
        </Form.Item>
      </Flex>
      <Flex gap={12}>
        <Form.Item
          name="file"
          label={say({ zh: '档案号', en: 'File number' })}
          rules={[
            { required: true },
            {
              pattern: /^[1-9]\d{0,14}$/,
              message: say({ zh: '是参保人页面上的档案号', en: 'the number of the person’s file' }),
            },
          ]}
          style={{ flex: 1 }}
        >
          <Input inputMode="numeric" />
        </Form.Item>
        <Form.Item
          name="otherArea"
          label={say({ zh: '对方统筹区（6 位）', en: 'Other area (6 digits)' })}
          rules={[
            { required: true },
            { pattern: /^\d{6}$/, message: say({ zh: '是六位行政区划代码', en: 'six digits' }) },
          ]}
          style={{ flex: 1 }}
        >
          <Input inputMode="numeric" />
        </Form.Item>
      </Flex>
      <Form.Item
        name="certificate"
        label={say({ zh: '参保凭证号', en: 'Certificate of insurance' })}
        rules={[{ required: true }]}
      >
        <Input maxLength={60} />
      </Form.Item>
      <Flex gap={12}>
        {month('monthFrom', { zh: '参保起月', en: 'From month' })}
        {month('monthTo', { zh: '参保止月', en: 'To month' })}
      </Flex>
      <Form.Item
        noStyle
        shouldUpdate={(before: Entered, after: Entered) => before.direction !== after.direction}
      >
        {({ getFieldValue }) =>
          getFieldValue('direction') === 'in' ? (
            <Form.Item
              name="balanceFen"
              label={say({ zh: '转入个人账户（元）', en: 'Balance that comes (yuan)' })}
            >
              <InputNumber<string> stringMode min="0" precision={2} style={{ width: '100%' }} />
            </Form.Item>
          ) : (
            <Typography.Text type="secondary">
              {say({
                zh: '转出带走办结当日的个人账户余额，不必填写。',
                en: 'A transfer out takes the balance of the day it ends: none is entered.',
              })}
            </Typography.Text>
          )
        }
      </Form.Item>
    </FormButton>
  );
}

const todayInBeijing = (): string => new Date().toLocaleDateString('sv-SE', { timeZone: 'Asia/Shanghai' });

/** One transfer: what follows from it for months, spans and account, and how it ends. */
function TransferDrawer(props: { readonly transfer: string | undefined; readonly onClose: () => void }) {
  const { transfer, onClose } = props;
  const say = useText();
  const may = useMay();
  const [on, setOn] = useState(todayInBeijing);
  const address = `/api/insurance-transfers/${transfer}`;
  const answer = useQuery({
    queryKey: ['/api/insurance-transfers', transfer, on],
    queryFn: ({ signal }) => read<TransferDetail>(withQuery(address, { on }), signal),
    enabled: transfer !== undefined,
    placeholderData: (before) => (String(before?.transfer.transfer_id) === transfer ? before : undefined),
  });
  return (
    <Drawer
      open={transfer !== undefined}
      onClose={onClose}
      size={620}
      title={say({ zh: `转移 ${transfer ?? ''}`, en: `Transfer ${transfer ?? ''}` })}
    >
      {transfer === undefined ? null : (
        <Answer query={answer}>
          {(detail) => (
            <Flex vertical gap={16}>
              <TransferHead detail={detail} />
              <Effects detail={detail} />
              {may('transfer.write') && detail.transfer.state === 'requested' ? (
                <Flex vertical gap={8} className="no-print">
                  <Flex gap={8} align="center" wrap>
                    <label htmlFor="transfer-on">{say({ zh: '办结日', en: 'Ends on' })}</label>
                    <Input
                      id="transfer-on"
                      type="date"
                      value={on}
                      style={{ width: 160 }}
                      onChange={({ target }) => {
                        if (target.value !== '') setOn(target.value);
                      }}
                    />
                  </Flex>
                  <Flex gap={8} wrap>
                    <End address={address} on={on} isDone />
                    <End address={address} on={on} isDone={false} />
                  </Flex>
                </Flex>
              ) : null}
            </Flex>
          )}
        </Answer>
      )}
    </Drawer>
  );
}

function TransferHead({ detail: { transfer } }: { readonly detail: TransferDetail }) {
  const say = useText();
  return (
    <Descriptions
      size="small"
      bordered
      column={1}
      items={[
        {
          key: 'file',
          label: say({ zh: '参保人', en: 'Person' }),
          children: (
            <Link to={`/persons/${transfer.file}?tab=contributions`}>
              {transfer.file} {transfer.psn_name}
            </Link>
          ),
        },
        {
          key: 'what',
          label: say({ zh: '转移', en: 'Transfer' }),
          children: `${say(nameOf(DIRECTION, transfer.direction))} · ${say(nameOf(INSUTYPE_NAME, transfer.insutype))} · ${transfer.other_area}`,
        },
        {
          key: 'certificate',
          label: say({ zh: '参保凭证', en: 'Certificate' }),
          children: `${transfer.certificate} · ${transfer.month_from} – ${transfer.month_to}`,
        },
        {
          key: 'state',
          label: say({ zh: '状态', en: 'State' }),
          children: `${say(nameOf(STATE, transfer.state))} · ${transfer.ended_on ?? transfer.requested_on}${transfer.note ? ` · ${transfer.note}` : ''}`,
        },
      ]}
    />
  );
}

/** In sentences: what it does, or did. */
function Effects({ detail }: { readonly detail: TransferDetail }) {
  const say = useText();
  const { transfer, months, months_after, spans, account, wait, settled_later, on } = detail;
  const isDone = transfer.state === 'done';
  if (transfer.state === 'refused') {
    return (
      <Alert
        type="info"
        showIcon
        title={say({ zh: '已退回，什么也没有改变。', en: 'Sent back: nothing has changed.' })}
      />
    );
  }
  const lines: Text[] =
    transfer.direction === 'in'
      ? [
          {
            zh: `凭证 ${count(months.covered)} 个月，其中 ${count(months.counted)} 个月已经计入，${isDone ? '新计入' : '将新计入'} ${count(months.added)} 个月；${isDone ? '现' : '办结后'}共计入 ${count(months_after)} 个月，算作年限，不算本地实缴。`,
            en: `${count(months.covered)} months on the certificate, ${count(months.counted)} of them counted already: ${count(months.added)} ${isDone ? 'were' : 'will be'} added, ${count(months_after)} in all; they count as years, not as paid here.`,
          },
          {
            zh: `个人账户${isDone ? '已' : '将'}转入 ${yuan(account.change_fen)} 元，现余额 ${yuan(account.balance_fen)} 元。`,
            en: `${yuan(account.change_fen)} yuan ${isDone ? 'came' : 'will come'} into the account, whose balance is ${yuan(account.balance_fen)} now.`,
          },
          waitLine(detail),
        ]
      : [
          ...(spans.length === 0
            ? [
                {
                  zh: `${on} 当日没有要终止的参保期。`,
                  en: `No span of the scheme is in force on ${on}.`,
                },
              ]
            : spans.map((span) => ({
                zh: `自 ${span.begndate} 的参保期${isDone ? '已' : '将'}止于 ${on}。`,
                en: `The span from ${span.begndate} ${isDone ? 'ended' : 'will end'} on ${on}.`,
              }))),
          {
            zh: `个人账户${isDone ? '已' : '将'}转走 ${yuan(-account.change_fen)} 元，现余额 ${yuan(account.balance_fen)} 元。`,
            en: `${yuan(-account.change_fen)} yuan ${isDone ? 'left' : 'will leave'} the account, whose balance is ${yuan(account.balance_fen)} now.`,
          },
        ];
  return (
    <>
      <div>
        <Typography.Text strong>
          {isDone ? say({ zh: '结果', en: 'What came of it' }) : say({ zh: '办结后', en: 'Once it is done' })}
        </Typography.Text>
        <ul style={{ margin: 0, paddingInlineStart: 20 }}>
          {lines.map((line) => (
            <li key={line.en}>{say(line)}</li>
          ))}
        </ul>
      </div>
      {wait !== null && wait.settled_in_wait > 0 ? (
        <Alert
          type="warning"
          showIcon
          title={say({
            zh: `等待期内已有 ${count(wait.settled_in_wait)} 笔有效结算，结算时没有等待期：${isDone ? '须' : '办结后须'}冲销，再按等待期结算。`,
            en: `${count(wait.settled_in_wait)} settlements in force within the wait, made without it: undo them${isDone ? '' : ' once it is done'} and settle again.`,
          })}
        />
      ) : null}
      {settled_later > 0 ? (
        <Alert
          type="warning"
          showIcon
          title={say({
            zh: `${on} 之后还有 ${count(settled_later)} 笔有效结算：先冲销，或改在最后一次结算以后办结。`,
            en: `${count(settled_later)} settlements in force after ${on}: undo them first, or end it after the last of them.`,
          })}
        />
      ) : null}
    </>
  );
}

/** How the span here that follows begins, or why nothing can be said of it. */
function waitLine({ transfer, wait }: TransferDetail): Text {
  if (wait === null) {
    return {
      zh: '参保期由在本地的缴费形成，转入本身不开始参保期；其后没有参保期，或按本险种自己的等待期。',
      en: 'Spans follow from what is paid here, a transfer by itself begins none; none follows, or it has the wait of its own scheme.',
    };
  }
  const { begndate, waiting_until, gap_months, is_repaid } = wait;
  const gap: Text =
    gap_months === 0
      ? { zh: '没有中断', en: 'no gap' }
      : {
          zh: `中断 ${count(gap_months)} 个月，${is_repaid ? '已补缴' : '没有全部补缴'}`,
          en: `a gap of ${count(gap_months)} months, ${is_repaid ? 'repaid' : 'not all repaid'}`,
        };
  return waiting_until === null
    ? {
        zh: `${transfer.month_to} 之后${gap.zh}：没有等待期，自 ${begndate} 起享受待遇。`,
        en: `After ${transfer.month_to} ${gap.en}: no wait, benefits from ${begndate}.`,
      }
    : {
        zh: `${transfer.month_to} 之后${gap.zh}：自 ${begndate} 的参保期等待期至 ${waiting_until}，从那天起享受待遇。`,
        en: `After ${transfer.month_to} ${gap.en}: the span from ${begndate} waits until ${waiting_until}, its first day with benefits.`,
      };
}

function End(props: { readonly address: string; readonly on: string; readonly isDone: boolean }) {
  const { address, on, isDone } = props;
  const say = useText();
  const button = isDone ? say({ zh: '办结', en: 'Finish' }) : say({ zh: '退回', en: 'Send back' });
  const submit = async ({ note = '' }: { readonly note?: string }) => {
    await write('POST', `${address}/end`, { isDone, on, note });
    return isDone ? say({ zh: '已办结', en: 'Done' }) : say({ zh: '已退回', en: 'Sent back' });
  };
  return (
    <FormButton
      kind={isDone ? 'primary' : 'default'}
      label={button}
      title={
        isDone
          ? say({ zh: `于 ${on} 办结`, en: `Finish on ${on}` })
          : say({ zh: '退回转移', en: 'Send the transfer back' })
      }
      okText={button}
      name={isDone ? 'finish' : 'send-back'}
      send={submit}
    >
      <Form.Item
        name="note"
        label={
          isDone ? say({ zh: '说明（可空）', en: 'Note (may be empty)' }) : say({ zh: '退回原因', en: 'Why' })
        }
        rules={isDone ? [] : [{ required: true }]}
      >
        <Input.TextArea rows={2} maxLength={500} />
      </Form.Item>
    </FormButton>
  );
}
