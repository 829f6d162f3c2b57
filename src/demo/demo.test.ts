import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Engine, literal, type Row } from '#engine/duckdb.ts';
import { YibaoError } from '#kernel/errors.ts';
import { SILENT } from '#kernel/progress.ts';
import { type DemoSummary, generateDemoArea } from './index.ts';
import { readWorld } from './world.ts';

const LISTS = 20_000;
const YEAR = 2025;
const root = mkdtempSync(join(tmpdir(), 'yibao-demo-test-'));
after(() => rmSync(root, { recursive: true, force: true }));

type Given = { seed?: number; threads?: number; format?: 'csv' | 'parquet'; lists?: number };

async function generate(folder: string, given: Given = {}): Promise<DemoSummary> {
  const { seed = 7, threads = 2, format = 'csv', lists = LISTS } = given;
  const engine = await Engine.open({ threads });
  try {
    return await generateDemoArea({
      engine,
      folder: join(root, folder),
      lists,
      seed,
      year: YEAR,
      format,
      progress: SILENT,
    });
  } finally {
    engine.close();
  }
}

/** Every file of the area with the hash of its bytes. */
function fingerprint(folder: string): Record<string, string> {
  const files = readdirSync(join(root, folder), { recursive: true, withFileTypes: true });
  return Object.fromEntries(
    files
      .filter((file) => file.isFile())
      .map((file) => join(file.parentPath, file.name))
      .sort()
      .map((file) => [
        file.slice(join(root, folder).length),
        createHash('sha256').update(readFileSync(file)).digest('hex'),
      ]),
  );
}

describe('a demo area', () => {
  let engine: Engine;
  let summary: DemoSummary;
  const folder = join(root, 'area');
  const rows = (sql: string): Promise<Row[]> => engine.rows(sql);
  const row = (sql: string): Promise<Row> => engine.row(sql);

  before(async () => {
    summary = await generate('area');
    engine = await Engine.open({ threads: 2 });
    await engine.run(
      `CREATE TABLE list AS SELECT *, TRY_CAST(medfee_sumamt AS DECIMAL(16,2)) AS fee,
         CAST(regexp_extract(filename, '(\\d{4})\\.csv$', 1) AS INTEGER) AS file_year
       FROM read_csv(${literal(join(folder, 'settlement_lists', '*.csv'))}, header = true, all_varchar = true, filename = true)`,
    );
    for (const table of ['institutions', 'procedures', 'code_names', 'budget', 'institution_year']) {
      await engine.run(
        `CREATE TABLE ${table} AS SELECT * FROM read_csv(${literal(join(folder, `${table}.csv`))}, header = true, all_varchar = true)`,
      );
    }
  });
  after(() => engine?.close());

  test('the same seed gives the same bytes, on one thread as on two', async () => {
    await generate('again');
    assert.deepEqual(fingerprint('again'), fingerprint('area'));
    await generate('one-thread', { threads: 1 });
    assert.deepEqual(fingerprint('one-thread'), fingerprint('area'));
  });

  test('another seed gives other lists of the same invented prefecture', async () => {
    await generate('other-seed', { seed: 8 });
    const [area, other] = [fingerprint('area'), fingerprint('other-seed')];
    assert.deepEqual(Object.keys(area), Object.keys(other));
    assert.notEqual(area['/settlement_lists/2025.csv'], other['/settlement_lists/2025.csv']);
    assert.equal(area['/institutions.csv'], other['/institutions.csv']);
  });

  test('Parquet holds the same lists as CSV, and the same on any number of threads', async () => {
    await generate('parquet', { format: 'parquet' });
    await generate('parquet-one-thread', { format: 'parquet', threads: 1 });
    assert.deepEqual(fingerprint('parquet-one-thread'), fingerprint('parquet'));
    const files = literal(join(root, 'parquet', 'settlement_lists', '*.parquet'));
    const types = await rows(
      `DESCRIBE SELECT medfee_sumamt, fund_pay_sumamt, diagnoses FROM read_parquet(${files})`,
    );
    assert.deepEqual(
      types.map((column) => column.column_type),
      ['DECIMAL(16,2)', 'DECIMAL(16,2)', 'VARCHAR'],
    );
    const differing = await row(`
      SELECT COUNT(*) AS count FROM (
        SELECT setl_id, fixmedins_code, psn_no, diagnoses, COALESCE(procedures, ''), dscg_time, fee FROM list
          WHERE diagnoses IS NOT NULL
        EXCEPT ALL
        SELECT setl_id, fixmedins_code, psn_no, diagnoses, procedures, dscg_time, medfee_sumamt FROM read_parquet(${files})
      )`);
    assert.equal(differing.count, 0n);
  });

  test('it has exactly the number of rows asked for, in four files of growing size', async () => {
    const counts = await rows(
      'SELECT file_year, COUNT(*) AS count FROM list GROUP BY file_year ORDER BY file_year',
    );
    assert.equal(summary.lists, LISTS);
    assert.deepEqual(
      counts.map((entry) => [String(entry.file_year), Number(entry.count)]),
      Object.entries(summary.listsByFile),
    );
    assert.equal(
      counts.reduce((sum, entry) => sum + Number(entry.count), 0),
      LISTS,
    );
    const sizes = counts.map((entry) => Number(entry.count));
    assert.deepEqual(
      sizes,
      sizes.toSorted((a, b) => a - b),
    );
  });

  test('it has sixty institutions of three levels in eight counties', async () => {
    const levels = await rows(
      'SELECT level, COUNT(*) AS count FROM institutions GROUP BY level ORDER BY level',
    );
    assert.deepEqual(
      levels.map((entry) => Number(entry.count)),
      [36, 18, 6],
    );
    const { counties } = await row('SELECT COUNT(DISTINCT county) AS counties FROM institutions');
    assert.equal(counties, 8n);
    const { share } = await row(
      'SELECT COUNT(DISTINCT fixmedins_code) AS share FROM list WHERE fixmedins_code IN (SELECT fixmedins_code FROM institutions)',
    );
    assert.equal(share, 60n);
  });

  test('employees and residents stand in the proportion 475.49 to 3718.87', async () => {
    assert.equal(summary.employees + summary.residents, Math.round((LISTS * 11) / 6));
    assert.ok(Math.abs(summary.residents / summary.employees - 3718.87 / 475.49) < 0.01);
    const { share } = await row(
      "SELECT CAST(SUM(CASE WHEN insutype = '310' THEN 1000 ELSE 0 END) AS BIGINT) // COUNT(*) AS share FROM list",
    );
    // 18 stays a year per hundred employees, 15 per hundred residents
    assert.ok(Number(share) > 123 && Number(share) < 143, `${share} per mille`);
  });

  test('the average fee is near 11,500 yuan for employees and 7,300 for residents', async () => {
    for (const [insutype, target] of [
      ['310', 11_500],
      ['390', 7_300],
    ] as const) {
      const { overall, current } = await row(`
        SELECT CAST(AVG(fee) AS INTEGER) AS overall,
          CAST(AVG(CASE WHEN dscg_time >= '${YEAR}' THEN fee END) AS INTEGER) AS current
        FROM list WHERE insutype = '${insutype}' AND fee > 0`);
      const middle = (Number(overall) + Number(current)) / 2;
      assert.ok(Math.abs(middle - target) < target * 0.02, `${insutype}: ${overall} and ${current}`);
    }
  });

  test('respiratory stays crowd into the winter and diarrhoea into the summer', async () => {
    const count = async (code: string, months: string) =>
      Number(
        (
          await row(
            `SELECT COUNT(*) AS count FROM list WHERE diagnoses LIKE '${code}%' AND substr(dscg_time, 6, 2) IN (${months})`,
          )
        ).count,
      );
    assert.ok((await count('J', "'12','01'")) > 1.5 * (await count('J', "'07','08'")));
    assert.ok((await count('A09', "'07','08'")) > 1.5 * (await count('A09', "'12','01'")));
  });

  test('fees rise with the level of the institution', async () => {
    const fees = (
      await rows(
        'SELECT CAST(AVG(fee) AS INTEGER) AS fee FROM list JOIN institutions USING (fixmedins_code) GROUP BY level ORDER BY level',
      )
    ).map((entry) => Number(entry.fee));
    assert.ok(fees[0]! < fees[1]! && fees[1]! < fees[2]!, fees.join(' < '));
  });

  test('newborns carry their days and weight, nobody else does', async () => {
    const { newborns, wrong } = await row(`
      SELECT COUNT(nwb_age) AS newborns,
        SUM(CASE WHEN nwb_age IS NOT NULL AND (age <> '0' OR nwb_adm_wt IS NULL) THEN 1 ELSE 0 END) AS wrong
      FROM list`);
    assert.ok(Number(newborns) > 50);
    assert.equal(Number(wrong), 0);
  });

  test('pregnancy befalls women and prostates befall men', async () => {
    const { wrong } = await row(`
      SELECT COUNT(*) AS wrong FROM list
      WHERE (diagnoses LIKE 'O%' AND gend <> '2') OR (diagnoses LIKE 'N40%' AND gend <> '1')
        OR (procedures LIKE '74.%' AND gend <> '2') OR (procedures LIKE '60.%' AND gend <> '1')`);
    assert.equal(wrong, 0n);
  });

  test('the fund pays from nothing to the whole fee, more for employees', async () => {
    const { wrong } = await row(
      'SELECT COUNT(*) AS wrong FROM list WHERE fee > 0 AND (CAST(fund_pay_sumamt AS DECIMAL(16,2)) < 0)',
    );
    assert.equal(wrong, 0n);
    const shares = (
      await rows(
        `SELECT CAST(1000 * SUM(CAST(fund_pay_sumamt AS DECIMAL(16,2))) / SUM(fee) AS INTEGER) AS share
         FROM list WHERE insutype IN ('310', '390') AND fee > 0 GROUP BY insutype ORDER BY insutype`,
      )
    ).map((entry) => Number(entry.share));
    assert.ok(shares[0]! > shares[1]! && shares[1]! > 400 && shares[0]! < 900, shares.join(' > '));
  });

  test('some lists are filed in a later year than their discharge', async () => {
    const { late } = await row(
      'SELECT COUNT(*) AS late FROM list WHERE CAST(substr(dscg_time, 1, 4) AS INTEGER) < file_year',
    );
    assert.ok(Number(late) > 20);
    assert.ok(summary.lateLists > LISTS / 50);
  });

  test('a transferred person is admitted elsewhere, at level 3, on the day of discharge', async () => {
    const { transfers, followed } = await row(`
      SELECT COUNT(*) AS transfers, COUNT(n.setl_id) AS followed
      FROM (SELECT * FROM list WHERE dscg_way = '2') t
      LEFT JOIN (SELECT list.* FROM list JOIN institutions USING (fixmedins_code) WHERE level = '3') n
        ON n.psn_no = t.psn_no AND n.adm_time = t.dscg_time AND n.fixmedins_code <> t.fixmedins_code`);
    assert.equal(Number(transfers), summary.transfers);
    // a broken list may be one of them
    assert.ok(
      Number(transfers) > 10 && Number(followed) >= Number(transfers) - 2,
      `${followed} of ${transfers}`,
    );
  });

  test('broken lists of eight kinds are there to be refused', async () => {
    const counts = await row(`
      SELECT
        SUM(CASE WHEN fixmedins_code NOT IN (SELECT fixmedins_code FROM institutions) THEN 1 ELSE 0 END) AS institution,
        SUM(CASE WHEN adm_time > dscg_time THEN 1 ELSE 0 END) AS dates,
        COUNT(*) - COUNT(DISTINCT setl_id) AS duplicates,
        SUM(CASE WHEN fee = 0 THEN 1 ELSE 0 END) AS zero,
        SUM(CASE WHEN CAST(fund_pay_sumamt AS DECIMAL(16,2)) > fee THEN 1 ELSE 0 END) AS fund,
        SUM(CASE WHEN fee IS NULL THEN 1 ELSE 0 END) AS text,
        SUM(CASE WHEN diagnoses IS NULL THEN 1 ELSE 0 END) AS diagnosis,
        SUM(CASE WHEN insutype NOT IN ('310', '390') THEN 1 ELSE 0 END) AS scheme
      FROM list`);
    for (const [kind, count] of Object.entries(counts)) assert.equal(Number(count), 5, kind);
    assert.equal(summary.brokenLists, 45);
  });

  test('every code of the lists has a name', async () => {
    const nameless = await rows(`
      SELECT DISTINCT code FROM (
        SELECT UNNEST(string_split(diagnoses, '|')) AS code FROM list
        UNION ALL SELECT UNNEST(string_split(procedures, '|')) FROM list
      ) WHERE code <> '' AND code NOT IN (SELECT code FROM code_names)`);
    assert.deepEqual(nameless, []);
    const { nonsense } = await row(
      "SELECT COUNT(*) AS nonsense FROM code_names WHERE COALESCE(name, '') = ''",
    );
    assert.equal(nonsense, 0n);
  });

  test('no list names a diagnosis twice or more than five other diagnoses', async () => {
    const { wrong } = await row(`
      SELECT COUNT(*) AS wrong FROM list
      WHERE len(list_distinct(string_split(diagnoses, '|'))) <> len(string_split(diagnoses, '|'))
        OR len(string_split(diagnoses, '|')) > 6 OR len(string_split(procedures, '|')) > 4`);
    assert.equal(wrong, 0n);
  });

  test('codes first seen in the current year leave lists without a group', async () => {
    const newCodes = readWorld()
      .diagnoses.filter((diagnosis) => diagnosis.current)
      .map((diagnosis) => literal(diagnosis.code));
    const { early } = await row(
      `SELECT COUNT(*) AS early FROM list WHERE dscg_time < '${YEAR}' AND split_part(diagnoses, '|', 1) IN (${newCodes})`,
    );
    assert.equal(early, 0n);
  });

  test('budget and institution year cover both schemes with whole ten thousands and bounded coefficients', async () => {
    const budgets = await rows('SELECT year, insutype, budget FROM budget ORDER BY insutype');
    assert.deepEqual(
      budgets.map((budget) => [budget.year, budget.insutype, String(budget.budget).endsWith('0000.00')]),
      [
        ['2025', '310', true],
        ['2025', '390', true],
      ],
    );
    const { wrong } = await row(`
      SELECT COUNT(*) AS wrong FROM institution_year
      WHERE CAST(assessment_coefficient AS DECIMAL(5,3)) NOT BETWEEN 0.85 AND 1
        OR CAST(audit_deduction AS DECIMAL(16,2)) < 0 OR CAST(advance_paid AS DECIMAL(16,2)) < 0`);
    assert.equal(wrong, 0n);
  });

  test('it leaves nothing of its own in the engine', async () => {
    const own = await Engine.open({ threads: 2 });
    try {
      await generateDemoArea({
        engine: own,
        folder: join(root, 'clean'),
        lists: 2_000,
        seed: 0,
        year: YEAR,
        format: 'csv',
        progress: SILENT,
      });
      assert.deepEqual(await own.rows('SELECT table_name FROM information_schema.tables'), []);
      assert.deepEqual(
        await own.rows("SELECT function_name FROM duckdb_functions() WHERE function_name = 'draw'"),
        [],
      );
      assert.equal((await own.row('SELECT current_schema() AS schema')).schema, 'main');
    } finally {
      own.close();
    }
  });
});

test('a folder with something else in it is refused and left alone', async () => {
  const folder = mkdtempSync(join(root, 'foreign-'));
  writeFileSync(join(folder, 'letter.txt'), 'keep me');
  await assert.rejects(
    generate(folder.slice(root.length + 1)),
    (error) => error instanceof YibaoError && error.problems[0]!.definition.code === 'demo.folder-in-use',
  );
  assert.deepEqual(readdirSync(folder), ['letter.txt']);
});

test('a number of lists out of range is refused', async () => {
  await assert.rejects(
    generate('few', { lists: 10 }),
    (error) =>
      error instanceof YibaoError && error.problems[0]!.definition.code === 'demo.lists-out-of-range',
  );
});

test('shares of treatments stay below the whole at every level', () => {
  const { treatments } = readWorld();
  const sums = new Map<string, number[]>();
  for (const { diagnosis, shares } of treatments) {
    const before = sums.get(diagnosis.code) ?? [0, 0, 0];
    sums.set(
      diagnosis.code,
      before.map((sum, index) => sum + shares[index]!),
    );
  }
  for (const [code, sum] of sums) assert.ok(Math.max(...sum) <= 1000, `${code}: ${sum}`);
});
