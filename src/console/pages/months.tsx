import { useNavigate } from 'react-router';
import { DataTable } from '../components/data-table.tsx';
import { Page } from '../components/page.tsx';
import { PublishedNotice } from '../components/published.tsx';
import { nameOf, SCHEME_NAME } from '../names.ts';
import { useText } from '../preferences.tsx';
import { OfSettledYear } from '../year.tsx';
import { options } from './cases.tsx';

type MonthRow = { readonly month: string; readonly insutype: string; readonly fixmedins_code: string };

/** The monthly settlement of every institution. */
export function MonthsPage() {
  const say = useText();
  const navigate = useNavigate();
  return (
    <OfSettledYear>
      {(year) => (
        <Page title={say({ zh: '月预结算', en: 'Monthly settlement' })}>
          <PublishedNotice runId={year.runId} />
          <DataTable<MonthRow>
            path={`/api/runs/${year.runId}/months`}
            rowKey={(row) => `${row.month}/${row.insutype}/${row.fixmedins_code}`}
            onOpen={(row) =>
              navigate(
                `/cases?month=${row.month}&fixmedins_code=${encodeURIComponent(`${row.fixmedins_code}$`)}&insutype=${row.insutype}`,
              )
            }
            filters={[
              {
                key: 'month',
                title: say({ zh: '月份', en: 'Month' }),
                options: Array.from({ length: 12 }, (_, index) => {
                  const month = `${year.year}-${String(index + 1).padStart(2, '0')}`;
                  return { value: month, label: month };
                }),
              },
              {
                key: 'insutype',
                title: say({ zh: '险种', en: 'Scheme' }),
                options: options(SCHEME_NAME, say),
              },
              {
                key: 'fixmedins_code',
                title: say({ zh: '机构代码开头', en: 'Institution begins' }),
                search: true,
              },
            ]}
            columns={[
              { key: 'month', title: say({ zh: '月份', en: 'Month' }), sortable: true, fixed: true },
              {
                key: 'insutype',
                title: say({ zh: '险种', en: 'Scheme' }),
                render: (row) => say(nameOf(SCHEME_NAME, row.insutype)),
              },
              { key: 'name', title: say({ zh: '机构', en: 'Institution' }), sortable: true },
              { key: 'cases', title: say({ zh: '病例', en: 'Cases' }), kind: 'count', sortable: true },
              { key: 'points4', title: say({ zh: '分值', en: 'Points' }), kind: 'scaled4', sortable: true },
              {
                key: 'cost_fen',
                title: say({ zh: '总费用（元）', en: 'Cost (yuan)' }),
                kind: 'yuan',
                sortable: true,
              },
              {
                key: 'base_fen',
                title: say({ zh: '预结算基数（元）', en: 'Base (yuan)' }),
                kind: 'yuan',
                sortable: true,
              },
              {
                key: 'paid_fen',
                title: say({ zh: '拨付（元）', en: 'Paid (yuan)' }),
                kind: 'yuan',
                sortable: true,
              },
            ]}
          />
        </Page>
      )}
    </OfSettledYear>
  );
}
