import {
  finishPayables,
  gatherPayables,
  giveUpPayables,
  type PayableList,
  type PayablesWanted,
} from '#enrolment/index.ts';
import { type Finish, givenUpUnlessInterrupted } from './in-steps.ts';

const STAGE = { zh: '逐人核定', en: 'working out who has to pay' };

/** The list of what residents of an area have to pay for a year, made in steps; it is there to be seen when the job is done. */
export const PAYABLES_JOB: Finish = {
  inSteps: (job, _result, { store, policyOf, step }) => {
    const { year, areaCode, asOf } = job.input as Pick<PayablesWanted, 'year' | 'areaCode' | 'asOf'>;
    const wanted = { year, areaCode, asOf, login: job.createdBy, policyOf };
    return givenUpUnlessInterrupted(
      () =>
        gatherPayables(store, wanted, Temporal.Now.instant(), (share) => step(STAGE[job.language], share)),
      () => giveUpPayables(store),
    );
  },
  done: async (db, _job, result) => {
    await finishPayables(db, (result as PayableList).listId);
  },
};
