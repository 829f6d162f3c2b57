import type { Engine } from '#engine/duckdb.ts';
import type { Language, Text } from '#kernel/locale.ts';
import {
  casesOf,
  deviationsOf,
  type KindSummary,
  kindsOf,
  type Parameter,
  type RefusedReason,
  rateFen,
  readArea,
  type SchemeSummary,
  select,
  total,
  weightUnitOf,
} from './data.ts';
import { count, displayWidth, NONE, pad, percent, scaled, shortened, tenThousandYuan } from './format.ts';
import { termsOf } from './terms.ts';
import { deviationName, joined, kindName, schemeName, UNIT } from './words.ts';

type Line = {
  readonly title: Text;
  readonly unit: Text;
  readonly value: (row: SchemeSummary) => bigint | null;
  readonly show: (value: bigint | null) => string;
  readonly additive: boolean;
  /** the title of the rate that a point value is, where weights count */
  readonly rate?: Text;
};

const money = (title: Text, value: Line['value']): Line => ({
  title,
  unit: UNIT.tenThousandYuan,
  value,
  show: tenThousandYuan,
  additive: true,
});
const pointValue = (title: Text, rate: Text, value: Line['value']): Line => ({
  title,
  rate,
  unit: UNIT.pointValue,
  value,
  show: (amount) => scaled(amount, 8),
  additive: false,
});

const LINES: readonly Line[] = [
  {
    title: { zh: '结算清单', en: 'Lists' },
    unit: UNIT.lists,
    value: (row) => row.cases,
    show: count,
    additive: true,
  },
  money({ zh: '医疗总费用', en: 'Total cost' }, (row) => row.cost_fen),
  money({ zh: '预算', en: 'Budget' }, (row) => row.budget_fen),
  {
    title: { zh: '总分值', en: 'Points' },
    unit: UNIT.points,
    value: (row) => row.points4,
    show: (value) => scaled(value, 4),
    additive: true,
  },
  pointValue(
    { zh: '年初点值', en: 'Start point value' },
    { zh: '年初费率', en: 'Start rate' },
    (row) => row.start_point_value8,
  ),
  pointValue(
    { zh: '结算点值', en: 'Settlement point value' },
    { zh: '结算费率', en: 'Settlement rate' },
    (row) => row.settlement_point_value8,
  ),
  money({ zh: '应付', en: 'Due' }, (row) => row.due_fen),
  money({ zh: '考核与审核扣减', en: 'Withheld' }, (row) => row.due_fen - row.result_fen),
  money({ zh: '清算结果', en: 'Clearing result' }, (row) => row.result_fen),
  money({ zh: '留存', en: 'Residual' }, (row) => row.residual_fen),
];

/** The rate for a weight of 1 beside the value of a point, to the fen. */
const rateOf = ({ rate, value }: Line, unit: bigint): Line => ({
  title: rate!,
  unit: UNIT.rate,
  value: (row) => rateFen(value(row), unit),
  show: (amount) => scaled(amount, 2),
  additive: false,
});

/** Reasons named on the line of refused lists. */
const REASONS_SHOWN = 3;

/** The summary of a settled year for a terminal, aligned also with Chinese characters; ends with a line feed. */
export async function summaryLines(engine: Engine, language: Language): Promise<string> {
  const area = await readArea(engine);
  const schemes = await select<SchemeSummary>(engine, 'scheme_summary');
  const refused = await select<RefusedReason>(engine, 'refused_reason');
  const kinds = await select<KindSummary>(engine, 'kind_summary');
  const parameters = await select<Parameter>(engine, 'parameter');
  const terms = termsOf(parameters.find((row) => row.parameter === 'grouping.method')?.value ?? undefined);
  const unit = weightUnitOf(parameters);
  const lines = LINES.flatMap((line) => (unit && line.rate ? [line, rateOf(line, unit)] : [line]));
  const head = [
    '',
    language === 'zh' ? '单位' : 'unit',
    ...schemes.map((row) => `${schemeName(row.insutype)[language].replace(' scheme', '')} ${row.insutype}`),
    language === 'zh' ? '合计' : 'Total',
  ];
  const rows = lines.map((line) => [
    terms(joined(line.title, language)),
    line.unit[language],
    ...schemes.map((row) => line.show(line.value(row))),
    line.additive ? line.show(total(schemes, (row) => line.value(row) ?? 0n)) : NONE,
  ]);
  const widths = head.map((_, column) =>
    Math.max(...[head, ...rows].map((row) => displayWidth(row[column] ?? ''))),
  );
  const lay = (row: readonly string[]) =>
    row
      .map((cell, column) => pad(cell, widths[column]!, column < 2 ? 'left' : 'right'))
      .join('  ')
      .trimEnd();
  const rule = '─'.repeat(widths.reduce((sum, width) => sum + width, 0) + 2 * (widths.length - 1));
  const cases = total(schemes, (row) => row.cases);
  const share = (title: Text, lists: bigint) =>
    `${title[language]} ${count(lists)} (${percent(lists, cases)})`;
  const note = (title: Text, parts: readonly string[]) =>
    `${joined(title, language)}${language === 'zh' ? '：' : ': '}${parts.join(' · ')}`;
  const refusedLists = total(refused, (row) => row.lists);
  // What to do about it stands after the semicolon; the report has it in full.
  const reasons = refused
    .slice(0, REASONS_SHOWN)
    .map((row) => `${shortened(row.reason.split(/[；;]/)[0]!, 40)} ${count(row.lists)}`);
  return `${[
    `${area.name} ${area.code}  ${area.year}  ${terms(joined({ zh: 'DIP 年度结算', en: 'DIP settlement' }, language))}  [${area.profile}]`,
    rule,
    lay(head),
    rule,
    ...rows.map(lay),
    rule,
    note(
      { zh: '入组（份）', en: 'Groups (lists)' },
      kindsOf(kinds).map((kind) => share(kindName(kind), casesOf(kinds, { kind }))),
    ),
    note(
      { zh: '偏差（份）', en: 'Deviation (lists)' },
      deviationsOf(kinds).map((each) => share(deviationName(each), casesOf(kinds, { deviation: each }))),
    ),
    note({ zh: '拒收（份）', en: 'Refused (lists)' }, [count(refusedLists), ...reasons]),
  ].join('\n')}\n`;
}
