import type { Store, StoreTransaction } from '#engine/postgres/store.ts';
import type { PayablesWanted } from '#enrolment/index.ts';
import type { Job } from './jobs.ts';

type Json = Readonly<Record<string, unknown>>;

/** The benefit policy of an area on a day. */
export type PolicyOf = PayablesWanted['policyOf'];

/** What the work of a job in the store is given. */
export type StepsGiven = {
  readonly store: Store;
  readonly dataFolder: string;
  readonly policyOf: PolicyOf;
  readonly step: (stage: string, share: number) => Promise<void>;
};

/** A job was cancelled, or interrupted as the server ends: its work stops between two steps. */
export class JobEnded extends Error {
  readonly isInterrupted: boolean;
  constructor(isInterrupted: boolean) {
    super();
    this.isInterrupted = isInterrupted;
  }
}

/** What the store is told when a job ends, in the transaction that ends the job. */
export type Finish = {
  /**
   * Before that, what takes too long for one transaction: many of them, one after another. `step` is called between two; it tells
   * how far the work is, and throws when the job was cancelled or the server ends. Done again, it must go on where it stopped.
   * @returns the result that is kept with the job
   */
  readonly inSteps?: (job: Job, result: Json, given: StepsGiven) => Promise<Json>;
  /** @returns what is kept with the job, where that is more than the result */
  readonly done?: (db: StoreTransaction, job: Job, result: Json) => Promise<unknown>;
  readonly failed?: (db: Store, job: Job) => Promise<void>;
  /** what a job that was cancelled leaves on disk and nobody needs any more; afterwards, and perhaps more than once */
  readonly cancelled?: (store: Store, job: Job, dataFolder: string) => Promise<void>;
};

/** Work that goes on where it stopped when the server ended; cancelled or failed, what there is of it is given up. */
export async function givenUpUnlessInterrupted<Result>(
  work: () => Promise<Result>,
  giveUp: () => Promise<void>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof JobEnded && error.isInterrupted)) await giveUp();
    throw error;
  }
}
