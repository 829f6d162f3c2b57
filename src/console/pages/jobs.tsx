import { useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Form, type FormInstance, Input, InputNumber, Progress, Select, Tag } from 'antd';
import { useEffect, useState } from 'react';
import type { JobBody } from '#api/contract/job.ts';
import { read, write } from '../client.ts';
import { DataTable } from '../components/data-table.tsx';
import { FormButton } from '../components/form-button.tsx';
import { JOB_NAME, JOB_STATE, JobProgress } from '../components/job-progress.tsx';
import { Page } from '../components/page.tsx';
import { moment } from '../format.ts';
import { usePreferences, useText } from '../preferences.tsx';
import { useMay } from '../session.tsx';

/** Long work: what runs, how far it is, what went wrong, and the ways to start more. */
export function JobsPage() {
  const say = useText();
  const may = useMay();
  const { language } = usePreferences();
  const [watched, setWatched] = useState<number>();
  return (
    <Page
      title={say({ zh: '导入与结算任务', en: 'Imports and settlements' })}
      lead={say({
        zh: '导入地区、结算年度等需要时间的工作在后台进行，可以取消和重试，服务重启也不会丢。',
        en: 'Imports and settlements run in the background; they can be cancelled, retried, and outlive a restart.',
      })}
      actions={
        <>
          {may('area.import') ? <ImportButton onStarted={setWatched} /> : null}
          {may('run.start') ? <SettleButton onStarted={setWatched} /> : null}
        </>
      }
    >
      {watched === undefined ? null : <JobProgress id={watched} />}
      <DataTable<JobBody>
        path="/api/jobs"
        refetchInterval={3_000}
        rowKey={(row) => String(row.id)}
        onOpen={(row) => setWatched(row.id)}
        empty={say({
          zh: '还没有任务。先导入一个地区文件夹，或生成演示地区。',
          en: 'No jobs yet. Import an area folder, or invent the demo area.',
        })}
        filters={[
          {
            key: 'state',
            title: say({ zh: '状态', en: 'State' }),
            options: Object.entries(JOB_STATE).map(([value, { text }]) => ({ value, label: say(text) })),
          },
        ]}
        columns={[
          { key: 'id', title: say({ zh: '编号', en: 'Number' }), kind: 'count', sortable: true },
          {
            key: 'kind',
            title: say({ zh: '种类', en: 'Kind' }),
            render: (row) => say(JOB_NAME[row.kind] ?? { zh: row.kind, en: row.kind }),
          },
          {
            key: 'state',
            title: say({ zh: '状态', en: 'State' }),
            render: (row) => <Tag color={JOB_STATE[row.state].colour}>{say(JOB_STATE[row.state].text)}</Tag>,
          },
          {
            key: 'sharePermille',
            title: say({ zh: '进度', en: 'Progress' }),
            render: (row) =>
              row.state === 'running' ? (
                <Progress percent={Math.floor(row.sharePermille / 10)} size="small" style={{ width: 120 }} />
              ) : (
                `${Math.floor(row.sharePermille / 10)}%`
              ),
          },
          { key: 'createdBy', title: say({ zh: '发起人', en: 'Started by' }) },
          {
            key: 'createdAt',
            title: say({ zh: '发起时间', en: 'Asked for' }),
            sortable: true,
            render: (row) => moment(row.createdAt, language),
          },
          {
            key: 'endedAt',
            title: say({ zh: '结束时间', en: 'Ended' }),
            render: (row) => moment(row.endedAt, language),
          },
          ...(may('job.control')
            ? [{ key: 'control', title: '', render: (row: JobBody) => <JobControl job={row} /> }]
            : []),
        ]}
      />
    </Page>
  );
}

function JobControl({ job }: { readonly job: JobBody }) {
  const say = useText();
  const client = useQueryClient();
  const { message } = App.useApp();
  const act = async (action: 'cancel' | 'retry') => {
    try {
      await write('POST', `/api/jobs/${job.id}/${action}`);
      await client.invalidateQueries({ queryKey: ['/api/jobs'] });
    } catch (error) {
      message.error((error as Error).message);
    }
  };
  if (job.state === 'waiting' || job.state === 'running') {
    return (
      <Button size="small" onClick={() => void act('cancel')}>
        {say({ zh: '取消', en: 'Cancel' })}
      </Button>
    );
  }
  if (job.state === 'done') return null;
  return (
    <Button size="small" onClick={() => void act('retry')}>
      {say({ zh: '重试', en: 'Retry' })}
    </Button>
  );
}

type Started = { readonly jobId: number };

function ImportButton({ onStarted }: { readonly onStarted: (jobId: number) => void }) {
  const say = useText();
  return (
    <FormButton
      label={say({ zh: '导入地区', en: 'Import an area' })}
      title={say({ zh: '导入地区', en: 'Import an area' })}
      okText={say({ zh: '开始', en: 'Start' })}
      name="import"
      initialValues={{ kind: 'demo', areaId: 'demo', lists: 100_000 }}
      send={async ({ kind, ...values }) => {
        const address = kind === 'demo' ? '/api/areas/demo' : '/api/areas/import';
        onStarted((await write<Started>('POST', address, values)).jobId);
      }}
    >
      {(form) => <ImportFields form={form} />}
    </FormButton>
  );
}

function ImportFields({ form }: { readonly form: FormInstance }) {
  const say = useText();
  const kind: unknown = Form.useWatch('kind', form);
  return (
    <>
      <Form.Item name="kind" label={say({ zh: '来源', en: 'From' })}>
        <Select
          options={[
            { value: 'demo', label: say({ zh: '生成虚构的演示地区', en: 'invent a demo area' }) },
            {
              value: 'folder',
              label: say({ zh: '数据文件夹 inbox/ 里的地区文件夹', en: 'an area folder in inbox/' }),
            },
          ]}
        />
      </Form.Item>
      <Form.Item
        name="areaId"
        label={say({ zh: '地区标识', en: 'Name of the area' })}
        rules={[{ required: true }]}
      >
        <Input />
      </Form.Item>
      {kind === 'folder' ? (
        <Form.Item name="folder" label={say({ zh: '文件夹', en: 'Folder' })} rules={[{ required: true }]}>
          <Input />
        </Form.Item>
      ) : (
        <Form.Item name="lists" label={say({ zh: '清单数（含历史）', en: 'Lists, history included' })}>
          <InputNumber min={2_000} max={20_000_000} step={10_000} style={{ width: '100%' }} />
        </Form.Item>
      )}
    </>
  );
}

function SettleButton({ onStarted }: { readonly onStarted: (jobId: number) => void }) {
  const say = useText();
  return (
    <FormButton
      kind="primary"
      label={say({ zh: '结算一个年度', en: 'Settle a year' })}
      title={say({ zh: '结算一个年度', en: 'Settle a year' })}
      okText={say({ zh: '开始', en: 'Start' })}
      name="settle"
      initialValues={{ year: 2025 }}
      send={async (values) => onStarted((await write<Started>('POST', '/api/runs', values)).jobId)}
    >
      {(form) => <SettleFields form={form} />}
    </FormButton>
  );
}

function SettleFields({ form }: { readonly form: FormInstance }) {
  const say = useText();
  const areas = useQuery({
    queryKey: ['areas'],
    queryFn: () => read<{ rows: { id: string; name: string }[] }>('/api/areas?size=200'),
  });
  const [first, ...others] = areas.data?.rows ?? [];
  const only = others.length === 0 ? first?.id : undefined;
  useEffect(() => {
    if (only !== undefined && form.getFieldValue('areaId') === undefined) form.setFieldValue('areaId', only);
  }, [only, form]);
  return (
    <>
      <Form.Item name="areaId" label={say({ zh: '地区', en: 'Area' })} rules={[{ required: true }]}>
        <Select
          loading={areas.isPending}
          options={(areas.data?.rows ?? []).map((one) => ({
            value: one.id,
            label: `${one.name}（${one.id}）`,
          }))}
          notFoundContent={say({ zh: '还没有地区，先导入', en: 'No area yet: import one first' })}
        />
      </Form.Item>
      <Form.Item name="year" label={say({ zh: '年度', en: 'Year' })} rules={[{ required: true }]}>
        <InputNumber min={1900} max={2999} style={{ width: '100%' }} />
      </Form.Item>
    </>
  );
}
