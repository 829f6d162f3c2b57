import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Engine } from '#engine/duckdb.ts';
import type { Text } from '#kernel/locale.ts';
import { type Line, linesOf } from '../compare/side.ts';
import {
  type Area,
  type ClearingRow,
  groupName,
  type MonthlyPointValue,
  makeReportTable,
  readArea,
  total,
} from '../data.ts';

/** Where the budget of a scheme went. Money is fen, points × 10^4, point values × 10^8. */
export type SchemeOutcome = {
  insutype: string;
  budget_fen: bigint;
  /** what is paid beside the grouped lists: bed-days, capitation … */
  parts_fen: bigint;
  points4: bigint;
  start_point_value8: bigint | null;
  settlement_point_value8: bigint | null;
  due_fen: bigint;
  result_fen: bigint;
  monthly_paid_fen: bigint;
  clearing_cash_fen: bigint;
  residual_fen: bigint;
};

/** The lists of the year of one group; group_code null: those without a group. */
export type GroupOutcome = {
  group_code: string | null;
  kind: string;
  score4: bigint | null;
  cases: bigint;
  low_cases: bigint;
  normal_cases: bigint;
  high_cases: bigint;
  extreme_cases: bigint;
  cost_fen: bigint;
  fund_fen: bigint;
  points4: bigint;
  paid_fen: bigint;
};

/** The year of an institution, both schemes together, or in one of them. */
export type InstitutionOutcome = {
  fixmedins_code: string;
  name: string | null;
  level: number | null;
  cases: bigint;
  points4: bigint;
  fund_fen: bigint;
  due_fen: bigint;
  result_fen: bigint;
};

/** What a scenario changes, as its results state it. */
export type ChangeStated = {
  readonly name: string;
  readonly title: Text;
  readonly unit: Text;
  readonly before: string;
  readonly source: Text;
  /** what was written, such as "+3%" */
  readonly written: string;
  readonly after: string;
};

/** The year as it is, or as it would be under a scenario. */
export type SimulationSide = {
  readonly id: string;
  readonly title: Text;
  readonly description: Text | undefined;
  readonly changes: readonly ChangeStated[];
  readonly schemes: readonly SchemeOutcome[];
  /** by scheme and institution */
  readonly clearing: readonly ClearingRow[];
  readonly months: readonly MonthlyPointValue[];
  readonly groups: readonly GroupOutcome[];
};

type Rows = Pick<SimulationSide, 'schemes' | 'clearing' | 'months' | 'groups'>;

const folder = import.meta.dirname;
const QUERIES = {
  schemes: join(folder, 'scheme_outcome.sql'),
  clearing: join(folder, '..', 'sql', 'clearing.sql'),
  months: join(folder, '..', 'sql', 'monthly_point_value.sql'),
  groups: join(folder, 'group_outcome.sql'),
} as const;
const tableOf = (name: string): string => `kept_${name}`;

/** Reads what a simulation shows of the year that has just been settled in this engine. */
export async function readOutcome(engine: Engine): Promise<Rows> {
  const rows: Partial<Record<keyof Rows, unknown>> = {};
  for (const name of Object.keys(QUERIES) as (keyof Rows)[]) {
    rows[name] = await engine.rows(readFileSync(QUERIES[name], 'utf8'));
  }
  return rows as Rows;
}

/** Keeps what a simulation shows of the base as tables of their own, with the names of its groups. */
export async function keepOutcome(engine: Engine): Promise<void> {
  for (const [name, file] of Object.entries(QUERIES)) {
    await engine.run(`CREATE OR REPLACE TABLE ${tableOf(name)} AS ${readFileSync(file, 'utf8')}`);
  }
  await makeReportTable(engine, 'group_name');
}

export type GroupNames = ReadonlyMap<string, string>;

/** What `keepOutcome` has kept. */
export async function readKeptOutcome(
  engine: Engine,
): Promise<{ readonly area: Area; readonly rows: Rows; readonly names: GroupNames }> {
  const rows: Partial<Record<keyof Rows, unknown>> = {};
  for (const name of Object.keys(QUERIES) as (keyof Rows)[]) {
    rows[name] = await engine.rows(`SELECT * FROM ${tableOf(name)}`);
  }
  const kept = rows as Rows;
  const named = await engine.rows('SELECT group_code, diagnosis_name, procedure_names FROM group_name');
  const kinds = new Map(kept.groups.map(({ group_code, kind }) => [group_code, kind]));
  const names = named.map((row): [string, string] => {
    const code = String(row.group_code);
    const [diagnosis_name, procedure_names] = [
      row.diagnosis_name as string | null,
      row.procedure_names as string | null,
    ];
    return [
      code,
      groupName({ group_code: code, kind: kinds.get(code) ?? '', diagnosis_name, procedure_names }),
    ];
  });
  return { area: await readArea(engine), rows: kept, names: new Map(names) };
}

/** The base and its scenarios, line by line. */
export type SimulationComparison = {
  readonly area: Area;
  /** the base first */
  readonly sides: readonly SimulationSide[];
  readonly groupNames: GroupNames;
  /** both schemes together, by institution */
  readonly institutions: readonly Line<InstitutionOutcome>[];
  /** by scheme and institution: the key is "insutype fixmedins_code" */
  readonly clearing: readonly Line<ClearingRow>[];
  readonly schemes: readonly Line<SchemeOutcome>[];
  /** by level of institution */
  readonly levels: readonly Line<LevelOutcome>[];
  /** the key is "insutype month" */
  readonly months: readonly Line<MonthlyPointValue>[];
  readonly groups: readonly Line<GroupOutcome>[];
};

export type LevelOutcome = {
  readonly level: number;
  readonly institutions: bigint;
  readonly due_fen: bigint;
  readonly result_fen: bigint;
};

export function compareScenarios(
  area: Area,
  sides: readonly SimulationSide[],
  groupNames: GroupNames,
): SimulationComparison {
  const institutions = sides.map((side) => institutionsOf(side));
  return {
    area,
    sides,
    groupNames,
    institutions: linesOf(institutions, (row) => row.fixmedins_code),
    clearing: linesOf(
      sides.map((side) => side.clearing),
      (row) => `${row.insutype} ${row.fixmedins_code}`,
    ),
    schemes: linesOf(
      sides.map((side) => side.schemes),
      (row) => row.insutype,
    ),
    levels: linesOf(institutions.map(levelsOf), (row) => String(row.level)),
    months: linesOf(
      sides.map((side) => side.months),
      (row) => `${row.insutype} ${row.month}`,
    ),
    groups: linesOf(
      sides.map((side) => side.groups),
      (row) => (row.group_code === null ? '' : `${row.group_code}\n${row.kind}`),
    ),
  };
}

function institutionsOf({ clearing }: SimulationSide): InstitutionOutcome[] {
  return [...Map.groupBy(clearing, ({ fixmedins_code }) => fixmedins_code).values()].map((rows) => ({
    fixmedins_code: rows[0]!.fixmedins_code,
    name: rows[0]!.name,
    level: rows[0]!.level,
    cases: total(rows, (row) => row.cases),
    points4: total(rows, (row) => row.points4),
    fund_fen: total(rows, (row) => row.fund_fen),
    due_fen: total(rows, (row) => row.due_fen),
    result_fen: total(rows, (row) => row.result_fen),
  }));
}

function levelsOf(institutions: readonly InstitutionOutcome[]): LevelOutcome[] {
  return [...Map.groupBy(institutions, ({ level }) => level ?? 0)]
    .toSorted(([a], [b]) => b - a)
    .map(([level, rows]) => ({
      level,
      institutions: BigInt(rows.length),
      due_fen: total(rows, (row) => row.due_fen),
      result_fen: total(rows, (row) => row.result_fen),
    }));
}

/** Whether a group moved on a side: other points, other places of its cases, another amount. */
export function groupMoved({ rows }: Line<GroupOutcome>, side: number): boolean {
  const [base, other] = [rows[0], rows[side]];
  if (!base || !other) return base !== other;
  const fields = [
    'cases',
    'low_cases',
    'normal_cases',
    'high_cases',
    'extreme_cases',
    'points4',
    'score4',
  ] as const;
  return fields.some((field) => base[field] !== other[field]);
}

/** What is left of a budget when parts, results and residual are taken off: zero, or something is wrong. */
export const unexplainedFen = (row: SchemeOutcome): bigint =>
  row.budget_fen - row.parts_fen - row.result_fen - row.residual_fen;
