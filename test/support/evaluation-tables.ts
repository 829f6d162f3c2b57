import { Engine } from '#engine/duckdb.ts';
import { runScript, sourceFile } from '#engine/sql-file.ts';
import { parseDecimal, roundTo } from '#kernel/fraction.ts';
import { parseYuan } from '#kernel/money.ts';
import { loadPolicies, loadPolicyRows, policyChain, resolvePolicy } from '#policy/index.ts';

/** A list of a worked case; see evaluation.cases.yaml for what it means to leave something out. */
export type WorkedList = {
  readonly id?: string;
  readonly times?: number;
  readonly institution: string;
  readonly group?: string;
  readonly scheme?: number;
  readonly cost: string;
  readonly fund?: string;
  readonly points?: string;
  readonly days?: number;
  readonly person?: string;
  readonly end?: string;
  readonly in?: string;
  readonly out?: string;
  readonly diagnosis?: string;
  readonly procedures?: string;
};

export type WorkedYear = {
  readonly groups: Readonly<Record<string, string>>;
  readonly lists: readonly WorkedList[];
  readonly cleared?: readonly { institution: string; booked: string; result: string; cases?: number }[];
  readonly point_values?: Readonly<Record<string, { budget: string; start: string; settlement: string }>>;
};

const INSTITUTIONS: readonly (readonly [string, number])[] = [
  ['A', 3],
  ['B', 3],
  ['C', 1],
  ['D', 3],
  ['E', 3],
];
const YEAR = 2025;
const scaled = (text: string, decimals: number): bigint => roundTo(parseDecimal(text)!, decimals);

/** An engine with the tables that a settled year keeps for its evaluation: the lists of a worked case, settled by hand. */
export async function keptTables(worked: WorkedYear): Promise<Engine> {
  const engine = await Engine.open();
  for (const file of [
    'engine/macros/exact.sql',
    'catalogue/area_tables.sql',
    'catalogue/case_tables.sql',
    'payment/clearing/clearing_tables.sql',
  ]) {
    await runScript(engine, sourceFile(file));
  }
  const layers = policyChain(loadPolicies(), '000000', 'reference');
  await loadPolicyRows(engine, resolvePolicy({ layers, asOf: Temporal.PlainDate.from(`${YEAR}-01-01`) }));
  await engine.append('area_info', [['880100', '手算市', YEAR, 'reference']]);
  await engine.append('settlement_year', [[YEAR, YEAR - 3]]);
  await engine.append(
    'institution',
    INSTITUTIONS.map(([code, level], index) => [index, code, `机构${code}`, level, level]),
  );
  const groups = Object.entries(worked.groups);
  await engine.append(
    'group_score',
    groups.map(([code, score], index) => [index + 1, code, 'core', 1, 1, scaled(score, 4)]),
  );
  await engine.run(`
    CREATE TABLE point_value_result (insutype VARCHAR, budget_fen BIGINT, start_point_value8 HUGEINT, settlement_point_value8 HUGEINT);
    CREATE TABLE clearing_result (insutype VARCHAR, fixmedins_code VARCHAR, cases BIGINT, cost_fen BIGINT, non_fund_fen BIGINT, result_fen BIGINT);
    CREATE TABLE month_result (month VARCHAR, insutype VARCHAR, fixmedins_code VARCHAR, paid_fen BIGINT);
    CREATE TABLE evaluation_case (
      list_no BIGINT, setl_id VARCHAR, year SMALLINT, month TINYINT, institution_no INTEGER, level INTEGER, scheme SMALLINT,
      group_no INTEGER, kind VARCHAR, score4 BIGINT, deviation VARCHAR, cost_fen BIGINT, fund_fen BIGINT, points4 BIGINT,
      length_of_stay SMALLINT, person VARCHAR, disposition VARCHAR, admission_date DATE, discharge_date DATE,
      diagnosis VARCHAR, procedures VARCHAR, is_borderline BOOLEAN)`);
  const values = worked.point_values ?? { 310: { budget: '1', start: '1', settlement: '1' } };
  await engine.append(
    'point_value_result',
    Object.entries(values).map(([insutype, each]) => [
      insutype,
      parseYuan(each.budget)!,
      scaled(each.start, 8),
      scaled(each.settlement, 8),
    ]),
  );
  await engine.append(
    'clearing_result',
    (worked.cleared ?? []).map(({ institution, booked, result, cases = 1 }) => [
      '310',
      institution,
      cases,
      parseYuan(booked)!,
      0,
      parseYuan(result)!,
    ]),
  );
  const lists = worked.lists.flatMap((list) => Array.from({ length: list.times ?? 1 }, () => list));
  await engine.append(
    'evaluation_case',
    lists.map((list, index) => {
      const institution = INSTITUTIONS.findIndex(([code]) => code === list.institution);
      const group = groups.findIndex(([code]) => code === list.group) + 1;
      const out = Temporal.PlainDate.from(list.out ?? `${YEAR}-03-10`);
      const begin = list.in === undefined ? out : Temporal.PlainDate.from(list.in);
      return [
        index,
        list.id ?? `list-${index}`,
        out.year,
        out.month,
        institution,
        INSTITUTIONS[institution]![1],
        list.scheme ?? 310,
        group,
        group > 0 ? 'core' : 'ungrouped',
        group > 0 ? scaled(groups[group - 1]![1], 4) : 0n,
        group > 0 ? 'normal' : 'ungrouped',
        parseYuan(list.cost)!,
        parseYuan(list.fund ?? '0')!,
        scaled(list.points ?? '0', 4),
        list.days ?? Math.max(1, begin.until(out).days),
        list.person ?? null,
        list.end ?? null,
        begin.toString(),
        out.toString(),
        list.diagnosis ?? 'J18.900',
        list.procedures ?? '',
        null,
      ];
    }),
  );
  return engine;
}
