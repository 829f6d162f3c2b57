import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, App, Button, Card, Descriptions, Flex, Input, Table, Tag, Timeline, Typography } from 'antd';
import { useState } from 'react';
import { Link, useNavigate, useParams } from 'react-router';
import type { UploadedList, UploadedListDetail } from '#api/contract/uploaded-list.ts';
import { read, write } from '../client.ts';
import { DataTable } from '../components/data-table.tsx';
import { RevealButton } from '../components/form-button.tsx';
import { Answer, Page, Refusal } from '../components/page.tsx';
import { moment } from '../format.ts';
import { nameOf } from '../names.ts';
import { type Text, usePreferences, useText } from '../preferences.tsx';
import { useMay, useSession } from '../session.tsx';

const STATE: Readonly<Record<string, Text>> = {
  '0': { zh: '未提交', en: 'not submitted' },
  '1': { zh: '已提交', en: 'submitted' },
  '2': { zh: '审核通过', en: 'approved' },
  '3': { zh: '审核不通过', en: 'rejected' },
};
const QUALITY: Readonly<Record<string, Text>> = {
  '1': { zh: '没有错误', en: 'no error' },
  '0': { zh: '有错误', en: 'errors' },
};
const LEVEL: Readonly<Record<string, Text>> = {
  '1': { zh: '错误', en: 'error' },
  '2': { zh: '警告', en: 'warning' },
  '3': { zh: '提示', en: 'notice' },
};

/** Settlement lists that institutions uploaded, with their state and what quality control found. */
export function UploadedListsPage() {
  const say = useText();
  const navigate = useNavigate();
  const { language } = usePreferences();
  const { institutionCode } = useSession();
  const choices = (names: Readonly<Record<string, Text>>) =>
    Object.entries(names).map(([value, text]) => ({ value, label: say(text) }));
  return (
    <Page
      title={say({ zh: '上传的清单', en: 'Uploaded lists' })}
      lead={say({
        zh: '医疗机构经接口上传的结算清单：状态、质控结果、入组。打开一行看全文。',
        en: 'Settlement lists that institutions uploaded: state, quality, group. Open one to see it whole.',
      })}
    >
      <DataTable<UploadedList>
        path="/api/uploaded-lists"
        rowKey={(row) => String(row.setl_list_id)}
        onOpen={(row) => navigate(`/lists/uploaded/${row.setl_list_id}`)}
        empty={say({
          zh: '还没有上传的清单。机构用接口 4101A 或 yibao hospital send 上传。',
          en: 'Nothing uploaded yet. Institutions upload through 4101A or with yibao hospital send.',
        })}
        filters={[
          { key: 'setl_id', title: say({ zh: '结算ID 开头', en: 'Settlement id begins' }), search: true },
          ...(institutionCode === null
            ? [
                {
                  key: 'fixmedins_code',
                  title: say({ zh: '机构代码开头', en: 'Institution begins' }),
                  search: true,
                } as const,
              ]
            : []),
          {
            key: 'setl_ym',
            title: say({ zh: '月份开头（202503）', en: 'Month begins (202503)' }),
            search: true,
          },
          { key: 'state', title: say({ zh: '状态', en: 'State' }), options: choices(STATE) },
          { key: 'quality', title: say({ zh: '质控', en: 'Quality' }), options: choices(QUALITY) },
        ]}
        columns={[
          { key: 'setl_id', title: say({ zh: '结算ID', en: 'Settlement id' }), sortable: true, fixed: true },
          { key: 'fixmedins_code', title: say({ zh: '机构', en: 'Institution' }), sortable: true },
          { key: 'setl_ym', title: say({ zh: '月份', en: 'Month' }), sortable: true },
          { key: 'version', title: say({ zh: '版本', en: 'Version' }), kind: 'count' },
          {
            key: 'state',
            title: say({ zh: '状态', en: 'State' }),
            sortable: true,
            render: (row) => <Tag>{say(nameOf(STATE, String(row.state)))}</Tag>,
          },
          {
            key: 'quality',
            title: say({ zh: '质控', en: 'Quality' }),
            sortable: true,
            render: (row) =>
              row.quality === null ? say({ zh: '待检查', en: 'waiting' }) : say(nameOf(QUALITY, row.quality)),
          },
          {
            key: 'findings',
            title: say({ zh: '意见（条）', en: 'Findings' }),
            kind: 'count',
            sortable: true,
          },
          { key: 'group_code', title: say({ zh: '病种', en: 'Group' }), sortable: true },
          {
            key: 'changed_at',
            title: say({ zh: '最近变动', en: 'Last change' }),
            sortable: true,
            render: (row) => moment(row.changed_at, language),
          },
        ]}
      />
    </Page>
  );
}

/** One list by the nodes of the national form, with its findings and everything that happened to it. */
export function UploadedListPage() {
  const say = useText();
  const may = useMay();
  const { list = '' } = useParams();
  const { language } = usePreferences();
  const [revealed, setRevealed] = useState<UploadedListDetail>();
  const answer = useQuery({
    queryKey: ['/api/uploaded-lists', list],
    queryFn: ({ signal }) =>
      read<UploadedListDetail>(`/api/uploaded-lists/${encodeURIComponent(list)}`, signal),
  });
  return (
    <Page
      title={say({
        zh: `清单 ${answer.data?.list.setl_id ?? ''}`,
        en: `List ${answer.data?.list.setl_id ?? ''}`,
      })}
      actions={
        <>
          {may('case.reveal') ? (
            <RevealButton<UploadedListDetail>
              address={`/api/uploaded-lists/${encodeURIComponent(list)}`}
              isDisabled={!answer.data || revealed !== undefined}
              onShown={setRevealed}
            />
          ) : null}
          <Button onClick={() => window.print()}>{say({ zh: '打印', en: 'Print' })}</Button>
        </>
      }
    >
      <Answer query={answer}>
        {(data) => {
          const shown = revealed ?? data;
          return (
            <>
              <Summary data={shown} />
              {may('uploaded-list.decide') && data.list.state === 1 ? (
                <Decide
                  list={list}
                  isAssessed={data.quality !== null}
                  isReturned={data.quality?.returned === '1'}
                />
              ) : null}
              <Findings data={shown} />
              {shown.nodes.map((node) => (
                <NodeCard key={node.key} node={node} />
              ))}
              <Card size="small" title={say({ zh: '经过', en: 'What happened' })}>
                <Timeline
                  items={shown.changes.map((change) => ({
                    key: `${change.changed_at}${change.to_state}`,
                    content: (
                      <>
                        {say({ zh: `第 ${change.version} 版`, en: `version ${change.version}` })} ·{' '}
                        <b>{say(nameOf(STATE, String(change.to_state)))}</b> · {change.changed_by} ·{' '}
                        {moment(change.changed_at, language)}
                        {change.reason ? <div>{change.reason}</div> : null}
                      </>
                    ),
                  }))}
                />
              </Card>
            </>
          );
        }}
      </Answer>
    </Page>
  );
}

/** The agency's word on a submitted list: approved is final, rejected goes back with the reason. */
function Decide(props: {
  readonly list: string;
  readonly isAssessed: boolean;
  readonly isReturned: boolean;
}) {
  const { list, isAssessed, isReturned } = props;
  const say = useText();
  const client = useQueryClient();
  const { message } = App.useApp();
  const [reason, setReason] = useState('');
  const [error, setError] = useState<unknown>();
  const decide = async (decision: 'approve' | 'reject') => {
    setError(undefined);
    try {
      await write('POST', `/api/uploaded-lists/${encodeURIComponent(list)}/decision`, {
        decision,
        ...(decision === 'reject' ? { reason } : {}),
      });
      message.success(say({ zh: '已审核', en: 'Done' }));
      await client.invalidateQueries({ queryKey: ['/api/uploaded-lists'] });
    } catch (refused) {
      setError(refused);
    }
  };
  return (
    <Card size="small" title={say({ zh: '审核', en: 'Decision' })} className="no-print">
      <Flex vertical gap={8}>
        <Typography.Text type="secondary">
          {!isAssessed
            ? say({ zh: '等待质控与分组的结果。', en: 'Waits for quality control and grouping.' })
            : isReturned
              ? say({
                  zh: '质控要求退回，不能通过。',
                  en: 'Quality control asks for its return: it cannot be approved.',
                })
              : say({
                  zh: '通过后为终态，机构不能再修改或撤回。',
                  en: 'Approved is final: the institution cannot change it any more.',
                })}
        </Typography.Text>
        <Input
          value={reason}
          maxLength={500}
          onChange={(event) => setReason(event.target.value)}
          aria-label={say({ zh: '不通过的理由', en: 'Why it is rejected' })}
          placeholder={say({ zh: '不通过的理由', en: 'Why it is rejected' })}
        />
        {error ? <Refusal error={error} /> : null}
        <Flex gap={8}>
          <Button type="primary" disabled={!isAssessed || isReturned} onClick={() => void decide('approve')}>
            {say({ zh: '审核通过', en: 'Approve' })}
          </Button>
          <Button disabled={reason.trim().length < 2} onClick={() => void decide('reject')}>
            {say({ zh: '审核不通过', en: 'Reject' })}
          </Button>
        </Flex>
      </Flex>
    </Card>
  );
}

function Summary({ data }: { readonly data: UploadedListDetail }) {
  const say = useText();
  const { language } = usePreferences();
  const { list, grouping } = data;
  return (
    <Descriptions
      size="small"
      bordered
      column={{ xs: 1, md: 3 }}
      items={[
        { key: 'institution', label: say({ zh: '机构', en: 'Institution' }), children: list.fixmedins_code },
        {
          key: 'state',
          label: say({ zh: '状态', en: 'State' }),
          children: `${say(nameOf(STATE, String(list.state)))} · ${say({ zh: `第 ${list.version} 版`, en: `version ${list.version}` })}`,
        },
        {
          key: 'received',
          label: say({ zh: '收到', en: 'Received' }),
          children: `${moment(data.received_at, language)} · ${data.form}`,
        },
        {
          key: 'group',
          label: say({ zh: '入组', en: 'Group' }),
          children: grouping ? (
            `${String(grouping.code || grouping.reason)} ${String(grouping.name ?? '')}`
          ) : (
            <Link to="/groups">{say({ zh: '还没有结果', en: 'no result yet' })}</Link>
          ),
        },
      ]}
    />
  );
}

function Findings({ data }: { readonly data: UploadedListDetail }) {
  const say = useText();
  const { quality } = data;
  if (quality === null) {
    return (
      <Alert
        type="info"
        showIcon
        title={say({ zh: '提交后才做质控。', en: 'Quality control follows the submission.' })}
      />
    );
  }
  return (
    <Card
      size="small"
      title={say({
        zh: `质控意见（${quality.details.length} 条）`,
        en: `Findings of quality control (${quality.details.length})`,
      })}
    >
      <Table
        size="small"
        rowKey={(row) => `${row.field}${row.finding}${row.value}`}
        pagination={{ pageSize: 20, hideOnSinglePage: true }}
        scroll={{ x: 'max-content' }}
        dataSource={quality.details}
        locale={{ emptyText: say({ zh: '没有意见', en: 'Nothing found' }) }}
        columns={[
          {
            title: say({ zh: '程度', en: 'Level' }),
            render: (_, row) => <Tag>{say(nameOf(LEVEL, row.level))}</Tag>,
          },
          { title: say({ zh: '字段', en: 'Field' }), dataIndex: 'field' },
          { title: say({ zh: '值', en: 'Value' }), dataIndex: 'value' },
          { title: say({ zh: '意见', en: 'Finding' }), dataIndex: 'finding' },
        ]}
      />
    </Card>
  );
}

function NodeCard({ node }: { readonly node: UploadedListDetail['nodes'][number] }) {
  const say = useText();
  const title =
    node.key === '' ? say({ zh: '清单之外的字段', en: 'Beside the list' }) : `${node.name} ${node.key}`;
  const [first = []] = node.rows;
  if (node.rows.length <= 1) {
    return (
      <Card size="small" title={title}>
        <Descriptions
          size="small"
          column={{ xs: 1, md: 2, xl: 3 }}
          items={first.map((field) => ({
            key: field.key,
            label: (
              <span title={field.key}>
                {field.name === field.key ? null : `${field.name} `}
                <Typography.Text type="secondary">{field.key}</Typography.Text>
              </span>
            ),
            children: field.meaning ? `${field.value} ${field.meaning}` : field.value,
          }))}
        />
      </Card>
    );
  }
  const columns = [...new Map(node.rows.flat().map((field) => [field.key, field.name]))];
  const rows = node.rows.map((fields, index) => ({
    index,
    of: new Map(
      fields.map((field) => [field.key, field.meaning ? `${field.value} ${field.meaning}` : field.value]),
    ),
  }));
  return (
    <Card size="small" title={`${title} · ${say({ zh: `${rows.length} 项`, en: `${rows.length} items` })}`}>
      <Table
        size="small"
        rowKey="index"
        pagination={{ pageSize: 50, hideOnSinglePage: true }}
        scroll={{ x: 'max-content' }}
        dataSource={rows}
        columns={columns.map(([key, name]) => ({
          title: name,
          key,
          render: (_: unknown, row: (typeof rows)[number]) => row.of.get(key) ?? '',
        }))}
      />
    </Card>
  );
}
