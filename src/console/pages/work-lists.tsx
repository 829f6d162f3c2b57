import { useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Descriptions, Drawer, Flex, Input, Modal, Tag, Timeline, Typography } from 'antd';
import { useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import type { Found, WorkItem, WorkItemDetail, WorkListFunnel } from '#api/contract/enrolment.ts';
import { read, write } from '../client.ts';
import { DataTable } from '../components/data-table.tsx';
import { RevealButton } from '../components/form-button.tsx';
import { Answer, Page, Refusal } from '../components/page.tsx';
import { count, moment } from '../format.ts';
import { nameOf } from '../names.ts';
import { type Text, usePreferences, useText } from '../preferences.tsx';
import { useMay } from '../session.tsx';
import { options } from './cases.tsx';

const KIND: Readonly<Record<string, Text>> = {
  'not-enrolled': { zh: '应保未保', en: 'should be enrolled and is not' },
  'same-scheme-twice': { zh: '同一险种重复参保', en: 'twice in one scheme' },
  'employee-and-resident': { zh: '职工与居民重复参保', en: 'in both schemes' },
  'enrolled-elsewhere': { zh: '跨统筹地区重复参保', en: 'here and in another area' },
  'dead-but-enrolled': { zh: '已死亡仍在保', en: 'dead and still enrolled' },
  'two-files': { zh: '一人两档', en: 'two files of one person' },
};
const STATE: Readonly<Record<string, Text>> = {
  found: { zh: '已发现', en: 'found' },
  contacted: { zh: '已联系', en: 'contacted' },
  enrolled: { zh: '已参保', en: 'enrolled' },
  resolved: { zh: '已处理', en: 'resolved' },
  refused: { zh: '不愿办理', en: 'refused' },
  'wrong-data': { zh: '数据有误', en: 'wrong data' },
};
const REASON: Readonly<Record<string, Text>> = {
  'without-insurance': { zh: '在部门名单中，未参保', en: 'in a department’s file, uninsured' },
  'without-employee-insurance': {
    zh: '有用人单位，未参加职工医保',
    en: 'employed, not in the employees’ scheme',
  },
  'two-areas': { zh: '两地同时在保', en: 'in two areas' },
  'one-area': { zh: '同一参保地，两个编号', en: 'in one area, two numbers' },
  'keep-employee': { zh: '保留职工医保', en: 'the employees’ scheme stays' },
  dead: { zh: '部门登记死亡', en: 'registered as dead' },
  'old-certificate': { zh: '新旧证件号码对应', en: 'old and new certificate' },
  'same-phone': { zh: '姓名、出生日期、电话相同', en: 'same name, birth and phone' },
};

/** Who is to be called on, and the funnel from found to enrolled. */
export function WorkListsPage() {
  const say = useText();
  const may = useMay();
  const [search, setSearch] = useSearchParams();
  const open = search.get('item') ?? undefined;
  const show = (item: string | undefined) =>
    setSearch((before) => {
      const next = new URLSearchParams(before);
      if (item === undefined) next.delete('item');
      else next.set('item', item);
      return next;
    });
  return (
    <Page
      title={say({ zh: '参保工作清单', en: 'Work lists' })}
      lead={say({
        zh: '数据找人与重复参保：从发现到联系、参保，按区县计数。已参保、已处理由数据判定。',
        en: 'People to call on: from found to contacted and enrolled, by county. Enrolled and resolved are told by the data.',
      })}
      actions={may('work-list.find') ? <FindWork /> : null}
    >
      <DataTable<WorkListFunnel>
        path="/api/work-funnel"
        prefix="funnel-"
        caption={say({ zh: '漏斗', en: 'Funnel' })}
        rowKey={(row) => `${row.kind} ${row.county}`}
        empty={say({
          zh: '还没有清单。导入部门文件后按某日生成。',
          en: 'No lists yet: land files of departments, then make the lists for a day.',
        })}
        filters={[{ key: 'kind', title: say({ zh: '清单', en: 'List' }), options: options(KIND, say) }]}
        columns={[
          {
            key: 'kind',
            title: say({ zh: '清单', en: 'List' }),
            render: (row) => say(nameOf(KIND, row.kind)),
          },
          { key: 'county', title: say({ zh: '区县', en: 'County' }), sortable: true },
          {
            key: 'found',
            title: say({ zh: '发现', en: 'Found' }),
            kind: 'count',
            sortable: true,
            render: (row) => (
              <Link to={`/work-lists?kind=${row.kind}&county=${encodeURIComponent(row.county)}`}>
                {count(row.found)}
              </Link>
            ),
          },
          { key: 'contacted', title: say({ zh: '已联系', en: 'Contacted' }), kind: 'count' },
          { key: 'open', title: say({ zh: '未办结', en: 'Open' }), kind: 'count', sortable: true },
          { key: 'enrolled', title: say({ zh: '已参保', en: 'Enrolled' }), kind: 'count' },
          { key: 'resolved', title: say({ zh: '已处理', en: 'Resolved' }), kind: 'count' },
          { key: 'refused', title: say({ zh: '不愿办理', en: 'Refused' }), kind: 'count' },
          { key: 'wrong_data', title: say({ zh: '数据有误', en: 'Wrong data' }), kind: 'count' },
        ]}
      />
      <DataTable<WorkItem>
        path="/api/work-items"
        caption={say({ zh: '名单', en: 'People' })}
        rowKey={(row) => String(row.item_id)}
        onOpen={(row) => show(String(row.item_id))}
        empty={say({ zh: '没有要联系的人。', en: 'Nobody to call on.' })}
        filters={[
          { key: 'kind', title: say({ zh: '清单', en: 'List' }), options: options(KIND, say) },
          { key: 'state', title: say({ zh: '状态', en: 'State' }), options: options(STATE, say) },
          { key: 'county', title: say({ zh: '区县开头', en: 'County begins' }), search: true },
          {
            key: 'organisation',
            title: say({ zh: '单位、学校、街道开头', en: 'Organisation begins' }),
            search: true,
          },
        ]}
        columns={[
          {
            key: 'kind',
            title: say({ zh: '清单', en: 'List' }),
            render: (row) => say(nameOf(KIND, row.kind)),
          },
          { key: 'psn_name', title: say({ zh: '姓名', en: 'Name' }) },
          { key: 'county', title: say({ zh: '区县', en: 'County' }), sortable: true },
          { key: 'organisation', title: say({ zh: '单位、学校或街道', en: 'Organisation' }), sortable: true },
          {
            key: 'reason',
            title: say({ zh: '原因', en: 'Reason' }),
            render: (row) => say(nameOf(REASON, row.reason)),
          },
          {
            key: 'state',
            title: say({ zh: '状态', en: 'State' }),
            sortable: true,
            render: (row) => <Tag>{say(nameOf(STATE, row.state))}</Tag>,
          },
          { key: 'found_on', title: say({ zh: '发现日', en: 'Found on' }), sortable: true },
        ]}
      />
      <ItemDrawer item={open} onClose={() => show(undefined)} />
    </Page>
  );
}

function FindWork() {
  const say = useText();
  const client = useQueryClient();
  const { message } = App.useApp();
  const [open, setOpen] = useState(false);
  const [asOf, setAsOf] = useState('');
  const [error, setError] = useState<unknown>();
  const send = async () => {
    setError(undefined);
    try {
      const { rows } = await write<Found>('POST', '/api/work-items/find', { asOf });
      const sum = (field: 'found' | 'settled') => rows.reduce((total, row) => total + row[field], 0);
      message.success(
        say({
          zh: `新列入 ${sum('found')} 人，已由数据办结 ${sum('settled')} 人`,
          en: `${sum('found')} found, ${sum('settled')} settled by the data`,
        }),
      );
      setOpen(false);
      await client.invalidateQueries();
    } catch (refused) {
      setError(refused);
    }
  };
  return (
    <>
      <Button type="primary" onClick={() => setOpen(true)}>
        {say({ zh: '生成清单', en: 'Make the lists' })}
      </Button>
      <Modal
        open={open}
        title={say({ zh: '按某日生成清单', en: 'Make the lists for a day' })}
        okButtonProps={{ disabled: !/^\d{4}-\d\d-\d\d$/.test(asOf) }}
        onOk={() => void send()}
        onCancel={() => setOpen(false)}
      >
        <Flex vertical gap={8}>
          <Input
            type="date"
            aria-label={say({ zh: '日期', en: 'Day' })}
            value={asOf}
            onChange={(event) => setAsOf(event.target.value)}
          />
          {error ? <Refusal error={error} /> : null}
        </Flex>
      </Modal>
    </>
  );
}

/** One person of a list: why, how to reach them, what was done, what can be done next. */
function ItemDrawer({ item, onClose }: { readonly item: string | undefined; readonly onClose: () => void }) {
  const say = useText();
  const may = useMay();
  const client = useQueryClient();
  const { language } = usePreferences();
  const [revealed, setRevealed] = useState<WorkItemDetail>();
  const [note, setNote] = useState('');
  const [error, setError] = useState<unknown>();
  const address = `/api/work-items/${item}`;
  const answer = useQuery({
    queryKey: ['/api/work-items', item],
    queryFn: ({ signal }) => read<WorkItemDetail>(address, signal),
    enabled: item !== undefined,
  });
  const close = () => {
    setRevealed(undefined);
    setNote('');
    setError(undefined);
    onClose();
  };
  const take = async (action: string) => {
    setError(undefined);
    try {
      await write('POST', `${address}/steps`, { action, note });
      setNote('');
      setRevealed(undefined);
      await client.invalidateQueries();
    } catch (refused) {
      setError(refused);
    }
  };
  return (
    <Drawer
      open={item !== undefined}
      onClose={close}
      size="large"
      title={say({ zh: '办理', en: 'One person' })}
    >
      {item === undefined ? null : (
        <Answer query={answer}>
          {(data) => {
            const { person } = revealed ?? data;
            return (
              <Flex vertical gap={16}>
                <Descriptions
                  size="small"
                  bordered
                  column={1}
                  items={[
                    {
                      key: 'name',
                      label: say({ zh: '姓名', en: 'Name' }),
                      children: (
                        <Link to={`/persons/${data.item.file}`}>
                          {data.item.file} {person.psn_name}
                        </Link>
                      ),
                    },
                    {
                      key: 'kind',
                      label: say(nameOf(KIND, data.item.kind)),
                      children: say(nameOf(REASON, data.item.reason)),
                    },
                    {
                      key: 'detail',
                      label: say({ zh: '依据', en: 'Evidence' }),
                      children: data.item.detail || '–',
                    },
                    {
                      key: 'place',
                      label: say({ zh: '区县、单位', en: 'County, organisation' }),
                      children: `${data.item.county} ${data.item.organisation}`,
                    },
                    {
                      key: 'certificates',
                      label: say({ zh: '证件', en: 'Certificates' }),
                      children: person.certificates.map(({ certno }) => certno).join(' · ') || '–',
                    },
                    {
                      key: 'contacts',
                      label: say({ zh: '联系方式', en: 'Contacts' }),
                      children: person.contacts.map(({ value }) => value).join(' · ') || '–',
                    },
                  ]}
                />
                {may('person.reveal') && revealed === undefined ? (
                  <div>
                    <RevealButton<WorkItemDetail>
                      address={address}
                      label={say({ zh: '显示联系方式', en: 'Show contacts' })}
                      onShown={setRevealed}
                    />
                  </div>
                ) : null}
                {data.item.other_file === null ? null : (
                  <Link to={`/person-merges/new?from=${data.item.file}&into=${data.item.other_file}`}>
                    {say({
                      zh: `与档案 ${data.item.other_file} 对照，提出合并`,
                      en: `Compare with file ${data.item.other_file} and propose a merge`,
                    })}
                  </Link>
                )}
                {may('work-list.act') && data.actions.length > 0 ? (
                  <Flex vertical gap={8} className="no-print">
                    <Input.TextArea
                      aria-label={say({ zh: '情况', en: 'Note' })}
                      placeholder={say({
                        zh: '情况（拒绝、数据有误时必填）',
                        en: 'Note (needed for a refusal or wrong data)',
                      })}
                      value={note}
                      maxLength={500}
                      onChange={(event) => setNote(event.target.value)}
                    />
                    <Flex gap={8} wrap>
                      {data.actions.map(({ action, title, needsNote }) => (
                        <Button
                          key={action}
                          disabled={needsNote && note.trim() === ''}
                          onClick={() => void take(action)}
                        >
                          {say(title)}
                        </Button>
                      ))}
                    </Flex>
                  </Flex>
                ) : null}
                {error ? <Refusal error={error} /> : null}
                <Typography.Text strong>{say({ zh: '经过', en: 'What happened' })}</Typography.Text>
                <Timeline
                  items={[
                    {
                      key: 'found',
                      content: `${data.item.found_on} · ${say({ zh: '发现', en: 'found' })}`,
                    },
                    ...data.steps.map((step) => ({
                      key: String(step.number),
                      content: (
                        <>
                          <b>{say(step.title)}</b> · {step.login} · {moment(step.at, language)}
                          {step.note ? <div>{step.note}</div> : null}
                        </>
                      ),
                    })),
                  ]}
                />
              </Flex>
            );
          }}
        </Answer>
      )}
    </Drawer>
  );
}
