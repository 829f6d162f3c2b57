import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { openService, type Service } from '#api/index.ts';
import { makeUser, type Role } from '#identity/index.ts';
import { type Actor, advance, approvalSteps, findApproval, openApproval } from '#workflow/index.ts';
import { postgresFolder, startPostgres } from './support/postgres.ts';
import { ask, sessionToken } from './support/service.ts';

const ROUNDS = 10;
const missing = postgresFolder() === undefined && process.env.CI !== 'true';

/** PGlite has one connection, which makes requests follow one another; a server takes them at the same time. */
describe('four eyes on a PostgreSQL server, requests at the same time', {
  skip: missing ? 'no PostgreSQL here: SKIPPED' : false,
}, () => {
  const dataFolder = mkdtempSync(join(tmpdir(), 'yibao-four-eyes-'));
  let service: Service;
  let postgres: Awaited<ReturnType<typeof startPostgres>>;
  const sessions = new Map<string, string>();
  const anybody = (login: string): Actor => ({ login, may: () => true });
  const at = new Date('2026-01-05T08:00:00Z');

  before(async () => {
    postgres = await startPostgres();
    service = await openService({ dataFolder, databaseUrl: postgres.url, version: 'test' });
    const { store } = service.services;
    for (const [login, role] of [
      ['clerk', 'clerk'],
      ['reviewer-1', 'reviewer'],
      ['reviewer-2', 'reviewer'],
      ['head-1', 'head'],
      ['head-2', 'head'],
      ['expert-1', 'expert'],
      ['expert-2', 'expert'],
      ['expert-3', 'expert'],
    ] as [string, Role][]) {
      await makeUser(store, { login, displayName: login, role, institutionCode: null });
      await store
        .updateTable('user_account')
        .set({ must_change_password: false })
        .where('login', '=', login)
        .execute();
      sessions.set(login, await sessionToken(service, login));
    }
  });
  after(async () => {
    await service?.close();
    await postgres?.stop();
    rmSync(dataFolder, { recursive: true, force: true });
  });

  const prepared = async (kind: string, subject: string, content = {}): Promise<string> => {
    const { store } = service.services;
    const { id } = await openApproval(store, { kind, subject, content }, 'clerk', at);
    await advance(store, { id, action: kind === 'month' ? 'prepare' : 'apply' }, anybody('clerk'), at);
    return id;
  };
  const post = (login: string, url: string, body: object, key?: string) =>
    ask(
      service,
      login,
      { method: 'POST', url, body, ...(key ? { headers: { 'idempotency-key': key } } : {}) },
      sessions.get(login),
    );

  test('of two who check, or approve, one is first and the other is told', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const id = await prepared('month', `demo/2025/round-${round}`);
      const url = `/api/approvals/${id}/steps`;
      for (const [role, action] of [
        ['reviewer', 'check'],
        ['head', 'approve'],
      ] as const) {
        const both = await Promise.all([1, 2].map((number) => post(`${role}-${number}`, url, { action })));
        assert.deepEqual(both.map(({ statusCode }) => statusCode).toSorted(), [200, 409]);
      }
      const steps = await approvalSteps(service.services.store, id);
      assert.deepEqual(
        steps.map(({ action }) => action),
        ['prepare', 'check', 'approve'],
      );
    }
  });

  test('a month is sent back or approved, not both', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const id = await prepared('month', `demo/2025/back-${round}`);
      const url = `/api/approvals/${id}/steps`;
      assert.equal((await post('reviewer-1', url, { action: 'check' })).statusCode, 200);
      const both = await Promise.all([
        post('head-1', url, { action: 'approve' }),
        post('head-2', url, { action: 'return', reason: '漏单' }),
      ]);
      assert.deepEqual(both.map(({ statusCode }) => statusCode).toSorted(), [200, 409]);
      assert.equal((await approvalSteps(service.services.store, id)).length, 3);
    }
  });

  test('the same request sent twice takes one step', async () => {
    const id = await prepared('month', 'demo/2025/twice');
    const url = `/api/approvals/${id}/steps`;
    const both = await Promise.all([1, 2].map(() => post('reviewer-1', url, { action: 'check' }, 'once')));
    assert.ok(
      both.every(({ statusCode }) => statusCode === 200),
      both.map(({ body }) => body).join(),
    );
    assert.equal((await approvalSteps(service.services.store, id)).length, 2);
  });

  test('no opinion of a panel is lost', async () => {
    const { store } = service.services;
    const experts = ['expert-1', 'expert-2', 'expert-3'];
    for (let round = 0; round < ROUNDS; round++) {
      const id = await prepared('special_case', `demo/2025/case-${round}`);
      const content = { experts, opinions: [] };
      await advance(store, { id, action: 'assign', content }, anybody('assigner'), at);
      const said = await Promise.all(
        experts.map((login) =>
          post(login, `/api/approvals/${id}/opinion`, { vote: 'reject', reason: '不符合条件' }),
        ),
      );
      assert.ok(
        said.every(({ statusCode }) => statusCode === 200),
        said.map(({ body }) => body).join(),
      );
      const { opinions } = (await findApproval(store, id)).content as { opinions: { login: string }[] };
      assert.deepEqual(opinions.map(({ login }) => login).toSorted(), experts);
    }
  });
});
