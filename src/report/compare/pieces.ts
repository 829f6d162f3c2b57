import { scaledText } from '#kernel/fraction.ts';
import type { Language, Text } from '#kernel/locale.ts';
import { axisStyle, COLOUR, labelStyle, PATTERN, renderChart } from '../chart.ts';
import { displayWidth, drawn, pad, percent, shortened, signed, tenThousandYuan } from '../format.ts';
import { figure, type Html, html } from '../html.ts';
import { joined, UNIT, withUnit } from '../words.ts';
import { type Line, moreThanFirst } from './side.ts';

/** The row of the first side that has one: names and what all sides share. */
export const first = <Row>({ rows }: Line<Row>): Row => rows.find((row) => row !== undefined)!;

const csvCell = (text: string): string => (/[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
export const csv = (header: readonly string[], rows: readonly (readonly string[])[]): string =>
  `${[header, ...rows].map((row) => row.map(csvCell).join(',')).join('\n')}\n`;

/** An integer in units of 10^−decimals as the cell of a file, empty where there is none. */
export const scaledCell = (value: bigint | null | undefined, decimals: number): string =>
  value === null || value === undefined ? '' : scaledText(value, decimals);

/** Rows as lines for a terminal: the first column flush left, the others flush right. */
export function laid(rows: readonly (readonly string[])[]): string[] {
  const columns = Math.max(...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...rows.map((row) => displayWidth(row[column] ?? ''))),
  );
  return rows.map((row) =>
    row
      .map((cell, column) => pad(cell, widths[column]!, column === 0 ? 'left' : 'right'))
      .join('  ')
      .trimEnd(),
  );
}

/** Lines by what a side has more than the first, the greatest gain first. */
export const byDifference = <Row>(
  lines: readonly Line<Row>[],
  side: number,
  amount: (row: Row) => bigint,
): { readonly line: Line<Row>; readonly difference: bigint }[] =>
  lines
    .map((line) => ({ line, difference: moreThanFirst(line, side, amount) }))
    .toSorted((a, b) => (a.difference === b.difference ? 0 : a.difference > b.difference ? -1 : 1));

/** Lines drawn at each end. */
const DRAWN = 15;

/** What the lines have more or less than on the first side, as bars to both sides; empty without lines. */
export function differenceChart<Row>(
  input: {
    readonly id: string;
    readonly lines: readonly Line<Row>[];
    /** names of the sides */
    readonly names: readonly string[];
    readonly side: number;
    readonly amount: (row: Row) => bigint;
    readonly nameOf: (line: Line<Row>) => string;
    /** what the amount is called */
    readonly measure: Text;
    /** what the lines are */
    readonly unit: Text;
    readonly note: Text;
  },
  language: Language,
): Html {
  const { lines, names, side, amount, nameOf, measure } = input;
  const ranked = byDifference(lines, side, amount);
  const shown = ranked.length > DRAWN * 2 ? [...ranked.slice(0, DRAWN), ...ranked.slice(-DRAWN)] : ranked;
  const [base, other] = [names[0]!, names[side]!];
  const title = { zh: `${other} 比 ${base} 多付`, en: `${other} against ${base}` };
  if (shown.length === 0) return html``;
  const longest = Math.max(...shown.map(({ difference }) => Math.abs(drawn(difference, 6))), 0.01);
  const reach = Number((longest * 1.5).toPrecision(2));
  return figure(
    {
      title,
      chart: renderChart({
        id: input.id,
        height: 90 + shown.length * 25,
        label: `${joined(title, language)}: ${shown.map(({ line, difference }) => `${nameOf(line)} ${signed(tenThousandYuan(difference))} 万元`).join('; ')}`,
        option: {
          grid: { left: 210, right: 24, top: 14, bottom: 54 },
          xAxis: {
            ...axisStyle,
            type: 'value',
            min: -reach,
            max: reach,
            axisLabel: { ...axisStyle.axisLabel, showMinLabel: false, showMaxLabel: false },
            name: withUnit(
              { zh: `${measure.zh}之差`, en: `Difference of ${measure.en.toLowerCase()}` },
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
            data: shown.map(({ line }) => shortened(nameOf(line), 26)),
            axisTick: { show: false },
            axisLabel: { ...axisStyle.axisLabel, interval: 0 },
          },
          series: [
            {
              type: 'bar',
              barWidth: 16,
              data: shown.map(({ difference }) => ({
                value: drawn(difference, 6),
                itemStyle:
                  difference < 0n
                    ? { color: COLOUR.vermilion, decal: PATTERN.stripes }
                    : { color: COLOUR.blue },
                label: {
                  ...labelStyle,
                  show: true,
                  position: difference < 0n ? 'left' : 'right',
                  formatter: signed(tenThousandYuan(difference)),
                },
              })),
            },
          ],
        },
      }),
      caption: {
        zh: `${other} 的${measure.zh}减 ${base} 的${measure.zh}（万元）${input.note.zh}${ranked.length > shown.length ? `；差额最大的两端各 ${DRAWN} ${input.unit.zh}，共 ${ranked.length} ${input.unit.zh}` : ''}。`,
        en: `${measure.en} under ${other} minus that under ${base} (10k yuan)${input.note.en}${ranked.length > shown.length ? `; ${DRAWN} at each end of ${ranked.length}` : ''}.`,
      },
    },
    language,
  );
}

/** Columns of an amount for every side, with the difference from the first. */
export const sideColumns = (names: readonly string[]) =>
  names.flatMap((name, side) => [
    { title: { zh: name, en: name }, unit: UNIT.tenThousandYuan },
    ...(side === 0
      ? []
      : [
          { title: { zh: '差额', en: 'Difference' }, unit: UNIT.tenThousandYuan },
          { title: { zh: '差额占比', en: 'Of the first' }, unit: UNIT.percent },
        ]),
  ]);

export const sideCells = <Row>(line: Line<Row>, amount: (row: Row) => bigint): string[] =>
  line.rows.flatMap((row, side) => {
    const base = line.rows[0];
    const difference = moreThanFirst(line, side, amount);
    return [
      row ? tenThousandYuan(amount(row)) : '—',
      ...(side === 0
        ? []
        : [signed(tenThousandYuan(difference)), base ? signed(percent(difference, amount(base))) : '—']),
    ];
  });

/** How the bars or lines of up to five sides are told apart. */
export const SIDE_STYLES = [
  { color: COLOUR.blue },
  { color: COLOUR.orange, decal: PATTERN.stripes },
  { color: COLOUR.green, decal: PATTERN.dots },
  { color: COLOUR.purple, decal: PATTERN.bars },
  { color: COLOUR.sky },
];
