import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { Engine, literal } from '#engine/duckdb.ts';
import { runScript, sourceFile } from '#engine/sql-file.ts';
import { YibaoError } from '#kernel/errors.ts';
import { COLUMNS, type Folder, LISTS, withFolder } from '../intake/intake.fixtures.ts';
import { findDuplicateIds, readLists } from './read-lists.ts';

/** A Parquet file of the columns of the profile with one list for each id. */
async function writeParquet(folder: Folder, name: string, ids: readonly string[]): Promise<void> {
  const rows = ids.map((id) => `(${[id, ...LISTS[0]!.slice(1)].map((value) => literal(value)).join(', ')})`);
  const path = join(folder.path, name);
  await folder.engine.run(
    `COPY (SELECT * FROM (VALUES ${rows.join(', ')}) AS t(${COLUMNS.join(', ')})) TO ${literal(path)} (FORMAT parquet)`,
  );
}

async function read(folder: Folder, skipBadFiles = false) {
  const { engine } = folder;
  for (const script of ['engine/macros/intake.sql', 'catalogue/area_tables.sql']) {
    await runScript(engine, sourceFile(script));
  }
  await engine.run(`DROP TABLE IF EXISTS list; DROP TYPE IF EXISTS institution_code;
    CREATE TYPE institution_code AS ENUM ('H01'); SET VARIABLE list_keeps_case = false`);
  const { sources } = await folder.open();
  const problems = await readLists(engine, sources, skipBadFiles, () => {});
  const files = await engine.rows('SELECT file_name, first_position, lists FROM list_file ORDER BY file_no');
  const ids = await engine.rows('SELECT setl_id FROM list ORDER BY rowid');
  return {
    problems: problems.map(({ definition, file }) => [definition.code, file]),
    files: files.map((row) => [row.file_name, Number(row.first_position), Number(row.lists)]),
    ids: ids.map((row) => row.setl_id),
    batches: new Set(sources.map(({ together }) => together?.key)).size,
  };
}

test('Parquet files of the same columns are read in one scan, in the order of the files', () =>
  withFolder(async (folder) => {
    await writeParquet(folder, 'a.parquet', ['A1', 'A2']);
    await writeParquet(folder, 'b.parquet', ['B1']);
    folder.write('c.csv', `${COLUMNS.join(',')}\nC1,${LISTS[0]!.slice(1).join(',')}\n`);
    await writeParquet(folder, 'd.parquet', ['D1', 'D2', 'D3']);
    assert.deepEqual(await read(folder), {
      problems: [],
      files: [
        ['a.parquet', 0, 2],
        ['b.parquet', 2, 1],
        ['c.csv', 3, 1],
        ['d.parquet', 4, 3],
      ],
      ids: ['A1', 'A2', 'B1', 'C1', 'D1', 'D2', 'D3'],
      batches: 2,
    });
  }));

test('of files read together the damaged one is named, and left out when it may be', () =>
  withFolder(async (folder) => {
    await writeParquet(folder, 'a.parquet', ['A1', 'A2']);
    await writeParquet(folder, 'b.parquet', ['B1']);
    await writeParquet(folder, 'c.parquet', ['C1']);
    const damaged = readFileSync(join(folder.path, 'b.parquet'));
    damaged.fill(0xff, 4, 400);
    folder.write('b.parquet', damaged);
    await assert.rejects(read(folder), (error) => {
      assert.ok(error instanceof YibaoError);
      assert.deepEqual(
        error.problems.map(({ definition, file }) => [definition.code, file]),
        [['intake.damaged-parquet', 'b.parquet']],
      );
      return true;
    });
    assert.deepEqual(await read(folder, true), {
      problems: [['intake.damaged-parquet', 'b.parquet']],
      files: [
        ['a.parquet', 0, 2],
        ['b.parquet', 2, 0],
        ['c.parquet', 2, 1],
      ],
      ids: ['A1', 'A2', 'C1'],
      batches: 1,
    });
  }));

const id = fc.oneof(
  { weight: 9, arbitrary: fc.integer({ min: 0, max: 199 }).map(String) },
  { weight: 1, arbitrary: fc.constantFrom(null, '') },
);
/** Ids as one file may hold them: sorted, sorted with the odd one twice or out of place, or in no order. */
const fileOfIds = fc
  .tuple(fc.array(id, { maxLength: 12 }), fc.constantFrom('ascending', 'distinct', 'as they come'))
  .map(([ids, order]) => {
    if (order === 'as they come') return ids;
    const sorted = ids.toSorted((a, b) => ((a ?? '') < (b ?? '') ? -1 : 1));
    return order === 'distinct' ? [...new Set(sorted)] : sorted;
  });

test('the ids that stand twice are found in whatever order the lists come', async () => {
  const engine = await Engine.open();
  const ways = new Set<unknown>();
  try {
    await engine.run(
      'CREATE TABLE list (setl_id VARCHAR); CREATE TABLE malformed_list (file_no INTEGER, row BIGINT, setl_id VARCHAR)',
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(fileOfIds, { maxLength: 4 }),
        fc.array(id, { maxLength: 2 }),
        async (files, malformed) => {
          await engine.run('TRUNCATE list; TRUNCATE malformed_list');
          const lists = files.flat();
          // a table keeps the order in which its rows were put in
          for (const value of lists) await engine.run('INSERT INTO list VALUES (?)', [value]);
          for (const value of malformed)
            await engine.run('INSERT INTO malformed_list VALUES (0, 1, ?)', [value]);
          await findDuplicateIds(engine);
          const all = [...lists, ...malformed].filter((value) => value);
          const expected = [...new Set(all.filter((value, at) => all.indexOf(value) !== at))].toSorted();
          const found = await engine.rows('SELECT setl_id FROM duplicate_setl_id');
          assert.deepEqual(
            found.map(({ setl_id }) => setl_id),
            expected,
          );
          ways.add(
            `${(await engine.row("SELECT getvariable('setl_ids_in_order') AS way")).way} ${expected.length > 0}`,
          );
        },
      ),
      {
        numRuns: 150,
        examples: [
          [[['1', '2']], []],
          [
            [
              ['1', '2'],
              ['2', '3'],
            ],
            [],
          ],
          [[['1', '3', '2']], []],
          [[['1', '3', '2', '3']], []],
        ],
      },
    );
    assert.equal(ways.size, 4, 'in order or not, with ids that stand twice and without');
  } finally {
    engine.close();
  }
});

test('lists without an id do not hide that there are too many stretches to look at', async () => {
  const engine = await Engine.open();
  try {
    // every second list has no id; the last two ids stand far beyond the stretches that are looked at
    await engine.run(`
      CREATE TABLE malformed_list (file_no INTEGER, row BIGINT, setl_id VARCHAR);
      CREATE TABLE list AS
        SELECT CASE WHEN n % 2 = 0 THEN lpad(CAST(least(n, 119996) AS VARCHAR), 9, '0') END AS setl_id
        FROM range(120000) AS numbers (n) ORDER BY n`);
    await findDuplicateIds(engine);
    assert.deepEqual(await engine.rows('SELECT setl_id FROM duplicate_setl_id'), [{ setl_id: '000119996' }]);
    assert.equal((await engine.row(`SELECT getvariable('setl_ids_in_order') AS way`)).way, false);
  } finally {
    engine.close();
  }
});
