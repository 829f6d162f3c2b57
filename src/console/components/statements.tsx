import { DownloadOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Card, Flex, Table, Typography } from 'antd';
import type { SettlementSteps } from '#api/contract/approval.ts';
import { read, withQuery } from '../client.ts';
import { yuan } from '../format.ts';
import { usePreferences, useText } from '../preferences.tsx';
import { useSession } from '../session.tsx';
import { StateTag } from './approval.tsx';
import { Answer } from './page.tsx';

/** The statements of an institution, by month and of the clearing; a hospital gets those that are published. */
export function Statements(props: { readonly runId: number; readonly code: string }) {
  const { runId, code } = props;
  const say = useText();
  const { language } = usePreferences();
  const { institutionCode } = useSession();
  const answer = useQuery({
    queryKey: ['settlement', runId],
    queryFn: ({ signal }) => read<SettlementSteps>(`/api/runs/${runId}/steps`, signal),
  });
  return (
    <Card size="small" title={say({ zh: '结算单', en: 'Statements' })} className="no-print">
      <Answer query={answer}>
        {({ rows }) => (
          <Table
            size="small"
            rowKey="period"
            pagination={false}
            dataSource={rows}
            locale={{ emptyText: say({ zh: '本年度没有结算', en: 'Nothing settled in this year' }) }}
            columns={[
              {
                title: say({ zh: '期间', en: 'Period' }),
                render: (_, row) =>
                  row.kind === 'month' ? row.period : say({ zh: '年度清算', en: 'Annual clearing' }),
              },
              // the steps of the agency are those of the whole area, of a hospital its own
              ...(institutionCode === null
                ? []
                : [
                    {
                      title: say({ zh: '拨付（元）', en: 'Paid (yuan)' }),
                      align: 'right' as const,
                      className: 'number',
                      render: (_: unknown, row: SettlementSteps['rows'][number]) => yuan(row.paid_fen),
                    },
                  ]),
              { title: say({ zh: '状态', en: 'State' }), render: (_, row) => <StateTag state={row.state} /> },
              {
                title: say({ zh: '下载', en: 'Download' }),
                render: (_, row) => {
                  if (institutionCode !== null && row.runId === null) {
                    return (
                      <Typography.Text type="secondary">
                        {say({ zh: '公布后可下载', en: 'once published' })}
                      </Typography.Text>
                    );
                  }
                  return (
                    <Flex gap={12}>
                      {(['pdf', 'xlsx'] as const).map((format) => (
                        <a
                          key={format}
                          aria-label={`${row.period} ${format.toUpperCase()}`}
                          href={withQuery(
                            `/api/runs/${institutionCode === null ? runId : row.runId}/institutions/${encodeURIComponent(code)}/statement`,
                            { period: row.period, format, language },
                          )}
                        >
                          <DownloadOutlined /> {format.toUpperCase()}
                        </a>
                      ))}
                    </Flex>
                  );
                },
              },
            ]}
          />
        )}
      </Answer>
    </Card>
  );
}
