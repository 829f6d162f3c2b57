import { useQuery } from '@tanstack/react-query';
import { Alert } from 'antd';
import type { SettlementSteps } from '#api/contract/approval.ts';
import { read } from '../client.ts';
import { useText } from '../preferences.tsx';
import { useSession } from '../session.tsx';

/** Tells a hospital which months are published, and that the figures of the others are not shown before. */
export function PublishedNotice({ runId }: { readonly runId: number }) {
  const say = useText();
  const { institutionCode } = useSession();
  const answer = useQuery({
    queryKey: ['settlement', runId],
    queryFn: ({ signal }) => read<SettlementSteps>(`/api/runs/${runId}/steps`, signal),
    enabled: institutionCode !== null,
  });
  if (institutionCode === null || answer.data === undefined) return null;
  const { rows } = answer.data;
  const waiting = rows.filter((row) => row.state === null);
  if (waiting.length === 0) return null;
  const months = rows.filter((row) => row.state !== null && row.kind === 'month').map((row) => row.period);
  const isClearingOpen = waiting.some((row) => row.kind === 'clearing');
  return (
    <Alert
      type="info"
      showIcon
      title={say({
        zh: `${isClearingOpen ? '年度清算尚未公布；' : ''}${
          months.length === 0 ? '各月均尚未公布' : `已公布的月份：${months.join('、')}`
        }。未公布的分值与金额在公布后显示。`,
        en: `${isClearingOpen ? 'The annual clearing is not yet published; ' : ''}${
          months.length === 0 ? 'no month is published yet' : `published months: ${months.join(', ')}`
        }. Points and amounts of the others are shown once they are published.`,
      })}
    />
  );
}
