import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type AreaTables, readAreaTables } from '#catalogue/area-tables.ts';
import { type ListMapping, type MappingNames, openListMapping } from '#catalogue/codes/index.ts';
import { areaErrors } from '#catalogue/errors.ts';
import { type ListSource, openSettlementLists } from '#claims/intake/index.ts';
import { mapListCodes } from '#claims/list/map-codes.ts';
import { readLists, refuseLists } from '#claims/list/read-lists.ts';
import { reportRefusals } from '#claims/list/refusal.ts';
import type { Engine } from '#engine/duckdb.ts';
import { makeTable, sourceFile } from '#engine/sql-file.ts';
import { groupingMethod } from '#grouping/method.ts';
import { type Problem, YibaoError } from '#kernel/errors.ts';
import type { Language, Text } from '#kernel/locale.ts';
import { type Progress, SILENT } from '#kernel/progress.ts';
import { type AreaHeader, type Policy, type PolicyLayer, resolveAreaPolicy } from '#policy/index.ts';
import {
  type AdjustmentStep,
  adjustCases,
  adjustmentSteps,
  adjustmentsReadCase,
  amountPointValues8,
  checkTablesAreUsed,
} from './adjustment/adjust-cases.ts';
import { excludeItems } from './adjustment/exclude-items.ts';
import { type AreaBudgets, areaBudgets } from './budget/area-budgets.ts';
import { PLAN_FILE } from './budget/plan-file.ts';
import { buildCatalogue, type Catalogue, loadRules } from './build-catalogue.ts';
import { checkFilesSuffice, readClearingFiles } from './clearing/area-files.ts';
import {
  loadClearingFiles,
  makeStartPointValue,
  type StartPointValues,
  settleMonthsAndYear,
} from './clearing/clear-year.ts';
import { type ClearingUse, clearingUse } from './clearing/output-queries.ts';
import { loadAreaTables } from './load-area.ts';
import { checkPartsFiles, readPartsFiles } from './parts/area-files.ts';
import { loadPartsFiles, type PartsResult, partsReadStays, settleParts } from './parts/settle-parts.ts';
import type { YearWeights } from './points/weighted-mean.ts';
import {
  keepTypingFacts,
  prepareTyping,
  type Typing,
  typeCases,
  typingReadsIntensiveCare,
} from './typing/type-cases.ts';
import { settlementUnknownGroups, unknownGroupWarnings } from './unknown-groups.ts';

export type SettleOptions = {
  readonly areaFolder: string;
  readonly year: number;
  /** go on without the files that cannot be read */
  readonly skipBadFiles?: boolean;
  /** settle as it was known on this day: policies recorded later are left out */
  readonly knownAt?: Temporal.PlainDate | undefined;
  /** mapping tables of codes that go before those area.yaml names */
  readonly codeMapping?: MappingNames | undefined;
  readonly language?: Language;
  readonly progress?: Progress;
  /** settle under this profile instead of the one area.yaml names */
  readonly profile?: string | undefined;
  /** keep the lists of this id as they were read, in `kept_list`: for the explanation of one */
  readonly keepList?: string | undefined;
  /** keep the facts of each case of the year and the year before, in `evaluation_fact`: for the evaluation */
  readonly keepFacts?: boolean;
  /** leave the results of the special-case review out and keep the facts of each case: for the review itself */
  readonly beforeReview?: boolean;
  /** leave `accepted_list` as a table of its own and drop `list`: where the accepted lists are read many times */
  readonly copyAcceptedLists?: boolean;
  /** settles under another policy than the one in force, to compare the two */
  readonly adjustPolicy?: (policy: Policy) => Policy;
};

export type Settlement = {
  readonly areaFolder: string;
  /** the setl_id whose list was kept in `kept_list` */
  readonly keptList: string | undefined;
  readonly area: AreaHeader;
  readonly year: number;
  readonly policy: Policy;
  readonly layers: readonly PolicyLayer[];
  readonly tables: AreaTables;
  readonly sources: readonly ListSource[];
  /** files left out because they cannot be read (`skipBadFiles`) */
  readonly skipped: readonly Problem[];
  /** the mapping tables used; undefined when codes are not mapped */
  readonly codeMapping: ListMapping | undefined;
  /** accepted lists of the payment year and its history */
  readonly listsTakingPart: number;
  readonly catalogue: Catalogue;
  /** undefined: the policy has no auxiliary typing */
  readonly typing: Typing | undefined;
  readonly weights: YearWeights;
  /** the steps of `adjustment.steps` that had something to do */
  readonly adjustments: readonly AdjustmentStep[];
  readonly startPointValues: StartPointValues;
  readonly budgets: AreaBudgets;
  /** what of the clearing goes beyond the reference profile, and has result files of its own */
  readonly clearingUse: ClearingUse;
  /** what is paid beside the grouped lists; undefined where the policy pays no parts */
  readonly parts: PartsResult | undefined;
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
  const areaTables = readAreaTables(areaFolder);
  if (!existsSync(join(areaFolder, PLAN_FILE))) checkYearHasBudget(areaTables, year);
  const clearingFiles = readClearingFiles(areaFolder, areaTables);
  const partsFiles = readPartsFiles(areaFolder, areaTables, year);
  const {
    area,
    policy: inForce,
    layers,
  } = resolveAreaPolicy(areaFolder, { year, knownAt: options.knownAt, profile: options.profile });
  const policy = options.adjustPolicy?.(inForce) ?? inForce;
  const codeMapping = await openListMapping(areaFolder, area.codeMapping, options.codeMapping);
  const budgets = areaBudgets(areaFolder, areaTables, policy, year);
  const hashes = new Map([
    ...areaTables.hashes,
    ...budgets.hashes,
    ...clearingFiles.hashes,
    ...partsFiles.hashes,
  ]);
  const tables: AreaTables = { ...areaTables, budgets: budgets.rows, hashes };
  checkYearHasBudget(tables, year);
  const schemes = tables.budgets.filter((row) => row.year === year).map((row) => row.scheme);
  checkFilesSuffice(clearingFiles, policy, year, schemes);
  const weights = yearWeights(policy, year);
  const method = groupingMethod(policy);
  method.check?.(policy, areaFolder);
  checkTablesAreUsed(policy, tables.cases);
  const { beforeReview = false, keepFacts = false } = options;
  const adjustments = adjustmentSteps(policy, tables.cases).filter(
    (step) => !(beforeReview && step === 'special-case'),
  );
  checkPartsFiles(partsFiles, policy, year, schemes, adjustments.includes('bed-day'));
  const adjustmentsReadLists = beforeReview || adjustmentsReadCase(adjustments);
  await loadAreaTables(engine, tables, area, policy, year);
  const planFunds = new Map(budgets.computed.map((one) => [one.plan.scheme, one.adjustmentFundFen]));
  await loadClearingFiles(engine, clearingFiles, tables, year, policy, planFunds);
  await loadPartsFiles(engine, partsFiles, tables);
  const readsStays = partsReadStays(partsFiles);
  const typing = await prepareTyping(engine, policy, tables, areaFolder);
  const readsCase =
    method.readsCase || adjustmentsReadLists || readsStays || typing !== undefined || keepFacts;
  await engine.run(`SET VARIABLE list_keeps_case = ${readsCase}`);
  const readsIntensiveCare =
    (typing !== undefined && typingReadsIntensiveCare(typing)) ||
    method.readsIntensiveCare?.(policy, areaFolder) === true;
  await engine.run(`SET VARIABLE list_keeps_position = ${typing !== undefined || keepFacts}`);
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
  if (readsIntensiveCare) {
    const { readIntensiveCare } = await import('#claims/quality/index.ts');
    for (const [file, sha256] of await readIntensiveCare(engine, areaFolder)) hashes.set(file, sha256);
  }
  await refuseLists(engine);
  await reportRefusals(engine, sources, language);
  if (codeMapping !== undefined) await mapListCodes(engine, codeMapping);
  await excludeItems(engine, tables.cases, year);
  finish('lists');

  stage('入组键', 'grouping keys', 0.55);
  await method.signatures(engine, policy, areaFolder);
  if (typing) await keepTypingFacts(engine);
  if (adjustmentsReadLists) await makeTable(engine, sourceFile('payment/adjustment/case_fact.sql'));
  if (readsStays) await makeTable(engine, sourceFile('payment/parts/bed_day_stay.sql'));
  if (keepFacts) await makeTable(engine, sourceFile('payment/points/evaluation_fact.sql'));
  if (options.keepList !== undefined) {
    await engine.run('CREATE OR REPLACE TABLE kept_list AS SELECT * FROM list WHERE setl_id = ?', [
      options.keepList,
    ]);
  }
  const listsTakingPart = await countLists(engine, tables, year);
  const isCopied = method.keepsList && (typing !== undefined || options.copyAcceptedLists === true);
  if (isCopied) await copyAcceptedLists(engine);
  if (isCopied || !method.keepsList) await engine.run('DROP TABLE list');
  finish('accept');
  await method.keys(engine, policy);
  finish('keys');

  stage('病种目录与分值', 'catalogue and scores', 0.65);
  const catalogue = await buildCatalogue(engine, method, policy, tables, weights);
  finish('catalogue');

  stage('病例分值', 'points of the cases', 0.75);
  const types = typing ? await typeCases(engine, typing, catalogue) : new Map();
  await loadRules(engine, catalogue, types);
  await makeTable(engine, sourceFile('payment/points/scored_list.sql'));
  const startPointValues = await makeStartPointValue(engine, policy, weights, year);
  await makeTable(engine, sourceFile('payment/points/case_score.sql'));
  const schemeValues = new Map([...startPointValues.values8].map(([code, value]) => [Number(code), value]));
  const pointValues = amountPointValues8(policy, schemeValues, catalogue.areaMeanFen);
  await adjustCases(engine, policy, adjustments, year, pointValues);
  const startPointValues8 = startPointValues.values8;
  const parts = await settleParts(engine, partsFiles, policy, tables, {
    year,
    areaMeanFen: catalogue.areaMeanFen,
    startPointValues8,
  });
  finish('points');

  stage('月结算与年度清算', 'months and annual clearing', 0.9);
  await settleMonthsAndYear(engine, policy);
  for (const table of ['case_result', 'group_result']) {
    await makeTable(engine, sourceFile(`payment/points/${table}.sql`));
  }
  finish('clearing');
  return {
    areaFolder,
    keptList: options.keepList,
    area,
    year,
    policy,
    layers,
    tables,
    sources,
    skipped: [...skipped, ...damaged],
    codeMapping,
    listsTakingPart,
    catalogue,
    typing,
    weights,
    adjustments,
    startPointValues,
    budgets,
    clearingUse: clearingUse(policy, await clearingRows(engine)),
    parts,
    language,
    stages,
  };
}

/** What the user should know of the grouping although nothing failed. */
export async function settlementWarnings(engine: Engine, settlement: Settlement): Promise<readonly Text[]> {
  const { policy } = settlement;
  const unknown = settlementUnknownGroups(settlement);
  return [
    ...(await rowsWithoutBudget(engine, settlement.year)),
    ...(await groupingMethod(policy).warnings(engine)),
    ...(unknown.length > 0 ? unknownGroupWarnings(unknown, policy.text('grouping.scheme')) : []),
  ];
}

/** Rows of institution_year.csv that no budget can clear: a scheme without lists may lack one, its rows have no effect. */
async function rowsWithoutBudget(engine: Engine, year: number): Promise<Text[]> {
  const rows = await engine.rows(`
    SELECT CAST(x.scheme AS VARCHAR) AS insutype, count(*) AS rows
    FROM institution_year AS x CROSS JOIN settlement_year AS y
    WHERE x.year = y.payment_year
      AND NOT EXISTS (SELECT 1 FROM budget AS b WHERE b.year = x.year AND b.scheme = x.scheme)
    GROUP BY x.scheme ORDER BY x.scheme`);
  return rows.map(({ insutype, rows: count }) => ({
    zh: `institution_year.csv 有 ${count} 行属于险种 ${insutype}，而 budget.csv 没有它 ${year} 年的预算：这些行没有参加清算。没有该险种的清单时不必处理，否则补上预算`,
    en: `institution_year.csv has ${count} rows of scheme ${insutype}, for which budget.csv has no budget of ${year}: they take no part in the clearing. Without lists of the scheme nothing need be done, otherwise add its budget`,
  }));
}

/** Weight of each history year: the last weight belongs to the year before the payment year. */
function yearWeights(policy: Policy, year: number): YearWeights {
  const weights = policy.integers('score.year_weights');
  return new Map(weights.map((weight, index) => [year - weights.length + index, weight]));
}

async function clearingRows(engine: Engine): Promise<{ monthDeductions: number; lateLists: number }> {
  const row = await engine.row(
    'SELECT (SELECT count(*) FROM month_deduction) AS deductions, (SELECT count(*) FROM late_list) AS late',
  );
  return { monthDeductions: Number(row.deductions), lateLists: Number(row.late) };
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

/** Puts a table in the place of the view. */
async function copyAcceptedLists(engine: Engine): Promise<void> {
  await engine.run('CREATE OR REPLACE TABLE accepted_copy AS SELECT * FROM accepted_list');
  await engine.run('DROP VIEW accepted_list');
  await engine.run('ALTER TABLE accepted_copy RENAME TO accepted_list');
}

/**
 * Counts the lists that take part.
 * @throws YibaoError unless every scheme with lists in the payment year has a budget
 */
async function countLists(engine: Engine, tables: AreaTables, year: number): Promise<number> {
  const budgeted = new Set(
    tables.budgets.filter((row) => row.year === year).map((row) => row.scheme as string),
  );
  const counted = await engine.rows(`
    SELECT l.scheme, count(*) AS lists, count(CASE WHEN l.year = y.payment_year THEN 1 END) AS of_payment_year
    FROM list AS l
    CROSS JOIN settlement_year AS y
    WHERE l.refusal_bits = 0 AND l.year BETWEEN y.first_year AND y.payment_year
    GROUP BY l.scheme ORDER BY l.scheme`);
  const problems = counted
    .filter((row) => row.of_payment_year !== 0n && !budgeted.has(String(row.scheme)))
    .map(
      (row): Problem => ({
        definition: areaErrors.budgetMissing,
        file: 'budget.csv',
        field: 'insutype',
        value: String(row.scheme),
        parameters: { scheme: String(row.scheme), year, lists: String(row.of_payment_year) },
      }),
    );
  if (problems.length > 0) throw new YibaoError(problems);
  return counted.reduce((sum, row) => sum + Number(row.lists), 0);
}
