import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Engine, literal } from '#engine/duckdb.ts';
import { makeTable, runScript } from '#engine/sql-file.ts';
import { YibaoError } from '#kernel/errors.ts';
import type { Fen } from '#kernel/money.ts';
import type { Progress } from '#kernel/progress.ts';
import { Claims } from './claims.ts';
import { createComorbiditySets } from './comorbidities.ts';
import {
  DEMO_FOLDER_IN_USE,
  DEMO_LISTS_OUT_OF_RANGE,
  DEMO_SEED_INVALID,
  DEMO_YEAR_INVALID,
} from './errors.ts';
import { type Cell, createCells, employeesOf } from './population.ts';
import { lognormalFactors, QUANTILES } from './quantiles.ts';
import { writeCsv } from './text.ts';
import { createWeights, NEEDS, needOf, YEARS } from './weights.ts';
import { AREA_CODE, AREA_NAME, readWorld, type World } from './world.ts';
import { writeAreaFiles, writeBudget } from './write.ts';

export type DemoOptions = {
  readonly engine: Engine;
  /** Made when missing; an earlier demo area in it is replaced, anything else is refused. */
  readonly folder: string;
  /** Settlement lists of all years together, broken ones included: exactly this many rows are written. */
  readonly lists: number;
  readonly seed: number;
  /** The payment year; the history is the three years before it. */
  readonly year: number;
  readonly format: 'csv' | 'parquet';
  readonly progress: Progress;
  /** Where the generator's part of the whole work ends, for the progress; 1 when it is all of it. */
  readonly progressUntil?: number;
};

export type DemoSummary = {
  readonly areaName: string;
  readonly institutions: number;
  readonly employees: number;
  readonly residents: number;
  readonly lists: number;
  /** Rows of each file, by the year in its name. */
  readonly listsByFile: Readonly<Record<string, number>>;
  /** Lists that intake must refuse, both halves of a duplicate number counted. */
  readonly brokenLists: number;
  /** Lists filed more than thirty days after discharge. */
  readonly lateLists: number;
  readonly transfers: number;
  readonly splitStays: number;
  readonly readmissions: number;
  readonly diagnoses: number;
  readonly procedures: number;
  /** Average fee of a stay of the current year by scheme. */
  readonly averageFee: { readonly employee: Fen; readonly resident: Fen };
};

const LISTS_LEAST = 2_000;
const LISTS_MOST = 20_000_000;
/** Insured per settlement list of four years: 1.1 million for the default 600,000 lists. */
const PERSONS_PER_SIX_LISTS = 11;
/** Share of the lists in each year, in thousandths: admissions grow by about seven per cent a year. */
const YEAR_SHARES = [224, 241, 259, 276];
/** Cost level of each year in thousandths of the current one. */
const YEAR_COSTS = [947, 965, 982, 1000];
/** Average fee of a stay that the costs are calibrated to, in fen. */
const AVERAGE_FEE = { 310: 1_150_000n, 390: 730_000n } as const;
const FOLLOW_UPS_PER_MILLE = 20;
const BROKEN_KINDS = [
  'unknown-institution',
  'discharged-before-admitted',
  'duplicate-number',
  'fee-zero',
  'fund-above-fee',
  'fee-not-a-number',
  'no-principal-diagnosis',
  'unknown-scheme',
] as const;
const BROKEN_OF_EACH_KIND = 5;

/**
 * Invents a pooling area and writes it as an area folder of the reference profile, with `code_names.csv` beside.
 * The same options give the same bytes, on any number of threads. Works in the schema `demo` of the engine and
 * leaves nothing behind in it.
 * @throws YibaoError demo.lists-out-of-range, demo.seed-invalid, demo.year-invalid, demo.folder-in-use
 */
export async function generateDemoArea(options: DemoOptions): Promise<DemoSummary> {
  const { engine, folder, lists, seed, year, format, progress, progressUntil = 1 } = options;
  checkOptions(options);
  prepareFolder(folder);
  const advance = (share: number, detail?: string) => progress.update(share * progressUntil, detail);
  const world = readWorld();
  const persons = Math.round((lists * PERSONS_PER_SIX_LISTS) / 6);
  const cells = createCells(persons, year);
  const followUpLists = Math.floor((lists * FOLLOW_UPS_PER_MILLE) / 1000);
  const baseLists = lists - followUpLists;

  await engine.run('DROP SCHEMA IF EXISTS demo CASCADE');
  await engine.run('CREATE SCHEMA demo');
  await engine.run("SET schema = 'demo'");
  // The SQL files join small tables to the lists in the order that is fastest. The planner, which cannot know how
  // many slots of a wheel are hit, would build hash tables from millions of lists instead.
  await engine.run("SET disabled_optimizers = 'join_order,build_side_probe_side'");
  try {
    await loadParameters(engine, { seed, year, baseLists, followUpLists });
    await loadWorld(engine, world, cells, year);
    await runScript(engine, sqlFile('draw'));
    const steps = [
      ['choice', 0.08],
      ['list_number', 0.1],
      ['encounter', 0.25],
      ['follow_up', 0.3],
      ['admission', 0.35],
      ['stay', 0.6],
    ] as const;
    for (const [table, share] of steps) {
      await makeTable(engine, sqlFile(table));
      advance(share);
    }
    for (const table of ['list_number', 'encounter', 'admission']) {
      await engine.run(`DROP TABLE demo.${table}`);
    }
    await calibrate(engine, year);

    const claims = new Claims();
    const listsByFile: Record<string, number> = {};
    for (let index = 0; index < YEARS; index++) {
      const fileYear = year - YEARS + 1 + index;
      await engine.run('CREATE OR REPLACE TABLE demo.filing_year AS SELECT CAST($1 AS INTEGER) AS year', [
        fileYear,
      ]);
      await makeTable(engine, sqlFile('settlement_list'));
      await copyLists(engine, join(folder, 'settlement_lists', `${fileYear}.${format}`), format);
      await makeTable(engine, sqlFile('claimed'));
      claims.add(await engine.rows('SELECT * FROM demo.claimed ORDER BY fixmedins_code, insutype'));
      const { count } = await engine.row('SELECT COUNT(*) AS count FROM demo.settlement_list');
      listsByFile[String(fileYear)] = Number(count);
      advance(0.6 + (0.38 * (index + 1)) / YEARS, `${fileYear}`);
    }

    writeAreaFiles(folder, world);
    writeBudget(folder, world, claims, year);
    const counts = await engine.row(`
      SELECT
        (SELECT COUNT(*) FROM demo.stay WHERE settled_on > dscg_date + 29) AS late,
        (SELECT COUNT(*) FROM demo.follow_up WHERE kind = 'transfer') AS transfers,
        (SELECT COUNT(*) FROM demo.follow_up WHERE kind = 'split') AS splits,
        (SELECT COUNT(*) FROM demo.follow_up WHERE kind = 'readmission') AS readmissions,
        (SELECT SUM(CASE WHEN kind = 'duplicate-number' THEN 2 ELSE 1 END) FROM demo.broken) AS broken`);
    advance(1);
    const employees = employeesOf(persons);
    return {
      areaName: AREA_NAME,
      institutions: world.institutions.length,
      employees,
      residents: persons - employees,
      lists: Object.values(listsByFile).reduce((sum, count) => sum + count, 0),
      listsByFile,
      brokenLists: Number(counts.broken),
      lateLists: Number(counts.late),
      transfers: Number(counts.transfers),
      splitStays: Number(counts.splits),
      readmissions: Number(counts.readmissions),
      diagnoses: world.diagnoses.length,
      procedures: world.procedures.length,
      averageFee: { employee: claims.averageFee(310), resident: claims.averageFee(390) },
    };
  } finally {
    await engine.run('RESET disabled_optimizers');
    await engine.run("SET schema = 'main'");
    await engine.run('DROP SCHEMA IF EXISTS demo CASCADE');
  }
}

function checkOptions({ lists, seed, year }: DemoOptions): void {
  if (!Number.isInteger(lists) || lists < LISTS_LEAST || lists > LISTS_MOST) {
    throw new YibaoError({
      definition: DEMO_LISTS_OUT_OF_RANGE,
      value: String(lists),
      parameters: { least: LISTS_LEAST, most: LISTS_MOST },
    });
  }
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new YibaoError({ definition: DEMO_SEED_INVALID, value: String(seed) });
  }
  if (!Number.isInteger(year) || year < 2004 || year > 2099) {
    throw new YibaoError({ definition: DEMO_YEAR_INVALID, value: String(year) });
  }
}

/** Makes the folder or clears an earlier demo area out of it; never touches anything else. */
function prepareFolder(folder: string): void {
  if (existsSync(folder) && readdirSync(folder).length > 0) {
    const areaFile = join(folder, 'area.yaml');
    const isDemo = existsSync(areaFile) && readFileSync(areaFile, 'utf8').includes(`area: "${AREA_CODE}"`);
    if (!isDemo) throw new YibaoError({ definition: DEMO_FOLDER_IN_USE, file: folder });
    rmSync(join(folder, 'settlement_lists'), { recursive: true, force: true });
  }
  mkdirSync(join(folder, 'settlement_lists'), { recursive: true });
}

const sqlFile = (table: string): string => join(import.meta.dirname, `${table}.sql`);

type Parameters = {
  readonly seed: number;
  readonly year: number;
  readonly baseLists: number;
  readonly followUpLists: number;
};

async function loadParameters(engine: Engine, parameters: Parameters): Promise<void> {
  const { seed, year, baseLists, followUpLists } = parameters;
  await engine.run(
    'CREATE TABLE demo.parameter (seed BIGINT, current_year INTEGER, base_lists BIGINT, follow_up_lists BIGINT)',
  );
  await engine.append('demo.parameter', [[seed, year, baseLists, followUpLists]]);

  await engine.run(
    'CREATE TABLE demo.year (year_no INTEGER, year INTEGER, cost_factor INTEGER, list_from BIGINT, list_to BIGINT)',
  );
  const bounds = [0];
  let shares = 0;
  for (const share of YEAR_SHARES) {
    shares += share;
    bounds.push(Math.floor((baseLists * shares) / 1000));
  }
  await engine.append(
    'demo.year',
    YEAR_COSTS.map((cost, index) => [
      index,
      year - YEARS + 1 + index,
      cost,
      bounds[index]!,
      bounds[index + 1]!,
    ]),
  );

  await engine.run('CREATE TABLE demo.days_of_month (year_no INTEGER, month INTEGER, days INTEGER)');
  await engine.append(
    'demo.days_of_month',
    YEAR_COSTS.flatMap((_, index) =>
      Array.from({ length: 12 }, (_unused, month) => [
        index,
        month + 1,
        Temporal.PlainYearMonth.from({ year: year - YEARS + 1 + index, month: month + 1 }).daysInMonth,
      ]),
    ),
  );

  // spread over all years, one kind after the other
  const broken = BROKEN_KINDS.length * BROKEN_OF_EACH_KIND;
  await engine.run('CREATE TABLE demo.broken (list_no BIGINT, kind VARCHAR)');
  await engine.append(
    'demo.broken',
    Array.from({ length: broken }, (_, index) => [
      Math.floor((baseLists * (2 * index + 1)) / (2 * broken)),
      BROKEN_KINDS[index % BROKEN_KINDS.length]!,
    ]),
  );
}

async function loadWorld(engine: Engine, world: World, cells: readonly Cell[], year: number): Promise<void> {
  const numberOf = new Map(world.diagnoses.map((diagnosis) => [diagnosis.code, diagnosis.number]));
  await loadTable(
    engine,
    'demo.diagnosis',
    'diagnosis_no INTEGER, code VARCHAR, department_no INTEGER, need INTEGER, season INTEGER, tier INTEGER, cost BIGINT, days INTEGER, upcoded_no INTEGER, newborn BOOLEAN',
    world.diagnoses.map((diagnosis) => [
      diagnosis.number,
      diagnosis.code,
      world.departments.indexOf(diagnosis.department),
      NEEDS.indexOf(needOf(diagnosis.department)),
      diagnosis.season,
      diagnosis.tier,
      diagnosis.cost,
      diagnosis.days,
      diagnosis.upcodedAs === undefined ? null : numberOf.get(diagnosis.upcodedAs)!,
      diagnosis.department === 'neonatology' ? 'true' : 'false',
    ]),
  );
  await loadTable(
    engine,
    'demo.institution',
    'institution_no INTEGER, code VARCHAR, level INTEGER, price INTEGER, behaviour VARCHAR',
    world.institutions.map((row) => [row.number, row.code, row.level, row.price, row.behaviour || 'usual']),
  );
  await loadTable(engine, 'demo.procedure', 'procedure_no INTEGER, code VARCHAR, cost BIGINT, days INTEGER', [
    [0, null, 0, 0],
    ...world.procedures.map((row) => [row.number, row.code, row.cost, row.days]),
  ]);
  await loadTable(
    engine,
    'demo.treatment',
    'treatment_no INTEGER, diagnosis_no INTEGER, level INTEGER, share_from INTEGER, share_to INTEGER, cost BIGINT, days INTEGER',
    treatmentRows(world),
  );
  await loadTable(
    engine,
    'demo.treatment_text',
    'treatment_no INTEGER, procedures VARCHAR',
    world.treatments.map((row) => [row.number, row.procedures.map(({ code }) => code).join('|')]),
  );
  await loadTable(
    engine,
    'demo.cell',
    'cell_no INTEGER, insutype INTEGER, sex INTEGER, birth_year INTEGER, person_from BIGINT, persons BIGINT',
    cells.map((cell) => [
      cell.number,
      cell.insutype,
      cell.sex,
      cell.birthYear,
      cell.personFrom,
      cell.persons,
    ]),
  );
  await loadTable(
    engine,
    'demo.comorbidity',
    'comorbidity_no INTEGER, codes VARCHAR, cost_factor INTEGER',
    createComorbiditySets().map((set) => [
      set.number,
      set.codes.map((code) => `|${known(numberOf, code)}`).join(''),
      set.costFactor,
    ]),
  );
  const costs = lognormalFactors(0.22);
  const lengths = lognormalFactors(0.3);
  await loadTable(
    engine,
    'demo.quantile',
    'slot INTEGER, cost_factor BIGINT, length_factor BIGINT',
    Array.from({ length: QUANTILES }, (_, slot) => [slot, costs[slot]!, lengths[slot]!]),
  );
  await loadTable(
    engine,
    'demo.weight',
    'kind VARCHAR, slots INTEGER, condition INTEGER, item INTEGER, weight BIGINT',
    createWeights(world, cells, year).filter(([, , , , weight]) => weight > 0),
  );
}

/** The code itself, after a check that the diagnosis table has it. */
function known(numberOf: ReadonlyMap<string, number>, code: string): string {
  if (!numberOf.has(code)) throw new Error(`the demo tables do not have the code ${code}`);
  return code;
}

/** The shares of a diagnosis' treatments one after the other; what is left of 1000 is treatment 0, none. */
function treatmentRows(world: World): (number | null)[][] {
  return world.diagnoses.flatMap((diagnosis) =>
    ([1, 2, 3] as const).flatMap((level) => {
      const rows: (number | null)[][] = [];
      let from = 0;
      for (const treatment of world.treatments) {
        if (treatment.diagnosis !== diagnosis) continue;
        const to = from + treatment.shares[level - 1]!;
        const cost = treatment.procedures.reduce((sum, procedure) => sum + procedure.cost, 0);
        const days = treatment.procedures.reduce((sum, procedure) => sum + procedure.days, 0);
        rows.push([treatment.number, diagnosis.number, level, from, to, cost, days]);
        from = to;
      }
      rows.push([0, diagnosis.number, level, from, 1000, 0, 0]);
      return rows;
    }),
  );
}

/** Loads through a file in the engine's own folder: much faster than inserting tens of thousands of rows. */
async function loadTable(
  engine: Engine,
  table: string,
  columns: string,
  rows: readonly (readonly (string | number | null)[])[],
): Promise<void> {
  const file = join(engine.workFolder, 'demo_table.csv');
  writeFileSync(file, writeCsv(rows));
  await engine.run(`CREATE TABLE ${table} (${columns})`);
  await engine.run(
    `COPY ${table} FROM ${literal(file)} (FORMAT csv, HEADER false, DELIMITER ',', NULLSTR '')`,
  );
  rmSync(file);
}

/**
 * One factor per scheme brings the average fee to its target: half-way between the average of all years and
 * that of the current year, so that both are near it.
 */
async function calibrate(engine: Engine, year: number): Promise<void> {
  const rows = await engine.rows(
    `SELECT
       insutype,
       SUM(raw_cost) AS cost,
       COUNT(*) AS lists,
       SUM(CASE WHEN dscg_date >= make_date(CAST($1 AS BIGINT), 1, 1) THEN raw_cost ELSE 0 END) AS current_cost,
       SUM(CASE WHEN dscg_date >= make_date(CAST($1 AS BIGINT), 1, 1) THEN 1 ELSE 0 END) AS current_lists
     FROM demo.stay
     GROUP BY insutype
     ORDER BY insutype`,
    [year],
  );
  await engine.run('CREATE TABLE demo.calibration (insutype INTEGER, factor BIGINT)');
  await engine.append(
    'demo.calibration',
    rows.map((row) => {
      const [cost, lists] = [BigInt(row.cost as bigint), BigInt(row.lists as bigint)];
      const [currentCost, currentLists] = [
        BigInt(row.current_cost as bigint),
        BigInt(row.current_lists as bigint),
      ];
      const target = AVERAGE_FEE[Number(row.insutype) as 310 | 390];
      const factor =
        (2n * target * 1_000_000n * lists * currentLists) / (cost * currentLists + currentCost * lists);
      return [Number(row.insutype), factor];
    }),
  );
}

/** Person numbers are scattered by a multiplier that has no divisor in common with 10^8, so they stay unique. */
const LIST_COLUMNS = (medfee: string, empty: string) => `
  CAST(setl_number AS VARCHAR) AS setl_id,
  fixmedins_code,
  'P' || lpad(CAST((person_no * 61803399 + 27182818) % 100000000 AS VARCHAR), 8, '0') AS psn_no,
  CAST(insutype AS VARCHAR) AS insutype,
  CAST(sex AS VARCHAR) AS gend,
  CAST(age AS INTEGER) AS age,
  nwb_age,
  nwb_adm_wt,
  CAST(adm_date AS VARCHAR) AS adm_time,
  CAST(dscg_date AS VARCHAR) AS dscg_time,
  CAST(dscg_way AS VARCHAR) AS dscg_way,
  ${medfee} AS medfee_sumamt,
  CAST(CAST(fund AS DECIMAL(16,0)) * CAST(0.01 AS DECIMAL(2,2)) AS DECIMAL(16,2)) AS fund_pay_sumamt,
  ${empty.replace('?', 'diagnoses')} AS diagnoses,
  ${empty.replace('?', 'procedures')} AS procedures`;
const FEE = 'CAST(CAST(fee AS DECIMAL(16,0)) * CAST(0.01 AS DECIMAL(2,2)) AS DECIMAL(16,2))';

/** Parquet has no place for a fee that is not a number: there it is missing. */
async function copyLists(engine: Engine, file: string, format: 'csv' | 'parquet'): Promise<void> {
  const columns =
    format === 'csv'
      ? LIST_COLUMNS(
          `CASE WHEN broken = 'fee-not-a-number' THEN '12,3O0元' ELSE CAST(${FEE} AS VARCHAR) END`,
          "NULLIF(?, '')",
        )
      : LIST_COLUMNS(`CASE WHEN broken = 'fee-not-a-number' THEN NULL ELSE ${FEE} END`, '?');
  const form = format === 'csv' ? 'FORMAT csv, HEADER true' : 'FORMAT parquet, COMPRESSION zstd';
  await engine.run(
    `COPY (SELECT ${columns} FROM demo.settlement_list ORDER BY sequence) TO ${literal(file)} (${form})`,
  );
}
