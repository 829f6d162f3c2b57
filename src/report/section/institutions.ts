import type { Language, Text } from '#kernel/locale.ts';
import { axisStyle, COLOUR, FONT_PX, INK, labelStyle, PATTERN, renderChart } from '../chart.ts';
import type { InstitutionSummary, ReportData } from '../data.ts';
import { count, drawn, percent, shortened, signed, tenThousandYuan } from '../format.ts';
import { figure, type Html, html, type Section, table } from '../html.ts';
import { joined, levelName, UNIT, withUnit } from '../words.ts';
import { nothing } from './money.ts';

/** With more than twice as many institutions, this many of the top and of the bottom are shown. */
const SHOWN_AT_EACH_END = 20;

const TITLE: Text = { zh: '机构盈亏', en: "Institutions' gain and loss" };

/** Who gains and who loses against the fund money booked at discharge. */
export function institutionsSection(data: ReportData, language: Language): Section {
  const ranked = data.institutions
    .filter((row) => row.cases > 0n || row.result_fen !== 0n)
    .toSorted((a, b) =>
      a.gain_fen === b.gain_fen
        ? a.fixmedins_code < b.fixmedins_code
          ? -1
          : 1
        : a.gain_fen > b.gain_fen
          ? -1
          : 1,
    );
  const cut = ranked.length > SHOWN_AT_EACH_END * 2;
  const shown = cut ? [...ranked.slice(0, SHOWN_AT_EACH_END), ...ranked.slice(-SHOWN_AT_EACH_END)] : ranked;
  return {
    id: 'institutions',
    title: TITLE,
    body: html`${shown.length === 0 ? nothing(TITLE, language) : chart(shown, cut, ranked.length, language)}
${gainTable(shown, cut, language)}`,
  };
}

function chart(rows: readonly InstitutionSummary[], cut: boolean, all: number, language: Language): Html {
  const GAIN = joined({ zh: '盈余', en: 'gain' }, language);
  const LOSS = joined({ zh: '亏损', en: 'loss' }, language);
  const bar = (
    name: string,
    color: string,
    decal: object | undefined,
    keep: (row: InstitutionSummary) => boolean,
  ) => ({
    name,
    type: 'bar',
    stack: 'gain',
    barWidth: 16,
    color,
    itemStyle: { color, ...(decal ? { decal } : {}) },
    data: rows.map((row) => (keep(row) ? drawn(row.gain_fen, 6) : '-')),
    label: {
      ...labelStyle,
      show: true,
      position: name === GAIN ? 'right' : 'left',
      formatter: ({ dataIndex }: { dataIndex: number }) => {
        const row = rows[dataIndex]!;
        return `${signed(tenThousandYuan(row.gain_fen))}  (${signed(percent(row.gain_fen, row.fund_fen))})`;
      },
    },
  });
  const longest = Math.max(...rows.map((row) => Math.abs(drawn(row.gain_fen, 6))), 0.01);
  // Room for the labels beside the longest bars.
  const reach = Number((longest * 1.65).toPrecision(2));
  const ends = cut
    ? {
        zh: `（盈亏最大的两端各 ${SHOWN_AT_EACH_END} 家，共 ${all} 家）`,
        en: ` (${SHOWN_AT_EACH_END} at each end of ${all})`,
      }
    : { zh: '', en: '' };
  return figure(
    {
      title: { zh: `清算结果与记账基金之差${ends.zh}`, en: `Clearing result against fund booked${ends.en}` },
      chart: renderChart({
        id: 'chart-gain',
        height: 110 + rows.length * 25,
        label: `${TITLE.zh} ${TITLE.en}: ${rows.map((row) => `${row.name} ${signed(tenThousandYuan(row.gain_fen))} 万元`).join('; ')}`,
        option: {
          grid: { left: 210, right: 24, top: 40, bottom: 54 },
          legend: {
            top: 2,
            left: 210,
            itemGap: 24,
            textStyle: { color: INK, fontSize: FONT_PX },
            data: [GAIN, LOSS],
          },
          xAxis: {
            ...axisStyle,
            type: 'value',
            min: -reach,
            max: reach,
            axisLabel: { ...axisStyle.axisLabel, showMinLabel: false, showMaxLabel: false },
            name: withUnit(
              { zh: '清算结果－记账基金', en: 'Result − fund booked' },
              UNIT.tenThousandYuan,
              language,
            ),
            nameLocation: 'middle',
            nameGap: 32,
          },
          yAxis: {
            ...axisStyle,
            type: 'category',
            inverse: true,
            data: rows.map((row) => shortened(row.name, 26)),
            axisLine: { onZero: true, lineStyle: { color: INK } },
            axisTick: { show: false },
            axisLabel: { ...axisStyle.axisLabel, interval: 0 },
          },
          series: [
            bar(GAIN, COLOUR.blue, undefined, (row) => row.gain_fen >= 0n),
            bar(LOSS, COLOUR.vermilion, PATTERN.stripes, (row) => row.gain_fen < 0n),
          ],
        },
      }),
      caption: {
        zh: '盈亏＝清算结果（两险种合计，考核与审核之后）－出院时已记账的基金支付。括号内为盈亏占记账基金的百分比。正数：按分值得到的钱多于记账；负数：少于记账。单位：万元。',
        en: 'Gain = clearing result (both schemes, after assessment and audit) − fund payments booked at discharge; in brackets as a share of the fund booked. Unit: 10k yuan.',
      },
    },
    language,
  );
}

function gainTable(rows: readonly InstitutionSummary[], cut: boolean, language: Language): Html {
  return table(
    {
      caption: cut
        ? {
            zh: '机构盈亏（两端；全部见机构清算表）',
            en: 'Gain and loss (both ends; all in the clearing table)',
          }
        : { zh: '机构盈亏', en: 'Gain and loss' },
      columns: [
        { title: { zh: '医疗机构', en: 'Institution' } },
        { title: { zh: '等级', en: 'Level' } },
        { title: { zh: '清单', en: 'Lists' }, unit: UNIT.lists },
        { title: { zh: '总费用', en: 'Cost' }, unit: UNIT.tenThousandYuan },
        { title: { zh: '记账基金', en: 'Fund booked' }, unit: UNIT.tenThousandYuan },
        { title: { zh: '清算结果', en: 'Result' }, unit: UNIT.tenThousandYuan },
        { title: { zh: '盈亏', en: 'Gain' }, unit: UNIT.tenThousandYuan },
        { title: { zh: '占记账', en: 'Of booked' }, unit: UNIT.percent },
      ],
      rows: rows.map((row) => [
        html`${row.name} <code>${row.fixmedins_code}</code>`,
        levelName(row.level)[language],
        count(row.cases),
        tenThousandYuan(row.cost_fen),
        tenThousandYuan(row.fund_fen),
        tenThousandYuan(row.result_fen),
        signed(tenThousandYuan(row.gain_fen)),
        signed(percent(row.gain_fen, row.fund_fen)),
      ]),
      empty: { zh: '没有机构参与清算。', en: 'No institution takes part.' },
    },
    language,
  );
}
