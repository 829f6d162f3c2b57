import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { sql } from 'kysely';
import {
  type JsonObject,
  LIST_COLUMNS,
  openSettlementLists,
  parseExactly,
  reduceList,
} from '#claims/intake/index.ts';
import { Engine } from '#engine/duckdb.ts';
import { type Store, transaction } from '#engine/postgres/store.ts';
import { SILENT } from '#kernel/progress.ts';

const LISTS_AT_ONCE = 2000;
const LIST_FOLDER = 'settlement_lists';
const UPLOADED = 'uploaded-lists.jsonl';

/** Where the lists stand that a run took over from the hospital interface. */
export const uploadedListsFile = (dataFolder: string, runId: number): string =>
  join(dataFolder, 'uploaded', `${runId}.jsonl`);

/**
 * Writes the lists that institutions of the area have submitted (states 1 and 2), each in its present version, for one run,
 * and notes in the store which version of which list that is. A run that is retried takes them anew.
 */
export async function writeUploadedLists(
  store: Store,
  dataFolder: string,
  areaId: string,
  runId: number,
): Promise<void> {
  const file = uploadedListsFile(dataFolder, runId);
  mkdirSync(dirname(file), { recursive: true });
  const partial = `${file}.partial`;
  await transaction(store, async (db) => {
    await sql`DELETE FROM interface_list_settled WHERE run_id = ${String(runId)}`.execute(db);
    await sql`INSERT INTO interface_list_settled (run_id, setl_list_id, version)
      SELECT ${String(runId)}, setl_list_id, version FROM interface_list
      WHERE area_id = ${areaId} AND state IN (1, 2)`.execute(db);
    writeFileSync(partial, '');
    for (let after = 0; ; ) {
      const { rows } = await sql<{ setl_list_id: number; body: string }>`SELECT s.setl_list_id, v.body
        FROM interface_list_settled AS s
        JOIN interface_list_version AS v ON v.setl_list_id = s.setl_list_id AND v.version = s.version
        WHERE s.run_id = ${String(runId)} AND s.setl_list_id > ${after}
        ORDER BY s.setl_list_id LIMIT ${LISTS_AT_ONCE}`.execute(db);
      if (rows.length === 0) break;
      appendFileSync(partial, rows.map(({ body }) => `${withAllColumns(body)}\n`).join(''));
      after = rows.at(-1)!.setl_list_id;
    }
  });
  renameSync(partial, file);
}

/** A column nothing is said about is there and empty: then a list that lacks it is refused, not the whole file. */
function withAllColumns(body: string): string {
  const list = parseExactly(body) as JsonObject;
  const { present } = reduceList(list);
  const missing = LIST_COLUMNS.filter((column) => !present.has(column)).map((column) => [column, null]);
  return JSON.stringify({ ...list, ...Object.fromEntries(missing) });
}

/**
 * Adds the lists that were uploaded to the area folder of a run, as one list file more. A list that the folder has already,
 * by its setl_id, is that of the folder: no settlement counts twice.
 */
export async function addUploadedLists(areaFolder: string, file: string): Promise<void> {
  const lines = existsSync(file)
    ? readFileSync(file, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
    : [];
  if (lines.length === 0) return;
  const folder = join(areaFolder, LIST_FOLDER);
  const known = await idsOfFolder(folder);
  const fresh = lines.filter((line) => !known.has(idOf(line)));
  if (fresh.length === 0) return;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, UPLOADED), `${fresh.join('\n')}\n`);
}

const idOf = (line: string): string =>
  reduceList(parseExactly(line) as JsonObject).values[LIST_COLUMNS.indexOf('setl_id')]?.trim() ?? '';

async function idsOfFolder(folder: string): Promise<ReadonlySet<string>> {
  if (!existsSync(folder) || readdirSync(folder).length === 0) return new Set();
  const engine = await Engine.open();
  try {
    const { sources } = await openSettlementLists(engine, folder, { skipBadFiles: true, progress: SILENT });
    const ids = new Set<string>();
    for (const { select } of sources) {
      const rows = await engine.rows(
        `SELECT DISTINCT trim(CAST(setl_id AS VARCHAR)) AS id FROM (${select}) AS s`,
      );
      for (const row of rows) ids.add(String(row.id));
    }
    return ids;
  } finally {
    engine.close();
  }
}
