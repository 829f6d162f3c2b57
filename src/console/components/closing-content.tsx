import { Descriptions } from 'antd';
import { Link } from 'react-router';
import type { ApprovalDetail } from '#api/contract/approval.ts';
import { count } from '../format.ts';
import { useText } from '../preferences.tsx';
import { useMay } from '../session.tsx';

/** The figures of a closed year, and the way to its persons. */
export function ClosingContent({ content }: { readonly content: ApprovalDetail['content'] }) {
  const say = useText();
  const may = useMay();
  const figures = [
    ['year', { zh: '年度', en: 'Year' }],
    ['persons', { zh: '人数', en: 'Persons' }],
    ['zeroClaim', { zh: '零报销加一年（人）', en: 'A year without a claim more (persons)' }],
    ['gaps', { zh: '断保（人）', en: 'Gaps (persons)' }],
    ['differs', { zh: '与现行不同（人）', en: 'Other than what holds (persons)' }],
  ] as const;
  return (
    <>
      <Descriptions
        size="small"
        column={1}
        bordered
        items={figures.map(([field, name]) => ({
          key: field,
          label: say(name),
          children: field === 'year' ? String(content[field]) : count(content[field] as number),
        }))}
      />
      {may('person.read') ? (
        <Link to={`/continuity/${String(content.closingId)}`}>
          {say({ zh: '逐人结果与分布', en: 'Each person, and how the years are spread' })}
        </Link>
      ) : null}
    </>
  );
}
