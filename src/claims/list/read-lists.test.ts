import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { literal } from '#engine/duckdb.ts';
import { runScript, sourceFile } from '#engine/sql-file.ts';
import { YibaoError } from '#kernel/errors.ts';
import { COLUMNS, type Folder, LISTS, withFolder } from '../intake/intake.fixtures.ts';
import { readLists } from './read-lists.ts';

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
