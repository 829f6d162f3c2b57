import { join } from 'node:path';
import type { Engine } from '#engine/duckdb.ts';
import { openKeptTables } from '#engine/kept-tables.ts';
import { type Store, transaction } from '#engine/postgres/store.ts';
import { YibaoError } from '#kernel/errors.ts';
import { workflowErrors } from './errors.ts';
import { addJob, type NewJob } from './jobs/jobs.ts';
import { periodsOf, tablesShownTo } from './publication.ts';
import { KEPT_FILE, runFolder } from './run-folder.ts';
import './tables.ts';

/** A run to be made and the job that makes it, both or neither. @throws YibaoError workflow.no-such-area */
export async function startRun(
  store: Store,
  wanted: { readonly areaId: string; readonly year: number } & Pick<NewJob, 'createdBy' | 'language'>,
): Promise<{ readonly runId: number; readonly jobId: number }> {
  const { areaId, year, createdBy, language } = wanted;
  return transaction(store, async (db) => {
    const area = await db.selectFrom('area').select('id').where('id', '=', areaId).executeTakeFirst();
    if (area === undefined) {
      throw new YibaoError({ definition: workflowErrors.noSuchArea, field: 'areaId', value: areaId });
    }
    const { id: runId } = await db
      .insertInto('run')
      .values({ area_id: areaId, year, created_by: createdBy })
      .returning('id')
      .executeTakeFirstOrThrow();
    const jobId = await addJob(db, {
      kind: 'settlement',
      input: { runId, areaId, year },
      createdBy,
      language,
    });
    await db.updateTable('run').set({ job_id: jobId }).where('id', '=', runId).execute();
    return { runId, jobId };
  });
}

export type Run = {
  readonly id: number;
  readonly areaId: string;
  readonly areaName: string;
  readonly year: number;
  readonly state: 'waiting' | 'done' | 'failed';
  readonly jobId: number | null;
  readonly manifest: Readonly<Record<string, unknown>> | null;
  readonly createdBy: string;
  readonly createdAt: string;
  readonly settledAt: string | null;
};

/** @throws YibaoError workflow.no-such-run */
export async function findRun(store: Store, id: number): Promise<Run> {
  const row = await store
    .selectFrom('run')
    .innerJoin('area', 'area.id', 'run.area_id')
    .selectAll('run')
    .select('area.name as area_name')
    .where('run.id', '=', id)
    .executeTakeFirst();
  if (row === undefined) throw new YibaoError({ definition: workflowErrors.noSuchRun, value: String(id) });
  return {
    id: row.id,
    areaId: row.area_id,
    areaName: row.area_name,
    year: row.year,
    state: row.state,
    jobId: row.job_id,
    manifest: row.manifest,
    createdBy: row.created_by,
    createdAt: row.created_at,
    settledAt: row.settled_at,
  };
}

const OPEN_RUNS_MAX = 4;
const READERS_OF_RUN_MAX = 32;

/** The tables of one run, whole and as institutions are shown them, by institution and published periods. */
type OpenRun = { readonly whole: Promise<Engine>; readonly shown: Map<string, Promise<Engine>> };

/** The kept tables of runs, opened when asked for and left open; the one asked for longest ago goes first. */
export class RunTables {
  readonly #store: Store;
  readonly #dataFolder: string;
  readonly #open = new Map<number, OpenRun>();

  constructor(store: Store, dataFolder: string) {
    this.#store = store;
    this.#dataFolder = dataFolder;
  }

  /**
   * @param reader whose eyes they are for: with an institution only what it may see is there (`tablesShownTo`); `store` is
   * the transaction that the caller is in, if it is in one
   * @throws YibaoError workflow.no-such-run, workflow.run-not-done
   */
  async of(
    runId: number,
    reader: { readonly institution?: string | undefined; readonly store?: Store } = {},
  ): Promise<Engine> {
    const { institution, store = this.#store } = reader;
    const run = await findRun(store, runId);
    if (run.state !== 'done') {
      throw new YibaoError({ definition: workflowErrors.runNotDone, value: String(runId) });
    }
    const published = institution === undefined ? [] : await periodsOf(store, run);
    const known = this.#open.get(runId);
    const open = known ?? {
      whole: openKeptTables(join(runFolder(this.#dataFolder, runId), KEPT_FILE)),
      shown: new Map(),
    };
    this.#open.delete(runId);
    this.#open.set(runId, open);
    open.whole.catch(() => this.#open.delete(runId));
    const [oldest] = this.#open.keys();
    if (this.#open.size > OPEN_RUNS_MAX) await this.#close(oldest!);
    return institution === undefined ? open.whole : shownOf(open, institution, published);
  }

  async close(): Promise<void> {
    for (const runId of [...this.#open.keys()]) await this.#close(runId);
  }

  async #close(runId: number): Promise<void> {
    const open = this.#open.get(runId);
    this.#open.delete(runId);
    for (const shown of open?.shown.values() ?? []) (await shown).close();
    (await open?.whole)?.close();
  }
}

/** Sessions are kept by what they show: once more is published, the next question opens another. */
async function shownOf(
  { whole, shown }: OpenRun,
  institution: string,
  published: readonly string[],
): Promise<Engine> {
  const key = [institution, ...published].join(' ');
  const engine = shown.get(key) ?? tablesShownTo(await whole, institution, published);
  shown.delete(key);
  shown.set(key, engine);
  engine.catch(() => shown.delete(key));
  const [oldest] = shown.keys();
  if (shown.size > READERS_OF_RUN_MAX) {
    const gone = shown.get(oldest!)!;
    shown.delete(oldest!);
    (await gone).close();
  }
  return engine;
}
