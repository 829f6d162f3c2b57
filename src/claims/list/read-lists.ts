import { readFileSync } from 'node:fs';
import type { Engine } from '#engine/duckdb.ts';
import { makeTable, sourceFile } from '#engine/sql-file.ts';
import { type Problem, YibaoError } from '#kernel/errors.ts';
import type { ListSource } from '../intake/index.ts';
import { defineListSource } from './list-source.ts';

/**
 * Reads every file into the table `list`, one after another so that a row's position tells its file and line.
 * @returns the files that turned out to be damaged, when they may be skipped
 * @throws YibaoError naming all damaged files, when they may not
 */
export async function readLists(
  engine: Engine,
  sources: readonly ListSource[],
  skipBadFiles: boolean,
  progress: (share: number, detail: string) => void,
): Promise<readonly Problem[]> {
  const bytesAll = sources.reduce((sum, source) => sum + source.bytes, 0) || 1;
  const read = readFileSync(sourceFile('claims/list/list.sql'), 'utf8');
  let select = read;
  const problems: Problem[] = [];
  let bytesRead = 0;
  let position = 0n;
  for (const [fileNo, source] of sources.entries()) {
    progress(bytesRead / bytesAll, source.fileName);
    await defineListSource(engine, source.select);
    try {
      if (fileNo === 0) {
        select = `SELECT ${(await keptColumns(engine, read)).join(', ')} FROM (${read}) AS every_column`;
        await engine.run(`CREATE TABLE list AS ${select} LIMIT 0`);
      }
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

/**
 * Columns of `list` that only those methods of grouping read which read the whole case. `diagnoses` is not among them:
 * the mapping of codes looks at it, empty or not.
 */
const CASE_COLUMNS = [
  'sex',
  'age_years',
  'age_days',
  'birth_weight_g',
  'length_of_stay',
  'disposition',
  'person',
  'inpatient_type',
  'icu_minutes',
  'admission_date',
  'discharge_date',
];

/** The columns to keep: a column of NULLs takes room and time for every list all the same. */
async function keptColumns(engine: Engine, select: string): Promise<readonly string[]> {
  const { keeps_case } = await engine.row(`SELECT getvariable('list_keeps_case') AS keeps_case`);
  const columns = (await engine.rows(`DESCRIBE ${select}`)).map((row) => String(row.column_name));
  return keeps_case ? columns : columns.filter((name) => !CASE_COLUMNS.includes(name));
}

/** Marks the lists whose id stands more than once, and makes `refused_list`. To be called when all files are read. */
export async function refuseLists(engine: Engine): Promise<void> {
  await makeTable(engine, sourceFile('claims/list/duplicate_setl_id.sql'));
  await engine.run(
    'UPDATE list SET refusal_bits = refusal_bits + 1 WHERE setl_id IN (SELECT setl_id FROM duplicate_setl_id)',
  );
  await makeTable(engine, sourceFile('claims/list/refused_list.sql'));
}
