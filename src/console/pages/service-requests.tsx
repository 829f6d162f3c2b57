import { useQuery } from '@tanstack/react-query';
import { Form, Input, InputNumber, Select, Tabs, Tag } from 'antd';
import { Link, useSearchParams } from 'react-router';
import type { ServiceItemBody } from '#api/contract/service-request.ts';
import { read, write } from '../client.ts';
import { DataTable, type ListAnswer } from '../components/data-table.tsx';
import { FormButton } from '../components/form-button.tsx';
import { Page } from '../components/page.tsx';
import { scaled } from '../format.ts';
import { CHANNEL_NAME, REQUEST_STATE_NAME } from '../insured.ts';
import { nameOf } from '../names.ts';
import { type Text, useText } from '../preferences.tsx';
import { useMay } from '../session.tsx';
import { options } from './cases.tsx';

type Request = {
  readonly request_id: number;
  readonly item: string;
  readonly file: number | null;
  readonly psn_name: string;
  readonly applicant: string;
  readonly channel: string;
  readonly note: string;
  readonly received_on: string;
  readonly due_on: string | null;
  readonly state: string;
  readonly overdue: string;
  readonly closed_on: string | null;
  readonly outcome: string;
  readonly rating: number | null;
};

export function useServiceItems() {
  return useQuery({
    queryKey: ['/api/service-items', 'all'],
    queryFn: ({ signal }) => read<ListAnswer<ServiceItemBody>>('/api/service-items?size=200', signal),
  });
}

const FOR: Readonly<Record<string, Text>> = {
  person: { zh: '个人', en: 'persons' },
  unit: { zh: '单位', en: 'units' },
  institution: { zh: '医药机构', en: 'institutions' },
};

export const limitText = (days: number | null): Text =>
  days === null
    ? { zh: '另行规定', en: 'by other rules' }
    : days === 0
      ? { zh: '即时办结', en: 'at once' }
      : { zh: `${days} 个工作日`, en: `${days} working days` };

/** The service items with their limits, and what was asked for, until when, and how it was found. */
export function ServiceRequestsPage() {
  const say = useText();
  const may = useMay();
  const [search, setSearch] = useSearchParams();
  const tab = search.get('tab') ?? 'items';
  return (
    <Page
      title={say({ zh: '服务事项', en: 'Services' })}
      lead={say({
        zh: '全国清单 10 类 28 项（医保发〔2020〕18号）；办理时限按本地公布的清单改。期限按周一至周五计。',
        en: 'The national list of 10 groups and 28 items. Time limits are the area’s own; due dates count Monday to Friday.',
      })}
      actions={may('service-request.write') ? <NewRequest /> : null}
    >
      <Tabs
        activeKey={tab}
        onChange={(key) => setSearch({ tab: key }, { replace: true })}
        items={[
          { key: 'items', label: say({ zh: '事项与满意度', en: 'Items and satisfaction' }) },
          { key: 'requests', label: say({ zh: '办件', en: 'Requests' }) },
        ]}
      />
      {tab === 'items' ? <Items /> : <Requests />}
    </Page>
  );
}

function Items() {
  const say = useText();
  const number = (key: keyof ServiceItemBody, zh: string, en: string) => ({
    key,
    title: say({ zh, en }),
    kind: 'count' as const,
    sortable: true,
  });
  return (
    <DataTable<ServiceItemBody>
      key="items"
      prefix="items."
      path="/api/service-items"
      rowKey={(row) => row.code}
      filters={[{ key: 'for', title: say({ zh: '申请人', en: 'Applicants' }), options: options(FOR, say) }]}
      columns={[
        { key: 'code', title: say({ zh: '序号', en: 'No.' }), sortable: true },
        {
          key: 'group',
          title: say({ zh: '类别', en: 'Group' }),
          render: (row) => say({ zh: row.group_zh, en: row.group_en }),
        },
        {
          key: 'title',
          title: say({ zh: '事项', en: 'Item' }),
          render: (row) => (
            <Link to={`?tab=requests&requests.item=${row.code}`}>{say({ zh: row.zh, en: row.en })}</Link>
          ),
        },
        {
          key: 'for',
          title: say({ zh: '申请人', en: 'Applicants' }),
          render: (row) => say(nameOf(FOR, row.for)),
        },
        {
          key: 'limit_working_days',
          title: say({ zh: '办理时限', en: 'Limit' }),
          sortable: true,
          render: (row) =>
            row.limit_working_days === null || row.limit_basis === 'confirmed'
              ? say(limitText(row.limit_working_days))
              : `${say(limitText(row.limit_working_days))}${say({ zh: '（未核实）', en: ' (unconfirmed)' })}`,
        },
        number('received', '受理', 'Received'),
        number('open', '在办', 'Open'),
        {
          ...number('overdue', '超期', 'Overdue'),
          render: (row) =>
            row.overdue > 0 ? (
              <span className="loss">{say({ zh: `${row.overdue} 超期`, en: `${row.overdue} overdue` })}</span>
            ) : (
              '0'
            ),
        },
        number('closed', '办结', 'Closed'),
        number('in_time', '按时', 'In time'),
        {
          ...number('rating4', '满意度（满分 5）', 'Satisfaction (of 5)'),
          render: (row) =>
            row.rating4 === null
              ? '–'
              : say({
                  zh: `${scaled(row.rating4, 4, 2)}（${row.rated} 人）`,
                  en: `${scaled(row.rating4, 4, 2)} (${row.rated})`,
                }),
        },
      ]}
    />
  );
}

function Requests() {
  const say = useText();
  const may = useMay();
  const items = useServiceItems();
  const title = (code: string) => {
    const found = items.data?.rows.find((one) => one.code === code);
    return found ? say({ zh: found.zh, en: found.en }) : code;
  };
  return (
    <DataTable<Request>
      key="requests"
      prefix="requests."
      path="/api/service-requests"
      rowKey={(row) => String(row.request_id)}
      empty={say({ zh: '没有办件；点“受理”。', en: 'No requests: press “Receive”.' })}
      filters={[
        {
          key: 'item',
          title: say({ zh: '事项', en: 'Item' }),
          options: (items.data?.rows ?? []).map((one) => ({
            value: one.code,
            label: `${one.code} ${say({ zh: one.zh, en: one.en })}`,
          })),
        },
        { key: 'state', title: say({ zh: '状态', en: 'State' }), options: options(REQUEST_STATE_NAME, say) },
        {
          key: 'overdue',
          title: say({ zh: '超期', en: 'Overdue' }),
          options: [{ value: 'yes', label: say({ zh: '超期', en: 'overdue' }) }],
        },
        { key: 'channel', title: say({ zh: '渠道', en: 'Channel' }), options: options(CHANNEL_NAME, say) },
      ]}
      columns={[
        { key: 'request_id', title: say({ zh: '办件', en: 'Request' }), kind: 'count', sortable: true },
        { key: 'item', title: say({ zh: '事项', en: 'Item' }), render: (row) => title(row.item) },
        {
          key: 'file',
          title: say({ zh: '申请人', en: 'Applicant' }),
          render: (row) =>
            row.file === null ? (
              row.applicant
            ) : (
              <Link to={`/persons/${row.file}?tab=requests`}>
                {row.file} {row.psn_name}
              </Link>
            ),
        },
        {
          key: 'channel',
          title: say({ zh: '渠道', en: 'Channel' }),
          render: (row) => say(nameOf(CHANNEL_NAME, row.channel)),
        },
        { key: 'received_on', title: say({ zh: '受理', en: 'Received' }), sortable: true },
        { key: 'due_on', title: say({ zh: '期限', en: 'Due' }), sortable: true },
        {
          key: 'state',
          title: say({ zh: '状态', en: 'State' }),
          render: (row) => (
            <>
              <Tag color={row.state === 'done' ? 'blue' : 'default'}>
                {say(nameOf(REQUEST_STATE_NAME, row.state))}
              </Tag>
              {row.overdue === 'yes' ? <Tag color="orange">{say({ zh: '超期', en: 'overdue' })}</Tag> : null}
            </>
          ),
        },
        { key: 'closed_on', title: say({ zh: '办结', en: 'Closed' }) },
        { key: 'outcome', title: say({ zh: '结果', en: 'Outcome' }) },
        { key: 'rating', title: say({ zh: '评价', en: 'Rating' }), kind: 'count' },
        {
          key: 'act',
          title: say({ zh: '办理', en: 'Action' }),
          render: (row) =>
            may('service-request.write') && row.state === 'received' ? (
              <CloseRequest id={row.request_id} />
            ) : (
              '–'
            ),
        },
      ]}
    />
  );
}

function CloseRequest({ id }: { readonly id: number }) {
  const say = useText();
  return (
    <FormButton
      size="small"
      label={say({ zh: '办结', en: 'Finish' })}
      title={say({ zh: `办结办件 ${id}`, en: `Finish request ${id}` })}
      okText={say({ zh: '确定', en: 'Finish' })}
      name={`close-${id}`}
      initialValues={{ state: 'done' }}
      send={(values) => write('POST', `/api/service-requests/${id}/close`, values)}
    >
      <Form.Item name="state" label={say({ zh: '结论', en: 'Decision' })}>
        <Select
          options={[
            { value: 'done', label: say({ zh: '办结', en: 'done' }) },
            { value: 'refused', label: say({ zh: '不予办理', en: 'refused' }) },
          ]}
        />
      </Form.Item>
      <Form.Item name="outcome" label={say({ zh: '结果说明', en: 'Outcome' })} rules={[{ required: true }]}>
        <Input.TextArea rows={2} />
      </Form.Item>
    </FormButton>
  );
}

function NewRequest() {
  const say = useText();
  const items = useServiceItems();
  const itemOf = (code: string) => items.data?.rows.find((one) => one.code === code);
  return (
    <FormButton
      kind="primary"
      label={say({ zh: '受理', en: 'Receive' })}
      title={say({ zh: '受理一项服务', en: 'Receive a request' })}
      okText={say({ zh: '受理', en: 'Receive' })}
      name="request"
      done={say({ zh: '已受理', en: 'Received' })}
      send={(values) => write('POST', '/api/service-requests', values)}
    >
      <Form.Item name="item" label={say({ zh: '事项', en: 'Item' })} rules={[{ required: true }]}>
        <Select
          showSearch={{ optionFilterProp: 'label' }}
          options={(items.data?.rows ?? []).map((one) => ({
            value: one.code,
            label: `${one.code} ${say({ zh: one.zh, en: one.en })}（${say(limitText(one.limit_working_days))}）`,
          }))}
        />
      </Form.Item>
      <Form.Item noStyle dependencies={['item']}>
        {({ getFieldValue }) => {
          const item = itemOf(getFieldValue('item') as string);
          return item === undefined ? null : item.for === 'person' ? (
            <Form.Item
              name="file"
              label={say({ zh: '档案号', en: 'File number' })}
              rules={[{ required: true }]}
            >
              <InputNumber min={1} precision={0} style={{ width: '100%' }} />
            </Form.Item>
          ) : (
            <Form.Item
              name="applicant"
              label={say({ zh: '单位或机构名称', en: 'Unit or institution' })}
              rules={[{ required: true }]}
            >
              <Input />
            </Form.Item>
          );
        }}
      </Form.Item>
      <Form.Item name="note" label={say({ zh: '说明', en: 'Note' })}>
        <Input.TextArea rows={2} />
      </Form.Item>
    </FormButton>
  );
}
