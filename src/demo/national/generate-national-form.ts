import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { type Engine, literal } from '#engine/duckdb.ts';
import { makeTable } from '#engine/sql-file.ts';
import type { Progress } from '#kernel/progress.ts';
import { writeCsv } from '../text.ts';
import { readWorld } from '../world.ts';

export type NationalFormOptions = {
  readonly engine: Engine;
  /** a demo area folder with its settlement_lists */
  readonly folder: string;
  /** lists to write out in full, the latest first; at most as many as there are sound ones */
  readonly lists: number;
  readonly seed: number;
  readonly progress: Progress;
};

const NODES = ['setlinfo', 'payinfo', 'diseinfo', 'iteminfo', 'oprninfo', 'icuinfo', 'bldinfo'] as const;

/** Codes the demo adds to a list and the world does not know. */
const FURTHER_DIAGNOSES = [
  ['W19.900', '未特指的跌倒'],
  ['C34.900', '支气管或肺恶性肿瘤'],
] as const;

/** Helpers of the SQL files: a draw from a list's own bits, yuan text, the check digit of an identity number. */
const MACROS = `
  CREATE OR REPLACE MACRO form_draw(random, salt, n) AS
    CAST(hash(xor(CAST(random AS UBIGINT), CAST(salt AS UBIGINT))) % CAST(n AS UBIGINT) AS INTEGER);
  CREATE OR REPLACE MACRO form_yuan(fen) AS
    CAST(CAST(fen AS DECIMAL(16, 0)) * CAST(0.01 AS DECIMAL(2, 2)) AS DECIMAL(16, 2));
  CREATE OR REPLACE MACRO form_check_digit(digits) AS substr('10X98765432', (${[
    7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2,
  ]
    .map((weight, index) => `CAST(substr(digits, ${index + 1}, 1) AS INTEGER) * ${weight}`)
    .join(' + ')}) % 11 + 1, 1);`;

/**
 * Writes `national_form/` of a demo area, one Parquet file a node, with a seeded share of each kind of mistake, and the
 * code catalogues the checks compare with. The same area, number and seed give the same bytes.
 * @returns number of lists written
 */
export async function generateNationalForm(options: NationalFormOptions): Promise<number> {
  const { engine, folder, lists, seed, progress } = options;
  const out = join(folder, 'national_form');
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  await engine.run('DROP SCHEMA IF EXISTS demo CASCADE');
  await engine.run('CREATE SCHEMA demo');
  await engine.run("SET schema = 'demo'");
  try {
    await engine.run(MACROS);
    await loadTables(engine, folder, lists, seed);
    for (const table of ['mistake', 'form_list', 'form_mistake']) await makeTable(engine, sqlFile(table));
    for (const [index, node] of NODES.entries()) {
      progress.update(index / NODES.length, node);
      await makeTable(engine, sqlFile(node));
      await engine.run(
        `COPY (SELECT * FROM demo.${node}) TO ${literal(join(out, `${node}.parquet`))} (FORMAT parquet, COMPRESSION zstd)`,
      );
    }
    const { written } = await engine.row('SELECT count(*) AS written FROM demo.setlinfo');
    writeCatalogues(folder);
    return Number(written);
  } finally {
    await engine.run("SET schema = 'main'");
    await engine.run('DROP SCHEMA IF EXISTS demo CASCADE');
  }
}

const sqlFile = (table: string): string => join(import.meta.dirname, `${table}.sql`);

async function loadTables(engine: Engine, folder: string, lists: number, seed: number): Promise<void> {
  const listFolder = join(folder, 'settlement_lists');
  const files = readdirSync(listFolder).map((name) => join(listFolder, name));
  const read = (kind: string, call: (names: string) => string) => {
    const own = files.filter((name) => name.endsWith(kind));
    return own.length === 0 ? [] : [`SELECT * FROM ${call(`[${own.map(literal).join(', ')}]`)}`];
  };
  const parts = [
    ...read('.parquet', (names) => `(SELECT CAST(COLUMNS(*) AS VARCHAR) FROM read_parquet(${names}))`),
    ...read('.csv', (names) => `read_csv(${names}, all_varchar = true, header = true)`),
  ];
  await engine.run('CREATE TABLE form_seed (seed BIGINT)');
  await engine.append('form_seed', [[seed]]);
  await engine.run(
    'CREATE TABLE form_institution (fixmedins_code VARCHAR, name VARCHAR, level INTEGER, sloppiness INTEGER)',
  );
  const institutions: Record<string, string>[] = parse(readFileSync(join(folder, 'institutions.csv')), {
    columns: true,
  });
  await engine.append(
    'form_institution',
    institutions.map((row, index) => [
      row.fixmedins_code!,
      row.name!,
      row.level!,
      [2, 3, 4, 3, 9, 2, 5][(index * 5 + seed) % 7]!,
    ]),
  );
  // only sound lists are written out: what is refused at the door has no national form
  await engine.run(`
    CREATE TABLE source_list AS
    SELECT s.* FROM (${parts.join(' UNION ALL ')}) AS s
    WHERE try_cast(medfee_sumamt AS DECIMAL(16, 2)) > 0
      AND try_cast(fund_pay_sumamt AS DECIMAL(16, 2)) BETWEEN 0 AND try_cast(medfee_sumamt AS DECIMAL(16, 2))
      AND try_cast(adm_time AS DATE) <= try_cast(dscg_time AS DATE)
      AND insutype IN ('310', '390') AND coalesce(diagnoses, '') <> ''
      AND fixmedins_code IN (SELECT fixmedins_code FROM form_institution)
      AND setl_id IS NOT NULL
    ORDER BY year(CAST(dscg_time AS DATE)) DESC, setl_id LIMIT ${lists}`);
  await engine.run(
    'DELETE FROM source_list WHERE setl_id IN (SELECT setl_id FROM source_list GROUP BY setl_id HAVING count(*) > 1)',
  );
  await engine.run('CREATE TABLE form_name (code VARCHAR, name VARCHAR)');
  await engine.append(
    'form_name',
    namesOf().map(({ code, name }) => [code, name]),
  );
  await engine.run('CREATE TABLE form_procedure (code VARCHAR, attribute VARCHAR)');
  await engine.append(
    'form_procedure',
    readWorld().procedures.map(({ code, attribute }) => [code, attribute || null]),
  );
}

function namesOf(): { readonly code: string; readonly name: string }[] {
  const { diagnoses, procedures } = readWorld();
  const names = new Map<string, string>(FURTHER_DIAGNOSES);
  for (const { code, name } of [...diagnoses, ...procedures]) names.set(code, name);
  return [...names].map(([code, name]) => ({ code, name }));
}

/** Days after which an operation of the demo no longer counts as day surgery. */
const DAY_SURGERY_DAYS_MAX = 3;

function writeCatalogues(folder: string): void {
  const { diagnoses, procedures } = readWorld();
  const known = new Set(diagnoses.map(({ code }) => code));
  const further = FURTHER_DIAGNOSES.filter(([code]) => !known.has(code));
  const lines = (rows: readonly (readonly (string | number)[])[]) => writeCsv(rows);
  writeFileSync(
    join(folder, 'diagnosis_codes.csv'),
    lines([
      ['code', 'name', 'principal', 'valid_from'],
      ...[...diagnoses.map(({ code, name }): [string, string] => [code, name]), ...further]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([code, name]) => [code, name, /^[V-Y]/.test(code) ? '0' : '1', '2020-01-01']),
    ]),
  );
  writeFileSync(
    join(folder, 'procedure_codes.csv'),
    lines([
      ['code', 'name', 'valid_from', 'day_surgery'],
      ...procedures
        .map(({ code, name, attribute, days }) => [
          code,
          name,
          '2020-01-01',
          attribute === 'surgery' && days <= DAY_SURGERY_DAYS_MAX ? '1' : '0',
        ])
        .sort(([a], [b]) => (a! < b! ? -1 : 1)),
    ]),
  );
}
