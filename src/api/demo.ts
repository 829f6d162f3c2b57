import { transaction } from '#engine/postgres/store.ts';
import { appendAudit, makeUser, type NewUser, ROLE_TITLES, type Role } from '#identity/index.ts';
import type { Language } from '#kernel/locale.ts';
import { addJob, findJob, type Job } from '#workflow/index.ts';
import { DEMO_PERSON, inventPersons } from './demo-persons.ts';
import type { Service } from './service.ts';

const YEAR = 2025;
const AREA = 'demo';
/** The first institution that the demo area has, whatever its size. */
const INSTITUTION = 'H99010100001';
/** Known to everybody who reads the documentation: only for a service that no other computer reaches. */
const KNOWN_PASSWORD = 'demo-yibao-2025';

const DEMO_ROLES: readonly Role[] = ['clerk', 'reviewer', 'head', 'hospital', 'expert', 'bureau', 'person'];

export type Demo = {
  /** invents the area; its end starts the settlement */
  readonly jobId: number;
  readonly logins: readonly string[];
  /** of all these logins */
  readonly password: string;
  readonly isPasswordKnown: boolean;
  /** the invented persons and their visits are there */
  readonly persons: Promise<void>;
};

/**
 * On a store without areas: invents the demo area and settles its year, as jobs, and makes a user of every role.
 * @param isLocal no other computer reaches the service: the users get the documented password, else a random one
 * @returns undefined when there is an area already: nothing is made then
 */
export async function loadDemo(
  { services }: Service,
  options: { readonly lists: number; readonly language: Language; readonly isLocal: boolean },
): Promise<Demo | undefined> {
  const { store, jobs } = services;
  const { lists, language, isLocal } = options;
  const demo = await transaction(store, async (db): Promise<Omit<Demo, 'persons'> | undefined> => {
    const known =
      (await db.selectFrom('area').select('id').executeTakeFirst()) ??
      (await db.selectFrom('job').select('id').where('kind', '=', 'demo-area').executeTakeFirst());
    if (known !== undefined) return undefined;
    const input = { areaId: AREA, lists, year: YEAR, settleYear: YEAR };
    const jobId = await addJob(db, { kind: 'demo-area', input, createdBy: 'admin', language });
    let password = isLocal ? KNOWN_PASSWORD : undefined;
    for (const role of DEMO_ROLES) {
      const user: NewUser = {
        login: role,
        displayName: `演示${ROLE_TITLES[role].zh}`,
        role,
        institutionCode: role === 'hospital' ? INSTITUTION : null,
        psnNo: role === 'person' ? DEMO_PERSON : null,
      };
      const made = await makeUser(db, user, password);
      // one random password for all of them, which none has to change
      if (password === undefined) {
        password = made;
        await db
          .updateTable('user_account')
          .set({ must_change_password: false })
          .where('login', '=', role)
          .execute();
      }
      await appendAudit(db, {
        login: '',
        role: 'nobody',
        action: 'user.write',
        subject: 'yibao serve --demo',
        outcome: 'done',
        detail: { login: role, role },
      });
    }
    return { jobId, logins: DEMO_ROLES, password: password!, isPasswordKnown: isLocal };
  });
  jobs.wake();
  if (demo === undefined) return undefined;
  // beside the job, which works in a process of its own; whoever waits for the demo's end hears of a failure
  const persons = inventPersons(services);
  persons.catch(() => {});
  return { ...demo, persons };
}

/**
 * Waits until the demo year is settled, or what makes it has ended otherwise: the last of the two jobs.
 * @param onChange told of every change of the job that runs; `share` is of both together
 */
export async function demoEnd(
  { services }: Service,
  demo: Demo,
  onChange: (job: Job, share: number) => void,
): Promise<Job> {
  const { store, jobs } = services;
  let current = demo.jobId;
  for (;;) {
    const changed = new Promise<void>((resolve) => jobs.changes.once('change', () => resolve()));
    const job = await findJob(store, current);
    const isArea = current === demo.jobId;
    onChange(
      job,
      isArea
        ? (job.sharePermille / 1000) * AREA_SHARE
        : AREA_SHARE + (job.sharePermille / 1000) * (1 - AREA_SHARE),
    );
    if (job.state === 'done' && isArea) {
      const run = await store
        .selectFrom('run')
        .select('job_id')
        .where('area_id', '=', AREA)
        .where('year', '=', YEAR)
        .orderBy('id')
        .executeTakeFirstOrThrow();
      current = run.job_id!;
      continue;
    }
    if (!['waiting', 'running'].includes(job.state)) {
      await demo.persons;
      return job;
    }
    await changed;
  }
}

/** Of the time that area and settlement take together. */
const AREA_SHARE = 0.4;
