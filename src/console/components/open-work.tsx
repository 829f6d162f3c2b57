import { useQuery } from '@tanstack/react-query';
import { Card, Flex, Tag } from 'antd';
import { Link } from 'react-router';
import type { OpenWork } from '#api/contract/approval.ts';
import { read } from '../client.ts';
import { count } from '../format.ts';
import { APPROVAL_NAME, nameOf, STATE_NAME } from '../names.ts';
import { useText } from '../preferences.tsx';

/** What waits for the reader: approvals whose next step the role may take, jobs that failed, lists that were refused. */
export function OpenWorkCard({ refused }: { readonly refused: number }) {
  const say = useText();
  const answer = useQuery({
    queryKey: ['open-work'],
    queryFn: ({ signal }) => read<OpenWork>('/api/open-work', signal),
  });
  if (!answer.data) return null;
  const { approvals, failedJobs } = answer.data;
  const isEmpty = approvals.length === 0 && failedJobs === 0 && refused === 0;
  return (
    <Card size="small" title={say({ zh: '待办', en: 'Open work' })}>
      {isEmpty ? (
        say({ zh: '没有等您办理的事项。', en: 'Nothing waits for you.' })
      ) : (
        <Flex gap={16} wrap>
          {approvals.map((one) => (
            <Link key={`${one.kind}${one.state}`} to={`/approvals?kind=${one.kind}&state=${one.state}`}>
              <Tag>{count(one.count)}</Tag>
              {say(nameOf(APPROVAL_NAME, one.kind))} · {say(nameOf(STATE_NAME, one.state))}
            </Link>
          ))}
          {failedJobs > 0 ? (
            <Link to="/jobs?state=failed">
              <Tag>{count(failedJobs)}</Tag>
              {say({ zh: '任务失败', en: 'failed jobs' })}
            </Link>
          ) : null}
          {refused > 0 ? (
            <Link to="/lists/refused">
              <Tag>{count(refused)}</Tag>
              {say({ zh: '拒收的清单', en: 'refused lists' })}
            </Link>
          ) : null}
        </Flex>
      )}
    </Card>
  );
}
