import { DataTable } from '../components/data-table.tsx';
import { Page } from '../components/page.tsx';
import { useText } from '../preferences.tsx';
import { OfSettledYear } from '../year.tsx';

type RefusedRow = {
  readonly file: string;
  readonly row_no: number;
  readonly setl_id: string | null;
  readonly reason: string;
};

/** Lists that were not settled, with what a clerk can do about each. */
export function RefusedPage() {
  const say = useText();
  return (
    <OfSettledYear>
      {(year) => (
        <Page
          title={say({ zh: '拒收的清单', en: 'Refused lists' })}
          lead={say({
            zh: '每一份都写明文件、行、原因与处理办法。导出后发给机构更正。',
            en: 'Each with its file, row, reason and remedy. Export them for the institutions to correct.',
          })}
        >
          <DataTable<RefusedRow>
            path={`/api/runs/${year.runId}/refused`}
            rowKey={(row) => `${row.file}:${row.row_no}`}
            filters={[
              { key: 'file', title: say({ zh: '文件开头', en: 'File begins' }), search: true },
              { key: 'setl_id', title: say({ zh: '结算ID 开头', en: 'Settlement id begins' }), search: true },
            ]}
            empty={say({ zh: '没有拒收的清单', en: 'No list was refused' })}
            columns={[
              { key: 'file', title: say({ zh: '文件', en: 'File' }), sortable: true },
              { key: 'row_no', title: say({ zh: '行', en: 'Row' }), kind: 'count', sortable: true },
              { key: 'setl_id', title: say({ zh: '结算ID', en: 'Settlement id' }), sortable: true },
              { key: 'reason', title: say({ zh: '原因与处理', en: 'Reason and remedy' }) },
            ]}
          />
        </Page>
      )}
    </OfSettledYear>
  );
}
