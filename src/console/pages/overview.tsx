import { useQuery } from '@tanstack/react-query';
import { Button, Card, Col, Flex, Row, Segmented, Table, Tag } from 'antd';
import { useMemo, useState } from 'react';
import { Link, useNavigate } from 'react-router';
import type { InstitutionSummary, MonthSummary, Overview, SchemeSummary } from '#api/contract/year.ts';
import { read } from '../client.ts';
import { Chart, type ChartOption } from '../components/chart.tsx';
import { Figure, Figures } from '../components/figure.tsx';
import { GainChart } from '../components/gain-chart.tsx';
import { OpenWorkCard } from '../components/open-work.tsx';
import { Answer, Page } from '../components/page.tsx';
import {
  chartTenThousandYuan,
  count,
  decimal,
  percent,
  scaled,
  tenThousandYuan,
  total,
  yuan,
} from '../format.ts';
import { DEVIATION_NAME, KIND_NAME, nameOf, SCHEME_NAME } from '../names.ts';
import { useText } from '../preferences.tsx';
import { COLOUR } from '../theme.ts';
import { OfSettledYear, type SettledYear } from '../year.tsx';

/** The first page: how the year stands. */
export function OverviewPage() {
  return <OfSettledYear>{(year) => <OverviewOf year={year} />}</OfSettledYear>;
}

function OverviewOf({ year }: { readonly year: SettledYear }) {
  const say = useText();
  const answer = useQuery({
    queryKey: ['overview', year.runId],
    queryFn: ({ signal }) => read<Overview>(`/api/runs/${year.runId}/overview`, signal),
  });
  return (
    <Page
      title={say({
        zh: `${year.areaName} ${year.year} 年度总览`,
        en: `${year.areaName} ${year.year} at a glance`,
      })}
      lead={say({
        zh: '预算、分值、点值、支出与盈亏。点任何数字看它背后的记录。',
        en: 'Budget, points, point value, spending, gains and losses. Any figure opens the rows behind it.',
      })}
      actions={<Button onClick={() => window.print()}>{say({ zh: '打印', en: 'Print' })}</Button>}
    >
      <Answer query={answer}>{(data) => <Body data={data} />}</Answer>
    </Page>
  );
}

const ALL = 'all';

function Body({ data }: { readonly data: Overview }) {
  const say = useText();
  const [scheme, setScheme] = useState<string>(ALL);
  const schemes = data.schemes.filter((one) => scheme === ALL || one.insutype === scheme);
  const months = data.months.filter((one) => scheme === ALL || one.insutype === scheme);
  const kinds = data.kinds.filter((one) => scheme === ALL || one.insutype === scheme);
  const query = scheme === ALL ? '' : `?insutype=${scheme}`;
  return (
    <Flex vertical gap={16}>
      {data.schemes.length > 1 ? (
        <Segmented
          className="no-print"
          style={{ alignSelf: 'flex-start' }}
          aria-label={say({ zh: '险种', en: 'Scheme' })}
          value={scheme}
          onChange={setScheme}
          options={[
            { value: ALL, label: say({ zh: '合计', en: 'Both' }) },
            ...data.schemes.map((one) => ({
              value: one.insutype,
              label: say(nameOf(SCHEME_NAME, one.insutype)),
            })),
          ]}
        />
      ) : null}
      <OpenWorkCard refused={data.refused.reduce((all, one) => all + Number(one.lists), 0)} />
      {schemes.length > 0 ? (
        <SchemeFigures schemes={schemes} institutions={data.institutions} query={query} />
      ) : null}
      <Row gutter={[16, 16]}>
        <Col xs={24} xl={12}>
          <PointValues months={months} schemes={schemes} />
        </Col>
        <Col xs={24} xl={12}>
          <Spending months={months} schemes={schemes} />
        </Col>
        <Col xs={24} xl={12}>
          <GainAndLoss institutions={data.institutions} />
        </Col>
        <Col xs={24} xl={12}>
          <Kinds kinds={kinds} query={scheme === ALL ? '' : `&insutype=${scheme}`} />
          <Refused refused={data.refused} />
        </Col>
      </Row>
    </Flex>
  );
}

function SchemeFigures(props: {
  readonly schemes: readonly SchemeSummary[];
  readonly institutions: readonly InstitutionSummary[];
  readonly query: string;
}) {
  const say = useText();
  const { schemes, institutions, query } = props;
  const sum = (field: keyof SchemeSummary) => total(schemes.map((one) => one[field] ?? 0));
  const single = schemes.length === 1 ? schemes[0] : undefined;
  const wan = say({ zh: '万元', en: '10k yuan' });
  const cases = sum('cases');
  const residual = sum('residual_fen');
  const gainers = institutions.filter((one) => BigInt(one.gain_fen ?? 0) > 0n).length;
  const losers = institutions.filter((one) => BigInt(one.gain_fen ?? 0) < 0n).length;
  return (
    <Figures>
      <Figure
        title={say({ zh: 'DIP／DRG 预算', en: 'Budget' })}
        value={tenThousandYuan(sum('budget_fen'))}
        unit={wan}
        to="/settlement"
        note={say({
          zh: `基金记账 ${tenThousandYuan(sum('fund_fen'))}`,
          en: `booked ${tenThousandYuan(sum('fund_fen'))}`,
        })}
      />
      <Figure
        title={say({ zh: '病例', en: 'Cases' })}
        value={count(cases)}
        unit={say({ zh: '例', en: '' })}
        to={`/cases${query}`}
        note={say({
          zh: `未入组 ${percent(Number(sum('ungrouped_cases')) / Math.max(1, Number(cases)))}`,
          en: `ungrouped ${percent(Number(sum('ungrouped_cases')) / Math.max(1, Number(cases)))}`,
        })}
      />
      <Figure
        title={say({ zh: '总分值', en: 'Points' })}
        value={scaled(sum('points4'), 4, 0)}
        unit={say({ zh: '分', en: 'points' })}
        to={`/institutions${query}`}
      />
      <Figure
        title={say({ zh: '结算点值', en: 'Settlement point value' })}
        value={
          single
            ? scaled(single.settlement_point_value8, 8, 4)
            : schemes.map((one) => scaled(one.settlement_point_value8, 8, 2)).join(' / ')
        }
        unit={single ? say({ zh: '元/分', en: 'yuan a point' }) : ''}
        to={`/months${query}`}
        note={
          single
            ? say({
                zh: `预算点值 ${scaled(single.start_point_value8, 8, 4)}`,
                en: `start ${scaled(single.start_point_value8, 8, 4)}`,
              })
            : schemes.map((one) => (
                <div key={one.insutype}>
                  {say(nameOf(SCHEME_NAME, one.insutype))} {scaled(one.settlement_point_value8, 8, 4)}
                </div>
              ))
        }
      />
      <Figure
        title={say({ zh: '清算结果', en: 'Clearing result' })}
        value={tenThousandYuan(sum('result_fen'))}
        unit={wan}
        to={`/institutions${query}`}
        note={say({
          zh: `月预结算已付 ${tenThousandYuan(sum('monthly_paid_fen'))}`,
          en: `paid monthly ${tenThousandYuan(sum('monthly_paid_fen'))}`,
        })}
      />
      <Figure
        title={say({ zh: '留存', en: 'Residual' })}
        value={tenThousandYuan(residual)}
        unit={wan}
        to={`/institutions${query}`}
        note={
          schemes.length > 1
            ? schemes.map((one) => (
                <div key={one.insutype}>
                  {say(nameOf(SCHEME_NAME, one.insutype))} {tenThousandYuan(one.residual_fen)}
                </div>
              ))
            : say({
                zh: `预算－清算结果 = ${yuan(residual)} 元`,
                en: `budget − results = ${yuan(residual)} yuan`,
              })
        }
      />
      <Figure
        title={say({ zh: '机构盈亏', en: 'Institutions' })}
        value={say({ zh: `${gainers} 盈 ${losers} 亏`, en: `${gainers} up, ${losers} down` })}
        to="/institutions"
      />
    </Figures>
  );
}

function PointValues(props: {
  readonly months: readonly MonthSummary[];
  readonly schemes: readonly SchemeSummary[];
}) {
  const say = useText();
  const { months, schemes } = props;
  const option = useMemo<ChartOption>(() => {
    const names = [...new Set(months.map((one) => one.month))].toSorted();
    const colours = [COLOUR.blue, COLOUR.orange];
    return {
      grid: { left: 56, right: 16, top: 56, bottom: 28 },
      legend: { top: 0 },
      tooltip: { trigger: 'axis' },
      xAxis: { type: 'category', data: names.map((month) => month.slice(5)) },
      yAxis: { type: 'value', scale: true, name: say({ zh: '元/分', en: 'yuan a point' }) },
      series: schemes.map((one, index) => ({
        name: say(nameOf(SCHEME_NAME, one.insutype)),
        type: 'line',
        symbol: index === 0 ? 'circle' : 'rect',
        symbolSize: 7,
        lineStyle: { type: index === 0 ? 'solid' : 'dashed', width: 2 },
        itemStyle: { color: colours[index % colours.length] },
        data: names.map((month) => {
          const row = months.find((each) => each.month === month && each.insutype === one.insutype);
          return row?.observed_point_value8 == null ? null : Number(row.observed_point_value8) / 1e8;
        }),
        markLine: {
          symbol: 'none',
          lineStyle: { type: 'dotted', color: colours[index % colours.length] },
          label: {
            formatter: say({ zh: '结算点值', en: 'settled' }),
            position: 'insideEndTop',
            color: 'inherit',
            textBorderWidth: 0,
          },
          data:
            one.settlement_point_value8 === null
              ? []
              : [{ yAxis: Number(one.settlement_point_value8) / 1e8 }],
        },
      })),
    };
  }, [months, schemes, say]);
  return (
    <Card
      size="small"
      title={say({ zh: '各月点值（观察值）', en: 'Point value by month (observed)' })}
      extra={<Link to="/months">{say({ zh: '逐月明细', en: 'Months' })}</Link>}
    >
      <Chart
        option={option}
        label={say({
          zh: '各月观察点值与年度结算点值的折线图，数字见逐月明细',
          en: 'Line chart of the observed point value of each month beside the settled one; the months page has the figures',
        })}
      />
    </Card>
  );
}

function Spending(props: {
  readonly months: readonly MonthSummary[];
  readonly schemes: readonly SchemeSummary[];
}) {
  const say = useText();
  const navigate = useNavigate();
  const { months, schemes } = props;
  const option = useMemo<ChartOption>(() => {
    const names = [...new Set(months.map((one) => one.month))].toSorted();
    const ofMonths = (field: 'paid_fen' | 'base_fen') =>
      names.map((month) => total(months.filter((one) => one.month === month).map((one) => one[field])));
    const budget = total(schemes.map((one) => one.budget_fen));
    const cumulative: bigint[] = [];
    for (const value of ofMonths('base_fen')) cumulative.push((cumulative.at(-1) ?? 0n) + value);
    return {
      grid: { left: 60, right: 64, top: 56, bottom: 28 },
      legend: { top: 0 },
      tooltip: { trigger: 'axis', valueFormatter: (value: unknown) => decimal(Number(value), 1) },
      xAxis: { type: 'category', data: names.map((month) => month.slice(5)) },
      yAxis: [
        { type: 'value', name: say({ zh: '当月（万元）', en: 'month (10k yuan)' }) },
        {
          type: 'value',
          name: say({ zh: '累计（万元）', en: 'total (10k yuan)' }),
          splitLine: { show: false },
        },
      ],
      series: [
        {
          name: say({ zh: '月预结算拨付', en: 'Paid in the month' }),
          type: 'bar',
          itemStyle: { color: COLOUR.sky },
          data: ofMonths('paid_fen').map(chartTenThousandYuan),
        },
        {
          name: say({ zh: '累计预结算基数', en: 'Cumulative base' }),
          type: 'line',
          yAxisIndex: 1,
          itemStyle: { color: COLOUR.blue },
          data: cumulative.map(chartTenThousandYuan),
        },
        ...(budget > 0n
          ? [
              {
                name: say({ zh: '预算进度（按月均分）', en: 'Budget, evenly' }),
                type: 'line',
                yAxisIndex: 1,
                symbol: 'none',
                lineStyle: { type: 'dashed' },
                itemStyle: { color: COLOUR.vermilion },
                data: names.map(
                  (_month, index) => (chartTenThousandYuan(budget) * (index + 1)) / names.length,
                ),
              },
            ]
          : []),
      ],
    };
  }, [months, schemes, say]);
  return (
    <Card size="small" title={say({ zh: '支出与预算进度', en: 'Spending against plan' })}>
      <Chart
        option={option}
        label={say({
          zh: '各月拨付与累计基数对预算进度',
          en: 'Money of each month and the total beside the budget',
        })}
        onSelect={({ name }) => {
          const year = months[0]?.month.slice(0, 4);
          if (year) navigate(`/months?month=${year}-${name}`);
        }}
      />
    </Card>
  );
}

function GainAndLoss({ institutions }: { readonly institutions: readonly InstitutionSummary[] }) {
  const say = useText();
  const rows = useMemo(
    () =>
      institutions
        .filter(({ cases }) => BigInt(cases ?? 0) > 0n)
        .map(({ fixmedins_code, name, gain_fen }) => ({
          code: fixmedins_code,
          name,
          fen: BigInt(gain_fen ?? 0),
        })),
    [institutions],
  );
  return (
    <Card
      size="small"
      title={say({ zh: '机构盈亏（两端）', en: 'Gain and loss, both ends' })}
      extra={<Link to="/institutions">{say({ zh: '全部机构', en: 'All institutions' })}</Link>}
    >
      <GainChart
        rows={rows}
        label={say({
          zh: '盈亏最大与最小的机构，数字见机构页',
          en: 'Institutions with the largest gains and losses',
        })}
      />
    </Card>
  );
}

function Kinds(props: { readonly kinds: Overview['kinds']; readonly query: string }) {
  const say = useText();
  const rows = useMemo(() => crossTable(props.kinds), [props.kinds]);
  const deviations = Object.keys(DEVIATION_NAME).filter((one) =>
    props.kinds.some((k) => k.deviation === one),
  );
  return (
    <Card size="small" title={say({ zh: '入组与费用偏差（例）', en: 'Groups and deviation (cases)' })}>
      <Table
        size="small"
        rowKey="kind"
        pagination={false}
        scroll={{ x: 'max-content' }}
        dataSource={rows}
        columns={[
          {
            title: say({ zh: '类型', en: 'Kind' }),
            dataIndex: 'kind',
            render: (kind: string) => say(nameOf(KIND_NAME, kind)),
          },
          ...[...deviations, ALL].map((deviation) => ({
            title:
              deviation === ALL ? say({ zh: '合计', en: 'All' }) : say(nameOf(DEVIATION_NAME, deviation)),
            key: deviation,
            align: 'right' as const,
            render: (_: unknown, row: KindRow) => (
              <Link
                to={`/cases?kind=${row.kind}${deviation === ALL ? '' : `&deviation=${deviation}`}${props.query}`}
                className="number"
              >
                {count(row.cases[deviation] ?? 0)}
              </Link>
            ),
          })),
        ]}
      />
    </Card>
  );
}

type KindRow = { readonly kind: string; readonly cases: Record<string, number> };

function crossTable(kinds: Overview['kinds']): KindRow[] {
  const rows = new Map<string, Record<string, number>>();
  for (const { kind, deviation, cases } of kinds) {
    const row = rows.get(kind) ?? {};
    row[deviation ?? 'none'] = (row[deviation ?? 'none'] ?? 0) + Number(cases);
    row[ALL] = (row[ALL] ?? 0) + Number(cases);
    rows.set(kind, row);
  }
  return [...rows].map(([kind, cases]) => ({ kind, cases }));
}

function Refused({ refused }: { readonly refused: Overview['refused'] }) {
  const say = useText();
  if (refused.length === 0) return null;
  const lists = refused.reduce((all, one) => all + Number(one.lists), 0);
  return (
    <Card
      size="small"
      style={{ marginTop: 16 }}
      title={say({ zh: '拒收的清单', en: 'Refused lists' })}
      extra={
        <Link to="/lists/refused">{say({ zh: `全部 ${count(lists)} 份`, en: `all ${count(lists)}` })}</Link>
      }
    >
      <ul style={{ margin: 0, paddingInlineStart: 0, listStyle: 'none' }}>
        {refused.slice(0, 6).map((one) => (
          <li key={one.reason} style={{ paddingBlock: 3 }}>
            <Tag>{count(one.lists)}</Tag>
            {shortReason(one.reason)}
          </li>
        ))}
      </ul>
    </Card>
  );
}

const REASON_CHARACTERS_MAX = 60;
const shortReason = (reason: string) =>
  reason.length > REASON_CHARACTERS_MAX ? `${reason.slice(0, REASON_CHARACTERS_MAX)}…` : reason;
