import { useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Card, Flex, Table, Typography } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';
import type { ApprovalDetail, SettlementSteps } from '#api/contract/approval.ts';
import { read, write } from '../client.ts';
import { ApprovalDrawer, StateTag } from '../components/approval.tsx';
import { Answer, Page } from '../components/page.tsx';
import { PublishedNotice } from '../components/published.tsx';
import { count, scaled, yuan } from '../format.ts';
import { useText } from '../preferences.tsx';
import { useMay } from '../session.tsx';
import { OfSettledYear, type SettledYear } from '../year.tsx';

type StepRow = SettlementSteps['rows'][number];

/** The months and the clearing as work: prepare, check, approve, publish, pay. */
export function SettlementPage() {
  return <OfSettledYear>{(year) => <SettlementOf year={year} />}</OfSettledYear>;
}

function SettlementOf({ year }: { readonly year: SettledYear }) {
  const say = useText();
  const may = useMay();
  const client = useQueryClient();
  const { message } = App.useApp();
  const [open, setOpen] = useState<string>();
  const [busy, setBusy] = useState<string>();
  const answer = useQuery({
    queryKey: ['settlement', year.runId],
    queryFn: ({ signal }) => read<SettlementSteps>(`/api/runs/${year.runId}/steps`, signal),
  });
  const prepare = async (row: StepRow) => {
    setBusy(row.period);
    try {
      const { runId } = year;
      const made = isSentBack(row)
        ? await write<ApprovalDetail>('POST', `/api/approvals/${row.approvalId}/steps`, {
            action: 'prepare',
            content: { runId },
          })
        : await write<ApprovalDetail>('POST', '/api/approvals', {
            kind: row.kind,
            runId,
            ...(row.kind === 'month' ? { month: row.period } : {}),
          });
      await client.invalidateQueries({ queryKey: ['settlement'] });
      setOpen(made.approval.id);
    } catch (error) {
      message.error((error as Error).message);
    } finally {
      setBusy(undefined);
    }
  };
  return (
    <Page
      title={say({ zh: '结算与清算', en: 'Settlement and clearing' })}
      lead={say({
        zh: '每月与年度清算依次提交、复核、批准、公布、拨付；提交、复核、批准由不同的人办理。',
        en: 'Each month and the clearing are prepared, checked, approved, published and paid, by different people.',
      })}
      actions={<Button onClick={() => window.print()}>{say({ zh: '打印', en: 'Print' })}</Button>}
    >
      <PublishedNotice runId={year.runId} />
      <Answer query={answer}>
        {({ rows }) => (
          <Card size="small">
            <Table<StepRow>
              size="small"
              rowKey="period"
              pagination={false}
              scroll={{ x: 'max-content' }}
              dataSource={rows}
              columns={[
                {
                  title: say({ zh: '期间', en: 'Period' }),
                  render: (_, row) =>
                    row.kind === 'month' ? (
                      <Link to={`/months?month=${row.period}`}>{row.period}</Link>
                    ) : (
                      <Link to="/institutions">{say({ zh: '年度清算', en: 'Annual clearing' })}</Link>
                    ),
                },
                number(say({ zh: '病例', en: 'Cases' }), (row) => count(row.cases)),
                number(say({ zh: '分值', en: 'Points' }), (row) => scaled(row.points4, 4)),
                number(say({ zh: '总费用（元）', en: 'Cost (yuan)' }), (row) => yuan(row.cost_fen)),
                number(say({ zh: '拨付（元）', en: 'Paid (yuan)' }), (row) => yuan(row.paid_fen)),
                number(say({ zh: '较上月', en: 'Against last month' }), (row) => change(row)),
                {
                  title: say({ zh: '状态', en: 'State' }),
                  render: (_, row) => (
                    <Flex gap={4} align="center">
                      <StateTag state={row.state} />
                      {row.runId !== null && row.runId !== year.runId ? (
                        <Typography.Text type="warning">
                          {say({ zh: `按结算 #${row.runId}`, en: `of settlement #${row.runId}` })}
                        </Typography.Text>
                      ) : null}
                    </Flex>
                  ),
                },
                {
                  title: '',
                  className: 'no-print',
                  render: (_, row) => (
                    <Flex gap={4}>
                      {row.approvalId ? (
                        <Button size="small" onClick={() => setOpen(row.approvalId ?? undefined)}>
                          {say({ zh: '办理', en: 'Open' })}
                        </Button>
                      ) : null}
                      {(row.state === null ||
                        row.state === 'reversed' ||
                        (isSentBack(row) && row.runId !== year.runId)) &&
                      may('settlement.prepare') ? (
                        <Button
                          size="small"
                          type="primary"
                          loading={busy === row.period}
                          onClick={() => void prepare(row)}
                        >
                          {say({ zh: '提交', en: 'Prepare' })}
                        </Button>
                      ) : null}
                    </Flex>
                  ),
                },
              ]}
            />
          </Card>
        )}
      </Answer>
      <ApprovalDrawer id={open} onClose={() => setOpen(undefined)} />
    </Page>
  );
}

/** What was sent back can be prepared anew from a newer settlement. */
const isSentBack = ({ state, approvalId }: StepRow): boolean => state === 'returned' && approvalId !== null;

function number(title: string, render: (row: StepRow) => string) {
  return {
    title,
    align: 'right' as const,
    className: 'number',
    render: (_: unknown, row: StepRow) => render(row),
  };
}

function change(row: StepRow): string {
  const before = BigInt(row.previous_paid_fen ?? 0);
  if (before <= 0n || row.paid_fen === null) return '–';
  const permille = ((BigInt(row.paid_fen) - before) * 1000n) / before;
  return `${permille >= 0n ? '+' : ''}${scaled(permille, 1)}%`;
}
