import type { Language, Text } from '#kernel/locale.ts';
import { axisStyle, CHART_WIDTH, FONT_PX, INK, renderChart } from '../chart.ts';
import {
  byDifference,
  differenceChart,
  first,
  SIDE_STYLES,
  sideCells,
  sideColumns,
} from '../compare/pieces.ts';
import { type Line, moreThanFirst } from '../compare/side.ts';
import { total } from '../data.ts';
import { count, drawn, NONE, scaled, signed, tenThousandYuan, yuan } from '../format.ts';
import { both, figure, type Html, html, type Section, table } from '../html.ts';
import { renderPage } from '../page.ts';
import { joined, levelName, schemeName, UNIT } from '../words.ts';
import { type GroupOutcome, groupMoved, type SimulationComparison } from './side.ts';
import { groupTitle, HYPOTHETICAL, resultOf, sideNames, summaryRows } from './summary.ts';

const EMPTY: Text = { zh: '本年度没有清单。', en: 'The year has no lists.' };
const NO_GROUP_MOVES: Text = {
  zh: '没有一个组的分值、病例归类或分值合计改变。',
  en: 'No group has another score, another place of its cases or other points.',
};
/** Groups shown for each scenario; all of them are in groups.csv and the workbook. */
const GROUPS_SHOWN = 40;

/** The page of a simulation: what is assumed, what it comes to, who gains and loses, which groups move. */
export function renderSimulation(comparison: SimulationComparison, language: Language): string {
  const { area, sides } = comparison;
  const subject = { zh: '政策试算', en: 'Simulation' };
  const sections: Section[] = [
    {
      id: 'changes',
      title: { zh: '假设的改变', en: 'What is assumed' },
      body: changesBody(comparison, language),
    },
    { id: 'summary', title: { zh: '汇总', en: 'Summary' }, body: summaryTable(comparison, language) },
    {
      id: 'point-values',
      title: { zh: '点值', en: 'Point values' },
      body: pointValues(comparison, language),
    },
    {
      id: 'institutions',
      title: { zh: '谁多得，谁少得', en: 'Who gains, who loses' },
      body: institutionsBody(comparison, language),
    },
    {
      id: 'groups',
      title: { zh: '变动的组', en: 'Groups that move' },
      body: groupsBody(comparison, language),
    },
    { id: 'reading', title: { zh: '怎样读', en: 'How to read this' }, body: reading(language) },
  ];
  const names = sides.slice(1).map(({ title }) => title);
  return renderPage(
    {
      eyebrow: {
        zh: names.map(({ zh }) => zh).join(' · '),
        en: names.map(({ en }) => en).join(' · '),
      },
      place: `${area.name} ${area.year}`,
      heading: html`${area.name} ${area.year} ${language === 'zh' ? '年度 ' : ''}${both(subject, language)}`,
      subject,
      facts: [
        [{ zh: '统筹地区', en: 'Pooling area' }, area.code],
        [{ zh: '清算年度', en: 'Payment year' }, String(area.year)],
        [{ zh: '规则', en: 'Profile' }, area.profile],
      ],
      sections,
      chapters: new Set(['institutions', 'groups']),
    },
    language,
  );
}

function changesBody({ sides }: SimulationComparison, language: Language): Html {
  return html`<p><strong>${both(HYPOTHETICAL, language)}</strong></p>
${sides.slice(1).map(
  ({
    id,
    title,
    description,
    changes,
  }) => html`<h3>${both(title, language)}${title.zh === id ? '' : html` <code>${id}</code>`}</h3>
${description ? html`<p>${both(description, language)}</p>` : undefined}${table(
  {
    caption: { zh: `${title.zh}：改变`, en: `${title.en}: changes` },
    columns: [
      { title: { zh: '参数', en: 'Parameter' } },
      { title: { zh: '原值', en: 'Old value' }, unit: { zh: '', en: '' } },
      { title: { zh: '新值（假设）', en: 'New value (hypothetical)' }, unit: { zh: '', en: '' } },
      { title: { zh: '单位', en: 'Unit' } },
      { title: { zh: '原值来源', en: 'Source of the old value' } },
    ],
    rows: changes.map((change) => [
      html`${both(change.title, language)} <code>${change.name}</code>`,
      change.before === '' ? NONE : change.before,
      change.written === change.after ? change.after : `${change.after} (${change.written})`,
      change.unit[language],
      change.source[language],
    ]),
    empty: EMPTY,
  },
  language,
)}
`,
)}`;
}

const summaryTable = (comparison: SimulationComparison, language: Language): Html =>
  table(
    {
      caption: { zh: '现行与各方案', en: 'The base and the scenarios' },
      columns: [
        { title: { zh: '项目', en: 'Item' } },
        ...comparison.sides.map(({ title }) => ({ title, unit: { zh: '', en: '' } })),
      ],
      rows: summaryRows(comparison).map(({ title, cells }) => [joined(title, language), ...cells]),
      empty: EMPTY,
    },
    language,
  );

function pointValues(comparison: SimulationComparison, language: Language): Html {
  const { schemes, months } = comparison;
  const names = sideNames(comparison, language);
  const perSide = (title: Text, unit: Text) =>
    names.map((name) => ({
      title: { zh: `${title.zh} ${name}`, en: `${title.en} ${name}` },
      unit,
    }));
  return html`${schemes.map(({ key }) => monthChart(comparison, key, language))}
${table(
  {
    caption: { zh: '各险种的钱', en: 'Money of each scheme' },
    columns: [
      { title: { zh: '险种', en: 'Scheme' } },
      { title: { zh: '方案', en: 'Scenario' } },
      { title: { zh: '预算', en: 'Budget' }, unit: UNIT.yuan },
      { title: { zh: '总分值', en: 'Points' }, unit: UNIT.points },
      { title: { zh: '年初点值', en: 'Start of year' }, unit: UNIT.pointValue },
      { title: { zh: '结算点值', en: 'Settlement' }, unit: UNIT.pointValue },
      { title: { zh: '清算结果', en: 'Result' }, unit: UNIT.yuan },
      { title: { zh: '留存', en: 'Residual' }, unit: UNIT.yuan },
    ],
    rows: schemes.flatMap(({ key, rows }) =>
      rows.flatMap((row, side) =>
        row
          ? [
              [
                joined(schemeName(key), language),
                names[side]!,
                yuan(row.budget_fen),
                scaled(row.points4, 4),
                scaled(row.start_point_value8, 8),
                scaled(row.settlement_point_value8, 8),
                yuan(row.result_fen),
                yuan(row.residual_fen),
              ],
            ]
          : [],
      ),
    ),
    empty: EMPTY,
  },
  language,
)}
${table(
  {
    caption: { zh: '各月每分费用与预结算', en: 'Cost per point and payments by month' },
    columns: [
      { title: { zh: '险种', en: 'Scheme' } },
      { title: { zh: '月份', en: 'Month' } },
      ...perSide({ zh: '每分费用', en: 'Cost per point' }, UNIT.pointValue),
      ...perSide({ zh: '月预结算', en: 'Paid' }, UNIT.tenThousandYuan),
    ],
    rows: months.map((line) => [
      schemeName(first(line).insutype)[language],
      first(line).month,
      ...line.rows.map((row) => scaled(row?.observed_point_value8 ?? null, 8)),
      ...line.rows.map((row) => tenThousandYuan(row?.paid_fen ?? null)),
    ]),
    empty: EMPTY,
  },
  language,
)}`;
}

/** What a point cost in each month of a scheme, one line for each side. */
function monthChart({ sides, months, area }: SimulationComparison, scheme: string, language: Language): Html {
  const own = months.filter((line) => first(line).insutype === scheme);
  const values = own.flatMap(({ rows }) => rows.map((row) => row?.observed_point_value8 ?? null));
  const numbers = values.filter((value) => value !== null).map((value) => drawn(value, 8));
  if (numbers.length === 0) return html``;
  const [low, high] = [Math.min(...numbers), Math.max(...numbers)];
  const margin = Math.max((high - low) * 0.15, high * 0.005);
  const step = 10 ** Math.floor(Math.log10(margin * 2));
  const decimals = Math.max(0, -Math.floor(Math.log10(step)));
  const name = schemeName(scheme);
  const title = { zh: `${name.zh}：当月每分费用`, en: `${name.en}: cost per point by month` };
  return figure(
    {
      title,
      chart: renderChart({
        id: `chart-simulation-months-${scheme}`,
        height: 300,
        label: `${joined(title, language)}: ${own.map((line) => `${first(line).month} ${line.rows.map((row) => scaled(row?.observed_point_value8 ?? null, 8)).join(' / ')}`).join('; ')}`,
        option: {
          grid: { left: 76, right: 24, top: 44, bottom: 40, width: CHART_WIDTH - 100 },
          legend: {
            top: 2,
            left: 220,
            itemGap: 24,
            textStyle: { color: INK, fontSize: FONT_PX },
            data: sides.map((side) => side.title[language]),
          },
          xAxis: { ...axisStyle, type: 'category', data: own.map((line) => first(line).month.slice(5)) },
          yAxis: {
            ...axisStyle,
            type: 'value',
            min: Number(Math.max(0, Math.floor((low - margin) / step) * step).toFixed(decimals)),
            max: Number((Math.ceil((high + margin) / step) * step).toFixed(decimals)),
            name: joined(UNIT.pointValue, language),
          },
          series: sides.map((side, index) => ({
            name: side.title[language],
            type: 'line',
            symbol: SYMBOLS[index % SYMBOLS.length],
            symbolSize: 8,
            lineStyle: {
              type: LINES[index % LINES.length],
              color: SIDE_STYLES[index % SIDE_STYLES.length]!.color,
            },
            itemStyle: { color: SIDE_STYLES[index % SIDE_STYLES.length]!.color },
            data: own.map(({ rows }) => {
              const value = rows[index]?.observed_point_value8 ?? null;
              return value === null ? null : drawn(value, 8);
            }),
          })),
        },
      }),
      caption: {
        zh: `${area.year} 年各月清单的费用合计 ÷ 分值合计。方案不改分值时各线重合。`,
        en: `Cost of the lists of each month of ${area.year} divided by their points. The lines lie on each other where a scenario leaves the points as they are.`,
      },
    },
    language,
  );
}

const SYMBOLS = ['circle', 'rect', 'triangle', 'diamond', 'emptyCircle'];
const LINES = ['solid', 'dashed', 'dotted'] as const;

function institutionsBody(comparison: SimulationComparison, language: Language): Html {
  const { sides, institutions, levels, schemes } = comparison;
  const names = sideNames(comparison, language);
  const others = [...sides.keys()].slice(1);
  const byScheme = schemes.map(({ key }) => ({
    key,
    lines: comparison.clearing.filter((line) => first(line).insutype === key),
  }));
  return html`${others.map((side) =>
    differenceChart(
      {
        id: `chart-simulation-institutions-${side}`,
        lines: institutions.filter((line) => moreThanFirst(line, side, resultOf) !== 0n),
        names,
        side,
        amount: resultOf,
        nameOf: (line) => first(line).name ?? line.key,
        measure: { zh: '清算结果', en: 'Result of the clearing' },
        unit: { zh: '家', en: 'institutions' },
        note: { zh: '，各险种合计', en: ', all schemes' },
      },
      language,
    ),
  )}
${table(
  {
    caption: { zh: '各级别机构的清算结果', en: 'Result by level of institution' },
    columns: [
      { title: { zh: '级别', en: 'Level' } },
      { title: { zh: '机构', en: 'Institutions' }, unit: UNIT.institutions },
      ...sideColumns(names),
    ],
    rows: levels.map((line) => [
      levelName(Number(line.key))[language],
      count(first(line).institutions),
      ...sideCells(line, (row) => row.result_fen),
    ]),
    total: totalRow(levels, (row) => row.result_fen, ['', ''], language),
    empty: EMPTY,
  },
  language,
)}
${byScheme.map(({ key, lines }) =>
  table(
    {
      caption: {
        zh: `${schemeName(key).zh}：各机构的清算结果`,
        en: `${schemeName(key).en}: result by institution`,
      },
      columns: [
        { title: { zh: '医疗机构', en: 'Institution' } },
        { title: { zh: '级别', en: 'Level' } },
        { title: { zh: '清单', en: 'Lists' }, unit: UNIT.lists },
        ...sideColumns(names),
      ],
      rows: lines.map((line) => {
        const known = first(line);
        return [
          html`${known.name ?? ''} <code>${known.fixmedins_code}</code>`,
          known.level === null ? NONE : levelName(known.level)[language],
          count(known.cases),
          ...sideCells(line, (row) => row.result_fen),
        ];
      }),
      total: totalRow(lines, (row) => row.result_fen, ['', '', ''], language),
      empty: EMPTY,
    },
    language,
  ),
)}`;
}

/** The totals of the sides under `blanks` leading cells, the first of which says that they are. */
function totalRow<Row>(
  lines: readonly Line<Row>[],
  amount: (row: Row) => bigint,
  blanks: readonly string[],
  language: Language,
): string[] {
  const sides = lines[0]?.rows.length ?? 0;
  const sum: Line<{ readonly amount: bigint }> = {
    key: '',
    rows: Array.from({ length: sides }, (_, side) => ({
      amount: total(lines, ({ rows }) => (rows[side] ? amount(rows[side]) : 0n)),
    })),
  };
  return [
    joined({ zh: '合计', en: 'Total' }, language),
    ...blanks.slice(1),
    ...sideCells(sum, (row) => row.amount),
  ];
}

function groupsBody(comparison: SimulationComparison, language: Language): Html {
  const { sides, groups, groupNames } = comparison;
  const names = sideNames(comparison, language);
  return html`${[...sides.keys()].slice(1).map((side) => {
    const moved = groups.filter((line) => groupMoved(line, side));
    const size = (line: Line<GroupOutcome>) => {
      const points = moreThanFirst(line, side, (row) => row.points4);
      return points < 0n ? -points : points;
    };
    const shown = moved
      .toSorted((a, b) => (size(a) === size(b) ? (a.key < b.key ? -1 : 1) : size(a) > size(b) ? -1 : 1))
      .slice(0, GROUPS_SHOWN);
    const change = (line: Line<GroupOutcome>, of: (row: GroupOutcome) => bigint): string => {
      const [base, other] = [line.rows[0], line.rows[side]];
      const difference = moreThanFirst(line, side, of);
      const now = other ? count(of(other)) : NONE;
      return base && difference === 0n ? now : `${now} (${signed(count(difference))})`;
    };
    return html`${differenceChart(
      {
        id: `chart-simulation-groups-${side}`,
        lines: byDifference(moved, side, (row) => row.paid_fen).map(({ line }) => line),
        names,
        side,
        amount: (row) => row.paid_fen,
        nameOf: (line) => groupTitle(line, groupNames),
        measure: { zh: '按结算点值的支付', en: 'Payment by the point value' },
        unit: { zh: '组', en: 'groups' },
        note: { zh: '，各险种合计，只列变动的组', en: ', all schemes, of the groups that move' },
      },
      language,
    )}${table(
      {
        caption: {
          zh: `${names[side]}：变动的组 ${moved.length} 个${moved.length > shown.length ? `，按分值变动列出前 ${shown.length} 个` : ''}`,
          en: `${names[side]}: ${moved.length} groups move${moved.length > shown.length ? `, the ${shown.length} with the greatest change of points` : ''}`,
        },
        columns: [
          { title: { zh: '组', en: 'Group' } },
          { title: { zh: '清单', en: 'Lists' }, unit: UNIT.lists },
          { title: { zh: '低倍率', en: 'Low' }, unit: UNIT.lists },
          { title: { zh: '正常', en: 'Normal' }, unit: UNIT.lists },
          { title: { zh: '高倍率', en: 'High' }, unit: UNIT.lists },
          { title: { zh: '极高', en: 'Extreme' }, unit: UNIT.lists },
          { title: { zh: '分值之差', en: 'Points' }, unit: UNIT.points },
          { title: { zh: '支付之差', en: 'Payment' }, unit: UNIT.yuan },
        ],
        rows: shown.map((line) => [
          groupTitle(line, groupNames),
          change(line, (row) => row.cases),
          change(line, (row) => row.low_cases),
          change(line, (row) => row.normal_cases),
          change(line, (row) => row.high_cases),
          change(line, (row) => row.extreme_cases),
          signed(
            scaled(
              moreThanFirst(line, side, (row) => row.points4),
              4,
            ),
          ),
          signed(yuan(moreThanFirst(line, side, (row) => row.paid_fen))),
        ]),
        empty: NO_GROUP_MOVES,
      },
      language,
    )}`;
  })}`;
}

function reading(language: Language): Html {
  const texts: readonly Text[] = [
    {
      zh: '每个方案都是同一年的完整结算：清单、机构与历史不变，只改列出的数值；没有列出的参数都按现行政策。机构不会因为规则改变而改变行为，这一点试算不考虑。',
      en: 'Each scenario is a complete settlement of the same year: lists, institutions and history stay, only the values listed change, everything else follows the policy in force. That institutions would behave differently under other rules is not considered.',
    },
    {
      zh: '清算结果为考核、审核扣减等各步骤之后的金额。每个险种中：预算 = 各部分应付 + 各机构清算结果 + 留存，一分不差。',
      en: 'The result is what remains after assessment, audit and all other steps. In each scheme budget = due to the parts + results of the institutions + residual, to the fen.',
    },
    {
      zh: '组的支付 = 分值合计 × 结算点值 − 非基金支付，按险种各取整一次；采用固定或弹性点值、按机构比例付费的地区，机构所得另按其规则，组的支付只作对照。',
      en: 'The payment of a group is its points × the settlement point value − non-fund payments, rounded once for each scheme. Where point values are fixed or elastic or institutions are paid by their own ratio, what institutions get follows those rules, and this figure serves comparison only.',
    },
  ];
  return html`${texts.map((text) => html`<p>${both(text, language)}</p>\n`)}`;
}
