import { mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { extname, join, resolve } from 'node:path';
import type { Engine } from '#engine/duckdb.ts';
import type { Problem } from '#kernel/errors.ts';
import type { Progress } from '#kernel/progress.ts';
import { fieldsOf, ITEM_NODES, NODES } from '../fields.ts';
import { defineMacros } from '../run/run-checks.ts';
import { readForm } from './read-form.ts';

/** A list as a message of the national interface carries it; what is empty is left out. */
export type ListMessage = {
  readonly fixmedinsCode: string;
  readonly setlId: string;
  readonly file: string;
  readonly row: number;
  readonly input: Readonly<Record<string, unknown>>;
};

export type FolderOfLists = {
  readonly lists: number;
  /** files and records left out */
  readonly skipped: readonly Problem[];
  /** in the order of the files; a thousand at a time */
  readonly messages: () => AsyncGenerator<readonly ListMessage[]>;
};

const LISTS_AT_ONCE = 1000;
/** Stand in the message around the list. */
const AROUND = ['insutype', 'medfee_sumamt', 'fund_pay_sumamt'] as const;

/**
 * Opens a folder of lists in any format that intake or quality control reads (fifteen-column CSV, XLSX, Parquet or JSON; the
 * national form as JSON messages, or as one CSV or Parquet file for each node), and gives each list in the national form.
 * @throws YibaoError with all problems of all files
 */
export async function openListMessages(
  engine: Engine,
  folder: string,
  options: { readonly skipBadFiles: boolean; readonly progress: Progress },
): Promise<FolderOfLists> {
  const area = mkdtempSync(join(tmpdir(), 'yibao-lists-'));
  try {
    symlinkSync(resolve(folder), join(area, isByNode(folder) ? 'national_form' : 'settlement_lists'));
    await defineMacros(engine);
    const form = await readForm(engine, area, options);
    const files = form.files.map(({ fileName }) => fileName.split('/').at(-1)!);
    for (const node of NODES) {
      const columns = fieldsOf(node).map((field) => `CAST("${field}" AS VARCHAR) AS "${field}"`);
      await engine.run(
        `CREATE TABLE message_${node} AS SELECT list_no, file_no, row_no, ${columns.join(', ')} FROM ${node}`,
      );
    }
    return {
      lists: form.lists,
      skipped: form.skipped,
      messages: () => readMessages(engine, form.lists, files),
    };
  } finally {
    rmSync(area, { recursive: true, force: true });
  }
}

/** Whether a folder has files that are named after nodes. */
const isByNode = (folder: string): boolean =>
  readdirSync(folder).some((name) => {
    const kind = extname(name).toLowerCase();
    return /\.(csv|parquet)$/.test(kind) && /^setlinfo([-_.]|$)/.test(name.slice(0, -kind.length));
  });

async function* readMessages(
  engine: Engine,
  lists: number,
  files: readonly string[],
): AsyncGenerator<readonly ListMessage[]> {
  for (let first = 0; first < lists; first += LISTS_AT_ONCE) {
    const range = [first, first + LISTS_AT_ONCE];
    const rowsOf = (node: string) =>
      engine.rows(
        `SELECT * FROM message_${node} WHERE list_no >= ? AND list_no < ? ORDER BY list_no, row_no`,
        range,
      );
    const items = new Map<string, Map<unknown, Record<string, unknown>[]>>();
    for (const node of ITEM_NODES) {
      const byList = Map.groupBy(await rowsOf(node), (row) => row.list_no as unknown);
      items.set(node, new Map([...byList].map(([list, rows]) => [list, rows.map((row) => filled(row))])));
    }
    yield (await rowsOf('setlinfo')).map((row) => {
      const setlinfo = filled(row);
      const around = Object.fromEntries(
        AROUND.filter((field) => setlinfo[field] !== undefined).map((field) => [field, setlinfo[field]]),
      );
      for (const field of AROUND) delete setlinfo[field];
      const nodes = Object.fromEntries(
        ITEM_NODES.map((node) => [node, items.get(node)!.get(row.list_no) ?? []]),
      );
      return {
        fixmedinsCode: String(setlinfo.fixmedins_code ?? ''),
        setlId: String(setlinfo.setl_id ?? ''),
        file: files[Number(row.file_no)] ?? '',
        row: Number(row.row_no),
        input: { setlinfo, ...nodes, ...around },
      };
    });
  }
}

const PLACE = new Set(['list_no', 'file_no', 'row_no', 'item_no']);

const filled = (row: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(row).filter(([name, value]) => !PLACE.has(name) && value !== null && value !== ''),
  );
