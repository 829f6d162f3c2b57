import type { Language, Text } from '#kernel/locale.ts';
import { axisStyle, CHART_WIDTH, COLOUR, labelStyle, PATTERN, renderChart } from '../chart.ts';
import { type GroupSummary, groupName, type ReportData, total } from '../data.ts';
import { count, drawn, percent, scaled, shortened, tenThousandYuan, yuan } from '../format.ts';
import { figure, type Html, html, type Section, table } from '../html.ts';
import { kindName, UNIT, withUnit } from '../words.ts';
import { nothing } from './money.ts';

const GROUPS_DRAWN = 15;
const TITLE: Text = { zh: '最大的病种', en: 'Biggest groups' };

/** The groups that take most money, with their number of cases. */
export function groupsSection(data: ReportData, language: Language): Section {
  const shown = data.groups.filter((row) => row.group_code !== null && row.cases > 0n).slice(0, GROUPS_DRAWN);
  return {
    id: 'groups',
    title: TITLE,
    body: html`${shown.length === 0 ? nothing(TITLE, language) : chart(shown, language)}
${groupTable(data, shown, language)}`,
  };
}

const chartName = (row: GroupSummary): string => {
  const name = groupName(row);
  return name === '' ? row.group_code! : `${shortened(name, 28)}  ${shortened(row.group_code!, 14)}`;
};

function chart(rows: readonly GroupSummary[], language: Language): Html {
  const LEFT = 300;
  const panel = (CHART_WIDTH - LEFT - 150) / 2;
  const category = {
    ...axisStyle,
    type: 'category',
    inverse: true,
    data: rows.map(chartName),
    axisTick: { show: false },
  };
  return figure(
    {
      title: { zh: `按总费用前 ${rows.length} 位`, en: `The ${rows.length} with most cost` },
      chart: renderChart({
        id: 'chart-groups',
        height: 80 + rows.length * 26,
        label: `${TITLE.zh} ${TITLE.en}: ${rows.map((row) => `${row.group_code} ${groupName(row)} ${tenThousandYuan(row.cost_fen)} 万元 ${count(row.cases)} 例`).join('; ')}`,
        option: {
          grid: [
            { left: LEFT, width: panel, top: 12, bottom: 56 },
            { left: LEFT + panel + 90, width: panel, top: 12, bottom: 56 },
          ],
          xAxis: [
            {
              ...axisStyle,
              gridIndex: 0,
              type: 'value',
              splitNumber: 3,
              name: withUnit({ zh: '总费用', en: 'Cost' }, UNIT.tenThousandYuan, language),
              nameLocation: 'middle',
              nameGap: 34,
            },
            {
              ...axisStyle,
              gridIndex: 1,
              type: 'value',
              splitNumber: 3,
              minInterval: 1,
              name: withUnit({ zh: '病例', en: 'Cases' }, UNIT.cases, language),
              nameLocation: 'middle',
              nameGap: 34,
            },
          ],
          yAxis: [
            { ...category, gridIndex: 0, axisLabel: { ...axisStyle.axisLabel, interval: 0 } },
            { ...category, gridIndex: 1, axisLabel: { show: false } },
          ],
          series: [
            {
              type: 'bar',
              barWidth: 15,
              itemStyle: { color: COLOUR.blue },
              data: rows.map((row) => drawn(row.cost_fen, 6)),
              label: {
                ...labelStyle,
                show: true,
                position: 'right',
                formatter: ({ dataIndex }: { dataIndex: number }) =>
                  tenThousandYuan(rows[dataIndex]!.cost_fen),
              },
            },
            {
              type: 'bar',
              xAxisIndex: 1,
              yAxisIndex: 1,
              barWidth: 15,
              itemStyle: { color: COLOUR.green, decal: PATTERN.stripes },
              data: rows.map((row) => Number(row.cases)),
              label: {
                ...labelStyle,
                show: true,
                position: 'right',
                formatter: ({ dataIndex }: { dataIndex: number }) => count(rows[dataIndex]!.cases),
              },
            },
          ],
        },
      }),
      caption: {
        zh: '左：本年度该病种清单的总费用（万元）；右：病例数（例）。两险种合计，按总费用排序。',
        en: "Left: cost of the group's lists in the year (10k yuan). Right: cases. Both schemes, by cost.",
      },
    },
    language,
  );
}

function groupTable(data: ReportData, rows: readonly GroupSummary[], language: Language): Html {
  const cost = total(data.groups, (row) => row.cost_fen);
  return table(
    {
      caption: {
        zh: '最大的病种（全部见经办机构工作簿）',
        en: "Biggest groups (all in the agency's workbook)",
      },
      columns: [
        { title: { zh: '病种', en: 'Group' } },
        { title: { zh: '类型', en: 'Kind' } },
        { title: { zh: '病例', en: 'Cases' }, unit: UNIT.cases },
        { title: { zh: '总费用', en: 'Cost' }, unit: UNIT.tenThousandYuan },
        { title: { zh: '占比', en: 'Share' }, unit: UNIT.percent },
        { title: { zh: '次均费用', en: 'Mean cost' }, unit: UNIT.yuan },
        { title: { zh: '历史均费', en: 'History mean' }, unit: UNIT.yuan },
        { title: { zh: '病种分值', en: 'Score' }, unit: UNIT.points },
        ...(data.weightUnit ? [{ title: { zh: '权重', en: 'Weight' }, unit: UNIT.none }] : []),
      ],
      rows: rows.map((row) => [
        html`${groupName(row)} <code>${row.group_code ?? ''}</code>`,
        kindName(row.kind)[language],
        count(row.cases),
        tenThousandYuan(row.cost_fen),
        percent(row.cost_fen, cost),
        yuan(row.mean_cost_fen),
        yuan(row.average_cost_fen),
        scaled(row.score4, 4),
        ...(data.weightUnit ? [scaled(row.score4 === null ? null : row.score4 / data.weightUnit, 4)] : []),
      ]),
      empty: { zh: '本年度没有入组的清单。', en: 'No list of the year is in a group.' },
    },
    language,
  );
}
