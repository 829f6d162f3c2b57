import { useQuery } from '@tanstack/react-query';
import { Card, Col, Flex, Row, Table } from 'antd';
import { useMemo } from 'react';
import { Link, useNavigate, useParams } from 'react-router';
import type { GroupDetail, GroupRow } from '#api/contract/year.ts';
import { read } from '../client.ts';
import { Chart, type ChartOption } from '../components/chart.tsx';
import { DataTable } from '../components/data-table.tsx';
import { Figure, Figures } from '../components/figure.tsx';
import { Answer, Page } from '../components/page.tsx';
import { PublishedNotice } from '../components/published.tsx';
import { chartYuan, compareWhole, count, decimal, meanFen, scaled, yuan } from '../format.ts';
import { DEVIATION_NAME, KIND_NAME, LEVEL_NAME, nameOf } from '../names.ts';
import { useText } from '../preferences.tsx';
import { COLOUR, DEVIATION_COLOUR } from '../theme.ts';
import { OfSettledYear, type SettledYear } from '../year.tsx';
import { options } from './cases.tsx';

export function GroupsPage() {
  const say = useText();
  const navigate = useNavigate();
  return (
    <OfSettledYear>
      {(year) => (
        <Page
          title={say({ zh: '病种目录', en: 'Groups' })}
          lead={say({
            zh: '由历史清单或公布目录形成的病种、分值，以及本年度的使用。',
            en: 'The groups of the history or the published catalogue, their scores and their use in the year.',
          })}
        >
          <PublishedNotice runId={year.runId} />
          <DataTable<GroupRow>
            path={`/api/runs/${year.runId}/groups`}
            rowKey={(row) => row.group_code}
            onOpen={(row) => navigate(`/groups/${encodeURIComponent(row.group_code)}`)}
            filters={[
              { key: 'group_code', title: say({ zh: '编码开头', en: 'Code begins' }), search: true },
              { key: 'name', title: say({ zh: '名称含有', en: 'Name contains' }), search: true },
              { key: 'kind', title: say({ zh: '类型', en: 'Kind' }), options: options(KIND_NAME, say) },
            ]}
            columns={[
              { key: 'group_code', title: say({ zh: '病种', en: 'Group' }), sortable: true, fixed: true },
              {
                key: 'name',
                title: say({ zh: '名称', en: 'Name' }),
                render: (row) => <div style={{ maxWidth: 300, whiteSpace: 'normal' }}>{row.name || '–'}</div>,
              },
              {
                key: 'kind',
                title: say({ zh: '类型', en: 'Kind' }),
                render: (row) => say(nameOf(KIND_NAME, row.kind)),
              },
              { key: 'score4', title: say({ zh: '分值', en: 'Score' }), kind: 'scaled4', sortable: true },
              {
                key: 'history_cases',
                title: say({ zh: '历史例数', en: 'History' }),
                kind: 'count',
                sortable: true,
              },
              {
                key: 'average_cost_fen',
                title: say({ zh: '历史例均（元）', en: 'History mean (yuan)' }),
                kind: 'yuan',
                sortable: true,
              },
              { key: 'cases', title: say({ zh: '本年例数', en: 'Cases' }), kind: 'count', sortable: true },
              {
                key: 'mean_cost_fen',
                title: say({ zh: '本年例均（元）', en: 'Mean (yuan)' }),
                kind: 'yuan',
                sortable: true,
              },
              {
                key: 'cost_fen',
                title: say({ zh: '本年费用（元）', en: 'Cost (yuan)' }),
                kind: 'yuan',
                sortable: true,
              },
              { key: 'low_cases', title: say({ zh: '低倍率', en: 'Low' }), kind: 'count', sortable: true },
              { key: 'high_cases', title: say({ zh: '高倍率', en: 'High' }), kind: 'count', sortable: true },
              {
                key: 'institutions',
                title: say({ zh: '机构数', en: 'Institutions' }),
                kind: 'count',
                sortable: true,
              },
            ]}
          />
        </Page>
      )}
    </OfSettledYear>
  );
}

export function GroupPage() {
  const { group = '' } = useParams();
  return <OfSettledYear>{(year) => <GroupOf year={year} group={group} />}</OfSettledYear>;
}

function GroupOf({ year, group }: { readonly year: SettledYear; readonly group: string }) {
  const say = useText();
  const answer = useQuery({
    queryKey: ['group', year.runId, group],
    queryFn: ({ signal }) =>
      read<GroupDetail>(`/api/runs/${year.runId}/groups/${encodeURIComponent(group)}`, signal),
  });
  return (
    <Page
      title={say({ zh: `病种 ${group}`, en: `Group ${group}` })}
      lead={`${answer.data?.group.name ?? ''} · ${answer.data ? say(nameOf(KIND_NAME, answer.data.group.kind)) : ''}`}
    >
      <PublishedNotice runId={year.runId} />
      <Answer query={answer}>{(data) => <GroupBody data={data} />}</Answer>
    </Page>
  );
}

function GroupBody({ data }: { readonly data: GroupDetail }) {
  const say = useText();
  const { group, years, institutions, types } = data;
  const yuanUnit = say({ zh: '元', en: 'yuan' });
  return (
    <Flex vertical gap={16}>
      <Figures>
        <Figure title={say({ zh: '分值', en: 'Score' })} value={scaled(group.score4, 4)} />
        <Figure
          title={say({ zh: '历史例均费用', en: 'Mean cost of the history' })}
          value={yuan(group.average_cost_fen)}
          unit={yuanUnit}
          note={say({
            zh: `${count(group.history_cases)} 例`,
            en: `${count(group.history_cases)} cases`,
          })}
        />
        <Figure
          title={say({ zh: '本年例均费用', en: 'Mean cost of the year' })}
          value={yuan(group.mean_cost_fen)}
          unit={yuanUnit}
        />
        <Figure
          title={say({ zh: '本年病例', en: 'Cases of the year' })}
          value={count(group.cases)}
          to={`/cases?group_code=${encodeURIComponent(`${group.group_code}$`)}`}
          note={say({
            zh: `低倍率 ${count(group.low_cases)} · 高倍率 ${count(group.high_cases)}`,
            en: `low ${count(group.low_cases)} · high ${count(group.high_cases)}`,
          })}
        />
      </Figures>
      <Row gutter={[16, 16]}>
        <Col xs={24} xl={12}>
          <CostDistribution bins={data.bins} />
        </Col>
        <Col xs={24} xl={12}>
          <History years={years} />
        </Col>
      </Row>
      {types.length > 0 ? (
        <Card size="small" title={say({ zh: '辅助分型', en: 'Auxiliary types' })}>
          <Table
            size="small"
            rowKey={(row) => `${row.family}/${row.type}`}
            pagination={false}
            dataSource={types}
            columns={[
              { title: say({ zh: '分型', en: 'Type' }), render: (_, row) => `${row.family} · ${row.type}` },
              {
                title: say({ zh: '例数', en: 'Cases' }),
                align: 'right',
                className: 'number',
                render: (_, row) => count(row.type_cases),
              },
              {
                title: 'CV',
                align: 'right',
                className: 'number',
                render: (_, row) => scaled(row.type_cv4, 4),
              },
              { title: say({ zh: '结论', en: 'Verdict' }), dataIndex: 'verdict' },
              {
                title: say({ zh: '系数', en: 'Coefficient' }),
                align: 'right',
                className: 'number',
                render: (_, row) => scaled(row.coefficient4, 4),
              },
            ]}
          />
        </Card>
      ) : null}
      <Card size="small" title={say({ zh: '各机构（费用单位：元）', en: 'Institutions (cost in yuan)' })}>
        <Table
          size="small"
          rowKey="fixmedins_code"
          scroll={{ x: 'max-content' }}
          dataSource={institutions}
          locale={{ emptyText: say({ zh: '本年度没有病例', en: 'No case in the year' }) }}
          columns={[
            {
              title: say({ zh: '机构', en: 'Institution' }),
              render: (_, row) => (
                <Link to={`/institutions/${encodeURIComponent(row.fixmedins_code)}`}>{row.name}</Link>
              ),
            },
            {
              title: say({ zh: '级别', en: 'Level' }),
              render: (_, row) => say(nameOf(LEVEL_NAME, String(row.level))),
            },
            {
              title: say({ zh: '例数', en: 'Cases' }),
              align: 'right',
              className: 'number',
              sorter: (a, b) => compareWhole(a.cases, b.cases),
              render: (_, row) => (
                <Link
                  to={`/cases?group_code=${encodeURIComponent(`${group.group_code}$`)}&fixmedins_code=${encodeURIComponent(`${row.fixmedins_code}$`)}`}
                >
                  {count(row.cases)}
                </Link>
              ),
            },
            ...(
              [
                ['mean_cost_fen', { zh: '例均', en: 'Mean' }],
                ['lower_fen', { zh: '下四分位', en: 'Lower quartile' }],
                ['median_fen', { zh: '中位数', en: 'Median' }],
                ['upper_fen', { zh: '上四分位', en: 'Upper quartile' }],
              ] as const
            ).map(([field, title]) => ({
              title: say(title),
              key: field,
              align: 'right' as const,
              className: 'number',
              sorter: (a: GroupDetail['institutions'][number], b: GroupDetail['institutions'][number]) =>
                compareWhole(a[field] ?? 0, b[field] ?? 0),
              render: (_: unknown, row: GroupDetail['institutions'][number]) => yuan(row[field]),
            })),
          ]}
        />
      </Card>
    </Flex>
  );
}

function CostDistribution({ bins }: { readonly bins: GroupDetail['bins'] }) {
  const say = useText();
  const option = useMemo<ChartOption>(() => {
    const deviations = [...new Set(bins.map((one) => one.deviation))];
    const last = Math.max(20, ...bins.map((one) => Number(one.bin)));
    const names = Array.from({ length: last + 1 }, (_, bin) => (bin === 30 ? '≥3' : decimal(bin / 10, 1)));
    return {
      grid: { left: 56, right: 16, top: 56, bottom: 44 },
      legend: { top: 0 },
      tooltip: { trigger: 'axis' },
      xAxis: {
        type: 'category',
        data: names,
        name: say({ zh: '费用 ÷ 病种例均费用', en: 'cost ÷ mean cost of the group' }),
        nameLocation: 'middle',
        nameGap: 28,
      },
      yAxis: { type: 'value', name: say({ zh: '例', en: 'cases' }) },
      series: deviations.map((deviation) => ({
        name: say(nameOf(DEVIATION_NAME, deviation)),
        type: 'bar',
        stack: 'cases',
        itemStyle: { color: DEVIATION_COLOUR[deviation] ?? COLOUR.grey },
        data: names.map((_name, bin) =>
          bins
            .filter((one) => one.deviation === deviation && Number(one.bin) === bin)
            .reduce((all, one) => all + Number(one.cases), 0),
        ),
      })),
    };
  }, [bins, say]);
  return (
    <Card size="small" title={say({ zh: '费用分布', en: 'Distribution of cost' })}>
      <Chart
        option={option}
        label={say({ zh: '病例费用与病种例均费用之比的分布', en: 'Cases by cost over the mean cost' })}
      />
    </Card>
  );
}

function History({ years }: { readonly years: GroupDetail['years'] }) {
  const say = useText();
  const option = useMemo<ChartOption>(
    () => ({
      grid: { left: 64, right: 56, top: 56, bottom: 28 },
      legend: { top: 0 },
      tooltip: { trigger: 'axis' },
      xAxis: { type: 'category', data: years.map((one) => String(one.year)) },
      yAxis: [
        { type: 'value', name: say({ zh: '例均（元）', en: 'mean (yuan)' }), scale: true },
        { type: 'value', name: say({ zh: '例', en: 'cases' }), splitLine: { show: false } },
      ],
      series: [
        {
          name: say({ zh: '病例', en: 'Cases' }),
          type: 'bar',
          yAxisIndex: 1,
          itemStyle: { color: COLOUR.grey, opacity: 0.5 },
          data: years.map((one) => Number(one.cases)),
        },
        {
          name: say({ zh: '例均费用', en: 'Mean cost' }),
          type: 'line',
          symbolSize: 8,
          itemStyle: { color: COLOUR.blue },
          data: years.map(({ cost_fen, cases }) => {
            const mean = meanFen(cost_fen, cases);
            return mean === undefined ? null : chartYuan(mean);
          }),
        },
      ],
    }),
    [years, say],
  );
  return (
    <Card size="small" title={say({ zh: '历史', en: 'History' })}>
      <Chart
        option={option}
        label={say({ zh: '各年例均费用与例数', en: 'Mean cost and cases of each year' })}
      />
    </Card>
  );
}
