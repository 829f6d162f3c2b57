import { useQuery } from '@tanstack/react-query';
import { Button, Card, Col, Flex, Row, Table } from 'antd';
import { useMemo } from 'react';
import { Link, useNavigate, useParams } from 'react-router';
import type { InstitutionDetail } from '#api/contract/year.ts';
import { read } from '../client.ts';
import { Chart, type ChartOption } from '../components/chart.tsx';
import { DataTable } from '../components/data-table.tsx';
import { Figure, Figures } from '../components/figure.tsx';
import { Indicators } from '../components/indicators.tsx';
import { OpenWorkCard } from '../components/open-work.tsx';
import { Answer, Page } from '../components/page.tsx';
import { PublishedNotice } from '../components/published.tsx';
import { Statements } from '../components/statements.tsx';
import { chartTenThousandYuan, count, decimal, scaled, tenThousandYuan, total, yuan } from '../format.ts';
import { LEVEL_NAME, nameOf, SCHEME_NAME } from '../names.ts';
import { useText } from '../preferences.tsx';
import { COLOUR, GAIN, LOSS } from '../theme.ts';
import { OfSettledYear, type SettledYear } from '../year.tsx';
import { options } from './cases.tsx';

type InstitutionRow = {
  readonly fixmedins_code: string;
  readonly insutype: string;
  readonly level: number;
};

export function InstitutionsPage() {
  const say = useText();
  const navigate = useNavigate();
  return (
    <OfSettledYear>
      {(year) => (
        <Page
          title={say({ zh: '医疗机构', en: 'Institutions' })}
          lead={say({
            zh: '各机构年度清算。打开一行看它的月份、盈亏与同级对比。',
            en: 'The annual clearing of each institution. Open one for its months, its result and its peers.',
          })}
        >
          <PublishedNotice runId={year.runId} />
          <DataTable<InstitutionRow>
            path={`/api/runs/${year.runId}/institutions`}
            rowKey={(row) => `${row.fixmedins_code}/${row.insutype}`}
            onOpen={(row) => navigate(`/institutions/${encodeURIComponent(row.fixmedins_code)}`)}
            filters={[
              { key: 'name', title: say({ zh: '名称开头', en: 'Name begins' }), search: true },
              {
                key: 'insutype',
                title: say({ zh: '险种', en: 'Scheme' }),
                options: options(SCHEME_NAME, say),
              },
              { key: 'level', title: say({ zh: '级别', en: 'Level' }), options: options(LEVEL_NAME, say) },
            ]}
            columns={[
              { key: 'name', title: say({ zh: '机构', en: 'Institution' }), sortable: true, fixed: true },
              {
                key: 'level',
                title: say({ zh: '级别', en: 'Level' }),
                sortable: true,
                render: (row) => say(nameOf(LEVEL_NAME, String(row.level))),
              },
              {
                key: 'insutype',
                title: say({ zh: '险种', en: 'Scheme' }),
                render: (row) => say(nameOf(SCHEME_NAME, row.insutype)),
              },
              { key: 'cases', title: say({ zh: '病例', en: 'Cases' }), kind: 'count', sortable: true },
              { key: 'points4', title: say({ zh: '分值', en: 'Points' }), kind: 'scaled4', sortable: true },
              {
                key: 'cost_fen',
                title: say({ zh: '总费用（元）', en: 'Cost (yuan)' }),
                kind: 'yuan',
                sortable: true,
              },
              {
                key: 'due_fen',
                title: say({ zh: '应付（元）', en: 'Due (yuan)' }),
                kind: 'yuan',
                sortable: true,
              },
              {
                key: 'result_fen',
                title: say({ zh: '清算结果（元）', en: 'Result (yuan)' }),
                kind: 'yuan',
                sortable: true,
              },
              {
                key: 'monthly_paid_fen',
                title: say({ zh: '月预结算（元）', en: 'Paid monthly (yuan)' }),
                kind: 'yuan',
                sortable: true,
              },
              {
                key: 'clearing_cash_fen',
                title: say({ zh: '清算拨付（元）', en: 'Clearing cash (yuan)' }),
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

export function InstitutionPage() {
  const { code = '' } = useParams();
  return <OfSettledYear>{(year) => <InstitutionOf year={year} code={code} />}</OfSettledYear>;
}

export function InstitutionOf(props: {
  readonly year: SettledYear;
  readonly code: string;
  /** the page of the institution's own people */
  readonly isOwn?: boolean;
}) {
  const { year, code, isOwn = false } = props;
  const say = useText();
  const answer = useQuery({
    queryKey: ['institution', year.runId, code],
    queryFn: ({ signal }) =>
      read<InstitutionDetail>(`/api/runs/${year.runId}/institutions/${encodeURIComponent(code)}`, signal),
  });
  const name = answer.data?.institution.name ?? code;
  return (
    <Page
      title={name}
      actions={<Button onClick={() => window.print()}>{say({ zh: '打印', en: 'Print' })}</Button>}
      lead={`${code} · ${answer.data ? say(nameOf(LEVEL_NAME, String(answer.data.institution.level))) : ''} · ${year.year}`}
    >
      {isOwn ? <OpenWorkCard refused={0} /> : null}
      <PublishedNotice runId={year.runId} />
      <Answer query={answer}>{(data) => <InstitutionBody data={data} />}</Answer>
      {answer.data ? <Indicators runId={year.runId} code={code} /> : null}
      {answer.data ? <Statements runId={year.runId} code={code} /> : null}
    </Page>
  );
}

function InstitutionBody({ data }: { readonly data: InstitutionDetail }) {
  const say = useText();
  const { institution, schemes, months, peers } = data;
  const wan = say({ zh: '万元', en: '10k yuan' });
  // before the clearing is published a hospital has its published months
  const ofMonths = (field: 'cases' | 'points4' | 'cost_fen') =>
    institution[field] ?? total(months.map((one) => one[field]));
  const gain = institution.gain_fen === null ? undefined : BigInt(institution.gain_fen);
  // this very institution, not all whose code begins so
  const code = encodeURIComponent(`${institution.fixmedins_code}$`);
  return (
    <Flex vertical gap={16}>
      <Figures>
        <Figure
          title={say({ zh: '病例', en: 'Cases' })}
          value={count(ofMonths('cases'))}
          unit={say({ zh: '例', en: '' })}
          to={`/cases?fixmedins_code=${code}`}
        />
        <Figure
          title={say({ zh: '分值', en: 'Points' })}
          value={scaled(ofMonths('points4'), 4, 0)}
          unit={say({ zh: '分', en: 'points' })}
          to={`/months?fixmedins_code=${code}`}
        />
        <Figure title="CMI" value={scaled(institution.cmi4, 4)} to={`/cases?fixmedins_code=${code}`} />
        <Figure
          title={say({ zh: '总费用', en: 'Cost' })}
          value={tenThousandYuan(ofMonths('cost_fen'))}
          unit={wan}
          to={`/cases?fixmedins_code=${code}`}
        />
        <Figure
          title={say({ zh: '清算结果', en: 'Result' })}
          value={tenThousandYuan(institution.result_fen)}
          unit={wan}
          to={`/months?fixmedins_code=${code}`}
        />
        <Figure
          title={
            gain === undefined
              ? say({ zh: '盈亏', en: 'Gain' })
              : gain >= 0n
                ? say({ zh: '盈', en: 'Gain' })
                : say({ zh: '亏', en: 'Loss' })
          }
          value={`${gain !== undefined && gain > 0n ? '+' : ''}${tenThousandYuan(gain)}`}
          unit={wan}
          tone={gain === undefined ? undefined : gain >= 0n ? 'gain' : 'loss'}
          note={say({ zh: '清算结果－出院时记账的基金', en: 'result − fund booked at discharge' })}
        />
      </Figures>
      <Row gutter={[16, 16]}>
        <Col xs={24} xl={12}>
          <MonthsChart months={months} />
        </Col>
        <Col xs={24} xl={12}>
          <PeersChart peers={peers} own={institution.fixmedins_code} />
        </Col>
      </Row>
      <Card size="small" title={say({ zh: '年度清算（元）', en: 'Annual clearing (yuan)' })}>
        <Table
          size="small"
          rowKey="insutype"
          pagination={false}
          scroll={{ x: 'max-content' }}
          dataSource={schemes}
          locale={{ emptyText: say({ zh: '尚未公布', en: 'not yet published' }) }}
          columns={[
            {
              title: say({ zh: '险种', en: 'Scheme' }),
              dataIndex: 'insutype',
              render: (scheme: string) => say(nameOf(SCHEME_NAME, scheme)),
            },
            ...(
              [
                ['cases', { zh: '病例', en: 'Cases' }],
                ['points4', { zh: '分值', en: 'Points' }],
                ['cost_fen', { zh: '总费用', en: 'Cost' }],
                ['non_fund_fen', { zh: '非基金', en: 'Non-fund' }],
                ['due_fen', { zh: '应付', en: 'Due' }],
                ['assessed_fen', { zh: '考核后', en: 'Assessed' }],
                ['audit_deduction_fen', { zh: '审核扣减', en: 'Audit' }],
                ['result_fen', { zh: '清算结果', en: 'Result' }],
                ['monthly_paid_fen', { zh: '月预结算', en: 'Monthly' }],
                ['advance_paid_fen', { zh: '预付', en: 'Advance' }],
                ['clearing_cash_fen', { zh: '清算拨付', en: 'Cash' }],
              ] as const
            ).map(([field, title]) => ({
              title: say(title),
              dataIndex: field,
              align: 'right' as const,
              className: 'number',
              render: (value: number | string) =>
                field === 'cases' ? count(value) : field === 'points4' ? scaled(value, 4) : yuan(value),
            })),
          ]}
        />
      </Card>
      <Link to={`/months?fixmedins_code=${code}`}>{say({ zh: '逐月明细', en: 'Months in full' })}</Link>
    </Flex>
  );
}

function MonthsChart({ months }: { readonly months: InstitutionDetail['months'] }) {
  const say = useText();
  const option = useMemo<ChartOption>(() => {
    const names = [...new Set(months.map((one) => one.month))].toSorted();
    const ofMonths = (field: 'cost_fen' | 'paid_fen') =>
      names
        .map((month) => total(months.filter((one) => one.month === month).map((one) => one[field])))
        .map(chartTenThousandYuan);
    return {
      grid: { left: 60, right: 16, top: 56, bottom: 28 },
      legend: { top: 0 },
      tooltip: { trigger: 'axis', valueFormatter: (value: unknown) => decimal(Number(value), 2) },
      xAxis: { type: 'category', data: names.map((month) => month.slice(5)) },
      yAxis: { type: 'value', name: say({ zh: '万元', en: '10k yuan' }) },
      series: [
        {
          name: say({ zh: '总费用', en: 'Cost' }),
          type: 'bar',
          itemStyle: { color: COLOUR.grey },
          data: ofMonths('cost_fen'),
        },
        {
          name: say({ zh: '月预结算', en: 'Paid' }),
          type: 'bar',
          itemStyle: { color: COLOUR.blue },
          data: ofMonths('paid_fen'),
        },
      ],
    };
  }, [months, say]);
  return (
    <Card size="small" title={say({ zh: '各月费用与拨付', en: 'Cost and payment by month' })}>
      <Chart
        option={option}
        label={say({ zh: '各月费用与拨付的柱图', en: 'Bars of cost and payment by month' })}
      />
    </Card>
  );
}

function PeersChart({ peers, own }: { readonly peers: InstitutionDetail['peers']; readonly own: string }) {
  const say = useText();
  const option = useMemo<ChartOption>(() => {
    const known = peers.filter((one) => one.cmi4 !== null && one.gain_permille !== null);
    return {
      grid: { left: 60, right: 24, top: 40, bottom: 44 },
      tooltip: {
        formatter: (mark: { value: [number, number, string] }) =>
          `${mark.value[2]} CMI ${decimal(mark.value[0], 3)} · ${decimal(mark.value[1], 1)}%`,
      },
      xAxis: { type: 'value', scale: true, name: 'CMI', nameLocation: 'middle', nameGap: 28 },
      yAxis: { type: 'value', name: say({ zh: '盈亏率（%）', en: 'gain (%)' }) },
      series: [
        {
          type: 'scatter',
          symbolSize: (value: unknown[]) => (value[2] === own ? 18 : 10),
          data: known.map((one) => ({
            value: [Number(one.cmi4) / 1e4, Number(one.gain_permille) / 10, one.fixmedins_code],
            symbol: one.fixmedins_code === own ? 'diamond' : 'circle',
            itemStyle: {
              color:
                one.fixmedins_code === own ? COLOUR.orange : Number(one.gain_permille) >= 0 ? GAIN : LOSS,
              opacity: one.fixmedins_code === own ? 1 : 0.6,
            },
          })),
        },
      ],
    };
  }, [peers, own, say]);
  return (
    <Card
      size="small"
      title={say({
        zh: '与同级机构比较（橙色菱形为本机构）',
        en: 'Beside its level (the orange diamond is this one)',
      })}
    >
      <Chart
        option={option}
        label={say({
          zh: '同级机构的病例组合指数与盈亏率',
          en: 'Case-mix index and gain of the institutions of its level',
        })}
      />
    </Card>
  );
}
