import type { Language, Text } from '#kernel/locale.ts';
import { axisStyle, CHART_WIDTH, COLOUR, FONT_PX, INK, renderChart } from '../chart.ts';
import type { MonthlyPointValue, ReportData, SchemeSummary } from '../data.ts';
import { count, drawn, percent, scaled, signed, tenThousandYuan } from '../format.ts';
import { figure, type Html, html, type Section, table } from '../html.ts';
import { joined, schemeName, UNIT, withUnit } from '../words.ts';
import { nothing } from './money.ts';

const TITLE: Text = { zh: '各月点值', en: 'Point value by month' };

/** What a point cost each month, against the point values the year was paid with. */
export function pointValueSection(data: ReportData, language: Language): Section {
  const months = Array.from(
    { length: 12 },
    (_, index) => `${data.area.year}-${String(index + 1).padStart(2, '0')}`,
  );
  const drawnSchemes = data.schemes.filter((scheme) =>
    data.months.some((row) => row.insutype === scheme.insutype && row.observed_point_value8 !== null),
  );
  return {
    id: 'point-value',
    title: TITLE,
    body: html`${drawnSchemes.length === 0 ? nothing(TITLE, language) : chart(data, drawnSchemes, months, language)}
${monthTable(data, language)}`,
  };
}

function chart(
  data: ReportData,
  schemes: readonly SchemeSummary[],
  months: readonly string[],
  language: Language,
): Html {
  const names = {
    observed: joined({ zh: '当月每分费用', en: 'cost per point' }, language),
    start: joined({ zh: '年初点值', en: 'start of year' }, language),
    settlement: joined({ zh: '结算点值', en: 'settlement' }, language),
  };
  const PANEL_GAP = 80;
  const LEFT = 62;
  const width = (CHART_WIDTH - LEFT - 24 - PANEL_GAP * (schemes.length - 1)) / schemes.length;
  const values = schemes.flatMap((scheme) => [
    scheme.start_point_value8,
    scheme.settlement_point_value8,
    ...data.months.filter((row) => row.insutype === scheme.insutype).map((row) => row.observed_point_value8),
  ]);
  const numbers = values.filter((value) => value !== null).map((value) => drawn(value, 8));
  const [low, high] = [Math.min(...numbers), Math.max(...numbers)];
  const margin = Math.max((high - low) * 0.15, high * 0.005);
  // Round limits, the same for both schemes, so that the panels can be compared.
  const step = 10 ** Math.floor(Math.log10(margin * 2));
  const decimals = Math.max(0, -Math.floor(Math.log10(step)));
  const limits = {
    min: Number(Math.max(0, Math.floor((low - margin) / step) * step).toFixed(decimals)),
    max: Number((Math.ceil((high + margin) / step) * step).toFixed(decimals)),
  };
  const observed = (scheme: SchemeSummary, month: string) =>
    data.months.find((row) => row.insutype === scheme.insutype && row.month === month)
      ?.observed_point_value8 ?? null;
  const missing = schemes.flatMap((scheme) => {
    const empty = months.filter((month) => observed(scheme, month) === null);
    return empty.length === 0
      ? []
      : [`${joined(schemeName(scheme.insutype), language)}: ${empty.join(', ')}`];
  });
  const constant = (value: bigint | null) => months.map(() => (value === null ? '-' : drawn(value, 8)));
  return figure(
    {
      title: { zh: '当月每分费用与年度点值', en: "Cost of a point against the year's point values" },
      chart: renderChart({
        id: 'chart-point-value',
        height: 360,
        label: `${TITLE.zh} ${TITLE.en}: ${schemes.map((scheme) => `${joined(schemeName(scheme.insutype), language)}, ${names.start} ${scaled(scheme.start_point_value8, 8)}, ${names.settlement} ${scaled(scheme.settlement_point_value8, 8)} 元/分`).join('; ')}`,
        option: {
          legend: {
            top: 0,
            left: 'center',
            itemWidth: 44,
            itemGap: 24,
            textStyle: { color: INK, fontSize: FONT_PX },
            data: [
              { name: names.observed },
              { name: names.start, itemStyle: { opacity: 0 } },
              { name: names.settlement, itemStyle: { opacity: 0 } },
            ],
          },
          title: schemes.map((scheme, index) => ({
            text: joined(schemeName(scheme.insutype), language),
            left: LEFT + index * (width + PANEL_GAP),
            top: 30,
            textStyle: { color: INK, fontSize: FONT_PX + 1, fontWeight: 'bold' },
          })),
          grid: schemes.map((_, index) => ({
            left: LEFT + index * (width + PANEL_GAP),
            width,
            top: 86,
            bottom: 54,
          })),
          xAxis: schemes.map((_, index) => ({
            ...axisStyle,
            gridIndex: index,
            type: 'category',
            data: months.map((month) => String(Number(month.slice(5)))),
            name: withUnit({ zh: '出院月份', en: 'Month of discharge' }, { zh: '月', en: 'month' }, language),
            nameLocation: 'middle',
            nameGap: 32,
            boundaryGap: true,
          })),
          yAxis: schemes.map((_, index) => ({
            ...axisStyle,
            gridIndex: index,
            type: 'value',
            ...limits,
            axisLabel: { ...axisStyle.axisLabel, formatter: (value: number) => value.toFixed(decimals) },
            name: joined(UNIT.pointValue, language),
            nameTextStyle: { ...axisStyle.nameTextStyle, align: 'left', padding: [0, 0, 0, -40] },
          })),
          series: schemes.flatMap((scheme, index) => {
            const place = { type: 'line', xAxisIndex: index, yAxisIndex: index, connectNulls: false };
            return [
              {
                ...place,
                name: names.observed,
                symbol: 'circle',
                symbolSize: 8,
                color: COLOUR.blue,
                lineStyle: { width: 2.5, color: COLOUR.blue },
                data: months.map((month) => {
                  const value = observed(scheme, month);
                  return value === null ? '-' : drawn(value, 8);
                }),
              },
              {
                ...place,
                name: names.start,
                symbol: 'none',
                color: COLOUR.green,
                lineStyle: { width: 2, type: 'dotted', color: COLOUR.green },
                data: constant(scheme.start_point_value8),
              },
              {
                ...place,
                name: names.settlement,
                symbol: 'none',
                color: COLOUR.vermilion,
                lineStyle: { width: 2, type: [10, 5], color: COLOUR.vermilion },
                data: constant(scheme.settlement_point_value8),
              },
            ];
          }),
        },
      }),
      caption: {
        zh: `圆点：当月出院清单的（记账基金＋非基金支付）÷ 当月分值，即当月费用摊到每一分的钱；若按这个点值付，机构当月恰好收回费用。长虚线：全年结算点值；点线：年初点值（两险种相同）。结算点值低于圆点的月份，机构当月亏损。纵轴不从 0 开始。下表末列为结算点值比每分费用高出（＋）或低于（－）的百分比。单位：元/分。${missing.length === 0 ? '' : `没有清单的月份：${missing.join('；')}。`}`,
        en: `Dots: (fund booked + non-fund payments) / points of the lists discharged in the month, the cost of one point; paid at this value institutions would just recover the month's cost. Dashed: settlement point value of the year. Dotted: start of year, one for both schemes. The axis does not start at 0. Last column of the table: settlement point value above (+) or below (−) the cost per point. Unit: yuan per point.${missing.length === 0 ? '' : ` Months without lists: ${missing.join('; ')}.`}`,
      },
    },
    language,
  );
}

function monthTable(data: ReportData, language: Language): Html {
  const settlement = new Map(data.schemes.map((scheme) => [scheme.insutype, scheme.settlement_point_value8]));
  const gap = (row: MonthlyPointValue): string => {
    const value = settlement.get(row.insutype) ?? null;
    return value === null || row.observed_point_value8 === null
      ? '—'
      : signed(percent(value - row.observed_point_value8, row.observed_point_value8));
  };
  return table(
    {
      caption: {
        zh: '各月结算',
        en: 'Months',
      },
      columns: [
        { title: { zh: '月份', en: 'Month' } },
        { title: { zh: '险种', en: 'Scheme' } },
        { title: { zh: '清单', en: 'Lists' }, unit: UNIT.lists },
        { title: { zh: '分值', en: 'Points' }, unit: UNIT.points },
        { title: { zh: '总费用', en: 'Cost' }, unit: UNIT.tenThousandYuan },
        { title: { zh: '月预结算', en: 'Paid' }, unit: UNIT.tenThousandYuan },
        { title: { zh: '每分费用', en: 'Cost per point' }, unit: UNIT.pointValue },
        { title: { zh: '结算点值高低', en: 'Settlement vs cost' }, unit: UNIT.percent },
      ],
      rows: data.months
        .toSorted((a, b) =>
          a.insutype < b.insutype ? -1 : a.insutype > b.insutype ? 1 : a.month < b.month ? -1 : 1,
        )
        .map((row) => [
          row.month,
          schemeName(row.insutype)[language],
          count(row.cases),
          scaled(row.points4, 4),
          tenThousandYuan(row.cost_fen),
          tenThousandYuan(row.paid_fen),
          scaled(row.observed_point_value8, 8),
          gap(row),
        ]),
      empty: { zh: '没有任何月份的结算。', en: 'No month has a settlement.' },
    },
    language,
  );
}
