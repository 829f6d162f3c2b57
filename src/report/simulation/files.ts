import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Language, Text } from '#kernel/locale.ts';
import { yuanText } from '#kernel/money.ts';
import { csv, first, scaledCell } from '../compare/pieces.ts';
import { moreThanFirst } from '../compare/side.ts';
import type { ClearingRow } from '../data.ts';
import { joined, kindName, levelName, schemeName, UNIT } from '../words.ts';
import {
  type Sheet,
  type SheetCell,
  type SheetColumn,
  workbookBytes,
  writeWorkbook,
} from '../workbook/xlsx.ts';
import { renderSimulation } from './page.ts';
import { type GroupOutcome, type SimulationComparison, unexplainedFen } from './side.ts';
import { HYPOTHETICAL, sideNames, summaryRows } from './summary.ts';

/** The files of a simulation, in the order they are written. */
export const SIMULATION_FILES = [
  'simulation.html',
  'simulation.xlsx',
  'scenarios.csv',
  'changes.csv',
  'schemes.csv',
  'institutions.csv',
  'groups.csv',
  'months.csv',
] as const;
export type SimulationFile = (typeof SIMULATION_FILES)[number];

/** One file of a simulation as bytes, those `writeSimulation` writes. */
export async function simulationFile(
  comparison: SimulationComparison,
  name: SimulationFile,
  language: Language,
): Promise<Buffer> {
  if (name === 'simulation.xlsx') return workbookBytes(simulationSheets(comparison, language), language);
  return Buffer.from(
    name === 'simulation.html' ? renderSimulation(comparison, language) : simulationTables(comparison)[name],
  );
}

/** Writes the page, the workbook and the tables of a simulation. The same comparison gives the same bytes. */
export async function writeSimulation(
  comparison: SimulationComparison,
  folder: string,
  language: Language,
): Promise<void> {
  writeFileSync(join(folder, 'simulation.html'), renderSimulation(comparison, language));
  await writeWorkbook(join(folder, 'simulation.xlsx'), simulationSheets(comparison, language), language);
  for (const [name, text] of Object.entries(simulationTables(comparison)))
    writeFileSync(join(folder, name), text);
}

/** The CSV files; columns of a side end with its number, 1 is the base. */
export function simulationTables(
  comparison: SimulationComparison,
): Record<Exclude<SimulationFile, 'simulation.html' | 'simulation.xlsx'>, string> {
  const { sides, schemes, clearing, groups, months, groupNames } = comparison;
  const numbered = (columns: readonly string[], differences: readonly string[] = []) =>
    sides.flatMap((_, side) => [
      ...columns.map((column) => `${column}_${side + 1}`),
      ...(side === 0 ? [] : differences.map((column) => `${column}_difference_${side + 1}`)),
    ]);
  const text = (value: bigint | undefined) => (value === undefined ? '' : String(value));
  const money = (value: bigint | undefined) => (value === undefined ? '' : yuanText(value));
  return {
    'scenarios.csv': csv(
      ['number', 'scenario', 'title_zh', 'title_en', 'description_zh', 'description_en'],
      sides.map(({ id, title, description }, side) => [
        String(side + 1),
        id,
        title.zh,
        title.en,
        description?.zh ?? '',
        description?.en ?? '',
      ]),
    ),
    'changes.csv': csv(
      [
        'number',
        'scenario',
        'parameter',
        'title_zh',
        'title_en',
        'unit',
        'before',
        'source_zh',
        'source_en',
        'written',
        'after',
        'status',
      ],
      sides.flatMap(({ id, changes }, side) =>
        changes.map((change) => [
          String(side + 1),
          id,
          change.name,
          change.title.zh,
          change.title.en,
          change.unit.en,
          change.before,
          change.source.zh,
          change.source.en,
          change.written,
          change.after,
          'hypothetical',
        ]),
      ),
    ),
    'schemes.csv': csv(
      [
        'insutype',
        ...numbered([
          'budget',
          'parts',
          'points',
          'start_point_value',
          'settlement_point_value',
          'due',
          'result',
          'residual',
          'unexplained',
        ]),
      ],
      schemes.map(({ key, rows }) => [
        key,
        ...rows.flatMap((row) => [
          money(row?.budget_fen),
          money(row?.parts_fen),
          scaledCell(row?.points4, 4),
          scaledCell(row?.start_point_value8, 8),
          scaledCell(row?.settlement_point_value8, 8),
          money(row?.due_fen),
          money(row?.result_fen),
          money(row?.residual_fen),
          money(row && unexplainedFen(row)),
        ]),
      ]),
    ),
    'institutions.csv': csv(
      [
        'insutype',
        'fixmedins_code',
        'name',
        'level',
        'fund_booked',
        ...numbered(['cases', 'points', 'due', 'result'], ['due', 'result']),
      ],
      clearing.map((line) => {
        const known = first(line);
        return [
          known.insutype,
          known.fixmedins_code,
          known.name ?? '',
          String(known.level ?? ''),
          money(known.fund_fen),
          ...line.rows.flatMap((row, side) => [
            text(row?.cases),
            scaledCell(row?.points4, 4),
            money(row?.due_fen),
            money(row?.result_fen),
            ...(side === 0
              ? []
              : [
                  yuanText(moreThanFirst(line, side, (each) => each.due_fen)),
                  yuanText(moreThanFirst(line, side, (each) => each.result_fen)),
                ]),
          ]),
        ];
      }),
    ),
    'groups.csv': csv(
      [
        'group_code',
        'kind',
        'name',
        ...numbered(
          ['score', 'cases', 'low_cases', 'normal_cases', 'high_cases', 'extreme_cases', 'points', 'paid'],
          ['points', 'paid'],
        ),
      ],
      groups.map((line) => {
        const known = first(line);
        return [
          known.group_code ?? '',
          known.kind,
          groupNames.get(known.group_code ?? '') ?? '',
          ...line.rows.flatMap((row, side) => [
            scaledCell(row?.score4, 4),
            text(row?.cases),
            text(row?.low_cases),
            text(row?.normal_cases),
            text(row?.high_cases),
            text(row?.extreme_cases),
            scaledCell(row?.points4, 4),
            money(row?.paid_fen),
            ...(side === 0
              ? []
              : [
                  scaledCell(
                    moreThanFirst(line, side, (each) => each.points4),
                    4,
                  ),
                  yuanText(moreThanFirst(line, side, (each) => each.paid_fen)),
                ]),
          ]),
        ];
      }),
    ),
    'months.csv': csv(
      ['insutype', 'month', ...numbered(['cases', 'points', 'cost_per_point', 'base', 'paid'], ['paid'])],
      months.map((line) => {
        const known = first(line);
        return [
          known.insutype,
          known.month,
          ...line.rows.flatMap((row, side) => [
            text(row?.cases),
            scaledCell(row?.points4, 4),
            scaledCell(row?.observed_point_value8, 8),
            money(row?.base_fen),
            money(row?.paid_fen),
            ...(side === 0 ? [] : [yuanText(moreThanFirst(line, side, (each) => each.paid_fen))]),
          ]),
        ];
      }),
    ),
  };
}

/** The sheets of the workbook: summary, changes, institutions, groups, point values by year and month. */
export function simulationSheets(comparison: SimulationComparison, language: Language): Sheet[] {
  const { sides, schemes, clearing, groups, months, groupNames } = comparison;
  const names = sideNames(comparison, language);
  type Measure<Row> = {
    readonly title: Text;
    readonly unit?: Text;
    readonly kind: SheetColumn['kind'];
    readonly of: (row: Row) => bigint | null;
    /** also its difference from the base */
    readonly compared?: boolean;
  };
  const DIFFERENCE: Text = { zh: '差额', en: 'difference' };
  const columnsOf = <Row>(measures: readonly Measure<Row>[]): SheetColumn[] =>
    names.flatMap((name, side) =>
      measures.flatMap(({ title, unit, kind, compared }) => {
        const column = (more: Text | undefined): SheetColumn => ({
          title: {
            zh: `${title.zh}${more ? more.zh : ''} ${name}`,
            en: `${title.en}${more ? ` ${more.en}` : ''} ${name}`,
          },
          ...(unit ? { unit } : {}),
          width: 20,
          kind,
        });
        return side > 0 && compared ? [column(undefined), column(DIFFERENCE)] : [column(undefined)];
      }),
    );
  const cellsOf = <Row>(rows: readonly (Row | undefined)[], measures: readonly Measure<Row>[]): SheetCell[] =>
    rows.flatMap((row, side) =>
      measures.flatMap(({ of, compared }) => {
        const value = row === undefined ? null : of(row);
        if (side === 0 || !compared) return [value];
        const base = rows[0] === undefined ? null : of(rows[0]);
        return [value, value === null && base === null ? null : (value ?? 0n) - (base ?? 0n)];
      }),
    );
  const schemeMeasures: Measure<(typeof schemes)[number]['rows'][number] & object>[] = [
    {
      title: { zh: '预算', en: 'Budget' },
      unit: UNIT.yuan,
      kind: 'yuan',
      of: (row) => row.budget_fen,
      compared: true,
    },
    {
      title: { zh: '各部分应付', en: 'Due to parts' },
      unit: UNIT.yuan,
      kind: 'yuan',
      of: (row) => row.parts_fen,
    },
    {
      title: { zh: '总分值', en: 'Points' },
      unit: UNIT.points,
      kind: 'scaled4',
      of: (row) => row.points4,
      compared: true,
    },
    {
      title: { zh: '年初点值', en: 'Start of year' },
      unit: UNIT.pointValue,
      kind: 'scaled8',
      of: (row) => row.start_point_value8,
    },
    {
      title: { zh: '结算点值', en: 'Settlement' },
      unit: UNIT.pointValue,
      kind: 'scaled8',
      of: (row) => row.settlement_point_value8,
      compared: true,
    },
    {
      title: { zh: '清算结果', en: 'Result' },
      unit: UNIT.yuan,
      kind: 'yuan',
      of: (row) => row.result_fen,
      compared: true,
    },
    {
      title: { zh: '留存', en: 'Residual' },
      unit: UNIT.yuan,
      kind: 'yuan',
      of: (row) => row.residual_fen,
      compared: true,
    },
    {
      title: { zh: '预算 − 各部分 − 结果 − 留存', en: 'Budget − parts − result − residual' },
      unit: UNIT.yuan,
      kind: 'yuan',
      of: unexplainedFen,
    },
  ];
  const monthMeasures: Measure<(typeof months)[number]['rows'][number] & object>[] = [
    { title: { zh: '分值', en: 'Points' }, unit: UNIT.points, kind: 'scaled4', of: (row) => row.points4 },
    {
      title: { zh: '每分费用', en: 'Cost per point' },
      unit: UNIT.pointValue,
      kind: 'scaled8',
      of: (row) => row.observed_point_value8,
    },
    {
      title: { zh: '月预结算', en: 'Paid' },
      unit: UNIT.yuan,
      kind: 'yuan',
      of: (row) => row.paid_fen,
      compared: true,
    },
  ];
  const institutionMeasures: Measure<ClearingRow>[] = [
    { title: { zh: '分值', en: 'Points' }, unit: UNIT.points, kind: 'scaled4', of: (row) => row.points4 },
    {
      title: { zh: '应付', en: 'Due' },
      unit: UNIT.yuan,
      kind: 'yuan',
      of: (row) => row.due_fen,
      compared: true,
    },
    {
      title: { zh: '清算结果', en: 'Result' },
      unit: UNIT.yuan,
      kind: 'yuan',
      of: (row) => row.result_fen,
      compared: true,
    },
  ];
  const groupMeasures: Measure<GroupOutcome>[] = [
    { title: { zh: '分值', en: 'Score' }, kind: 'scaled4', of: (row) => row.score4 },
    {
      title: { zh: '低倍率', en: 'Low' },
      unit: UNIT.lists,
      kind: 'count',
      of: (row) => row.low_cases,
      compared: true,
    },
    { title: { zh: '正常', en: 'Normal' }, unit: UNIT.lists, kind: 'count', of: (row) => row.normal_cases },
    {
      title: { zh: '高倍率', en: 'High' },
      unit: UNIT.lists,
      kind: 'count',
      of: (row) => row.high_cases,
      compared: true,
    },
    {
      title: { zh: '极高倍率', en: 'Extreme' },
      unit: UNIT.lists,
      kind: 'count',
      of: (row) => row.extreme_cases,
    },
    {
      title: { zh: '总分值', en: 'Points' },
      unit: UNIT.points,
      kind: 'scaled4',
      of: (row) => row.points4,
      compared: true,
    },
    {
      title: { zh: '按结算点值', en: 'By point value' },
      unit: UNIT.yuan,
      kind: 'yuan',
      of: (row) => row.paid_fen,
      compared: true,
    },
  ];
  return [
    {
      name: { zh: '汇总', en: 'Summary' },
      columns: [
        { title: { zh: '项目', en: 'Item' }, width: 44, kind: 'text' },
        ...names.map((name) => ({ title: { zh: name, en: name }, width: 26, kind: 'text' as const })),
      ],
      rows: [
        ...summaryRows(comparison).map(({ title, cells }) => [joined(title, language), ...cells]),
        [{ kind: 'note' as const, value: HYPOTHETICAL[language] }, ...names.map(() => null)],
      ],
    },
    {
      name: { zh: '改变', en: 'Changes' },
      columns: [
        { title: { zh: '方案', en: 'Scenario' }, width: 24, kind: 'text' },
        { title: { zh: '参数', en: 'Parameter' }, width: 30, kind: 'text' },
        { title: { zh: '名称', en: 'Title' }, width: 40, kind: 'text' },
        { title: { zh: '原值', en: 'Old value' }, width: 20, kind: 'text' },
        { title: { zh: '写法', en: 'As written' }, width: 16, kind: 'text' },
        { title: { zh: '新值（假设）', en: 'New value (hypothetical)' }, width: 22, kind: 'text' },
        { title: { zh: '单位', en: 'Unit' }, width: 16, kind: 'text' },
        { title: { zh: '原值来源', en: 'Source of the old value' }, width: 60, kind: 'text' },
      ],
      rows: sides.flatMap(({ title, changes }) =>
        changes.map((change) => [
          title[language],
          change.name,
          joined(change.title, language),
          change.before,
          change.written,
          change.after,
          joined(change.unit, language),
          change.source[language],
        ]),
      ),
    },
    {
      name: { zh: '点值', en: 'Point values' },
      columns: [
        { title: { zh: '险种代码', en: 'Scheme code' }, width: 10, kind: 'text' },
        { title: { zh: '险种', en: 'Scheme' }, width: 26, kind: 'text' },
        ...columnsOf(schemeMeasures),
      ],
      rows: schemes.map(({ key, rows }) => [
        key,
        joined(schemeName(key), language),
        ...cellsOf(rows, schemeMeasures),
      ]),
    },
    {
      name: { zh: '月点值', en: 'Monthly point values' },
      columns: [
        { title: { zh: '险种代码', en: 'Scheme code' }, width: 10, kind: 'text' },
        { title: { zh: '月份', en: 'Month' }, width: 10, kind: 'text' },
        { title: { zh: '清单', en: 'Lists' }, unit: UNIT.lists, width: 12, kind: 'count' },
        ...columnsOf(monthMeasures),
      ],
      rows: months.map((line) => [
        first(line).insutype,
        first(line).month,
        first(line).cases,
        ...cellsOf(line.rows, monthMeasures),
      ]),
    },
    {
      name: { zh: '机构', en: 'Institutions' },
      columns: [
        { title: { zh: '险种', en: 'Scheme' }, width: 26, kind: 'text' },
        { title: { zh: '机构代码', en: 'Code' }, width: 18, kind: 'text' },
        { title: { zh: '机构名称', en: 'Name' }, width: 32, kind: 'text' },
        { title: { zh: '级别', en: 'Level' }, width: 16, kind: 'text' },
        { title: { zh: '清单', en: 'Lists' }, unit: UNIT.lists, width: 12, kind: 'count' },
        { title: { zh: '记账基金', en: 'Fund booked' }, unit: UNIT.yuan, width: 20, kind: 'yuan' },
        ...columnsOf(institutionMeasures),
      ],
      rows: clearing.map((line) => {
        const known = first(line);
        return [
          joined(schemeName(known.insutype), language),
          known.fixmedins_code,
          known.name ?? '',
          known.level === null ? '' : joined(levelName(known.level), language),
          known.cases,
          known.fund_fen,
          ...cellsOf(line.rows, institutionMeasures),
        ];
      }),
    },
    {
      name: { zh: '病种', en: 'Groups' },
      columns: [
        { title: { zh: '组代码', en: 'Code' }, width: 24, kind: 'text' },
        { title: { zh: '名称', en: 'Name' }, width: 44, kind: 'text' },
        { title: { zh: '类别', en: 'Kind' }, width: 16, kind: 'text' },
        { title: { zh: '清单', en: 'Lists' }, unit: UNIT.lists, width: 12, kind: 'count' },
        ...columnsOf(groupMeasures),
      ],
      rows: groups.map((line) => {
        const known = first(line);
        return [
          known.group_code ?? '',
          groupNames.get(known.group_code ?? '') ?? '',
          joined(kindName(known.kind), language),
          known.cases,
          ...cellsOf(line.rows, groupMeasures),
        ];
      }),
    },
  ];
}
