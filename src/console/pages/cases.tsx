import { useNavigate } from 'react-router';
import { DataTable } from '../components/data-table.tsx';
import { Page } from '../components/page.tsx';
import { PublishedNotice } from '../components/published.tsx';
import { DEVIATION_NAME, KIND_NAME, nameOf, SCHEME_NAME } from '../names.ts';
import { useText } from '../preferences.tsx';
import { useSession } from '../session.tsx';
import { OfSettledYear } from '../year.tsx';

type CaseRow = {
  readonly setl_id: string;
  readonly fixmedins_code: string;
  readonly insutype: string;
  readonly kind: string | null;
  readonly deviation: string | null;
};

/** All cases of the year; one opens its chain. */
export function CasesPage() {
  const say = useText();
  const navigate = useNavigate();
  const { institutionCode } = useSession();
  return (
    <OfSettledYear>
      {(year) => (
        <Page
          title={say({ zh: '病例', en: 'Cases' })}
          lead={say({
            zh: '本年度被接收的清单及其病种、分值。打开一行看它为什么得到这些分。',
            en: 'The accepted lists of the year with group and points. Open one to see why.',
          })}
        >
          <PublishedNotice runId={year.runId} />
          <DataTable<CaseRow>
            path={`/api/runs/${year.runId}/cases`}
            rowKey={(row) => row.setl_id}
            onOpen={(row) => navigate(`/cases/${encodeURIComponent(row.setl_id)}`)}
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
              { key: 'group_code', title: say({ zh: '病种开头', en: 'Group begins' }), search: true },
              {
                key: 'insutype',
                title: say({ zh: '险种', en: 'Scheme' }),
                options: options(SCHEME_NAME, say),
              },
              { key: 'kind', title: say({ zh: '类型', en: 'Kind' }), options: options(KIND_NAME, say) },
              {
                key: 'deviation',
                title: say({ zh: '偏差', en: 'Deviation' }),
                options: options(DEVIATION_NAME, say),
              },
              {
                key: 'month',
                title: say({ zh: '月份', en: 'Month' }),
                options: Array.from({ length: 12 }, (_, index) => {
                  const month = `${year.year}-${String(index + 1).padStart(2, '0')}`;
                  return { value: month, label: month };
                }),
              },
            ]}
            columns={[
              {
                key: 'setl_id',
                title: say({ zh: '结算ID', en: 'Settlement id' }),
                sortable: true,
                fixed: true,
              },
              { key: 'fixmedins_code', title: say({ zh: '机构', en: 'Institution' }), sortable: true },
              {
                key: 'insutype',
                title: say({ zh: '险种', en: 'Scheme' }),
                render: (row) => say(nameOf(SCHEME_NAME, row.insutype)),
              },
              { key: 'month', title: say({ zh: '月份', en: 'Month' }), sortable: true },
              { key: 'diagnosis', title: say({ zh: '主要诊断', en: 'Principal diagnosis' }) },
              { key: 'group_code', title: say({ zh: '病种', en: 'Group' }), sortable: true },
              {
                key: 'kind',
                title: say({ zh: '类型', en: 'Kind' }),
                render: (row) => say(nameOf(KIND_NAME, row.kind)),
              },
              {
                key: 'deviation',
                title: say({ zh: '偏差', en: 'Deviation' }),
                render: (row) => say(nameOf(DEVIATION_NAME, row.deviation)),
              },
              {
                key: 'cost_fen',
                title: say({ zh: '总费用（元）', en: 'Cost (yuan)' }),
                kind: 'yuan',
                sortable: true,
              },
              {
                key: 'fund_fen',
                title: say({ zh: '基金（元）', en: 'Fund (yuan)' }),
                kind: 'yuan',
                sortable: true,
              },
              { key: 'points4', title: say({ zh: '分值', en: 'Points' }), kind: 'scaled4', sortable: true },
            ]}
          />
        </Page>
      )}
    </OfSettledYear>
  );
}

export function options(
  names: Readonly<Record<string, { zh: string; en: string }>>,
  say: (text: { zh: string; en: string }) => string,
): { value: string; label: string }[] {
  return Object.entries(names).map(([value, name]) => ({ value, label: say(name) }));
}
