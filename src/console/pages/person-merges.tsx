import { useQueryClient } from '@tanstack/react-query';
import { Button, Flex, Form, Input } from 'antd';
import { useState } from 'react';
import { Link, useNavigate, useSearchParams } from 'react-router';
import type { ApprovalDetail } from '#api/contract/approval.ts';
import type { PersonMerge } from '#api/contract/enrolment.ts';
import { write } from '../client.ts';
import { ApprovalList } from '../components/approval-list.tsx';
import { DataTable } from '../components/data-table.tsx';
import { FileComparison } from '../components/file-comparison.tsx';
import { Page, Refusal } from '../components/page.tsx';
import { PersonChoice } from '../components/person-choice.tsx';
import { moment } from '../format.ts';
import { STATE_NAME } from '../names.ts';
import { usePreferences, useText } from '../preferences.tsx';
import { useMay } from '../session.tsx';

const STATES = ['prepared', 'approved', 'returned', 'refused', 'withdrawn'];

/** Files of one person: proposed by somebody, approved by another who sees both, and what was put together before. */
export function PersonMergesPage() {
  const say = useText();
  const may = useMay();
  const { language } = usePreferences();
  return (
    <Page
      title={say({ zh: '档案合并', en: 'Merging of files' })}
      lead={say({
        zh: '一人两档由一人提出、另一人对照两份档案后批准；合并后两个编号都能查到，不能拆开。',
        en: 'One person proposes, another sees both files and approves. Both numbers keep resolving; it cannot be undone.',
      })}
      actions={
        may('person.merge') ? (
          <Link to="/person-merges/new">
            <Button type="primary">{say({ zh: '对照两份档案', en: 'Compare two files' })}</Button>
          </Link>
        ) : null
      }
    >
      <ApprovalList
        kind="merge"
        subject={say({ zh: '两份档案', en: 'The two files' })}
        openedBy={say({ zh: '提出人', en: 'Proposed by' })}
        empty={say({
          zh: '没有提出的合并。可从“一人两档”清单、参保人档案或此处对照两份档案。',
          en: 'Nothing proposed. Compare two files from the list “two files of one person”, a person’s file, or here.',
        })}
        filters={[
          {
            key: 'state',
            title: say({ zh: '状态', en: 'State' }),
            options: STATES.map((value) => ({ value, label: say(STATE_NAME[value]!) })),
          },
        ]}
      />
      <DataTable<PersonMerge>
        path="/api/person-merges"
        prefix="merged-"
        caption={say({ zh: '已合并', en: 'Merged' })}
        rowKey={(row) => String(row.merge_id)}
        empty={say({ zh: '还没有合并过档案。', en: 'No files were merged yet.' })}
        columns={[
          {
            key: 'from_file',
            title: say({ zh: '并入前的档案', en: 'From file' }),
            kind: 'count',
            sortable: true,
          },
          {
            key: 'into_file',
            title: say({ zh: '保留的档案', en: 'Into file' }),
            kind: 'count',
            sortable: true,
            render: (row) => <Link to={`/persons/${row.into_file}`}>{row.into_file}</Link>,
          },
          { key: 'psn_name', title: say({ zh: '姓名', en: 'Name' }) },
          { key: 'reason', title: say({ zh: '理由', en: 'Reason' }) },
          { key: 'proposed_by', title: say({ zh: '提出人', en: 'Proposed by' }) },
          { key: 'merged_by', title: say({ zh: '批准人', en: 'Approved by' }) },
          {
            key: 'merged_at',
            title: say({ zh: '时间', en: 'At' }),
            sortable: true,
            render: (row) => moment(row.merged_at, language),
          },
        ]}
      />
    </Page>
  );
}

/** Two persons are looked for, their files held against each other, and the merge proposed with a reason. */
export function NewMergePage() {
  const say = useText();
  const navigate = useNavigate();
  const client = useQueryClient();
  const [search, setSearch] = useSearchParams();
  const [error, setError] = useState<unknown>();
  // what was typed in either search goes with the file
  const [swaps, setSwaps] = useState(0);
  const [isBusy, setBusy] = useState(false);
  const [form] = Form.useForm<{ reason: string }>();
  const fileOf = (name: string) => Number(search.get(name)) || undefined;
  const [from, into] = [fileOf('from'), fileOf('into')];
  const choose = (chosen: { readonly from?: number | undefined; readonly into?: number | undefined }) => {
    setError(undefined);
    setSearch(
      Object.fromEntries(
        Object.entries({ from, into, ...chosen }).flatMap(([name, file]) =>
          file ? [[name, String(file)]] : [],
        ),
      ),
      { replace: true },
    );
  };
  const send = async () => {
    const { reason } = await form.validateFields();
    setError(undefined);
    setBusy(true);
    try {
      const { approval } = await write<ApprovalDetail>('POST', '/api/approvals', {
        ...{ kind: 'merge', fromFile: from, intoFile: into, reason },
      });
      await client.invalidateQueries();
      navigate(`/person-merges?open=${approval.id}`);
    } catch (refused) {
      setError(refused);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Page
      title={say({ zh: '对照两份档案', en: 'Compare two files' })}
      lead={say({
        zh: '证件、账户与当年累计并入保留的档案；两份都有的参保期与身份以保留的为准。',
        en: 'Certificates, account and the year’s accumulators go over to the file that stays; what both have stays as that file has it.',
      })}
      actions={<Link to="/person-merges">{say({ zh: '回到列表', en: 'Back to the list' })}</Link>}
    >
      <Flex gap={16} wrap className="no-print">
        <PersonChoice
          key={`from ${swaps}`}
          label={say({ zh: '并入前的档案', en: 'File that goes' })}
          value={from}
          onChange={(file) => choose({ from: file })}
        />
        <PersonChoice
          key={`into ${swaps}`}
          label={say({ zh: '保留的档案', en: 'File that stays' })}
          value={into}
          onChange={(file) => choose({ into: file })}
        />
      </Flex>
      {from !== undefined && into !== undefined ? (
        <>
          <div className="no-print">
            <Button
              onClick={() => {
                choose({ from: into, into: from });
                setSwaps(swaps + 1);
              }}
            >
              {say({ zh: '交换：保留另一份', en: 'Swap: keep the other' })}
            </Button>
          </div>
          <FileComparison key={`${from} ${into}`} from={from} into={into} />
          {error ? <Refusal error={error} /> : null}
          <Form form={form} name="merge" layout="vertical" className="no-print">
            <Form.Item
              name="reason"
              label={say({
                zh: '为何是同一人（批准人会看到）',
                en: 'Why they are one person (the approver reads it)',
              })}
              rules={[{ required: true, whitespace: true, min: 2 }]}
            >
              <Input.TextArea rows={3} maxLength={500} />
            </Form.Item>
            <Button type="primary" loading={isBusy} onClick={() => void send().catch(() => undefined)}>
              {say({ zh: '提出合并', en: 'Propose the merge' })}
            </Button>
          </Form>
        </>
      ) : null}
    </Page>
  );
}
