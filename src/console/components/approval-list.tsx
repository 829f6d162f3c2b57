import type { ReactNode } from 'react';
import { useSearchParams } from 'react-router';
import type { ApprovalBody } from '#api/contract/approval.ts';
import { moment, subjectWords } from '../format.ts';
import { usePreferences, useText } from '../preferences.tsx';
import { ApprovalDrawer, StateTag } from './approval.tsx';
import { type Column, DataTable, type Filter } from './data-table.tsx';

/** A list of approvals; a row opens the approval with its steps, and the address says which one is open. */
export function ApprovalList(props: {
  /** only this kind; all when left out */
  readonly kind?: string;
  /** what the subject of the approvals is called */
  readonly subject: string;
  /** what comes before the subject, and after it */
  readonly first?: readonly Column<ApprovalBody>[];
  readonly columns?: readonly Column<ApprovalBody>[];
  readonly filters?: readonly Filter[];
  /** what whoever opened the approval is called */
  readonly openedBy: string;
  readonly empty: ReactNode;
}) {
  const { kind, subject, first = [], columns = [], filters = [], openedBy, empty } = props;
  const say = useText();
  const { language } = usePreferences();
  const [search, setSearch] = useSearchParams();
  const show = (id: string | undefined) =>
    setSearch((before) => {
      const next = new URLSearchParams(before);
      if (id === undefined) next.delete('open');
      else next.set('open', id);
      return next;
    });
  return (
    <>
      <DataTable<ApprovalBody>
        path={kind === undefined ? '/api/approvals' : `/api/approvals?kind=${kind}`}
        rowKey={(row) => row.id}
        onOpen={(row) => show(row.id)}
        empty={empty}
        filters={filters}
        columns={[
          ...first,
          {
            key: 'subject',
            title: subject,
            sortable: true,
            render: (row) => subjectWords(row.subject, language),
          },
          ...columns,
          {
            key: 'state',
            title: say({ zh: '状态', en: 'State' }),
            sortable: true,
            render: (row) => <StateTag state={row.state} />,
          },
          { key: 'createdBy', title: openedBy },
          {
            key: 'updatedAt',
            title: say({ zh: '最近办理', en: 'Last step' }),
            sortable: true,
            render: (row) => moment(row.updatedAt, language),
          },
        ]}
      />
      <ApprovalDrawer id={search.get('open') ?? undefined} onClose={() => show(undefined)} />
    </>
  );
}
