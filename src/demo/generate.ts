import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Engine, literal } from '#engine/duckdb.ts';
import { makeTable, runScript } from '#engine/sql-file.ts';
import { YibaoError } from '#kernel/errors.ts';
import type { Fen } from '#kernel/money.ts';
import type { Progress } from '#kernel/progress.ts';
import { Claims } from './claims.ts';
import {
  DEMO_FOLDER_IN_USE,
  DEMO_LISTS_OUT_OF_RANGE,
  DEMO_SEED_INVALID,
  DEMO_YEAR_INVALID,
} from './errors.ts';
import { loadParameters, loadWorld } from './load.ts';
import { createCells, employeesOf } from './population.ts';
import { YEARS } from './weights.ts';
import { AREA_CODE, AREA_NAME, readWorld } from './world.ts';
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
  /** the profile written into area.yaml; default: reference */
  readonly profile?: string;
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
/** Average fee of a stay that the costs are calibrated to, in fen. */
const AVERAGE_FEE = { 310: 1_150_000n, 390: 730_000n } as const;
const FOLLOW_UPS_PER_MILLE = 20;

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

    writeAreaFiles(folder, world, options.profile ?? 'reference');
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
  ${empty.replace('?', 'procedures')} AS procedures,
  ipt_med_type`;
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
