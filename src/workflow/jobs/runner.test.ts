import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { sql } from 'kysely';
import { migrate } from '#engine/postgres/migrate.ts';
import { openStore, type Store } from '#engine/postgres/store.ts';
import { addJob, findJob } from './jobs.ts';
import { JobRunner } from './runner.ts';

describe('the runner of jobs', () => {
  const dataFolder = mkdtempSync(join(tmpdir(), 'yibao-runner-'));
  let store: Store;
  let runner: JobRunner;
  before(async () => {
    store = await openStore({ memory: true });
    await migrate(store);
    runner = new JobRunner(store, dataFolder, () => {
      throw new Error('no policy is asked for');
    });
  });
  after(async () => {
    await runner.stop();
    await store.destroy();
    rmSync(dataFolder, { recursive: true, force: true });
  });
  const add = (kind: string, input: object = {}) =>
    addJob(store, { kind, input: { ...input }, createdBy: 'li', language: 'zh' });
  const end = async (id: number) => {
    for (;;) {
      const job = await findJob(store, id);
      if (!['waiting', 'running'].includes(job.state)) return job;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };

  test('a job that cannot be prepared fails, and the next is done', async () => {
    // where the lists for the run would be written there is a file
    writeFileSync(join(dataFolder, 'uploaded'), '');
    const first = await add('settlement', { runId: 1, areaId: 'x', year: 2025 });
    const second = await add('import-area', { areaId: 'x', folder: 'none' });
    runner.wake();
    assert.equal((await end(first)).state, 'failed');
    const { problems } = await end(second);
    assert.equal(problems?.[0]?.code, 'workflow.outside-inbox');
  });

  test('a store that does not answer for a moment loses no job', async () => {
    await sql`ALTER TABLE job RENAME TO job_away`.execute(store);
    runner.wake();
    await new Promise((resolve) => setTimeout(resolve, 300));
    await sql`ALTER TABLE job_away RENAME TO job`.execute(store);
    const id = await add('import-area', { areaId: 'x', folder: 'none' });
    assert.equal((await end(id)).state, 'failed');
  });
});
