import { type Closing, gatherClosing, giveUpClosing } from '#enrolment/index.ts';
import { submitClosing } from '../closing-of-year.ts';
import { type Finish, givenUpUnlessInterrupted } from './in-steps.ts';

const STAGE = { zh: '逐人结转', en: 'closing the year of each person' };

/** A year closed in steps; with the end of the job it waits for somebody else to decide. */
export const CLOSING_JOB: Finish = {
  inSteps: (job, _result, { store, policyOf, step }) => {
    const wanted = { year: Number(job.input.year), login: job.createdBy, policyOf };
    return givenUpUnlessInterrupted(
      () => gatherClosing(store, wanted, Temporal.Now.instant(), (share) => step(STAGE[job.language], share)),
      () => giveUpClosing(store),
    );
  },
  done: (db, job, result) =>
    submitClosing(db, Number(job.input.year), result as Closing, job.createdBy, Temporal.Now.instant()),
};
