import { ApprovalList } from '../components/approval-list.tsx';
import { Page } from '../components/page.tsx';
import { APPROVAL_NAME, nameOf, STATE_NAME } from '../names.ts';
import { useText } from '../preferences.tsx';
import { options } from './cases.tsx';

/** Open work of all kinds: what waits for a second pair of eyes. */
export function ApprovalsPage() {
  const say = useText();
  return (
    <Page
      title={say({ zh: '审批事项', en: 'Approvals' })}
      lead={say({
        zh: '结算、政策、特病单议、报销、目录、退费、视同年限、退休、档案合并等须由不同的人办理的事项，都在这里逐步办理、留痕。',
        en: 'Whatever needs more than one person – settlements, policy, special cases, reimbursements, lists, refunds, deemed months, retirements, merges and more – is taken step by step here, on the record.',
      })}
    >
      <ApprovalList
        empty={say({ zh: '没有审批事项', en: 'Nothing to approve' })}
        openedBy={say({ zh: '发起人', en: 'Opened by' })}
        filters={[
          { key: 'kind', title: say({ zh: '事项', en: 'Kind' }), options: options(APPROVAL_NAME, say) },
          { key: 'state', title: say({ zh: '状态', en: 'State' }), options: options(STATE_NAME, say) },
          { key: 'subject', title: say({ zh: '对象开头', en: 'Subject begins' }), search: true },
        ]}
        subject={say({ zh: '对象', en: 'Subject' })}
        first={[
          {
            key: 'kind',
            title: say({ zh: '事项', en: 'Kind' }),
            sortable: true,
            render: (row) => say(nameOf(APPROVAL_NAME, row.kind)),
          },
        ]}
        columns={[{ key: 'institutionCode', title: say({ zh: '机构', en: 'Institution' }), sortable: true }]}
      />
    </Page>
  );
}
