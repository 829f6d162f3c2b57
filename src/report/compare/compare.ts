import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { scaledText } from '#kernel/fraction.ts';
import type { Language, Text } from '#kernel/locale.ts';
import { yuanText } from '#kernel/money.ts';
import { axisStyle, FONT_PX, INK, labelStyle, renderChart } from '../chart.ts';
import type { InstitutionSummary } from '../data.ts';
import { count, drawn, percent, shortened, signed, tenThousandYuan } from '../format.ts';
import { both, figure, type Html, html, table } from '../html.ts';
import { renderPage } from '../page.ts';
import { joined, levelName, UNIT, withUnit } from '../words.ts';
import { type Sheet, type SheetCell, writeWorkbook } from '../workbook/xlsx.ts';
import {
  byDifference,
  csv,
  differenceChart,
  first,
  laid,
  SIDE_STYLES,
  sideCells,
  sideColumns,
} from './pieces.ts';
import {
  chapterName,
  type Line,
  linesOf,
  mdcLines,
  moreThanFirst,
  movedFen,
  type Side,
  type SpecialitySummary,
  totalsOf,
} from './side.ts';

const due = (row: InstitutionSummary): bigint => row.due_fen;
const paid = (row: SpecialitySummary): bigint => row.paid_fen;

export type Comparison = {
  readonly sides: readonly Side[];
  readonly institutions: readonly Line<InstitutionSummary>[];
  readonly specialities: readonly Line<SpecialitySummary>[];
};

/** Puts the settlements of one year side by side; the first is what the others are compared with. */
export const compareSides = (sides: readonly Side[]): Comparison => ({
  sides,
  institutions: linesOf(
    sides.map((side) => side.institutions),
    (row) => row.fixmedins_code,
  ),
  specialities: linesOf(
    sides.map((side) => side.specialities),
    (row) => row.chapter,
  ),
});

/** Writes compare.html, compare.xlsx, institutions.csv, specialities.csv and, of DRG sides, mdcs.csv. */
export async function writeComparison(
  comparison: Comparison,
  folder: string,
  language: Language,
): Promise<void> {
  writeFileSync(join(folder, 'compare.html'), renderComparison(comparison, language));
  await writeWorkbook(join(folder, 'compare.xlsx'), comparisonSheets(comparison, language), language);
  writeFileSync(join(folder, 'institutions.csv'), institutionCsv(comparison));
  writeFileSync(join(folder, 'specialities.csv'), specialityCsv(comparison));
  if (hasMdcs(comparison)) writeFileSync(join(folder, 'mdcs.csv'), mdcCsv(comparison));
}

/** Some side is grouped by a DRG scheme. */
export const hasMdcs = ({ sides }: Comparison): boolean => sides.some(({ mdcs }) => mdcs !== undefined);

const mdcName = (mdc: string): Text =>
  mdc === '' ? { zh: '不属于任何 MDC', en: 'No MDC' } : { zh: mdc, en: mdc };

const numbered = (sides: readonly Side[], columns: (number: number) => readonly string[]): string[] =>
  sides.flatMap((_, index) => columns(index + 1));

function institutionCsv({ sides, institutions }: Comparison): string {
  const header = numbered(sides, (n) => [
    `cases_${n}`,
    `points_${n}`,
    `cmi_${n}`,
    `due_${n}`,
    ...(n === 1 ? [] : [`difference_${n}`]),
  ]);
  return csv(
    ['fixmedins_code', 'name', 'level', 'fund_booked', ...header],
    institutions.map((line) => {
      const known = first(line);
      return [
        line.key,
        known.name,
        String(known.level),
        yuanText(known.fund_fen),
        ...line.rows.flatMap((row, side) => [
          row ? String(row.cases) : '',
          row ? scaledText(row.points4, 4) : '',
          row?.cmi4 ? scaledText(row.cmi4, 4) : '',
          row ? yuanText(row.due_fen) : '',
          ...(side === 0 ? [] : [yuanText(moreThanFirst(line, side, due))]),
        ]),
      ];
    }),
  );
}

function specialityCsv({ sides, specialities }: Comparison): string {
  const header = numbered(sides, (n) => [
    `cases_${n}`,
    `points_${n}`,
    `paid_${n}`,
    ...(n === 1 ? [] : [`difference_${n}`]),
  ]);
  return csv(
    ['chapter', 'name', 'fund_booked', ...header],
    specialities.map((line) => [
      line.key,
      chapterName(line.key).zh,
      yuanText(first(line).fund_fen),
      ...line.rows.flatMap((row, side) => [
        row ? String(row.cases) : '',
        row ? scaledText(row.points4, 4) : '',
        row ? yuanText(row.paid_fen) : '',
        ...(side === 0 ? [] : [yuanText(moreThanFirst(line, side, paid))]),
      ]),
    ]),
  );
}

/** The number of a side in the columns is its place among all sides, as in the other files. */
function mdcCsv({ sides }: Comparison): string {
  const numbers = sides.flatMap(({ mdcs }, index) => (mdcs ? [index + 1] : []));
  return csv(
    ['mdc', ...numbers.flatMap((n) => [`cases_${n}`, `fund_booked_${n}`, `points_${n}`, `paid_${n}`])],
    mdcLines(sides).lines.map(({ key, rows }) => [
      key,
      ...rows.flatMap((row) =>
        row
          ? [String(row.cases), yuanText(row.fund_fen), scaledText(row.points4, 4), yuanText(row.paid_fen)]
          : ['', '', '', ''],
      ),
    ]),
  );
}

function comparisonSheets({ sides, institutions, specialities }: Comparison, language: Language): Sheet[] {
  const DIFFERENCE = { zh: '差额', en: 'Difference' };
  const perSide = (title: Text, kind: 'yuan' | 'count') =>
    sides.flatMap(({ name }, index) => [
      {
        title: { zh: `${title.zh} ${name}`, en: `${title.en} ${name}` },
        unit: kind === 'yuan' ? UNIT.yuan : UNIT.lists,
        width: 22,
        kind,
      },
      ...(index === 0 || kind === 'count'
        ? []
        : [
            {
              title: { zh: `${DIFFERENCE.zh} ${name}`, en: `${DIFFERENCE.en} ${name}` },
              unit: UNIT.yuan,
              width: 20,
              kind: 'yuan' as const,
            },
          ]),
    ]);
  const amounts = <Row>(line: Line<Row>, amount: (row: Row) => bigint): SheetCell[] =>
    line.rows.flatMap((row, side) => [
      row ? amount(row) : null,
      ...(side === 0 ? [] : [moreThanFirst(line, side, amount)]),
    ]);
  return [
    {
      name: { zh: '汇总', en: 'Summary' },
      columns: [
        { title: { zh: '项目', en: 'Item' }, width: 30, kind: 'text' },
        ...sides.map(({ name }) => ({ title: { zh: name, en: name }, width: 26, kind: 'text' as const })),
      ],
      rows: summaryRows({ sides, institutions, specialities }).map(({ title, cells }) => [
        joined(title, language),
        ...cells,
      ]),
    },
    {
      name: { zh: '机构', en: 'Institutions' },
      columns: [
        { title: { zh: '机构代码', en: 'Code' }, width: 18, kind: 'text' },
        { title: { zh: '机构名称', en: 'Name' }, width: 32, kind: 'text' },
        { title: { zh: '级别', en: 'Level' }, width: 16, kind: 'text' },
        { title: { zh: '清单', en: 'Lists' }, unit: UNIT.lists, width: 12, kind: 'count' },
        { title: { zh: '记账基金', en: 'Fund booked' }, unit: UNIT.yuan, width: 20, kind: 'yuan' },
        ...perSide({ zh: '应付', en: 'Due' }, 'yuan'),
      ],
      rows: institutions.map((line) => {
        const known = first(line);
        return [
          line.key,
          known.name,
          joined(levelName(known.level), language),
          known.cases,
          known.fund_fen,
          ...amounts(line, due),
        ];
      }),
    },
    {
      name: { zh: '专业', en: 'Specialities' },
      columns: [
        { title: { zh: '诊断章', en: 'Chapter' }, width: 12, kind: 'text' },
        { title: { zh: '专业', en: 'Speciality' }, width: 44, kind: 'text' },
        { title: { zh: '清单', en: 'Lists' }, unit: UNIT.lists, width: 12, kind: 'count' },
        { title: { zh: '记账基金', en: 'Fund booked' }, unit: UNIT.yuan, width: 20, kind: 'yuan' },
        ...perSide({ zh: '按结算点值', en: 'By point value' }, 'yuan'),
      ],
      rows: specialities.map((line) => [
        line.key,
        joined(chapterName(line.key), language),
        first(line).cases,
        first(line).fund_fen,
        ...amounts(line, paid),
      ]),
    },
    ...(sides.some(({ mdcs }) => mdcs) ? [mdcSheet(sides, language)] : []),
  ];
}

function mdcSheet(sides: readonly Side[], language: Language): Sheet {
  const { names, lines } = mdcLines(sides);
  return {
    name: { zh: 'MDC', en: 'MDC' },
    columns: [
      { title: { zh: 'MDC', en: 'MDC' }, width: 24, kind: 'text' },
      ...names.flatMap((name) => [
        {
          title: { zh: `清单 ${name}`, en: `Lists ${name}` },
          unit: UNIT.lists,
          width: 22,
          kind: 'count' as const,
        },
        {
          title: { zh: `记账基金 ${name}`, en: `Fund booked ${name}` },
          unit: UNIT.yuan,
          width: 22,
          kind: 'yuan' as const,
        },
        {
          title: { zh: `按结算点值 ${name}`, en: `By point value ${name}` },
          unit: UNIT.yuan,
          width: 22,
          kind: 'yuan' as const,
        },
      ]),
    ],
    rows: lines.map(({ key, rows }) => [
      joined(mdcName(key), language),
      ...rows.flatMap((row): SheetCell[] =>
        row ? [row.cases, row.fund_fen, row.paid_fen] : [null, null, null],
      ),
    ]),
  };
}

/** The lines that stand for a whole side, for terminal, page and workbook. */
function summaryRows({ sides, institutions }: Comparison): { title: Text; cells: string[] }[] {
  const totals = sides.map(totalsOf);
  const gaining = (side: number) =>
    institutions.filter((line) => moreThanFirst(line, side, due) > 0n).length.toString();
  const losing = (side: number) =>
    institutions.filter((line) => moreThanFirst(line, side, due) < 0n).length.toString();
  const against = (value: (side: number) => string) =>
    sides.map((_, side) => (side === 0 ? '—' : value(side)));
  return [
    { title: { zh: '支付方案', en: 'Profile' }, cells: sides.map(({ area }) => area.profile) },
    { title: { zh: '结算清单（份）', en: 'Lists' }, cells: totals.map(({ cases }) => count(cases)) },
    {
      title: { zh: '入组率', en: 'Grouped' },
      cells: totals.map(({ cases, ungrouped }) => percent(cases - ungrouped, cases)),
    },
    {
      title: { zh: '有病例的组数', en: 'Groups with cases' },
      cells: sides.map(({ groups }) => count(groups)),
    },
    {
      title: { zh: '应付（万元）', en: 'Due (10k yuan)' },
      cells: totals.map((each) => tenThousandYuan(each.due)),
    },
    { title: { zh: '多得的机构（家）', en: 'Institutions that gain' }, cells: against(gaining) },
    { title: { zh: '少得的机构（家）', en: 'Institutions that lose' }, cells: against(losing) },
    {
      title: { zh: '机构间转移（万元）', en: 'Money that changes hands (10k yuan)' },
      cells: against((side) => tenThousandYuan(movedFen(institutions, side))),
    },
  ];
}

/** Institutions named at each end of a list of differences. */
const NAMED = 5;

/** The comparison for a terminal; ends with a line feed. */
export function comparisonLines(comparison: Comparison, language: Language): string {
  const { sides, institutions, specialities } = comparison;
  const zh = language === 'zh';
  const { area } = sides[0]!;
  const rows = [
    ['', ...sides.map(({ name }) => name)],
    ...summaryRows(comparison).map(({ title, cells }) => [joined(title, language), ...cells]),
  ];
  const lines = [
    `${area.name} ${area.code}  ${area.year}  ${joined({ zh: '支付方案对比', en: 'Comparison of profiles' }, language)}`,
    ...laid(rows),
  ];
  for (const [side, { name }] of sides.entries()) {
    if (side === 0) continue;
    const ranked = byDifference(institutions, side, due);
    const named = [...new Set([...ranked.slice(0, NAMED), ...ranked.slice(-NAMED)])];
    lines.push(
      '',
      zh
        ? `${name} 比 ${sides[0]!.name} 多付（万元）：机构两端`
        : `${name} against ${sides[0]!.name} (10k yuan): institutions at both ends`,
      ...laid(
        named.map(({ line, difference }) => [
          `  ${first(line).name}`,
          signed(tenThousandYuan(difference)),
          signed(percent(difference, first(line).due_fen)),
        ]),
      ),
      '',
      zh ? '专业（主要诊断所在章）' : 'Specialities (chapter of the principal diagnosis)',
      ...laid(
        specialities.map((line) => [
          `  ${chapterName(line.key)[language]}`,
          count(first(line).cases),
          ...line.rows.map((row) => (row ? tenThousandYuan(row.paid_fen) : '—')),
          signed(tenThousandYuan(moreThanFirst(line, side, paid))),
        ]),
      ),
    );
  }
  return `${lines.join('\n')}\n`;
}

/** The page: summary, chart and table by institution and by speciality, for each side against the first. */
export function renderComparison(comparison: Comparison, language: Language): string {
  const { sides, institutions, specialities } = comparison;
  const { area } = sides[0]!;
  const subject = { zh: '支付方案对比', en: 'Comparison of profiles' };
  const names = sides.map(({ name }) => name).join(' · ');
  const others = [...sides.keys()].slice(1);
  return renderPage(
    {
      eyebrow: { zh: names, en: names },
      place: `${area.name} ${area.year}`,
      heading: html`${area.name} ${area.year} ${language === 'zh' ? '年度 ' : ''}${both(subject, language)}`,
      subject,
      facts: [
        [{ zh: '统筹地区', en: 'Pooling area' }, area.code],
        [{ zh: '清算年度', en: 'Payment year' }, String(area.year)],
      ],
      sections: [
        { id: 'summary', title: { zh: '汇总', en: 'Summary' }, body: summaryTable(comparison, language) },
        {
          id: 'institutions',
          title: { zh: '按机构', en: 'By institution' },
          body: html`${others.map((side) =>
            differenceChart(
              {
                id: `chart-compare-institutions-${side}`,
                lines: institutions,
                names: sides.map(({ name }) => name),
                side,
                amount: due,
                nameOf: (line) => first(line).name,
                measure: { zh: '应付', en: 'Due' },
                unit: { zh: '家', en: 'institutions' },
                note: { zh: '，两险种合计', en: ', both schemes' },
              },
              language,
            ),
          )}${institutionTable(comparison, language)}`,
        },
        {
          id: 'specialities',
          title: { zh: '按专业', en: 'By speciality' },
          body: html`${specialities.length === 0 ? undefined : specialityChart(comparison, language)}${specialityTable(comparison, language)}${hasMdcs(comparison) ? mdcTable(comparison, language) : undefined}<p class="note">${both(READING, language)}</p>`,
        },
      ],
      chapters: new Set(),
    },
    language,
  );
}

const READING: Text = {
  zh: '应付为考核与审核扣减之前的全年应付。专业按主要诊断所在的 ICD-10 章划分，DRG 方案另按 MDC，金额按结算点值折算。',
  en: 'Due is that of the year before assessment and audit. Specialities are chapters of ICD-10 by principal diagnosis, and MDCs under DRG; their money is points at the settlement point value.',
};

const EMPTY: Text = { zh: '本年度没有清单。', en: 'The year has no lists.' };

const summaryTable = (comparison: Comparison, language: Language): Html =>
  table(
    {
      caption: { zh: '各方案', en: 'Profiles' },
      columns: [
        { title: { zh: '项目', en: 'Item' } },
        ...comparison.sides.map(({ name }) => ({ title: { zh: name, en: name }, unit: { zh: '', en: '' } })),
      ],
      rows: summaryRows(comparison).map(({ title, cells }) => [joined(title, language), ...cells]),
      empty: EMPTY,
    },
    language,
  );

function institutionTable({ sides, institutions }: Comparison, language: Language): Html {
  return table(
    {
      caption: { zh: '各机构应付', en: 'Due by institution' },
      columns: [
        { title: { zh: '医疗机构', en: 'Institution' } },
        { title: { zh: '级别', en: 'Level' } },
        { title: { zh: '清单', en: 'Lists' }, unit: UNIT.lists },
        { title: { zh: '记账基金', en: 'Fund booked' }, unit: UNIT.tenThousandYuan },
        ...sideColumns(sides.map(({ name }) => name)),
      ],
      rows: institutions.map((line) => {
        const known = first(line);
        return [
          html`${known.name} <code>${line.key}</code>`,
          levelName(known.level)[language],
          count(known.cases),
          tenThousandYuan(known.fund_fen),
          ...sideCells(line, due),
        ];
      }),
      empty: EMPTY,
    },
    language,
  );
}

function specialityChart({ sides, specialities }: Comparison, language: Language): Html {
  const ranked = specialities.toSorted((a, b) => {
    const [x, y] = [first(a).paid_fen, first(b).paid_fen];
    return x === y ? (a.key < b.key ? -1 : 1) : x > y ? -1 : 1;
  });
  const title = { zh: '各专业的支付', en: 'Paid by speciality' };
  return figure(
    {
      title,
      chart: renderChart({
        id: 'chart-compare-specialities',
        height: 100 + ranked.length * (10 + 15 * sides.length),
        label: `${joined(title, language)}: ${ranked.map((line) => `${chapterName(line.key).zh} ${line.rows.map((row) => tenThousandYuan(row?.paid_fen ?? null)).join(' / ')} 万元`).join('; ')}`,
        option: {
          grid: { left: 230, right: 70, top: 44, bottom: 54 },
          legend: {
            top: 2,
            left: 230,
            itemGap: 24,
            textStyle: { color: INK, fontSize: FONT_PX },
            data: sides.map(({ name }) => name),
          },
          xAxis: {
            ...axisStyle,
            type: 'value',
            name: withUnit({ zh: '支付', en: 'Paid' }, UNIT.tenThousandYuan, language),
            nameLocation: 'middle',
            nameGap: 32,
          },
          yAxis: {
            ...axisStyle,
            type: 'category',
            inverse: true,
            data: ranked.map((line) => shortened(chapterName(line.key)[language], 28)),
            axisTick: { show: false },
            axisLabel: { ...axisStyle.axisLabel, interval: 0 },
          },
          series: sides.map(({ name }, side) => ({
            name,
            type: 'bar',
            barWidth: 13,
            ...SIDE_STYLES[side % SIDE_STYLES.length],
            itemStyle: SIDE_STYLES[side % SIDE_STYLES.length],
            data: ranked.map((line) => drawn(line.rows[side]?.paid_fen ?? 0n, 6)),
            label: {
              ...labelStyle,
              show: true,
              position: 'right',
              formatter: ({ dataIndex }: { dataIndex: number }) =>
                tenThousandYuan(ranked[dataIndex]!.rows[side]?.paid_fen ?? null),
            },
          })),
        },
      }),
      caption: {
        zh: '点数 × 结算点值 − 非基金支付（万元），两险种合计，按第一个方案的金额排序。',
        en: 'Points × settlement point value − non-fund payments (10k yuan), both schemes, by the first profile.',
      },
    },
    language,
  );
}

function specialityTable({ sides, specialities }: Comparison, language: Language): Html {
  return table(
    {
      caption: { zh: '各专业（主要诊断所在章）', en: 'By speciality (chapter of the principal diagnosis)' },
      columns: [
        { title: { zh: '专业', en: 'Speciality' } },
        { title: { zh: '清单', en: 'Lists' }, unit: UNIT.lists },
        { title: { zh: '记账基金', en: 'Fund booked' }, unit: UNIT.tenThousandYuan },
        ...sideColumns(sides.map(({ name }) => name)),
      ],
      rows: specialities.map((line) => [
        joined(chapterName(line.key), language),
        count(first(line).cases),
        tenThousandYuan(first(line).fund_fen),
        ...sideCells(line, paid),
      ]),
      empty: EMPTY,
    },
    language,
  );
}

/** Each MDC under the sides that are grouped by a DRG scheme: against the fund booked, since other sides have no MDC. */
function mdcTable({ sides }: Comparison, language: Language): Html {
  const { names, lines } = mdcLines(sides);
  return table(
    {
      caption: { zh: '各 MDC（只有 DRG 方案有）', en: 'By MDC (of DRG profiles only)' },
      columns: [
        { title: { zh: 'MDC', en: 'MDC' } },
        ...names.flatMap((name) => [
          { title: { zh: `清单 ${name}`, en: `Lists ${name}` }, unit: UNIT.lists },
          { title: { zh: `记账基金 ${name}`, en: `Fund booked ${name}` }, unit: UNIT.tenThousandYuan },
          { title: { zh: `支付 ${name}`, en: `Paid ${name}` }, unit: UNIT.tenThousandYuan },
        ]),
      ],
      rows: lines.map(({ key, rows }) => [
        joined(mdcName(key), language),
        ...rows.flatMap((row) =>
          row
            ? [count(row.cases), tenThousandYuan(row.fund_fen), tenThousandYuan(row.paid_fen)]
            : ['—', '—', '—'],
        ),
      ]),
      empty: EMPTY,
    },
    language,
  );
}
