import { scaledText } from '#kernel/fraction.ts';
import type { Language, Text } from '#kernel/locale.ts';
import { byDifference, first, laid } from '../compare/pieces.ts';
import { type Line, moreThanFirst } from '../compare/side.ts';
import { total } from '../data.ts';
import { count, NONE, percent, signed, tenThousandYuan, yuan } from '../format.ts';
import { joined, levelName, schemeName } from '../words.ts';
import {
  type ChangeStated,
  type GroupOutcome,
  groupMoved,
  type InstitutionOutcome,
  type SchemeOutcome,
  type SimulationComparison,
  type SimulationSide,
  unexplainedFen,
} from './side.ts';

export const resultOf = (row: InstitutionOutcome): bigint => row.result_fen;

/** The names of the sides as heads of columns and legends. */
export const sideNames = ({ sides }: SimulationComparison, language: Language): string[] =>
  sides.map(({ title }) => title[language]);

/** Said of every scenario wherever it is shown. */
export const HYPOTHETICAL: Text = {
  zh: '假设的结果：没有任何文件规定这些数值，只供比较',
  en: 'hypothetical: no document sets these values, they serve comparison only',
};

/** What a change says: "deviation.high_ratio 高倍率界限：2 → 2.5 倍（原值来源：…）". */
export function changeText(change: ChangeStated, language: Language): string {
  const { name, title, unit, before, written, after, source } = change;
  const zh = language === 'zh';
  const unitText = unit[language];
  const how = written === after ? '' : zh ? `（${written}）` : ` (${written})`;
  const old = before === '' ? NONE : before;
  return zh
    ? `${title.zh}（${name}）：${old} → ${after} ${unitText}${how}；原值来源 ${source.zh}；新值为假设`
    : `${title.en} (${name}): ${old} → ${after} ${unitText}${how}; old value from ${source.en}; new value hypothetical`;
}

export type SummaryRow = { readonly title: Text; readonly cells: readonly string[] };

/** Half of what institutions gain and lose against the base, when what all gain together is taken off: what changes hands. */
export const gainsAndLosses = (lines: readonly Line<InstitutionOutcome>[], side: number) => {
  const differences = lines.map((line) => moreThanFirst(line, side, resultOf));
  return {
    gaining: differences.filter((difference) => difference > 0n).length,
    losing: differences.filter((difference) => difference < 0n).length,
    gainedFen: total(differences, (difference) => (difference > 0n ? difference : 0n)),
    lostFen: total(differences, (difference) => (difference < 0n ? difference : 0n)),
  };
};

const casesWith = (
  side: SimulationSide,
  field: 'low_cases' | 'normal_cases' | 'high_cases' | 'extreme_cases',
) => total(side.groups, (row) => row[field]);

/** The lines that stand for whole scenarios: money by scheme, who gains and loses, which cases and groups move. */
export function summaryRows(comparison: SimulationComparison): SummaryRow[] {
  const { sides, schemes, institutions, groups } = comparison;
  const against = (value: (side: number) => string) =>
    sides.map((_, side) => (side === 0 ? NONE : value(side)));
  const ofScheme = (
    line: Line<SchemeOutcome>,
    title: Text,
    value: (row: SchemeOutcome) => string,
  ): SummaryRow => {
    const name = schemeName(line.key);
    return {
      title: { zh: `${name.zh}${title.zh}`, en: `${name.en}: ${title.en}` },
      cells: line.rows.map((row) => (row ? value(row) : NONE)),
    };
  };
  const value8 = (value: bigint | null) => (value === null ? NONE : scaledText(value, 8));
  const hasExtreme = sides.some((side) => casesWith(side, 'extreme_cases') > 0n);
  const hasParts = sides.some((side) => side.schemes.some(({ parts_fen }) => parts_fen !== 0n));
  return [
    ...schemes.flatMap((line) => [
      ofScheme(line, { zh: '预算（元）', en: 'budget (yuan)' }, (row) => yuan(row.budget_fen)),
      ofScheme(line, { zh: '年初点值', en: 'start-of-year point value' }, (row) =>
        value8(row.start_point_value8),
      ),
      ofScheme(line, { zh: '结算点值', en: 'settlement point value' }, (row) =>
        value8(row.settlement_point_value8),
      ),
      ...(hasParts
        ? [
            ofScheme(line, { zh: '各部分应付（元）', en: 'due to the parts (yuan)' }, (row) =>
              yuan(row.parts_fen),
            ),
          ]
        : []),
      ofScheme(line, { zh: '清算结果（元）', en: 'result of the clearing (yuan)' }, (row) =>
        yuan(row.result_fen),
      ),
      ofScheme(line, { zh: '留存（元）', en: 'residual (yuan)' }, (row) => yuan(row.residual_fen)),
      ofScheme(
        line,
        { zh: '预算 − 各部分 − 结果 − 留存（元）', en: 'budget − parts − result − residual (yuan)' },
        (row) => yuan(unexplainedFen(row)),
      ),
    ]),
    {
      title: { zh: '低倍率病例', en: 'Low outliers' },
      cells: sides.map((side) => count(casesWith(side, 'low_cases'))),
    },
    {
      title: { zh: '高倍率病例', en: 'High outliers' },
      cells: sides.map((side) => count(casesWith(side, 'high_cases'))),
    },
    ...(hasExtreme
      ? [
          {
            title: { zh: '极高倍率病例', en: 'Extreme outliers' },
            cells: sides.map((side) => count(casesWith(side, 'extreme_cases'))),
          },
        ]
      : []),
    {
      title: { zh: '变动的组数', en: 'Groups that move' },
      cells: against((side) => String(groups.filter((line) => groupMoved(line, side)).length)),
    },
    {
      title: { zh: '多得的机构（家）', en: 'Institutions that gain' },
      cells: against((side) => String(gainsAndLosses(institutions, side).gaining)),
    },
    {
      title: { zh: '少得的机构（家）', en: 'Institutions that lose' },
      cells: against((side) => String(gainsAndLosses(institutions, side).losing)),
    },
    {
      title: { zh: '多得合计（元）', en: 'Gained together (yuan)' },
      cells: against((side) => signed(yuan(gainsAndLosses(institutions, side).gainedFen))),
    },
    {
      title: { zh: '少得合计（元）', en: 'Lost together (yuan)' },
      cells: against((side) => signed(yuan(gainsAndLosses(institutions, side).lostFen))),
    },
  ];
}

/** The readable name of a group, with its code. */
export function groupTitle(line: Line<GroupOutcome>, names: SimulationComparison['groupNames']): string {
  const { group_code } = first(line);
  if (group_code === null) return '未入组 Ungrouped';
  const name = names.get(group_code);
  return name ? `${name} ${group_code}` : group_code;
}

/** Lines named at each end of a list of differences. */
const NAMED = 5;

/** The comparison for a terminal; ends with a line feed. */
export function simulationLines(comparison: SimulationComparison, language: Language): string {
  const { area, sides, institutions, levels } = comparison;
  const zh = language === 'zh';
  const lines = [
    `${area.name} ${area.code}  ${area.year}  ${joined({ zh: '政策试算', en: 'Simulation' }, language)}`,
    HYPOTHETICAL[language],
  ];
  for (const { id, title, description, changes } of sides.slice(1)) {
    lines.push('', title[language] === id ? id : `${title[language]}（${id}）`);
    if (description) lines.push(`  ${description[language]}`);
    for (const change of changes) lines.push(`  ${changeText(change, language)}`);
  }
  lines.push(
    '',
    ...laid([
      ['', ...sideNames(comparison, language)],
      ...summaryRows(comparison).map(({ title, cells }) => [title[language], ...cells]),
    ]),
    '',
    zh ? '各级别机构的清算结果（万元）' : 'Result by level of institution (10k yuan)',
    ...laid(
      levels.map((line) => [
        `  ${levelName(Number(line.key))[language]}`,
        ...line.rows.flatMap((row, side) => [
          row ? tenThousandYuan(row.result_fen) : NONE,
          ...(side === 0
            ? []
            : [signed(tenThousandYuan(moreThanFirst(line, side, (each) => each.result_fen)))]),
        ]),
      ]),
    ),
  );
  for (const [side, { title }] of sides.entries()) {
    if (side === 0) continue;
    const ranked = byDifference(institutions, side, resultOf).filter(({ difference }) => difference !== 0n);
    const named = [...new Set([...ranked.slice(0, NAMED), ...ranked.slice(-NAMED)])];
    lines.push(
      '',
      zh
        ? `${title.zh}：清算结果比现行多得（万元），机构两端`
        : `${title.en} against the base (result, 10k yuan): institutions at both ends`,
      ...(named.length === 0
        ? [zh ? '  没有机构的结果改变' : '  no institution gets another result']
        : laid(
            named.map(({ line, difference }) => [
              `  ${first(line).name ?? line.key}`,
              signed(tenThousandYuan(difference)),
              signed(percent(difference, first(line).result_fen)),
            ]),
          )),
    );
  }
  return `${lines.join('\n')}\n`;
}
