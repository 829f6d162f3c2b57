import { useQueryClient } from '@tanstack/react-query';
import { Button, Flex, Modal, Progress, Typography } from 'antd';
import { type ReactNode, useEffect, useState } from 'react';
import type { JobBody, JobStarted } from '#api/contract/job.ts';
import { write } from '../client.ts';
import { type Text, useText } from '../preferences.tsx';
import { FormButton, type FormGiven } from './form-button.tsx';

export const JOB_NAME: Readonly<Record<string, Text>> = {
  'demo-area': { zh: '生成演示地区', en: 'Invent the demo area' },
  'import-area': { zh: '导入地区', en: 'Import an area' },
  'department-file': { zh: '导入部门文件', en: 'Land a file of a department' },
  'payable-list': { zh: '生成应缴清册', en: 'Make a payable list' },
  'closing-of-year': { zh: '年度结转', en: 'Close a year' },
  settlement: { zh: '年度结算', en: 'Settle a year' },
  simulation: { zh: '模拟', en: 'Simulation' },
};
export const JOB_STATE: Readonly<Record<JobBody['state'], { text: Text; colour: string }>> = {
  waiting: { text: { zh: '等待', en: 'waiting' }, colour: 'default' },
  running: { text: { zh: '进行中', en: 'running' }, colour: 'blue' },
  done: { text: { zh: '完成', en: 'done' }, colour: 'blue' },
  failed: { text: { zh: '失败', en: 'failed' }, colour: 'orange' },
  cancelled: { text: { zh: '已取消', en: 'cancelled' }, colour: 'default' },
  interrupted: { text: { zh: '中断', en: 'interrupted' }, colour: 'orange' },
};
const ENDED: readonly JobBody['state'][] = ['done', 'failed', 'cancelled', 'interrupted'];

const LISTEN_AGAIN_MS = 2_000;

type Result = NonNullable<JobBody['result']>;

/** One job as it goes, by server-sent events; `children` show what came of it when it is done. */
export function JobProgress(props: {
  readonly id: number;
  readonly children?: (result: Result) => ReactNode;
  /** said until it has ended */
  readonly underWay?: ReactNode;
}) {
  const { id, children, underWay } = props;
  const say = useText();
  const client = useQueryClient();
  const [job, setJob] = useState<JobBody>();
  useEffect(() => {
    let events: EventSource;
    let again: ReturnType<typeof setTimeout> | undefined;
    const listen = () => {
      events = new EventSource(`/api/jobs/${id}/events`);
      events.addEventListener('job', (event) => {
        const next = JSON.parse((event as MessageEvent<string>).data) as JobBody;
        setJob(next);
        if (ENDED.includes(next.state)) {
          events.close();
          void client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'session' });
        }
      });
      // the browser tries again by itself when a connection is lost, but not when the service refuses one
      events.addEventListener('error', () => {
        if (events.readyState === EventSource.CLOSED) again = setTimeout(listen, LISTEN_AGAIN_MS);
      });
    };
    listen();
    return () => {
      clearTimeout(again);
      events.close();
    };
  }, [id, client]);
  if (job === undefined) return null;
  const state = JOB_STATE[job.state];
  return (
    <Flex vertical gap={4} role="status" aria-live="polite">
      <Typography.Text strong>
        {say(JOB_NAME[job.kind] ?? { zh: job.kind, en: job.kind })} #{job.id} · {say(state.text)} {job.stage}
      </Typography.Text>
      <Progress
        percent={Math.floor(job.sharePermille / 10)}
        status={
          job.state === 'failed' || job.state === 'interrupted'
            ? 'exception'
            : job.state === 'done'
              ? 'success'
              : 'active'
        }
      />
      {job.problems.length > 0 ? (
        <ul style={{ margin: 0 }}>
          {job.problems.map((problem) => (
            <li key={problem.text}>{problem.text}</li>
          ))}
        </ul>
      ) : null}
      {job.state === 'done' && job.result !== null ? children?.(job.result) : null}
      {ENDED.includes(job.state) ? null : underWay}
    </Flex>
  );
}

/** A job in a window: it goes on when the window is closed. */
export function JobUnderWay(props: {
  readonly id: number;
  readonly children: (result: Result) => ReactNode;
}) {
  const say = useText();
  const underWay = (
    <Typography.Text type="secondary">
      {say({
        zh: '关闭后继续进行，进度也在“导入与结算任务”中。',
        en: 'Closed, it goes on; it also stands among the jobs.',
      })}
    </Typography.Text>
  );
  return <JobProgress {...props} underWay={underWay} />;
}

/** A button that opens a form whose answer is a job, and then its window; `children` say what came of it and where to look at it. */
export function JobButton(
  props: Pick<FormGiven, 'title' | 'okText' | 'name' | 'initialValues' | 'children'> & {
    readonly label: string;
    /** the address that begins the job */
    readonly url: string;
    readonly made: (result: Result) => ReactNode;
  },
) {
  const { url, made, ...form } = props;
  const say = useText();
  const [job, setJob] = useState<number>();
  const close = () => setJob(undefined);
  return (
    <>
      {job === undefined ? null : (
        <Modal
          open
          title={form.title}
          onCancel={close}
          footer={<Button onClick={close}>{say({ zh: '关闭', en: 'Close' })}</Button>}
        >
          <JobUnderWay id={job}>{made}</JobUnderWay>
        </Modal>
      )}
      <FormButton
        kind="primary"
        {...form}
        send={async (values) => setJob((await write<JobStarted>('POST', url, values)).jobId)}
      />
    </>
  );
}
