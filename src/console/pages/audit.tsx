import { Drawer, Tag, Typography } from 'antd';
import { useState } from 'react';
import type { AuditBody } from '#api/contract/audit.ts';
import { DataTable } from '../components/data-table.tsx';
import { Page } from '../components/page.tsx';
import { moment } from '../format.ts';
import { nameOf, ROLE_NAME } from '../names.ts';
import { type Text, usePreferences, useText } from '../preferences.tsx';

const OUTCOME: Readonly<Record<AuditBody['outcome'], { text: Text; colour: string }>> = {
  done: { text: { zh: '完成', en: 'done' }, colour: 'cyan' },
  refused: { text: { zh: '拒绝', en: 'refused' }, colour: 'orange' },
  failed: { text: { zh: '未成', en: 'failed' }, colour: 'default' },
};

/** Who did what, and who was refused: a log that cannot be changed unnoticed. */
export function AuditPage() {
  const say = useText();
  const { language } = usePreferences();
  const [open, setOpen] = useState<AuditBody>();
  return (
    <Page
      title={say({ zh: '审计日志', en: 'Audit log' })}
      lead={say({
        zh: '只增不改，每条以 SM3 与上一条相连；yibao audit verify 可验证全链。',
        en: 'Append-only; each entry is chained to the one before by SM3. `yibao audit verify` checks the chain.',
      })}
    >
      <DataTable<AuditBody>
        path="/api/audit"
        rowKey={(row) => String(row.number)}
        onOpen={setOpen}
        filters={[
          { key: 'login', title: say({ zh: '用户名开头', en: 'Login begins' }), search: true },
          { key: 'action', title: say({ zh: '操作开头', en: 'Action begins' }), search: true },
          {
            key: 'outcome',
            title: say({ zh: '结果', en: 'Outcome' }),
            options: Object.entries(OUTCOME).map(([value, { text }]) => ({ value, label: say(text) })),
          },
        ]}
        columns={[
          { key: 'number', title: say({ zh: '序号', en: 'Number' }), kind: 'count', sortable: true },
          { key: 'at', title: say({ zh: '时间', en: 'At' }), render: (row) => moment(row.at, language) },
          { key: 'login', title: say({ zh: '用户', en: 'User' }), sortable: true },
          {
            key: 'role',
            title: say({ zh: '角色', en: 'Role' }),
            render: (row) =>
              row.role === 'nobody'
                ? say({ zh: '未登录', en: 'not signed in' })
                : say(nameOf(ROLE_NAME, row.role)),
          },
          { key: 'action', title: say({ zh: '操作', en: 'Action' }), sortable: true },
          { key: 'subject', title: say({ zh: '对象', en: 'Subject' }) },
          {
            key: 'outcome',
            title: say({ zh: '结果', en: 'Outcome' }),
            render: (row) => <Tag color={OUTCOME[row.outcome].colour}>{say(OUTCOME[row.outcome].text)}</Tag>,
          },
        ]}
      />
      <Drawer
        open={open !== undefined}
        onClose={() => setOpen(undefined)}
        size={560}
        title={`#${open?.number ?? ''}`}
      >
        {open ? (
          <>
            <pre style={{ whiteSpace: 'pre-wrap' }}>{JSON.stringify(JSON.parse(open.detail), null, 2)}</pre>
            <Typography.Text type="secondary">SM3</Typography.Text>{' '}
            <code style={{ wordBreak: 'break-all' }}>{open.hash}</code>
          </>
        ) : null}
      </Drawer>
    </Page>
  );
}
