import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { sql } from 'kysely';
import { openService, type Service } from '#api/index.ts';
import { addUser, ask, jobEnd } from './support/service.ts';
import { countOf } from './support/stores.ts';

describe('what was decided comes into the files of its area, however the server ends', () => {
  const dataFolder = mkdtempSync(join(tmpdir(), 'yibao-area-change-'));
  const file = join(dataFolder, 'areas', 'demo', 'area.yaml');
  let service: Service;
  const restart = async () => {
    await service.close();
    service = await openService({ dataFolder, version: 'test' });
  };
  const post = (login: string, url: string, body: unknown) =>
    ask(service, login, { method: 'POST', url, body });
  const waiting = async () =>
    (
      await service.services.store
        .selectFrom('area_change')
        .selectAll()
        .where('applied_at', 'is', null)
        .execute()
    ).length;
  /** A draft that waits for its publication. */
  const checkedDraft = async (value: string): Promise<string> => {
    const opened = await post('clerk', '/api/approvals', {
      kind: 'policy',
      areaId: 'demo',
      year: 2025,
      sets: [{ parameter: 'deviation.high_ratio', value }],
      document: `高倍率界限定为 ${value}`,
      article: '第一条',
      effectiveFrom: '2025-01-01',
    });
    assert.equal(opened.statusCode, 201, opened.body);
    const { id } = opened.json().approval;
    const url = `/api/approvals/${id}/steps`;
    assert.equal((await post('reviewer', url, { action: 'check' })).statusCode, 200);
    return url;
  };
  const stateOf = async (url: string) =>
    (await ask(service, 'clerk', { url: url.replace('/steps', '') })).json().approval.state;

  before(async () => {
    service = await openService({ dataFolder, version: 'test' });
    for (const role of ['clerk', 'reviewer', 'head'] as const) await addUser(service, role);
    const started = await post('clerk', '/api/areas/demo', { areaId: 'demo', lists: 4000 });
    assert.equal((await jobEnd(service, started.json().jobId)).state, 'done');
  });
  after(async () => {
    await service.close();
    rmSync(dataFolder, { recursive: true, force: true });
  });

  test('a publication that is not kept changes no file', async () => {
    const { store } = service.services;
    const before = readFileSync(file);
    const url = await checkedDraft('2.2');
    await sql`CREATE FUNCTION disk_is_full() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN RAISE EXCEPTION 'the disk is full'; END $$`.execute(store);
    await sql`CREATE TRIGGER disk_is_full BEFORE INSERT ON audit_waiting FOR EACH ROW
      WHEN (NEW.outcome = 'done') EXECUTE FUNCTION disk_is_full()`.execute(store);
    assert.equal((await post('head', url, { action: 'publish' })).statusCode, 500);
    await sql`DROP TRIGGER disk_is_full ON audit_waiting`.execute(store);
    assert.deepEqual(readFileSync(file), before);
    assert.equal(await stateOf(url), 'checked');
    assert.equal(await countOf(store, 'area_change'), 0);
    // and it can still go another way
    assert.equal((await post('head', url, { action: 'return', reason: '重议' })).statusCode, 200);
    await restart();
    assert.deepEqual(readFileSync(file), before);
  });

  test('a publication that is kept comes into the file at the next start, once', async () => {
    const before = readFileSync(file);
    const url = await checkedDraft('2.4');
    // as if the server ended before the file was written
    mkdirSync(`${file}.partial`);
    const published = await post('head', url, { action: 'publish' });
    assert.equal(published.statusCode, 200, published.body);
    assert.deepEqual(readFileSync(file), before);
    assert.equal(await waiting(), 1);
    // nothing is settled without it
    const run = await post('clerk', '/api/runs', { areaId: 'demo', year: 2025 });
    assert.equal((await jobEnd(service, run.json().jobId)).state, 'failed');
    await restart();
    assert.equal(await waiting(), 1);
    rmdirSync(`${file}.partial`);
    await restart();
    assert.equal(await waiting(), 0);
    assert.equal(await stateOf(url), 'published');
    const written = readFileSync(file);
    assert.match(written.toString(), /高倍率界限定为 2\.4/);
    // as if it ended after the file was written and before that was noted
    await sql`UPDATE area_change SET applied_at = NULL`.execute(service.services.store);
    await restart();
    assert.equal(await waiting(), 0);
    assert.deepEqual(readFileSync(file), written);
  });

  test('a settlement carries out first what waits, in the order of the decisions', async () => {
    mkdirSync(`${file}.partial`);
    for (const value of ['2.6', '2.8']) {
      const published = await post('head', await checkedDraft(value), { action: 'publish' });
      // the second is checked against the file as the first leaves it, which cannot be written yet
      assert.equal(published.statusCode, value === '2.6' ? 200 : 500, published.body);
    }
    rmdirSync(`${file}.partial`);
    const run = await post('clerk', '/api/runs', { areaId: 'demo', year: 2025 });
    assert.equal((await jobEnd(service, run.json().jobId)).state, 'done');
    const engine = await service.services.runTables.of(run.json().runId);
    const { value } = await engine.row(
      `SELECT value FROM parameter WHERE parameter = 'deviation.high_ratio'`,
    );
    assert.equal(value, '2.6');
  });

  test('rows of a list of items of an insured area come into its file after the decision, however the server ends', async () => {
    const list = join(dataFolder, 'benefits', '990100-catalogue.csv');
    const change = (ceiling: string, from: string) => ({
      kind: 'items',
      area_code: '990100',
      document: '演示通知',
      article: '第二条',
      rows: [{ code: 'S220', name: '磁共振平扫', from, ceiling }],
    });
    const publish = async (body: object) => {
      const opened = await post('clerk', '/api/approvals', body);
      assert.equal(opened.statusCode, 201, opened.body);
      return post('reviewer', `/api/approvals/${opened.json().approval.id}/steps`, { action: 'publish' });
    };
    const ceilings = async () =>
      (await ask(service, 'clerk', { url: '/api/items?area_code=990100&code=S220' }))
        .json()
        .rows.map((row: { ceiling: string }) => row.ceiling);
    // a publication that is not kept changes no file
    const { store } = service.services;
    await sql`CREATE TRIGGER disk_is_full BEFORE INSERT ON audit_waiting FOR EACH ROW
      WHEN (NEW.outcome = 'done' AND NEW.subject LIKE '%/steps') EXECUTE FUNCTION disk_is_full()`.execute(
      store,
    );
    assert.equal((await publish(change('250', '2025-11-01'))).statusCode, 500);
    await sql`DROP TRIGGER disk_is_full ON audit_waiting`.execute(store);
    assert.equal(existsSync(list), false);
    assert.equal(await waiting(), 0);
    // as if the server ended before the file was written
    mkdirSync(`${list}.new`);
    assert.equal((await publish(change('300', '2025-12-15'))).statusCode, 200);
    assert.equal(existsSync(list), false);
    assert.equal(await waiting(), 1);
    await restart();
    assert.equal(await waiting(), 1);
    // a settlement of an area waits for nothing of the benefits
    const run = await post('clerk', '/api/runs', { areaId: 'demo', year: 2025 });
    assert.equal((await jobEnd(service, run.json().jobId)).state, 'done');
    rmdirSync(`${list}.new`);
    await restart();
    assert.equal(await waiting(), 0);
    assert.deepEqual(await ceilings(), ['300']);
    const written = readFileSync(list);
    // as if it ended after the file was written and before that was noted
    await sql`UPDATE area_change SET applied_at = NULL WHERE kind = 'items'`.execute(service.services.store);
    await restart();
    assert.equal(await waiting(), 0);
    assert.deepEqual(readFileSync(list), written);
    // the same item from the same day cannot be decided again, another day can
    assert.equal((await post('clerk', '/api/approvals', change('310', '2025-12-15'))).statusCode, 422);
    assert.equal((await publish(change('320', '2026-01-01'))).statusCode, 200);
    assert.deepEqual(await ceilings(), ['300', '320']);
  });
});
