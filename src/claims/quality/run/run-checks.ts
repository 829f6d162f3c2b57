import { join } from 'node:path';
import { type MappingNames, openListMapping } from '#catalogue/codes/index.ts';
import type { Engine } from '#engine/duckdb.ts';
import { makeTable, runScript, sourceFile } from '#engine/sql-file.ts';
import { type Problem, YibaoError } from '#kernel/errors.ts';
import type { Language, Text } from '#kernel/locale.ts';
import { type Progress, SILENT } from '#kernel/progress.ts';
import { type AreaHeader, loadAreaHeader } from '#policy/index.ts';
import { loadPolicies } from '#policy/load.ts';
import { DIMENSIONS, LEVEL_TITLES, type NotComputable } from '../definitions/check.ts';
import { loadChecks } from '../definitions/load-checks.ts';
import { resolveChecks } from '../definitions/overrides.ts';
import { qualityErrors } from '../errors.ts';
import { ITEM_NODES } from '../fields.ts';
import { type Form, readForm } from '../form/read-form.ts';
import { loadAreaReference } from './area-reference.ts';
import { type LoadedChecks, loadCheckTables, Supply } from './load-checks.ts';
import { mapNodeCodes, type NodeMapping, showWrittenCodes } from './map-node-codes.ts';
import { defineUnreadable, defineValues } from './values.ts';

export type CheckOptions = {
  readonly areaFolder: string;
  /** only lists discharged in this year, and month */
  readonly year?: number | undefined;
  readonly month?: number | undefined;
  readonly institution?: string | undefined;
  /** a result folder of `settle`: its cases.csv says which lists were grouped */
  readonly settlementFolder?: string | undefined;
  readonly skipBadFiles?: boolean;
  /** mapping tables of codes that go before those area.yaml names */
  readonly codeMapping?: MappingNames | undefined;
  readonly language?: Language;
  readonly progress?: Progress;
};

export type CheckRun = {
  readonly area: AreaHeader;
  readonly form: Form;
  /** sha256 of the small tables of the area, by file name */
  readonly hashes: ReadonlyMap<string, string>;
  /** content hash of each code set used, by name */
  readonly codeSets: ReadonlyMap<string, string>;
  /** what mapping tables did to the codes; empty when codes are not mapped */
  readonly mapped: readonly NodeMapping[];
  readonly loaded: LoadedChecks;
  readonly notComputable: readonly NotComputable[];
  /** lists that were asked for */
  readonly lists: number;
  readonly findings: number;
  readonly options: CheckOptions;
  readonly stages: readonly { readonly name: string; readonly milliseconds: number }[];
};

/** Tables of the lists, in the order they are made. */
const LIST_TABLES = [
  'check_institution',
  'list_charge',
  'list_payment',
  'diagnosis',
  'done_procedure',
  'stay',
];
/** What is made of all verdicts, in order. */
const RESULT_TABLES = [
  'list_score',
  'finding_result',
  'check_result',
  'check_institution_result',
  'institution_score_result',
  'institution_trend_result',
  'dimension_result',
];

/**
 * Checks the settlement lists of an area and leaves every result as a table of the engine (`*_result`). Nothing is written
 * to what is checked. A list that fails is a finding, not an error.
 * @throws YibaoError when the area folder, a check or a list file cannot be used
 */
export async function checkLists(engine: Engine, options: CheckOptions): Promise<CheckRun> {
  const { areaFolder, language = 'zh', progress = SILENT } = options;
  const zh = language === 'zh';
  const stages: { name: string; milliseconds: number }[] = [];
  let started = performance.now();
  const finish = (name: string) => {
    stages.push({ name, milliseconds: performance.now() - started });
    started = performance.now();
  };

  progress.stage(zh ? '读取清单' : 'reading the lists', 0);
  const policies = loadPolicies();
  const area = loadAreaHeader(join(areaFolder, 'area.yaml'), policies);
  const checkSet = loadChecks(undefined, undefined, policies.documents);
  const resolved = resolveChecks(checkSet, {
    code: area.code,
    folder: areaFolder,
    documents: policies.documents,
  });
  await defineMacros(engine);
  await engine.append('check_scope', [
    [options.year ?? null, options.month ?? null, options.institution ?? null],
  ]);
  const mapping = await openListMapping(areaFolder, area.codeMapping, options.codeMapping);
  const reference = await loadAreaReference(engine, areaFolder, options.settlementFolder, area.codeSets);
  const form = await readForm(engine, areaFolder, { skipBadFiles: options.skipBadFiles ?? false, progress });
  const mapped = mapping === undefined ? [] : await mapNodeCodes(engine, mapping);
  finish('read');

  progress.stage(zh ? '整理清单' : 'preparing the lists', 0.15);
  for (const table of LIST_TABLES) await makeTable(engine, sourceFile(`claims/quality/tables/${table}.sql`));
  const lists = await countLists(engine, options);
  const supplied = new Set([...reference.supplied, ...(form.hasSettled ? ['settled'] : [])]);
  const supply = new Supply(form.files, form.sources);
  const loaded = await loadCheckTables(engine, resolved, supply, supplied, language);
  await makeTable(engine, sourceFile('claims/quality/tables/stay_count.sql'));
  await makeTable(engine, sourceFile('claims/quality/tables/live_check.sql'));
  await defineUnreadable(engine, supply);
  await engine.run(
    `CREATE OR REPLACE VIEW finding_place AS ${ITEM_NODES.map(
      (node) => `SELECT '${node}' AS node, item_no, file_no, row_no FROM ${node}`,
    ).join(' UNION ALL ')}`,
  );
  finish('prepare');

  const types = checkSet.types.map(({ name }) => name);
  for (const [index, type] of types.entries()) {
    progress.stage(zh ? '检查' : 'checking', 0.2 + (0.65 * index) / types.length);
    progress.update(0.2 + (0.65 * index) / types.length, type);
    await defineValues(engine, type, loaded.versions, supply);
    await runType(engine, type);
    finish(type);
  }

  if (mapped.length > 0) await showWrittenCodes(engine);
  progress.stage(zh ? '汇总' : 'adding up', 0.87);
  for (const table of RESULT_TABLES)
    await makeTable(engine, sourceFile(`claims/quality/results/${table}.sql`));
  await loadWords(engine, checkSet.notComputable);
  await engine.append('check_area', [
    [area.code, area.name, periodOf(options), form.files.length, lists, form.refused.length],
  ]);
  const { findings } = await engine.row('SELECT count(*) AS findings FROM finding_result');
  finish('results');
  return {
    area,
    form,
    hashes: reference.hashes,
    codeSets: reference.codeSets,
    mapped,
    loaded,
    notComputable: checkSet.notComputable,
    lists,
    findings: Number(findings),
    options,
    stages,
  };
}

/** `2025-03`, `2025`, or empty for all there is. */
const periodOf = ({ year, month }: CheckOptions): string =>
  year === undefined ? '' : month === undefined ? String(year) : `${year}-${String(month).padStart(2, '0')}`;

/** What reports call things. */
async function loadWords(engine: Engine, notComputable: readonly NotComputable[]): Promise<void> {
  const words = (kind: string, titles: Readonly<Record<string, Text>>) =>
    Object.entries(titles).map(([code, { zh, en }], index) => [kind, code, index, zh, en]);
  await engine.append('check_word', [...words('level', LEVEL_TITLES), ...words('dimension', DIMENSIONS)]);
  await engine.append(
    'not_computable',
    notComputable.map(({ rule, dimension, level, title, reason }) => [
      rule,
      dimension,
      level,
      title.zh,
      title.en,
      reason.zh,
      reason.en,
    ]),
  );
}

/** The macros and the empty tables of a run. */
export async function defineMacros(engine: Engine): Promise<void> {
  await runScript(engine, sourceFile('engine/macros/exact.sql'));
  await runScript(engine, sourceFile('engine/macros/intake.sql'));
  await runScript(engine, sourceFile('claims/quality/macros.sql'));
  await runScript(engine, sourceFile('claims/quality/tables/quality_tables.sql'));
}

/** Runs the checks of one type: outcomes, verdicts, then counts, failed lists and findings. */
export async function runType(engine: Engine, type: string): Promise<void> {
  const { checks } = await engine.row('SELECT count(*) AS checks FROM this_check');
  if (Number(checks) === 0) return;
  const table = `${type.replaceAll('-', '_')}_outcome`;
  await makeTable(engine, sourceFile(`claims/quality/${type}/${table}.sql`));
  await engine.run(`CREATE OR REPLACE TEMP VIEW check_outcome AS SELECT * FROM ${table}`);
  // joined as written: the planner would build its hash table from the millions of outcomes, not from the lists
  await engine.run("SET disabled_optimizers = 'join_order,build_side_probe_side'");
  await makeTable(engine, sourceFile('claims/quality/tables/check_verdict.sql'));
  await engine.run('RESET disabled_optimizers');
  await makeTable(engine, sourceFile('claims/quality/tables/check_counted.sql'));
  await engine.run(`
    INSERT INTO check_count SELECT * FROM check_counted;
    INSERT INTO failed_check SELECT check_no, list_no FROM check_verdict WHERE fails;
    INSERT INTO finding
      SELECT o.check_no, o.list_no, o.item_no, o.place, o.value, o.expected
      FROM check_outcome AS o
      JOIN check_verdict AS v ON v.check_no = o.check_no AND v.list_no = o.list_no AND v.fails
      WHERE o.fails;
    DROP VIEW check_outcome; DROP TABLE ${table}; DROP TABLE check_verdict; DROP TABLE check_counted`);
}

async function countLists(engine: Engine, options: CheckOptions): Promise<number> {
  const { lists } = await engine.row('SELECT count(*) FILTER (WHERE asked_for) AS lists FROM stay');
  if (Number(lists) > 0) return Number(lists);
  const problems: Problem[] = [];
  const { institution, year, month } = options;
  if (institution !== undefined) {
    const known = await engine.rows('SELECT fixmedins_code FROM check_institution ORDER BY institution_no');
    if (!known.some((row) => row.fixmedins_code === institution)) {
      const examples = known.slice(0, 3).map((row) => row.fixmedins_code);
      const parameters = { examples: examples.join('、') };
      problems.push({ definition: qualityErrors.unknownInstitution, value: institution, parameters });
    }
  }
  const filter = [
    year && `--year ${year}`,
    month && `--month ${month}`,
    institution && `--institution ${institution}`,
  ]
    .filter(Boolean)
    .join(' ');
  if (problems.length === 0) {
    problems.push({ definition: qualityErrors.nothingToCheck, parameters: { filter: filter || '—' } });
  }
  throw new YibaoError(problems);
}
