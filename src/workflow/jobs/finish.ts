import { sql } from 'kysely';
import type { Store } from '#engine/postgres/store.ts';
import { applyAreaChanges } from '../area-change.ts';
import { openExitApplications } from '../exit-applications.ts';
import { startRun } from '../runs.ts';
import { writeUploadedLists } from '../uploaded-lists.ts';
import { CLOSING_JOB } from './closing-job.ts';
import { dropUpload, landDepartmentFiles } from './department-file.ts';
import type { Finish } from './in-steps.ts';
import type { Job } from './jobs.ts';
import { PAYABLES_JOB } from './payables-job.ts';

type Json = Readonly<Record<string, unknown>>;

/** What the store gives to a job before its process starts, which never sees the store. */
export const PREPARE: Readonly<Record<string, (db: Store, job: Job, dataFolder: string) => Promise<void>>> = {
  settlement: async (db, job, dataFolder) => {
    const areaId = String(job.input.areaId);
    // nothing is settled without what was decided before
    await applyAreaChanges(db, dataFolder, undefined, { areaId });
    await writeUploadedLists(db, dataFolder, areaId, Number(job.input.runId));
  },
};

const areaIsThere = async (db: Store, job: Job, result: Json): Promise<void> => {
  const row = {
    id: String(job.input.areaId),
    code: String(result.code),
    name: String(result.name),
    imported_by: job.createdBy,
  };
  await db
    .insertInto('area')
    .values(row)
    .onConflict((conflict) => conflict.column('id').doUpdateSet({ ...row, imported_at: sql<string>`now()` }))
    .execute();
  // an area asked for together with its settlement: the run is written down with the area, so that no end of the
  // server comes between the two
  if (typeof job.input.settleYear !== 'number') return;
  await startRun(db, {
    areaId: row.id,
    year: job.input.settleYear,
    createdBy: job.createdBy,
    language: job.language,
  });
};

export const FINISH: Readonly<Record<string, Finish>> = {
  'demo-area': { done: areaIsThere },
  'import-area': { done: areaIsThere },
  'department-file': { inSteps: landDepartmentFiles, cancelled: dropUpload },
  'payable-list': PAYABLES_JOB,
  'closing-of-year': CLOSING_JOB,
  settlement: {
    done: async (db, job, result) => {
      await db
        .updateTable('run')
        .set({
          state: 'done',
          manifest: JSON.stringify(result.manifest),
          settled_at: sql<string>`now()`,
        })
        .where('id', '=', Number(job.input.runId))
        .execute();
      await openExitApplications(db, {
        id: Number(job.input.runId),
        areaId: String(job.input.areaId),
        year: Number(job.input.year),
      });
    },
    failed: async (db, job) => {
      await db
        .updateTable('run')
        .set({ state: 'failed' })
        .where('id', '=', Number(job.input.runId))
        .execute();
    },
  },
};
