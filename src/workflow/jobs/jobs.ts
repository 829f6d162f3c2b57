import { sql } from 'kysely';
import { type Store, transaction } from '#engine/postgres/store.ts';
import { YibaoError } from '#kernel/errors.ts';
import type { Language } from '#kernel/locale.ts';
import { workflowErrors } from '../errors.ts';
import type { JobProblem, JobState } from '../tables.ts';

/** A job as readers see it. */
export type Job = {
  readonly id: number;
  readonly kind: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly state: JobState;
  readonly attempt: number;
  readonly stage: string;
  readonly sharePermille: number;
  readonly result: Readonly<Record<string, unknown>> | null;
  readonly problems: readonly JobProblem[] | null;
  readonly createdBy: string;
  readonly language: Language;
  readonly createdAt: string;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
};

type JobRow = Awaited<ReturnType<typeof selectJobs>>[number];
const selectJobs = (store: Store) => store.selectFrom('job').selectAll().execute();

export const jobOf = (row: JobRow): Job => ({
  id: row.id,
  kind: row.kind,
  input: row.input,
  state: row.state,
  attempt: row.attempt,
  stage: row.stage,
  sharePermille: row.share_permille,
  result: row.result,
  problems: row.problems,
  createdBy: row.created_by,
  language: row.language,
  createdAt: row.created_at,
  startedAt: row.started_at,
  endedAt: row.ended_at,
});

/** @throws YibaoError workflow.no-such-job */
export async function findJob(store: Store, id: number): Promise<Job> {
  const row = await store.selectFrom('job').selectAll().where('id', '=', id).executeTakeFirst();
  if (row === undefined) throw new YibaoError({ definition: workflowErrors.noSuchJob, value: String(id) });
  return jobOf(row);
}

export type NewJob = {
  readonly kind: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly createdBy: string;
  readonly language: Language;
};

/** Writes a job down; the runner takes it up when `wake()` is called or another job ends. */
export async function addJob(store: Store, job: NewJob): Promise<number> {
  const { id } = await store
    .insertInto('job')
    .values({
      kind: job.kind,
      input: JSON.stringify(job.input),
      created_by: job.createdBy,
      language: job.language,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

/** Takes the oldest waiting job for this server; two servers never take the same. */
export async function takeJob(store: Store): Promise<Job | undefined> {
  const { rows } = await sql<JobRow>`UPDATE job SET state = 'running', started_at = now(), ended_at = NULL,
      share_permille = 0, stage = '', problems = NULL, result = NULL
    WHERE id = (SELECT id FROM job WHERE state = 'waiting' ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED)
    RETURNING *`.execute(store);
  return rows[0] && jobOf(rows[0]);
}

/** At the start of the server: what says it runs cannot, as its process ended with the server before. */
export async function interruptDeadJobs(store: Store): Promise<number> {
  const { numUpdatedRows } = await store
    .updateTable('job')
    .set({ state: 'interrupted', ended_at: sql<string>`now()` })
    .where('state', '=', 'running')
    .executeTakeFirst();
  return Number(numUpdatedRows);
}

/** @throws YibaoError workflow.no-such-job, workflow.job-state */
export const retryJob = (store: Store, id: number): Promise<JobState> =>
  changeState(store, id, ['failed', 'cancelled', 'interrupted'], 'waiting');

/** @returns the state before. @throws YibaoError workflow.no-such-job, workflow.job-state */
export const cancelJob = (store: Store, id: number): Promise<JobState> =>
  changeState(store, id, ['waiting', 'running'], 'cancelled');

async function changeState(
  store: Store,
  id: number,
  from: readonly JobState[],
  to: 'waiting' | 'cancelled',
): Promise<JobState> {
  return transaction(store, async (db) => {
    const row = await db.selectFrom('job').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
    if (row === undefined) throw new YibaoError({ definition: workflowErrors.noSuchJob, value: String(id) });
    if (!from.includes(row.state)) {
      throw new YibaoError({
        definition: workflowErrors.jobState,
        value: String(id),
        parameters: { state: row.state },
      });
    }
    await db
      .updateTable('job')
      .set(
        to === 'waiting'
          ? { state: to, attempt: row.attempt + 1, ended_at: null }
          : { state: to, ended_at: sql<string>`now()` },
      )
      .where('id', '=', id)
      .execute();
    return row.state;
  });
}
