import type { ChildProcess } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { setImmediate, setTimeout } from 'node:timers/promises';
import { sql } from 'kysely';
import { type Store, transaction } from '#engine/postgres/store.ts';
import type { JobState } from '../tables.ts';
import { FINISH, PREPARE } from './finish.ts';
import { JobEnded, type PolicyOf } from './in-steps.ts';
import type { JobMessage } from './job-process.ts';
import { findJob, interruptDeadJobs, type Job, takeJob } from './jobs.ts';
import { problemsForReaders } from './problems.ts';
import { startWork } from './process.ts';
import { WORK } from './work.ts';

/** After this time the store is asked again. */
const RETRY_MS = 1_000;

/**
 * Does the waiting jobs one after another, so that the server stays responsive: each in a process of its own, or in the store in steps,
 * or one after the other.
 */
export class JobRunner {
  readonly #store: Store;
  readonly #dataFolder: string;
  readonly #policyOf: PolicyOf;
  /** Emits the id of a job whenever something of it changed. */
  readonly changes = new EventEmitter<{ change: [number] }>();
  #current: { readonly id: number; readonly child: ChildProcess } | undefined;
  #working: Promise<void> | undefined;
  #isStopping = false;
  readonly #closing = new AbortController();
  #askedAgain = false;

  constructor(store: Store, dataFolder: string, policyOf: PolicyOf) {
    this.#store = store;
    this.#dataFolder = dataFolder;
    this.#policyOf = policyOf;
    this.changes.setMaxListeners(0);
  }

  /** Marks what a server before left behind, then begins. Returns how many jobs were interrupted. */
  async start(): Promise<number> {
    const interrupted = await interruptDeadJobs(this.#store);
    this.wake();
    return interrupted;
  }

  /** To be called when a job was added. */
  wake(): void {
    if (this.#working !== undefined) {
      this.#askedAgain = true;
      return;
    }
    this.#working = this.#workOff().finally(() => {
      this.#working = undefined;
      if (this.#askedAgain && !this.#isStopping) {
        this.#askedAgain = false;
        this.wake();
      }
    });
  }

  /**
   * To be called when a job was cancelled in the store: its process ends, if it has one.
   * @param before what it did until then; one that was running is tidied up after by whoever ran it
   */
  drop(id: number, before: JobState): void {
    if (this.#current?.id === id) this.#current.child.kill('SIGTERM');
    if (before === 'waiting') void this.#insist(() => this.#tidyUp(id));
    this.changes.emit('change', id);
  }

  /** To be called when a job waits in the store again. */
  takeUp(id: number): void {
    this.changes.emit('change', id);
    this.wake();
  }

  /** Aborted when the server is about to close: whoever waits for news of jobs has to go. */
  get closing(): AbortSignal {
    return this.#closing.signal;
  }

  announceStop(): void {
    this.#closing.abort();
  }

  /** Ends the job that runs; it is interrupted and can be retried. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    this.#current?.child.kill('SIGTERM');
    await this.#working;
  }

  async #workOff(): Promise<void> {
    while (!this.#isStopping) {
      const job = await this.#insist(() => takeJob(this.#store));
      if (job === undefined) return;
      this.changes.emit('change', job.id);
      const last = await this.#run(job);
      await this.#insist(() => this.#end(job, last));
      await this.#insist(() => this.#tidyUp(job.id));
      this.changes.emit('change', job.id);
    }
  }

  /** A store that does not answer for a while must neither end the server nor lose the end of a job. */
  async #insist<Result>(work: () => Promise<Result>): Promise<Result | undefined> {
    for (;;) {
      try {
        return await work();
      } catch (error) {
        process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
        await setTimeout(RETRY_MS, undefined, { signal: this.closing }).catch(() => {});
        if (this.closing.aborted || this.#isStopping) return undefined;
      }
    }
  }

  /** The last word of the job's work; undefined when it ended without one. */
  async #run(job: Job): Promise<JobMessage | undefined> {
    const { kind, input, language } = job;
    try {
      await PREPARE[kind]?.(this.#store, job, this.#dataFolder);
      // cancelled or told to stop meanwhile
      if (this.#isStopping || (await findJob(this.#store, job.id)).state !== 'running') return undefined;
    } catch (error) {
      return { type: 'failed', problems: problemsForReaders(error) };
    }
    // there is nothing to do but in the store
    if (WORK[kind] === undefined) return this.#inSteps(job, { type: 'done', result: {} });
    const order = { kind, input, language, dataFolder: this.#dataFolder };
    const { child, end } = startWork(order, (message) => {
      this.#progress(job.id, message).catch(() => {});
    });
    this.#current = { id: job.id, child };
    const last = await end;
    this.#current = undefined;
    return last?.type === 'done' ? this.#inSteps(job, last) : last;
  }

  /** What the kind of a job does in the store in many transactions, between the end of its process and its own. */
  async #inSteps(job: Job, last: JobMessage & { type: 'done' }): Promise<JobMessage | undefined> {
    const inSteps = FINISH[job.kind]?.inSteps;
    if (inSteps === undefined) return last;
    const step = async (stage: string, share: number) => {
      const progress = { type: 'progress' as const, stage, sharePermille: Math.round(share * 1000) };
      if (this.#isStopping) throw new JobEnded(true);
      if (!(await this.#progress(job.id, progress))) throw new JobEnded(this.#isStopping);
      // requests that wait come first
      await setImmediate();
    };
    try {
      const given = { store: this.#store, dataFolder: this.#dataFolder, policyOf: this.#policyOf, step };
      return { type: 'done', result: await inSteps(job, last.result, given) };
    } catch (error) {
      return error instanceof JobEnded ? undefined : { type: 'failed', problems: problemsForReaders(error) };
    }
  }

  /** @returns whether the job still runs */
  async #progress(id: number, message: JobMessage & { type: 'progress' }): Promise<boolean> {
    const { numUpdatedRows } = await this.#store
      .updateTable('job')
      .set({ stage: message.stage, share_permille: message.sharePermille })
      .where('id', '=', id)
      .where('state', '=', 'running')
      .executeTakeFirst();
    this.changes.emit('change', id);
    return numUpdatedRows !== 0n;
  }

  /** Takes away what a job left that was cancelled, and was not asked for again since. */
  async #tidyUp(id: number): Promise<void> {
    const job = await findJob(this.#store, id);
    if (job.state === 'cancelled') await FINISH[job.kind]?.cancelled?.(this.#store, job, this.#dataFolder);
  }

  async #end(job: Job, message: JobMessage | undefined): Promise<void> {
    await transaction(this.#store, async (db) => {
      const { state } = await findJob(db, job.id);
      const isDone = message?.type === 'done' && state === 'running';
      const told = isDone ? await FINISH[job.kind]?.done?.(db, job, message.result) : undefined;
      if (!isDone) await FINISH[job.kind]?.failed?.(db, job);
      if (state !== 'running') return; // cancelled meanwhile
      await db
        .updateTable('job')
        .set({
          state: isDone ? 'done' : message === undefined ? 'interrupted' : 'failed',
          ended_at: sql<string>`now()`,
          ...(isDone ? { share_permille: 1000, stage: '' } : {}),
          result: isDone ? JSON.stringify(told ?? message.result) : null,
          problems: message?.type === 'failed' ? JSON.stringify(message.problems) : null,
        })
        .where('id', '=', job.id)
        .execute();
    });
  }
}
