import { useSearchParams } from 'react-router';
import type { ApprovalBody } from '#api/contract/approval.ts';
import { ApprovalDrawer, StateTag } from '../components/approval.tsx';
import { DataTable } from '../components/data-table.tsx';
import { Page } from '../components/page.tsx';
import { moment } from '../format.ts';
import { APPROVAL_NAME, nameOf, STATE_NAME } from '../names.ts';
import { usePreferences, useText } from '../preferences.tsx';
import { options } from './cases.tsx';

/** Open work of all kinds: what waits for a second pair of eyes. */
export function ApprovalsPage() {
  const say = useText();
  const { language } = usePreferences();
  const [search, setSearch] = useSearchParams();
  const open = search.get('open') ?? undefined;
  const show = (id: string | undefined) =>
    setSearch((before) => {
      const next = new URLSearchParams(before);
      if (id === undefined) next.delete('open');
      else next.set('open', id);
      return next;
    });
  return (
    <Page
      title={say({ zh: '审批事项', en: 'Approvals' })}
      lead={say({
        zh: '月度结算、年度清算、政策、特病单议和申诉，都在这里办理和留痕。',
        en: 'Months, clearings, policy, special cases and appeals are taken step by step here, on the record.',
      })}
    >
      <DataTable<ApprovalBody>
        path="/api/approvals"
        rowKey={(row) => row.id}
        onOpen={(row) => show(row.id)}
        empty={say({ zh: '没有审批事项', en: 'Nothing to approve' })}
        filters={[
          { key: 'kind', title: say({ zh: '事项', en: 'Kind' }), options: options(APPROVAL_NAME, say) },
          { key: 'state', title: say({ zh: '状态', en: 'State' }), options: options(STATE_NAME, say) },
          { key: 'subject', title: say({ zh: '对象开头', en: 'Subject begins' }), search: true },
        ]}
        columns={[
          {
            key: 'kind',
            title: say({ zh: '事项', en: 'Kind' }),
            sortable: true,
            render: (row) => say(nameOf(APPROVAL_NAME, row.kind)),
          },
          { key: 'subject', title: say({ zh: '对象', en: 'Subject' }), sortable: true },
          {
            key: 'state',
            title: say({ zh: '状态', en: 'State' }),
            sortable: true,
            render: (row) => <StateTag state={row.state} />,
          },
          { key: 'institutionCode', title: say({ zh: '机构', en: 'Institution' }), sortable: true },
          { key: 'createdBy', title: say({ zh: '发起人', en: 'Opened by' }) },
          {
            key: 'updatedAt',
            title: say({ zh: '最近办理', en: 'Last step' }),
            sortable: true,
            render: (row) => moment(row.updatedAt, language),
          },
        ]}
      />
      <ApprovalDrawer id={open} onClose={() => show(undefined)} />
    </Page>
  );
}
