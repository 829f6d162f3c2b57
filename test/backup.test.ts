import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { openService, type Service } from '#api/index.ts';
import { verifyAudit } from '#identity/index.ts';
import { YibaoError } from '#kernel/errors.ts';
import { SILENT } from '#kernel/progress.ts';
import { restoreBackup, writeBackup } from '#workflow/backup.ts';
import { postgresFolder, startPostgres } from './support/postgres.ts';
import { addUser, ask, jobEnd } from './support/service.ts';

const noPostgres = postgresFolder() === undefined && process.env.CI !== 'true';
const refusedWith = (code: string) => (error: unknown) =>
  error instanceof YibaoError && error.problems[0]!.definition.code === code;

describe('a backup of the service', () => {
  const folder = mkdtempSync(join(tmpdir(), 'yibao-backup-'));
  const dataFolder = join(folder, '数据');
  const file = join(folder, 'yibao.tar.gz');
  const place = (name: string, databaseUrl?: string) => ({
    dataFolder: join(folder, name),
    databaseUrl,
    progress: SILENT,
    language: 'zh' as const,
  });
  const open = (name: string, databaseUrl?: string) =>
    openService({ dataFolder: join(folder, name), databaseUrl, version: 'test' });
  const settle = async (service: Service) => {
    const body = { areaId: 'demo', year: 2025 };
    const answer = await ask(service, 'clerk', { method: 'POST', url: '/api/runs', body });
    const { jobId, runId } = answer.json();
    assert.equal((await jobEnd(service, jobId)).state, 'done');
    return runId as number;
  };
  const results = (name: string, runId: number) => {
    const run = join(folder, name, 'runs', String(runId));
    const files = readdirSync(run).filter((each) => each.endsWith('.csv'));
    assert.ok(files.length > 5);
    return Object.fromEntries(files.map((each) => [each, readFileSync(join(run, each), 'utf8')]));
  };
  let entries = 0;

  before(async () => {
    const service = await open('数据');
    try {
      await addUser(service, 'clerk');
      await addUser(service, 'hospital', 'H99010100001');
      const demo = { areaId: 'demo', lists: 5_000, year: 2025 };
      const { jobId } = (
        await ask(service, 'clerk', { method: 'POST', url: '/api/areas/demo', body: demo })
      ).json();
      assert.equal((await jobEnd(service, jobId)).state, 'done');
      await settle(service);
      await assert.rejects(writeBackup(file, 'test', place('数据')), refusedWith('store.folder-in-use'));
      const verdict = await verifyAudit(service.services.store);
      assert.ok(verdict.isWhole);
      entries = verdict.entries;
    } finally {
      await service.close();
    }
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  test('holds the lists of the area once, although the run keeps them too', async () => {
    const summary = await writeBackup(file, 'test', place('数据'));
    assert.ok(summary.rows > 5 && summary.files > 20, JSON.stringify(summary));
    const lists = join(dataFolder, 'areas', 'demo', 'settlement_lists', '2025.csv');
    const kept = join(dataFolder, 'inputs', '1', 'settlement_lists', '2025.csv');
    assert.equal(statSync(lists).ino, statSync(kept).ino);
    await assert.rejects(writeBackup(file, 'test', place('数据')), refusedWith('backup.file-exists'));
  });

  test('restores everything, and the year settles again to the same bytes', async () => {
    await restoreBackup(file, place('restored'));
    const service = await open('restored');
    try {
      const verdict = await verifyAudit(service.services.store);
      assert.ok(verdict.isWhole && verdict.entries === entries);
      const runs = await ask(service, 'clerk', { url: '/api/runs' });
      assert.equal(runs.json().total, 1);
      const cases = await ask(service, 'hospital-h99010100001', { url: '/api/runs/1/cases?size=1' });
      const { setl_id } = cases.json().rows[0];
      const why = await ask(service, 'clerk', { url: `/api/runs/1/cases/${setl_id}/explanation` });
      assert.equal(why.statusCode, 200, why.body);
      const again = await settle(service);
      assert.equal(again, 2);
      assert.deepEqual(results('restored', 1), results('数据', 1));
      assert.deepEqual(results('restored', 2), results('数据', 1));
    } finally {
      await service.close();
    }
  });

  test('of PGlite is restored into a PostgreSQL, and that one back into PGlite', {
    skip: noPostgres ? 'no PostgreSQL here: SKIPPED' : false,
  }, async () => {
    const { url, stop } = await startPostgres();
    try {
      await restoreBackup(file, place('server', url));
      const service = await open('server', url);
      try {
        const verdict = await verifyAudit(service.services.store);
        assert.ok(verdict.isWhole && verdict.entries === entries);
        await assert.rejects(open('elsewhere', url), refusedWith('store.database-in-use'));
      } finally {
        await service.close();
      }
      await assert.rejects(restoreBackup(file, place('other', url)), refusedWith('backup.not-empty'));
      await writeBackup(join(folder, 'server.tar.gz'), 'test', place('server', url));
    } finally {
      await stop();
    }
    await restoreBackup(join(folder, 'server.tar.gz'), place('back'));
    const service = await open('back');
    try {
      const verdict = await verifyAudit(service.services.store);
      assert.ok(verdict.isWhole && verdict.entries === entries);
    } finally {
      await service.close();
    }
  });

  test('that is cut short or is none restores nothing', async () => {
    const whole = readFileSync(file);
    for (const [name, bytes] of [
      ['short.tar.gz', whole.subarray(0, whole.length - 1_000)],
      ['none.tar.gz', Buffer.from('not an archive')],
    ] as const) {
      writeFileSync(join(folder, name), bytes);
      await assert.rejects(
        restoreBackup(join(folder, name), place('nothing')),
        refusedWith('backup.damaged'),
      );
      assert.ok(!readdirSync(folder).includes('nothing'));
    }
    await assert.rejects(restoreBackup(file, place('数据')), refusedWith('backup.not-empty'));
  });
});
