import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type AreaTables, readAreaTables, type SchemeCode } from '#catalogue/area-tables.ts';
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
import type { Fraction } from '#kernel/fraction.ts';
import type { Language, Text } from '#kernel/locale.ts';
import { type Progress, SILENT } from '#kernel/progress.ts';
import {
  type AreaHeader,
  type AssumedValue,
  loadAreaHeader,
  loadPolicies,
  type Policies,
  type Policy,
  type PolicyLayer,
  resolveAreaPolicy,
  writtenArea,
} from '#policy/index.ts';
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
import { buildCatalogue, type Catalogue, completeCatalogue, loadRules } from './build-catalogue.ts';
import { type ClearingFiles, checkFilesSuffice, readClearingFiles } from './clearing/area-files.ts';
import {
  loadClearingFiles,
  loadOperatingCosts,
  makeStartPointValue,
  type StartPointValues,
  settleMonthsAndYear,
} from './clearing/clear-year.ts';
import { type ClearingUse, clearingUse } from './clearing/output-queries.ts';
import { loadAreaTables, loadBudgets, loadMacrosAndPolicy } from './load-area.ts';
import { checkPartsFiles, type PartsFiles, readPartsFiles } from './parts/area-files.ts';
import { loadPartsFiles, type PartsResult, partsReadStays, settleParts } from './parts/settle-parts.ts';
import type { YearWeights } from './points/weighted-mean.ts';
import type { StageWatch } from './simulation/stage-watch.ts';
import { typingPolicy } from './typing/choose-types.ts';
import {
  keepTypingFacts,
  loadTyping,
  readTyping,
  type Typing,
  typeCases,
  typingReadsIntensiveCare,
} from './typing/type-cases.ts';
import { settlementUnknownGroups, unknownGroupWarnings } from './unknown-groups.ts';

/** Every list of the payment year. */
export const ALL_LISTS = Symbol('all lists');

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
  /** keep the facts of each case of the year and the year before, in `evaluation_fact`: for the evaluation */
  readonly keepFacts?: boolean;
  /** keep the lists of this id as they were read, in `kept_list`, or all of the year: for the explanation of one */
  readonly keepList?: string | typeof ALL_LISTS | undefined;
  /** leave the results of the special-case review out and keep the facts of each case: for the review itself */
  readonly beforeReview?: boolean;
  /** leave `accepted_list` as a table of its own and drop `list`: where the accepted lists are read many times */
  readonly copyAcceptedLists?: boolean;
  /** settles under another policy than the one in force, to compare the two */
  readonly adjustPolicy?: (policy: Policy) => Policy;
  /** what a scenario assumes instead of what the policy and the area say */
  readonly assumed?: Assumed | undefined;
  /** notes which stage reads and writes what */
  readonly watch?: StageWatch | undefined;
};

/** What a scenario assumes: values of parameters, and budgets in fen by scheme. */
export type Assumed = {
  readonly name: Text;
  readonly values: readonly AssumedValue[];
  readonly budgets: ReadonlyMap<SchemeCode, bigint>;
};

export type Settlement = {
  readonly areaFolder: string;
  /** the setl_id whose list was kept in `kept_list`, or all */
  readonly keptList: string | typeof ALL_LISTS | undefined;
  readonly area: AreaHeader;
  readonly year: number;
  readonly policy: Policy;
  readonly layers: readonly PolicyLayer[];
  /** what rules may be cited from */
  readonly documents: Policies['documents'];
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

/** What stands on disk about a year, all but its lists: read once, however many scenarios it is opened under. */
export type YearFiles = {
  readonly policies: Policies;
  readonly areaTables: AreaTables;
  readonly clearingFiles: ClearingFiles;
  readonly partsFiles: PartsFiles;
  readonly codeMapping: ListMapping | undefined;
};

async function readYearFiles({ areaFolder, year, codeMapping }: SettleOptions): Promise<YearFiles> {
  const areaTables = readAreaTables(areaFolder);
  if (!existsSync(join(areaFolder, PLAN_FILE))) checkYearHasBudget(areaTables, year);
  const clearingFiles = readClearingFiles(areaFolder, areaTables);
  const partsFiles = readPartsFiles(areaFolder, areaTables, year);
  const areaFile = join(areaFolder, 'area.yaml');
  const policies = loadPolicies(undefined, writtenArea(areaFile));
  const header = loadAreaHeader(areaFile, policies);
  return {
    policies,
    areaTables,
    clearingFiles,
    partsFiles,
    codeMapping: await openListMapping(areaFolder, header.codeMapping, codeMapping),
  };
}

/** The area folder and the policy of a year, read and checked: what the stages of the settlement start from. */
export type OpenedYear = {
  readonly options: SettleOptions;
  readonly files: YearFiles;
  readonly language: Language;
  readonly area: AreaHeader;
  readonly policy: Policy;
  /** the same without the watch: asking it counts for no stage */
  readonly plainPolicy: Policy;
  readonly layers: readonly PolicyLayer[];
  readonly tables: AreaTables;
  readonly clearingFiles: ClearingFiles;
  readonly partsFiles: PartsFiles;
  readonly codeMapping: ListMapping | undefined;
  readonly budgets: AreaBudgets;
  /** schemes with a budget in the payment year */
  readonly schemes: readonly SchemeCode[];
};

/**
 * Reads what an area folder says of a year, all but its lists, and finds the policy.
 * @param read what was read of the same folder before
 * @throws YibaoError when the area folder or a policy cannot be used
 */
export async function openYear(options: SettleOptions, read?: YearFiles): Promise<OpenedYear> {
  const { areaFolder, year, watch } = options;
  const files = read ?? (await readYearFiles(options));
  const { policies, areaTables, clearingFiles, partsFiles, codeMapping } = files;
  const {
    area,
    policy: inForce,
    layers,
  } = resolveAreaPolicy(areaFolder, {
    year,
    knownAt: options.knownAt,
    profile: options.profile,
    policies,
    assumed: options.assumed,
  });
  const plainPolicy = options.adjustPolicy?.(inForce) ?? inForce;
  const policy = watch?.policy(plainPolicy) ?? plainPolicy;
  watch?.enter('money');
  const budgets = areaBudgets(areaFolder, areaTables, policy, year, options.assumed?.budgets);
  const tables: AreaTables = {
    ...areaTables,
    budgets: budgets.rows,
    hashes: new Map([...areaTables.hashes, ...budgets.hashes, ...clearingFiles.hashes, ...partsFiles.hashes]),
  };
  checkYearHasBudget(tables, year);
  const schemes = tables.budgets.filter((row) => row.year === year).map((row) => row.scheme);
  watch?.enter(undefined);
  checkFilesSuffice(clearingFiles, policy, year, schemes);
  groupingMethod(policy).check?.(policy, areaFolder);
  checkTablesAreUsed(policy, tables.cases);
  const opened: OpenedYear = {
    options,
    files,
    language: options.language ?? 'zh',
    area,
    policy,
    plainPolicy,
    layers,
    tables,
    clearingFiles,
    partsFiles,
    codeMapping,
    budgets,
    schemes,
  };
  checkPartsFiles(partsFiles, policy, year, schemes, adjustmentsOf(opened).includes('bed-day'));
  return opened;
}

/** The steps of `adjustment.steps` that have something to do in the area. */
function adjustmentsOf({ options, policy, tables }: OpenedYear): readonly AdjustmentStep[] {
  return adjustmentSteps(policy, tables.cases).filter(
    (step) => !(options.beforeReview === true && step === 'special-case'),
  );
}

/** The share of the whole that the first stage takes, as the progress shows it. */
const LISTS_SHARE = 0.65;

const KEPT_LIST = `CREATE OR REPLACE TABLE kept_list AS SELECT l.*, i.fixmedins_code AS institution
  FROM list AS l LEFT JOIN institution AS i ON i.institution_no = l.institution_no`;

/** The stage `lists`: from the files to signatures, accepted lists and their keys. */
async function settleLists(
  engine: Engine,
  opened: OpenedYear,
  finish: (name: string) => void,
): Promise<Pick<Settlement, 'sources' | 'skipped' | 'tables' | 'listsTakingPart'>> {
  const { options, policy, tables, language } = opened;
  const hashes = new Map(tables.hashes);
  const { areaFolder, year, progress = SILENT } = options;
  const stage = (zh: string, en: string, share: number) => progress.stage(language === 'zh' ? zh : en, share);
  options.watch?.enter('lists');
  const method = groupingMethod(policy);
  await loadAreaTables(engine, tables, opened.area, policy, year);
  const readsStays = partsReadStays(opened.partsFiles);
  const typing = readTyping(policy, tables, areaFolder);
  await loadTyping(engine, typing, tables);
  const adjustmentsReadLists = options.beforeReview === true || adjustmentsReadCase(adjustmentsOf(opened));
  const { keepFacts = false } = options;
  const readsCase =
    method.readsCase || adjustmentsReadLists || readsStays || typing !== undefined || keepFacts;
  await engine.run(`SET VARIABLE list_keeps_case = ${readsCase}`);
  const readsIntensiveCare =
    (typing !== undefined && typingReadsIntensiveCare(typing)) ||
    method.readsIntensiveCare?.(policy, areaFolder) === true;
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
  // one core reads the files again while the other compares the ids
  const [listHashes] = await Promise.all([hashLists(sources), refuseLists(engine)]);
  for (const [file, sha256] of listHashes) hashes.set(file, sha256);
  await reportRefusals(engine, sources, language);
  if (opened.codeMapping !== undefined) await mapListCodes(engine, opened.codeMapping);
  await excludeItems(engine, tables.cases, year);
  finish('lists');

  stage('入组键', 'grouping keys', 0.55);
  await method.signatures(engine, policy, areaFolder);
  if (typing) await keepTypingFacts(engine);
  if (adjustmentsReadLists) await makeTable(engine, sourceFile('payment/adjustment/case_fact.sql'));
  if (readsStays) await makeTable(engine, sourceFile('payment/parts/bed_day_stay.sql'));
  if (keepFacts) await makeTable(engine, sourceFile('payment/points/evaluation_fact.sql'));
  if (options.keepList === ALL_LISTS) {
    await engine.run(`${KEPT_LIST} WHERE l.setl_id IS NOT NULL`);
  } else if (options.keepList !== undefined) {
    await engine.run(`${KEPT_LIST} WHERE l.setl_id = ?`, [options.keepList]);
  }
  const listsTakingPart = await countLists(engine, tables, year);
  const readsListsAgain = options.copyAcceptedLists === true || options.keepList === ALL_LISTS;
  const isCopied = method.keepsList && (typing !== undefined || readsListsAgain);
  if (isCopied) await copyAcceptedLists(engine);
  if (isCopied || !method.keepsList) await engine.run('DROP TABLE list');
  finish('accept');
  await method.keys(engine, policy);
  finish('keys');
  return { sources, skipped: [...skipped, ...damaged], tables: { ...tables, hashes }, listsTakingPart };
}

/**
 * The stages `groups` (catalogue, scores and coefficients) and `points` (the points of every list).
 * @param from `points`: the tables hold the catalogue, which is only read back
 */
async function settlePoints(
  engine: Engine,
  opened: OpenedYear,
  finish: (name: string) => void,
  from: 'groups' | 'points' = 'groups',
): Promise<Pick<Settlement, 'catalogue' | 'typing' | 'weights' | 'adjustments' | 'startPointValues'>> {
  const { options, policy, tables, language } = opened;
  const { areaFolder, year, progress = SILENT } = options;
  const stage = (zh: string, en: string, share: number) => progress.stage(language === 'zh' ? zh : en, share);
  options.watch?.enter('groups');
  stage('病种目录与分值', 'catalogue and scores', LISTS_SHARE);
  const weights = yearWeights(policy, year);
  const build = () => buildCatalogue(engine, groupingMethod(policy), policy, tables, weights);
  const built = from === 'groups' ? await build() : await engine.withoutWrites(build);
  finish('catalogue');

  options.watch?.enter('points');
  const catalogue = await completeCatalogue(engine, built, policy, tables);
  stage('病例分值', 'points of the cases', 0.75);
  const typing = readTyping(policy, tables, areaFolder);
  const types = typing ? await typeCases(engine, typing, typingPolicy(policy)!, catalogue) : new Map();
  await loadRules(engine, catalogue, types);
  await makeTable(engine, sourceFile('payment/points/scored_list.sql'));
  await loadOperatingCosts(engine, opened.clearingFiles, tables);
  const startPointValues = await makeStartPointValue(
    engine,
    policy,
    weights,
    year,
    new Set<string>(opened.schemes),
  );
  await makeTable(engine, sourceFile('payment/points/case_score.sql'));
  const schemeValues = new Map([...startPointValues.values8].map(([code, value]) => [Number(code), value]));
  const pointValues = amountPointValues8(policy, schemeValues, catalogue.areaMeanFen);
  const adjustments = adjustmentsOf(opened);
  await adjustCases(engine, policy, adjustments, year, pointValues);
  for (const table of ['case_result', 'group_result']) {
    await makeTable(engine, sourceFile(`payment/points/${table}.sql`));
  }
  finish('points');
  return { catalogue, typing, weights, adjustments, startPointValues };
}

/** The stage `money`: parts, months, point values and the annual clearing. */
async function settleMoney(
  engine: Engine,
  opened: OpenedYear,
  scored: {
    readonly areaMeanFen: Fraction;
    /** by scheme */
    readonly startPointValues8: ReadonlyMap<string, bigint>;
  },
  finish: (name: string) => void,
): Promise<Pick<Settlement, 'parts' | 'clearingUse'>> {
  const { options, policy, tables, language, budgets, partsFiles } = opened;
  const { year, progress = SILENT } = options;
  options.watch?.enter('money');
  progress.stage(language === 'zh' ? '月结算与年度清算' : 'months and annual clearing', 0.9);
  await loadBudgets(engine, tables);
  const planFunds = new Map(budgets.computed.map((one) => [one.plan.scheme, one.adjustmentFundFen]));
  await loadClearingFiles(engine, opened.clearingFiles, tables, year, policy, planFunds);
  await loadPartsFiles(engine, partsFiles, tables);
  const parts = await settleParts(engine, partsFiles, policy, tables, { year, ...scored });
  await settleMonthsAndYear(engine, policy);
  finish('clearing');
  return { parts, clearingUse: clearingUse(policy, await clearingRows(engine)) };
}

/**
 * Settles one payment year of an area, from its settlement lists to the annual clearing, and leaves every result as a
 * table of the engine (`*_result`, see ARCHITECTURE.md). Source of each step: the reference profile, docs/domain/dip.md.
 * @throws YibaoError when the area folder, a policy or a list file cannot be used; nothing is settled then
 */
export async function settleYear(engine: Engine, options: SettleOptions): Promise<Settlement> {
  const { areaFolder, year, language = 'zh', progress = SILENT, watch } = options;
  const stages: { name: string; milliseconds: number }[] = [];
  let started = performance.now();
  const finish = (name: string) => {
    stages.push({ name, milliseconds: performance.now() - started });
    started = performance.now();
  };
  progress.stage(language === 'zh' ? '读取政策与地区表' : 'reading policies and tables', 0);
  const opened = await openYear(options);
  await loadMacrosAndPolicy(engine, opened.plainPolicy);
  engine.listen(watch && ((sql) => watch.statement(sql)));
  try {
    const listed = await settleLists(engine, opened, finish);
    const scored = await settlePoints(engine, opened, finish);
    const { areaMeanFen } = scored.catalogue;
    const startPointValues8 = scored.startPointValues.values8;
    const paid = await settleMoney(engine, opened, { areaMeanFen, startPointValues8 }, finish);
    return {
      areaFolder,
      keptList: options.keepList,
      area: opened.area,
      year,
      policy: opened.plainPolicy,
      layers: opened.layers,
      documents: opened.files.policies.documents,
      codeMapping: opened.codeMapping,
      budgets: opened.budgets,
      ...listed,
      ...scored,
      ...paid,
      language,
      stages,
    };
  } finally {
    engine.listen(undefined);
  }
}

/**
 * The settlement of a year whose tables the engine has, kept by `ALL_LISTS`: what `settleYear` returned, without reading a
 * list or writing a table. The area folder and the policies must be what they were.
 * @param views over the tables, which are not kept with them
 */
export async function reopenSettlement(
  engine: Engine,
  options: Omit<SettleOptions, 'keepList'>,
  views: readonly { readonly name: string; readonly sql: string }[],
): Promise<Settlement> {
  const opened = await openYear(options);
  const { plainPolicy: policy, area, layers, tables, codeMapping, budgets, language } = opened;
  await loadMacrosAndPolicy(engine, policy);
  const skip = () => {};
  return engine.withoutWrites(async () => {
    for (const { name, sql } of views) {
      await engine.run(sql.replace(/^CREATE VIEW \S+/, `CREATE OR REPLACE VIEW ${name}`));
    }
    const scored = await settlePoints(engine, opened, skip);
    const { areaMeanFen } = scored.catalogue;
    const startPointValues8 = scored.startPointValues.values8;
    const paid = await settleMoney(engine, opened, { areaMeanFen, startPointValues8 }, skip);
    return {
      areaFolder: options.areaFolder,
      keptList: ALL_LISTS,
      area,
      year: options.year,
      policy,
      layers,
      documents: opened.files.policies.documents,
      tables,
      sources: [],
      skipped: [],
      listsTakingPart: Number((await engine.row('SELECT count(*) AS lists FROM accepted_list')).lists),
      codeMapping,
      budgets,
      ...scored,
      ...paid,
      language,
      stages: [],
    };
  });
}

/** What the later stages leave when they alone are done again, on the tables that those before have left. */
export type ResettledYear = Pick<
  Settlement,
  'policy' | 'layers' | 'tables' | 'codeMapping' | 'budgets' | 'clearingUse' | 'parts' | 'adjustments'
> & {
  readonly areaMeanFen: Fraction;
};

/**
 * Does the stages from `first` on again under the policy and budgets of `opened`. The engine must hold the tables of the
 * stages before, and those that `first` fills as they were before it.
 * @param areaMeanFen of the settlement whose tables these are
 */
export async function resettleYear(
  engine: Engine,
  opened: OpenedYear,
  first: 'groups' | 'points' | 'money',
  areaMeanFen: Fraction,
): Promise<ResettledYear> {
  const skip = () => {};
  const scored = first === 'money' ? undefined : await settlePoints(engine, opened, skip, first);
  const mean = scored?.catalogue.areaMeanFen ?? areaMeanFen;
  const startPointValues8 = scored?.startPointValues.values8 ?? (await startPointValuesIn(engine));
  const paid = await settleMoney(engine, opened, { areaMeanFen: mean, startPointValues8 }, skip);
  const { plainPolicy: policy, layers, tables, codeMapping, budgets } = opened;
  return {
    policy,
    layers,
    tables,
    codeMapping,
    budgets,
    ...paid,
    adjustments: adjustmentsOf(opened),
    areaMeanFen: mean,
  };
}

async function startPointValuesIn(engine: Engine): Promise<ReadonlyMap<string, bigint>> {
  const rows = await engine.rows('SELECT scheme, start_point_value8 FROM start_point_value ORDER BY scheme');
  return new Map(rows.map((row) => [String(row.scheme), BigInt(row.start_point_value8 as bigint)]));
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

/** SHA-256 of each file of settlement lists, by its place in the area folder. */
async function hashLists(sources: readonly ListSource[]): Promise<[file: string, sha256: string][]> {
  const hashes: [string, string][] = [];
  for (const { fileName, sha256 } of sources) hashes.push([`settlement_lists/${fileName}`, await sha256()]);
  return hashes;
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
