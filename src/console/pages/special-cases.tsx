import { useQuery } from '@tanstack/react-query';
import { Card, Table } from 'antd';
import type { QuotaBody } from '#api/contract/approval.ts';
import { read } from '../client.ts';
import { ApprovalList } from '../components/approval-list.tsx';
import { Answer, Page } from '../components/page.tsx';
import { count } from '../format.ts';
import { nameOf, STATE_NAME } from '../names.ts';
import { useText } from '../preferences.tsx';
import { useMay } from '../session.tsx';
import { useYear } from '../year.tsx';

const STATES = [
  'applied',
  'assigned',
  'decided',
  'confirmed',
  'published',
  'appealed',
  'appeal-assigned',
  'appeal-decided',
  'appeal-confirmed',
  'appeal-published',
  'returned',
  'withdrawn',
];

/** Special cases from the application to the published decision, and how many may pass. */
export function SpecialCasesPage() {
  const say = useText();
  const may = useMay();
  return (
    <Page
      title={say({ zh: '特病单议', en: 'Special cases' })}
      lead={say({
        zh: '申请、受理并指派专家（单数、本机构回避）、专家独立提出意见、决定、确认、公开。公开的决定用于下一次结算。',
        en: 'Applied for, assigned to an odd number of experts of other institutions, judged by each alone, decided, confirmed, published. The next settlement uses what is published.',
      })}
    >
      {may('special-case.read') && may('run.read') ? <Quota /> : null}
      <ApprovalList
        kind="special_case"
        subject={say({ zh: '病例', en: 'Case' })}
        openedBy={say({ zh: '申请人', en: 'Applied by' })}
        empty={say({
          zh: '还没有特病单议。医疗机构在病例页上申请。',
          en: 'No special case yet. Hospitals apply on the page of a case.',
        })}
        filters={[
          {
            key: 'state',
            title: say({ zh: '状态', en: 'State' }),
            options: STATES.map((value) => ({ value, label: say(nameOf(STATE_NAME, value)) })),
          },
          {
            key: 'institutionCode',
            title: say({ zh: '机构代码开头', en: 'Institution begins' }),
            search: true,
          },
        ]}
        columns={[{ key: 'institutionCode', title: say({ zh: '机构', en: 'Institution' }), sortable: true }]}
      />
    </Page>
  );
}

function Quota() {
  const say = useText();
  const { current } = useYear();
  const runId = current?.runId ?? null;
  const quota = useQuery({
    queryKey: ['special-case-quota', runId],
    queryFn: ({ signal }) => read<QuotaBody>(`/api/runs/${runId}/special-case-quota`, signal),
    enabled: runId !== null,
  });
  if (runId === null) return null;
  return (
    <Card size="small" title={say({ zh: '数量上限', en: 'Quota' })}>
      <Answer query={quota}>
        {({ rows }) => (
          <Table
            size="small"
            rowKey={(row) => row.fixmedins_code ?? ''}
            pagination={{ pageSize: 10, hideOnSinglePage: true }}
            dataSource={rows}
            columns={[
              {
                title: say({ zh: '范围', en: 'Of' }),
                render: (_, row) => row.fixmedins_code ?? say({ zh: '全地区', en: 'the area' }),
              },
              numberColumn(say({ zh: '出院例数', en: 'Discharges' }), (row) => count(row.discharges)),
              numberColumn(say({ zh: '比例', en: 'Share' }), (row) => row.share),
              numberColumn(say({ zh: '上限（例）', en: 'Quota (cases)' }), (row) => count(row.quota)),
              numberColumn(say({ zh: '已用（例）', en: 'Used (cases)' }), (row) => count(row.passed)),
            ]}
          />
        )}
      </Answer>
    </Card>
  );
}

function numberColumn(title: string, render: (row: QuotaBody['rows'][number]) => string) {
  return {
    title,
    align: 'right' as const,
    className: 'number',
    render: (_: unknown, row: QuotaBody['rows'][number]) => render(row),
  };
}
