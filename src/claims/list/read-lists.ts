import { readFileSync } from 'node:fs';
import type { Engine } from '#engine/duckdb.ts';
import { makeTable, sourceFile } from '#engine/sql-file.ts';
import { type Problem, YibaoError } from '#kernel/errors.ts';
import type { ListSource } from '../intake/index.ts';
import { defineListSource } from './list-source.ts';

/** Files alike are read in one scan up to this size: more than one keeps all cores busy, all of them would show no progress. */
const BATCH_BYTES = 64 * 2 ** 20;

/**
 * Reads every file into the table `list`, in their order so that a row's position tells its file and line.
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
  const insert = await makeListTable(engine, sources[0]!);
  const problems: Problem[] = [];
  const files: [number, string, bigint, bigint][] = [];
  let bytesRead = 0;
  let position = 0n;
  const add = async (select: string, batch: readonly ListSource[]) => {
    await defineListSource(engine, select, batch[0]!.dictionaryColumns);
    await engine.run(insert);
    const { lists } = await engine.row('SELECT count(*) AS lists FROM list');
    for (const source of batch) {
      const own = batch.length === 1 ? (lists as bigint) - position : BigInt(source.rows);
      files.push([sources.indexOf(source), source.fileName, position, own]);
      position += own;
    }
    if (position !== lists) throw new Error(`${lists} lists read, ${position} expected`);
  };
  for (const batch of batchesOf(sources)) {
    progress(bytesRead / bytesAll, batch[0]!.fileName);
    const isRead = batch.length > 1 && (await readTogether(batch, add));
    for (const source of isRead ? [] : batch) {
      try {
        await add(source.select, [source]);
      } catch (error) {
        if (!source.refusal) throw error;
        problems.push(...source.refusal(error).problems);
        files.push([sources.indexOf(source), source.fileName, position, 0n]);
      }
    }
    bytesRead += batch.reduce((sum, { bytes }) => sum + bytes, 0);
  }
  await engine.append('list_file', files);
  await engine.append(
    'malformed_list',
    sources.flatMap(({ malformed }, fileNo) => malformed.map(({ row, setlId }) => [fileNo, row, setlId])),
  );
  if (problems.length > 0 && !skipBadFiles) throw new YibaoError(problems);
  return problems;
}

/** False when one of the files is damaged: each is to be read by itself then, to see which. */
async function readTogether(
  batch: readonly ListSource[],
  add: (select: string, batch: readonly ListSource[]) => Promise<void>,
): Promise<boolean> {
  const select = batch[0]!.together!.select(batch.map(({ path }) => path));
  try {
    await add(select, batch);
    return true;
  } catch (error) {
    if (!batch.some((source) => source.refusal)) throw error;
    return false;
  }
}

/** Neighbours that can be read together, up to BATCH_BYTES. */
function batchesOf(sources: readonly ListSource[]): ListSource[][] {
  const batches: ListSource[][] = [];
  let bytes = 0;
  for (const source of sources) {
    const batch = batches.at(-1);
    const key = source.together?.key;
    if (batch && key !== undefined && batch[0]!.together?.key === key && bytes < BATCH_BYTES) {
      batch.push(source);
      bytes += source.bytes;
    } else {
      batches.push([source]);
      bytes = source.bytes;
    }
  }
  return batches;
}

/** Makes the empty table `list`; returns the statement that adds the lists of `settlement_list_source` to it. */
async function makeListTable(engine: Engine, first: ListSource): Promise<string> {
  const read = readFileSync(sourceFile('claims/list/list.sql'), 'utf8');
  await defineListSource(engine, first.select, first.dictionaryColumns);
  const select = `SELECT ${(await keptColumns(engine, read)).join(', ')} FROM (${read}) AS every_column`;
  await engine.run(`CREATE OR REPLACE TABLE list AS ${select} LIMIT 0`);
  return `INSERT INTO list ${select}`;
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

/** Whether settlement ids come in few stretches that do not overlap: then nothing need be sorted to find those that stand twice. */
const IDS_IN_ORDER = `
  SELECT count(*) <= 100000 AND count(CASE WHEN first_id < greatest_id_before THEN 1 END) = 0 FROM setl_id_run`;

/** Makes `duplicate_setl_id` of `list` and `malformed_list`, and says in `setl_ids_ascend` whether the rows stand by ascending id. */
export async function findDuplicateIds(engine: Engine): Promise<void> {
  await engine.run('SET VARIABLE list_middle = (SELECT count(*) // 2 FROM list)');
  await makeTable(engine, sourceFile('claims/list/setl_id_run.sql'));
  await engine.run(`
    SET VARIABLE setl_ids_in_order = (${IDS_IN_ORDER});
    SET VARIABLE setl_ids_ascend = (SELECT count(*) = 1 FROM setl_id_run)`);
  await makeTable(engine, sourceFile('claims/list/duplicate_setl_id.sql'));
}

/** Marks the lists whose id stands more than once, and makes `refused_list`. To be called when all files are read. */
export async function refuseLists(engine: Engine): Promise<void> {
  await findDuplicateIds(engine);
  await engine.run(
    'UPDATE list SET refusal_bits = refusal_bits + 1 WHERE setl_id IN (SELECT setl_id FROM duplicate_setl_id)',
  );
  await makeTable(engine, sourceFile('claims/list/refused_list.sql'));
}
