import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Cell, Engine } from '#engine/duckdb.ts';
import { makeTable } from '#engine/sql-file.ts';
import { fraction, parseDecimal, roundTo } from '#kernel/fraction.ts';
import type { LayerName, Unit } from '#policy/index.ts';

/** Money is fen, points × 10^4, point values × 10^8, coefficients and scores × 10^4. */
export type Area = { code: string; name: string; year: number; profile: string };

export type SchemeSummary = {
  insutype: string;
  budget_fen: bigint;
  non_fund_fen: bigint;
  points4: bigint;
  start_point_value8: bigint | null;
  /** null for a scheme without lists */
  settlement_point_value8: bigint | null;
  cases: bigint;
  cost_fen: bigint;
  /** Fund money booked on the lists when the patients left. */
  fund_fen: bigint;
  ungrouped_cases: bigint;
  due_fen: bigint;
  assessed_fen: bigint;
  assessment_change_fen: bigint;
  /** what steps other than assessment and audit change */
  other_steps_fen: bigint;
  quarter_paid_fen: bigint;
  audit_deduction_fen: bigint;
  result_fen: bigint;
  monthly_paid_fen: bigint;
  advance_paid_fen: bigint;
  clearing_cash_fen: bigint;
  residual_fen: bigint;
};

type ClearingAmounts = {
  cases: bigint;
  points4: bigint;
  cost_fen: bigint;
  non_fund_fen: bigint;
  fund_fen: bigint;
  due_fen: bigint;
  assessed_fen: bigint;
  audit_deduction_fen: bigint;
  result_fen: bigint;
  gain_fen: bigint;
  monthly_paid_fen: bigint;
  advance_paid_fen: bigint;
  clearing_cash_fen: bigint;
};

export type InstitutionSummary = ClearingAmounts & {
  fixmedins_code: string;
  name: string;
  level: number;
  grouped_cases: bigint;
  cmi4: bigint | null;
};

export type ClearingRow = ClearingAmounts & {
  insutype: string;
  fixmedins_code: string;
  name: string | null;
  level: number | null;
};

export type MonthlyPointValue = {
  insutype: string;
  month: string;
  cases: bigint;
  points4: bigint;
  cost_fen: bigint;
  non_fund_fen: bigint;
  base_fen: bigint;
  paid_fen: bigint;
  observed_point_value8: bigint | null;
};

export type GroupSummary = {
  /** null: the ungrouped lists */
  group_code: string | null;
  kind: string;
  diagnosis_name: string | null;
  procedure_names: string | null;
  history_cases: bigint;
  average_cost_fen: bigint | null;
  score4: bigint | null;
  cases: bigint;
  institutions: bigint;
  cost_fen: bigint;
  mean_cost_fen: bigint | null;
  points4: bigint;
  low_cases: bigint;
  high_cases: bigint;
};

export type KindSummary = { insutype: string; kind: string; deviation: string | null; cases: bigint };
export type DeviationBin = { deviation: string; bin: bigint; cases: bigint };
export type LevelFlow = {
  insutype: string;
  level: number;
  institutions: bigint;
  due_fen: bigint;
  result_fen: bigint;
};
export type RefusedReason = { reason: string; lists: bigint; files: bigint; first_place: string };
export type RefusedRow = { file: string; row_no: bigint; setl_id: string; reason: string };
/** One line of a part; `monthly_paid_fen` is 0 where parts are paid once a year. */
export type PartRow = {
  part: string;
  insutype: string;
  fixmedins_code: string;
  name: string | null;
  item: string;
  /** days or people */
  quantity: bigint | null;
  amount_fen: bigint;
  fund_fen: bigint;
  points4: bigint;
  lock: string;
  due_fen: bigint;
  monthly_paid_fen: bigint;
};
export type PartMonthRow = {
  month: string;
  part: string;
  insutype: string;
  fixmedins_code: string;
  name: string | null;
  item: string;
  base_fen: bigint;
  paid_fen: bigint;
};
/** Lists of one institution just above a cliff; `step4` is what the jumps move in points. */
export type CliffSummary = {
  fixmedins_code: string;
  name: string | null;
  cases: bigint;
  low_cases: bigint;
  high_cases: bigint;
  extreme_cases: bigint;
  lists: bigint;
  step4: bigint;
};
export type Coefficient = { level: number; coefficient4: bigint; institutions: bigint };
export type Parameter = {
  parameter: string;
  unit: Unit;
  value: string | null;
  layer: LayerName;
  area: string | null;
  document: string | null;
  article: string | null;
  effective_from: string | null;
  title_zh: string;
  title_en: string;
  document_title_zh: string;
  document_title_en: string;
};

/** Cost over payment standard at which a case is an outlier, as policy text; undefined when the policy has none. */
export type Thresholds = { readonly low?: string | undefined; readonly high?: string | undefined };

export type ReportData = {
  /** the parameter grouping.method; undefined where the tables do not say it */
  readonly method: string | undefined;
  /** points of a weight of 1 where weights count, else undefined */
  readonly weightUnit: bigint | undefined;
  readonly area: Area;
  readonly schemes: readonly SchemeSummary[];
  readonly institutions: readonly InstitutionSummary[];
  readonly levels: readonly LevelFlow[];
  readonly months: readonly MonthlyPointValue[];
  /** lists of the year by kind of group and deviation */
  readonly kinds: readonly KindSummary[];
  readonly thresholds: Thresholds;
  readonly bins: readonly DeviationBin[];
  readonly groups: readonly GroupSummary[];
  readonly clearing: readonly ClearingRow[];
  readonly coefficients: readonly Coefficient[];
  readonly refused: readonly RefusedReason[];
  readonly parameters: readonly Parameter[];
  /** empty where nothing is paid as a part */
  readonly parts: readonly PartRow[];
  /** empty where parts are paid once a year */
  readonly partMonths: readonly PartMonthRow[];
  /** undefined where the lists were not looked through for cliffs */
  readonly cliffs: readonly CliffSummary[] | undefined;
};

const SQL_FOLDER = join(import.meta.dirname, 'sql');

/** The rows of one of this folder's SQL files. */
export async function select<Result>(
  engine: Engine,
  name: string,
  parameters?: readonly Cell[],
): Promise<Result[]> {
  const sql = readFileSync(join(SQL_FOLDER, `${name}.sql`), 'utf8');
  return (await engine.rows(sql, parameters)) as unknown as Result[];
}

export const makeReportTable = (engine: Engine, name: string): Promise<void> =>
  makeTable(engine, join(SQL_FOLDER, `${name}.sql`));

export async function readArea(engine: Engine): Promise<Area> {
  return (await engine.row('SELECT code, name, year, profile FROM area_info')) as unknown as Area;
}

/** The figures of report and console that stand for themselves, each a table of its own once it is made. */
const REPORT_TABLES = [
  'group_name',
  'group_summary',
  'institution_summary',
  'kind_summary',
  'level_flow',
  'monthly_point_value',
  'parameter',
  'refused_reason',
  'scheme_summary',
] as const;

/** Leaves the figures of the report as tables of the engine, for readers of a kept settlement. */
export async function makeReportTables(engine: Engine): Promise<void> {
  for (const name of REPORT_TABLES) await makeReportTable(engine, name);
  const parameters = await engine.rows('SELECT parameter, value FROM parameter');
  const threshold = (end: string) => {
    const row = parameters.find(({ parameter }) => String(parameter).endsWith(end));
    return thousandths(row?.value === undefined || row.value === null ? undefined : String(row.value));
  };
  const sql = readFileSync(join(SQL_FOLDER, 'deviation_histogram.sql'), 'utf8');
  await engine.run(`CREATE OR REPLACE TABLE deviation_histogram AS ${sql}`, [
    threshold('deviation.low_ratio'),
    threshold('deviation.high_ratio'),
  ]);
}

/** Everything the report and the agency's workbook show. */
export async function readReportData(engine: Engine): Promise<ReportData> {
  await makeReportTable(engine, 'group_name');
  const parameters = await select<Parameter>(engine, 'parameter');
  const value = (name: string) => parameters.find((row) => row.parameter.endsWith(name))?.value ?? undefined;
  const thresholds = { low: value('deviation.low_ratio'), high: value('deviation.high_ratio') };
  return {
    method: value('grouping.method'),
    weightUnit: weightUnitOf(parameters),
    kinds: await select(engine, 'kind_summary'),
    area: await readArea(engine),
    schemes: await select(engine, 'scheme_summary'),
    institutions: await select(engine, 'institution_summary'),
    levels: await select(engine, 'level_flow'),
    months: await select(engine, 'monthly_point_value'),
    thresholds,
    bins: await select(engine, 'deviation_histogram', [
      thousandths(thresholds.low),
      thousandths(thresholds.high),
    ]),
    groups: await select(engine, 'group_summary'),
    clearing: await select(engine, 'clearing'),
    coefficients: await select(engine, 'coefficient'),
    refused: await select(engine, 'refused_reason'),
    parameters,
    parts: (await hasTable(engine, 'part_line')) ? await select(engine, 'part') : [],
    partMonths: (await hasTable(engine, 'part_month')) ? await select(engine, 'part_month') : [],
    cliffs: (await hasTable(engine, 'cliff_case_result')) ? await select(engine, 'cliff_summary') : undefined,
  };
}

async function hasTable(engine: Engine, name: string): Promise<boolean> {
  const { found } = await engine.row(
    'SELECT count(*) > 0 AS found FROM duckdb_tables() WHERE table_name = ?',
    [name],
  );
  return found === true;
}

/** Points of a weight of 1, where the policy counts in weights. */
export function weightUnitOf(
  parameters: readonly Pick<Parameter, 'parameter' | 'value'>[],
): bigint | undefined {
  const value = (name: string) => parameters.find((row) => row.parameter === name)?.value;
  const unit = value('score.mean_score');
  return value('score.unit') === 'weight' && unit ? BigInt(unit) : undefined;
}

/** Yuan for a weight of 1 in fen, from a point value × 10^8. */
export const rateFen = (pointValue8: bigint | null, unit: bigint): bigint | null =>
  pointValue8 === null ? null : roundTo(fraction(pointValue8 * unit, 1_000_000n), 0);

/** Kinds of groups in the order they are shown, ungrouped last. */
export function kindsOf(kinds: readonly KindSummary[]): string[] {
  const order = ['core', 'comprehensive', 'drg'];
  const place = (kind: string) =>
    kind === 'ungrouped' ? 99 : order.includes(kind) ? order.indexOf(kind) : order.length;
  return [...new Set(kinds.map(({ kind }) => kind))].toSorted(
    (a, b) => place(a) - place(b) || (a < b ? -1 : 1),
  );
}

/** Deviations in the order they are shown; extreme only where the lists have it. */
export const deviationsOf = (kinds: readonly KindSummary[]): string[] =>
  ['low', 'normal', 'high', 'extreme'].filter(
    (deviation) => deviation !== 'extreme' || kinds.some((row) => row.deviation === deviation),
  );

/** Lists of some kinds and deviations. */
export const casesOf = (
  kinds: readonly KindSummary[],
  where: { readonly insutype?: string; readonly kind?: string; readonly deviation?: string },
): bigint =>
  total(
    kinds.filter((row) =>
      Object.entries(where).every(([field, value]) => row[field as keyof KindSummary] === value),
    ),
    (row) => row.cases,
  );

function thousandths(text: string | undefined): string | null {
  const value = text === undefined ? undefined : parseDecimal(text);
  return value === undefined ? null : roundTo(value, 3).toString();
}

/** How a case of a comprehensive group was treated, by its class: the defaults of the reference profile. */
const TREATMENT: Readonly<Record<string, string>> = {
  1: '保守治疗',
  2: '诊断性操作',
  3: '治疗性操作',
  4: '手术或介入',
};

type NamedGroup = Pick<GroupSummary, 'group_code' | 'kind' | 'diagnosis_name' | 'procedure_names'>;

/** Readable name of a group, empty without code names. Comprehensive groups say how the patient was treated. */
export function groupName(group: NamedGroup): string {
  if (group.group_code === null) return '未入组 Ungrouped';
  const diagnosis = group.diagnosis_name ?? '';
  if (group.kind === 'drg' || group.kind === 'ambiguous') return diagnosis;
  if (group.kind === 'comprehensive') {
    const treatment = TREATMENT[group.group_code.slice(-1)] ?? '';
    return diagnosis && treatment ? `${diagnosis}等 · ${treatment}` : diagnosis || treatment;
  }
  return [diagnosis, group.procedure_names ?? ''].filter((part) => part !== '').join(' · ');
}

/** Σ of one amount over rows. */
export function total<Row>(rows: readonly Row[], amount: (row: Row) => bigint): bigint {
  return rows.reduce((sum, row) => sum + amount(row), 0n);
}
