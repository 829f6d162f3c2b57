import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type AreaTables, readAreaTables } from '#catalogue/area-tables.ts';
import { areaErrors } from '#catalogue/errors.ts';
import { type ListSource, openSettlementLists } from '#claims/intake/index.ts';
import { defineListSource } from '#claims/list/list-source.ts';
import { reportRefusals } from '#claims/list/refusal.ts';
import type { Engine, Row } from '#engine/duckdb.ts';
import { makeTable, runScript } from '#engine/sql-file.ts';
import { type Problem, YibaoError } from '#kernel/errors.ts';
import { type Fraction, roundTo } from '#kernel/fraction.ts';
import type { Language } from '#kernel/locale.ts';
import { type Progress, SILENT } from '#kernel/progress.ts';
import {
  type AreaHeader,
  loadPolicyRows,
  type Policy,
  type PolicyLayer,
  resolveAreaPolicy,
} from '#policy/index.ts';
import { groupedRule, type PointsPolicy, type PointsRule, ungroupedRule } from './points/score-case.ts';
import {
  diseaseScore4,
  levelCoefficient4,
  startPointValue8,
  weightedMean,
  type YearCost,
  type YearWeights,
} from './points/weighted-mean.ts';

const source = join(import.meta.dirname, '..');
const file = (path: string): string => join(source, path);

export type SettleOptions = {
  readonly areaFolder: string;
  readonly year: number;
  /** go on without the files that cannot be read */
  readonly skipBadFiles?: boolean;
  /** settle as it was known on this day: policies recorded later are left out */
  readonly knownAt?: Temporal.PlainDate | undefined;
  readonly language?: Language;
  readonly progress?: Progress;
};

export type Settlement = {
  readonly area: AreaHeader;
  readonly year: number;
  readonly policy: Policy;
  readonly layers: readonly PolicyLayer[];
  readonly tables: AreaTables;
  readonly sources: readonly ListSource[];
  /** files left out because they cannot be read (`skipBadFiles`) */
  readonly skipped: readonly Problem[];
  readonly areaMeanFen: Fraction;
  readonly weights: YearWeights;
  readonly startPointValue8: bigint;
  /** of the reasons in refused.csv */
  readonly language: Language;
  readonly stages: readonly { readonly name: string; readonly milliseconds: number }[];
};

/**
 * Settles one payment year of an area, from its settlement lists to the annual clearing, and leaves every result as a
 * table of the engine (`*_result`, see ARCHITECTURE.md). Source of each step: the reference profile, docs/domain/dip.md.
 * @throws YibaoError when the area folder, a policy or a list file cannot be used; nothing is settled then
 */
export async function settleYear(engine: Engine, options: SettleOptions): Promise<Settlement> {
  const { areaFolder, year, language = 'zh', progress = SILENT } = options;
  const stages: { name: string; milliseconds: number }[] = [];
  let started = performance.now();
  const finish = (name: string) => {
    stages.push({ name, milliseconds: performance.now() - started });
    started = performance.now();
  };
  const stage = (zh: string, en: string, share: number) => progress.stage(language === 'zh' ? zh : en, share);

  stage('读取政策与地区表', 'reading policies and tables', 0);
  const tables = readAreaTables(areaFolder);
  checkYearHasBudget(tables, year);
  const { area, policy, layers } = resolveAreaPolicy(areaFolder, { year, knownAt: options.knownAt });
  const weights = yearWeights(policy, year);
  await loadAreaTables(engine, tables, area, policy, year);
  finish('tables');

  stage('检查清单文件', 'checking the list files', 0.02);
  const listFolder = join(areaFolder, 'settlement_lists');
  const { sources, skipped } = await openSettlementLists(engine, listFolder, {
    skipBadFiles: options.skipBadFiles ?? false,
    progress: { ...progress, update: (share, detail) => progress.update(0.02 + share * 0.1, detail) },
  });
  finish('files');

  const damaged = await readLists(engine, sources, options.skipBadFiles ?? false, (share, detail) => {
    progress.update(0.12 + share * 0.4, detail);
  });
  await makeTable(engine, file('claims/list/duplicate_setl_id.sql'));
  await engine.run(
    'UPDATE list SET refusal_bits = refusal_bits + 1 WHERE setl_id IN (SELECT setl_id FROM duplicate_setl_id)',
  );
  await makeTable(engine, file('claims/list/refused_list.sql'));
  await reportRefusals(engine, sources, language);
  finish('lists');

  stage('入组键', 'grouping keys', 0.55);
  await makeTable(engine, file('grouping/dip/signature.sql'));
  await makeTable(engine, file('claims/list/accepted_list.sql'));
  await engine.run('DROP TABLE list');
  await checkSchemesHaveBudgets(engine, tables, year);
  finish('accept');
  for (const table of ['procedure_code', 'signature_key', 'history_cost']) {
    await makeTable(engine, file(`grouping/dip/${table}.sql`));
  }
  finish('keys');

  stage('病种目录与分值', 'catalogue and scores', 0.65);
  const { areaMeanFen, rules } = await buildCatalogue(engine, policy, tables, weights);
  finish('catalogue');

  stage('病例点数', 'points of the cases', 0.75);
  await makeTable(engine, file('grouping/dip/signature_group.sql'));
  await loadRules(engine, rules);
  await makeTable(engine, file('payment/points/scored_list.sql'));
  await makeTable(engine, file('payment/points/history_points.sql'));
  const startPointValue = await loadStartPointValue(engine, weights, year);
  await makeTable(engine, file('payment/points/case_score.sql'));
  finish('points');

  stage('月结算与年度清算', 'months and annual clearing', 0.9);
  await makeTable(engine, file('payment/settlement/month_total.sql'));
  for (const table of [
    'settlement/month_result',
    'clearing/scheme_total',
    'clearing/point_value_result',
    'clearing/due',
    'clearing/clearing_result',
    'clearing/residual_result',
    'points/case_result',
    'points/group_result',
  ]) {
    await makeTable(engine, file(`payment/${table}.sql`));
  }
  finish('clearing');
  return {
    area,
    year,
    policy,
    layers,
    tables,
    sources,
    skipped: [...skipped, ...damaged],
    areaMeanFen,
    weights,
    startPointValue8: startPointValue,
    language,
    stages,
  };
}

/** Weight of each history year: the last weight belongs to the year before the payment year. */
function yearWeights(policy: Policy, year: number): YearWeights {
  const weights = policy.integers('score.year_weights');
  return new Map(weights.map((weight, index) => [year - weights.length + index, weight]));
}

export function pointsPolicy(policy: Policy): PointsPolicy {
  return {
    lowRatio: policy.fraction('deviation.low_ratio'),
    highRatio: policy.fraction('deviation.high_ratio'),
    ungroupedRatio: policy.fraction('ungrouped.ratio'),
    meanScore: policy.fraction('score.mean_score'),
  };
}

async function loadAreaTables(
  engine: Engine,
  tables: AreaTables,
  area: AreaHeader,
  policy: Policy,
  year: number,
): Promise<void> {
  await runScript(engine, file('engine/macros/exact.sql'));
  await runScript(engine, file('engine/macros/intake.sql'));
  await runScript(engine, file('catalogue/area_tables.sql'));
  await loadPolicyRows(engine, policy);
  await engine.append('area_info', [[area.code, area.name, year, area.profile]]);
  const numberOf = new Map(
    tables.institutions.map((institution, index) => [institution.fixmedinsCode, index]),
  );
  await engine.append(
    'institution',
    tables.institutions.map((row) => [
      numberOf.get(row.fixmedinsCode)!,
      row.fixmedinsCode,
      row.name,
      row.level,
    ]),
  );
  await engine.run(
    'CREATE TYPE institution_code AS ENUM (SELECT fixmedins_code FROM institution ORDER BY institution_no)',
  );
  await engine.append('procedure', tables.procedures);
  await engine.append(
    'budget',
    tables.budgets.map((row) => [row.year, row.scheme, row.budgetFen]),
  );
  await engine.append(
    'institution_year',
    tables.institutionYears.map((row) => [
      row.year,
      numberOf.get(row.fixmedinsCode)!,
      row.scheme,
      row.assessmentCoefficient8,
      row.auditDeductionFen,
      row.advancePaidFen,
    ]),
  );
  await engine.append('code_name', tables.codeNames);
  const historyYears = policy.integers('score.year_weights').length;
  const diagnosisLength = Math.max(
    Number(policy.integer('grouping.core_diagnosis_length')),
    Number(policy.integer('grouping.comprehensive_diagnosis_length')),
  );
  await engine.append('settlement_year', [[year, year - historyYears, diagnosisLength]]);
}

/**
 * Reads every file into the table `list`, one after another so that a row's position tells its file and line.
 * @returns the files that turned out to be damaged, when they may be skipped
 * @throws YibaoError naming all damaged files, when they may not
 */
async function readLists(
  engine: Engine,
  sources: readonly ListSource[],
  skipBadFiles: boolean,
  progress: (share: number, detail: string) => void,
): Promise<readonly Problem[]> {
  const bytesAll = sources.reduce((sum, source) => sum + source.bytes, 0) || 1;
  const select = readFileSync(file('claims/list/list.sql'), 'utf8');
  const problems: Problem[] = [];
  let bytesRead = 0;
  let position = 0n;
  for (const [fileNo, source] of sources.entries()) {
    progress(bytesRead / bytesAll, source.fileName);
    await defineListSource(engine, source.select);
    try {
      if (fileNo === 0) await engine.run(`CREATE TABLE list AS ${select} LIMIT 0`);
      await engine.run(`INSERT INTO list ${select}`);
    } catch (error) {
      if (!source.refusal) throw error;
      problems.push(...source.refusal(error).problems);
    }
    const { lists } = await engine.row('SELECT count(*) AS lists FROM list');
    await engine.append('list_file', [[fileNo, source.fileName, position, (lists as bigint) - position]]);
    await engine.append(
      'malformed_list',
      source.malformed.map(({ row, setlId }) => [fileNo, row, setlId]),
    );
    position = lists as bigint;
    bytesRead += source.bytes;
  }
  if (problems.length > 0 && !skipBadFiles) throw new YibaoError(problems);
  return problems;
}

type GroupScore = {
  readonly groupNo: number;
  readonly groupCode: string;
  readonly kind: 'core' | 'comprehensive';
  readonly cases: bigint;
  readonly meanFen: Fraction;
  readonly score4: bigint;
};

type LevelRule = PointsRule & {
  readonly groupNo: number;
  readonly level: number;
  readonly coefficient4: bigint;
};

/** Groups, scores and coefficients from the history; group_no 0 stands for ungrouped. */
async function buildCatalogue(
  engine: Engine,
  policy: Policy,
  tables: AreaTables,
  weights: YearWeights,
): Promise<{ areaMeanFen: Fraction; rules: readonly LevelRule[] }> {
  const totals = await engine.rows(
    'SELECT year, level, sum(cases) AS cases, sum(cost_fen) AS cost_fen FROM history_cost GROUP BY year, level ORDER BY year, level',
  );
  const areaMeanFen = weightedMean(sumByYear(totals.map(toYearCost)), weights);
  if (!areaMeanFen) {
    const refused = await engine.rows(
      'SELECT file, row_no, reason FROM refused_result ORDER BY file, row_no',
    );
    const first = refused[0];
    throw new YibaoError({
      definition: first ? areaErrors.noHistoryRefused : areaErrors.noHistory,
      file: first ? String(first.file) : 'settlement_lists',
      row: first ? Number(first.row_no) : undefined,
      parameters: {
        years: [Math.min(...weights.keys()), Math.max(...weights.keys())].join('–'),
        refused: refused.length,
        reason: first ? String(first.reason) : '',
      },
    });
  }

  const coefficients = new Map<number, bigint>();
  for (const level of [1, 2, 3]) {
    const mean = weightedMean(totals.filter((row) => Number(row.level) === level).map(toYearCost), weights);
    const byHistory = mean
      ? levelCoefficient4(mean, areaMeanFen)
      : roundTo(policy.fraction('coefficient.no_history'), 4);
    coefficients.set(level, byHistory);
  }
  await engine.append('coefficient_result', coefficients);

  const meanScore = policy.fraction('score.mean_score');
  const groups: GroupScore[] = [];
  for (const kind of ['core', 'comprehensive'] as const) {
    if (kind === 'core') await makeTable(engine, file('grouping/dip/core_group.sql'));
    else await makeTable(engine, file('grouping/dip/nearest_core_group.sql'));
    await makeTable(engine, file(`grouping/dip/${kind}_group_year.sql`));
    const rows = await engine.rows(`SELECT * FROM ${kind}_group_year ORDER BY group_code, year`);
    const scored = [...Map.groupBy(rows, (row) => String(row.group_code))].map(
      ([groupCode, years], index): GroupScore => {
        const costs = years.map(toYearCost);
        const meanFen = weightedMean(costs, weights)!;
        return {
          groupNo: groups.length + index + 1,
          groupCode,
          kind,
          cases: costs.reduce((sum, { cases }) => sum + cases, 0n),
          meanFen,
          score4: diseaseScore4(meanFen, areaMeanFen, meanScore),
        };
      },
    );
    groups.push(...scored);
    await engine.append(
      'group_score',
      scored.map((group) => [
        group.groupNo,
        group.groupCode,
        group.kind,
        group.cases,
        roundTo(group.meanFen, 0),
        group.score4,
      ]),
    );
  }

  const points = pointsPolicy(policy);
  const primaryCare4 = roundTo(policy.fraction('coefficient.primary_care'), 4);
  const rules = [...coefficients].flatMap(([level, levelCoefficient]): LevelRule[] => [
    { groupNo: 0, level, coefficient4: levelCoefficient, ...ungroupedRule(areaMeanFen, points) },
    ...groups.map((group): LevelRule => {
      const coefficient4 = tables.primaryCareGroups.has(group.groupCode) ? primaryCare4 : levelCoefficient;
      return { groupNo: group.groupNo, level, coefficient4, ...groupedRule(group, coefficient4, points) };
    }),
  ]);
  return { areaMeanFen, rules };
}

const toYearCost = (row: Row): YearCost => ({
  year: Number(row.year),
  cases: row.cases as bigint,
  costFen: row.cost_fen as bigint,
});

function sumByYear(costs: readonly YearCost[]): YearCost[] {
  return [...Map.groupBy(costs, ({ year }) => year)].map(([year, list]) => ({
    year,
    cases: list.reduce((sum, { cases }) => sum + cases, 0n),
    costFen: list.reduce((sum, { costFen }) => sum + costFen, 0n),
  }));
}

async function loadRules(engine: Engine, rules: readonly LevelRule[]): Promise<void> {
  await engine.append(
    'points_rule',
    rules.map((rule) => [
      rule.groupNo,
      rule.level,
      rule.coefficient4,
      rule.lowBelowFen,
      rule.highAboveFen,
      rule.normalPoints4,
      rule.multiplier,
      rule.divisor,
      rule.highSubtrahend,
      rule.reciprocal,
      rule.quickBelowFen,
    ]),
  );
}

async function loadStartPointValue(engine: Engine, weights: YearWeights, year: number): Promise<bigint> {
  const years = await engine.rows('SELECT * FROM history_points ORDER BY year');
  const value = startPointValue8(
    years.map((row) => ({
      year: Number(row.year),
      costFen: row.cost_fen as bigint,
      points4: row.points4 as bigint,
    })),
    weights,
  );
  if (value === undefined) {
    throw new YibaoError({
      definition: areaErrors.noHistoryPoints,
      file: 'settlement_lists',
      parameters: { year },
    });
  }
  await engine.append('start_point_value', [[value]]);
  return value;
}

/** Asked before anything is read: a wrong year should not cost a minute. */
function checkYearHasBudget(tables: AreaTables, year: number): void {
  if (tables.budgets.some((row) => row.year === year)) return;
  const years = [...new Set(tables.budgets.map((row) => row.year))].toSorted().join(', ') || '-';
  throw new YibaoError({
    definition: areaErrors.noBudgetAtAll,
    file: 'budget.csv',
    field: 'year',
    value: String(year),
    parameters: { year, years },
  });
}

/** Every scheme with lists in the payment year needs a budget. */
async function checkSchemesHaveBudgets(engine: Engine, tables: AreaTables, year: number): Promise<void> {
  const budgeted = new Set(
    tables.budgets.filter((row) => row.year === year).map((row) => row.scheme as string),
  );
  const used = await engine.rows(
    'SELECT scheme, count(*) AS lists FROM accepted_list WHERE year = ? GROUP BY scheme ORDER BY scheme',
    [year],
  );
  const problems = used
    .filter((row) => !budgeted.has(String(row.scheme)))
    .map(
      (row): Problem => ({
        definition: areaErrors.budgetMissing,
        file: 'budget.csv',
        field: 'insutype',
        value: String(row.scheme),
        parameters: { scheme: String(row.scheme), year, lists: String(row.lists) },
      }),
    );
  if (problems.length > 0) throw new YibaoError(problems);
}
