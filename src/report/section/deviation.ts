import type { Language, Text } from '#kernel/locale.ts';
import { axisStyle, CHART_WIDTH, COLOUR, FONT_PX, INK, labelStyle, PATTERN, renderChart } from '../chart.ts';
import { casesOf, deviationsOf, type ReportData, type SchemeSummary, total } from '../data.ts';
import { count, percent } from '../format.ts';
import { figure, type Html, html, type Section, table } from '../html.ts';
import { deviationName, joined, schemeName, UNIT, withUnit } from '../words.ts';
import { nothing } from './money.ts';

const TITLE: Text = { zh: '费用偏差分布', en: 'Distribution of deviation' };
const BINS = 31;

const STYLES: Readonly<Record<string, { readonly color: string; readonly decal?: object }>> = {
  low: { color: COLOUR.orange, decal: PATTERN.dots },
  normal: { color: COLOUR.blue },
  high: { color: COLOUR.vermilion, decal: PATTERN.stripes },
  extreme: { color: COLOUR.purple, decal: PATTERN.dots },
};
const classesOf = ({ kinds }: ReportData) =>
  deviationsOf(kinds).map((deviation) => ({ deviation, ...STYLES[deviation]! }));

/** How far the cost of cases lies from the payment standard of their groups. */
export function deviationSection(data: ReportData, language: Language): Section {
  return {
    id: 'deviation',
    title: TITLE,
    body: html`${data.bins.length === 0 ? nothing(TITLE, language) : chart(data, language)}
${shareTable(data, language)}`,
  };
}

function chart(data: ReportData, language: Language): Html {
  const { bins, thresholds } = data;
  const classes = classesOf(data);
  const lines = [
    { value: thresholds.low, word: { zh: '低倍率界限', en: 'low' } },
    { value: thresholds.high, word: { zh: '高倍率界限', en: 'high' } },
  ].flatMap(({ value, word }) =>
    value === undefined ? [] : [{ xAxis: Number(value), name: `${joined(word, language)} ${value}` }],
  );
  const byMean = data.parameters.some(
    ({ parameter, value }) => parameter === 'deviation.ratio_base' && value === 'mean',
  );
  const standard: Text = byMean
    ? { zh: '病种均费', en: 'mean cost of the group' }
    : {
        zh: '病种均费×机构系数（基层病种系数为 1）',
        en: 'mean cost of the group × coefficient (1 in primary-care groups)',
      };
  const LEFT = 76;
  const RIGHT = 30;
  const barWidth = ((CHART_WIDTH - LEFT - RIGHT) / BINS) * 0.86;
  return figure(
    {
      title: { zh: '费用与支付标准之比', en: 'Cost over payment standard' },
      chart: renderChart({
        id: 'chart-deviation',
        height: 380,
        label: `${TITLE.zh} ${TITLE.en}: ${classes
          .map(
            (one) =>
              `${joined(deviationName(one.deviation), language)} ${count(
                total(
                  bins.filter((bin) => bin.deviation === one.deviation),
                  (bin) => bin.cases,
                ),
              )} 例`,
          )
          .join('; ')}`,
        option: {
          grid: { left: LEFT, right: RIGHT, top: 76, bottom: 56 },
          legend: {
            top: 0,
            left: 'center',
            itemGap: 24,
            textStyle: { color: INK, fontSize: FONT_PX },
            data: classes.map((one) => joined(deviationName(one.deviation), language)),
          },
          xAxis: {
            ...axisStyle,
            type: 'value',
            min: 0,
            max: BINS / 10,
            interval: 0.5,
            axisLabel: {
              ...axisStyle.axisLabel,
              showMaxLabel: false,
              formatter: (value: number) => (value >= 3 ? '≥3' : String(value)),
            },
            splitLine: { show: false },
            name: withUnit({ zh: '费用 ÷ 支付标准', en: 'Cost / payment standard' }, UNIT.ratio, language),
            nameLocation: 'middle',
            nameGap: 34,
          },
          yAxis: {
            ...axisStyle,
            type: 'value',
            minInterval: 1,
            name: withUnit({ zh: '清单', en: 'Lists' }, UNIT.lists, language),
            nameTextStyle: { ...axisStyle.nameTextStyle, align: 'left', padding: [0, 0, 0, -50] },
          },
          series: classes.map((one, index) => ({
            name: joined(deviationName(one.deviation), language),
            type: 'bar',
            // Bars of one place overlap only where a threshold lies within a step.
            barGap: '-100%',
            barWidth,
            color: one.color,
            itemStyle: { color: one.color, ...(one.decal ? { decal: one.decal } : {}) },
            data: bins
              .filter((bin) => bin.deviation === one.deviation)
              .map((bin) => [(Number(bin.bin) + 0.5) / 10, Number(bin.cases)]),
            ...(index === 0
              ? {
                  markLine: {
                    symbol: 'none',
                    silent: true,
                    lineStyle: { color: INK, type: [6, 4], width: 1.5 },
                    label: { ...labelStyle, position: 'end', formatter: '{b}' },
                    data: lines,
                  },
                }
              : {}),
          })),
        },
      }),
      caption: {
        zh: `每条为 0.1 倍的一段；最右一条为 3 倍及以上。支付标准＝${standard.zh}。虚线为政策参数中的界限（${lines.length === 0 ? '本地区没有规定' : `${thresholds.low ?? '—'} 与 ${thresholds.high ?? '—'} 倍`}）。未入组清单没有支付标准，不在图中。`,
        en: `Steps of 0.1; the last bar holds 3 and above. Payment standard = ${standard.en}. Dashed: the thresholds of the policy (${lines.length === 0 ? 'none here' : `${thresholds.low ?? '—'} and ${thresholds.high ?? '—'}`}). Ungrouped lists have no standard and are not drawn.`,
      },
    },
    language,
  );
}

function shareTable({ schemes, kinds }: ReportData, language: Language): Html {
  const classes = [
    ...deviationsOf(kinds).map((deviation) => ({
      name: deviationName(deviation),
      cases: ({ insutype }: SchemeSummary) => casesOf(kinds, { insutype, deviation }),
    })),
    { name: deviationName(null), cases: (row: SchemeSummary) => row.ungrouped_cases },
  ];
  const all = total(schemes, (row) => row.cases);
  return table(
    {
      caption: { zh: '偏差构成', en: 'Shares' },
      columns: [
        { title: { zh: '类别', en: 'Class' } },
        ...schemes.flatMap((scheme) => [
          { title: schemeName(scheme.insutype), unit: UNIT.lists },
          { title: { zh: '占比', en: 'Share' }, unit: UNIT.percent },
        ]),
        { title: { zh: '合计', en: 'Total' }, unit: UNIT.lists },
        { title: { zh: '占比', en: 'Share' }, unit: UNIT.percent },
      ],
      rows:
        all === 0n
          ? []
          : classes.map((one) => [
              joined(one.name, language),
              ...schemes.flatMap((scheme) => [
                count(one.cases(scheme)),
                percent(one.cases(scheme), scheme.cases),
              ]),
              count(total(schemes, one.cases)),
              percent(total(schemes, one.cases), all),
            ]),
      total: [
        joined({ zh: '合计', en: 'Total' }, language),
        ...schemes.flatMap((scheme) => [count(scheme.cases), percent(scheme.cases, scheme.cases)]),
        count(all),
        percent(all, all),
      ],
      empty: { zh: '没有清单。', en: 'There are no lists.' },
    },
    language,
  );
}
