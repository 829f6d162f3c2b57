import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { sql } from 'kysely';
import { makeUser, resetPassword } from '#identity/index.ts';
import { addJob } from '#workflow/index.ts';
import { addUser, ask, sessionToken, startService } from './support/service.ts';

describe('a write whose audit entry cannot be kept is not kept', () => {
  let service: Awaited<ReturnType<typeof startService>>;
  let failedJob: number;
  let password: string;
  const count = async (table: string, where = 'true'): Promise<number> => {
    const { rows } = await sql<{ n: number }>`SELECT count(*) AS n FROM ${sql.table(table)}
      WHERE ${sql.raw(where)}`.execute(service.services.store);
    return rows[0]!.n;
  };

  before(async () => {
    service = await startService();
    const { store } = service.services;
    for (const role of ['clerk', 'administrator'] as const) await addUser(service, role);
    password = await makeUser(store, {
      login: 'chen',
      displayName: '陈',
      role: 'reviewer',
      institutionCode: null,
    });
    await sql`UPDATE user_account SET must_change_password = false WHERE login = 'chen'`.execute(store);
    await sql`INSERT INTO area (id, code, name, imported_by) VALUES ('demo', '990100', '演示', 'clerk')`.execute(
      store,
    );
    await sql`INSERT INTO interface_area (area_id, area_code) VALUES ('demo', '990100')`.execute(store);
    await sql`INSERT INTO interface_institution (fixmedins_code, area_id, name) VALUES ('H1', 'demo', '一')`.execute(
      store,
    );
    failedJob = await addJob(store, { kind: 'none', input: {}, createdBy: 'clerk', language: 'zh' });
    await sql`UPDATE job SET state = 'failed' WHERE id = ${failedJob}`.execute(store);
    await sql`CREATE FUNCTION disk_is_full() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN RAISE EXCEPTION 'the disk is full'; END $$`.execute(store);
    await sql`CREATE TRIGGER disk_is_full BEFORE INSERT ON audit_waiting FOR EACH ROW
      WHEN (NEW.outcome = 'done') EXECUTE FUNCTION disk_is_full()`.execute(store);
  });
  after(() => service.close());

  const refused = async (
    login: string | undefined,
    wanted: Parameters<typeof ask>[2],
    session?: string,
  ): Promise<void> => {
    const answer = await ask(service, login, wanted, session);
    assert.equal(answer.statusCode, 500, `${wanted.method} ${wanted.url}: ${answer.body}`);
    assert.doesNotMatch(answer.body, /disk/);
  };

  test('signing in and out, and a new password', async () => {
    const sessions = await count('session', "login = 'chen'");
    await refused(undefined, { method: 'POST', url: '/api/session', body: { login: 'chen', password } });
    assert.equal(await count('session', "login = 'chen'"), sessions);
    const token = await sessionToken(service, 'chen');
    await refused('chen', { method: 'DELETE', url: '/api/session' }, token);
    const still = await ask(service, 'chen', { url: '/api/session' }, token);
    assert.equal(still.statusCode, 200);
    const body = { oldPassword: password, newPassword: 'another-long-password' };
    await refused('chen', { method: 'PUT', url: '/api/session/password', body }, token);
    // the old one still holds: what refuses is the audit log again
    await refused(undefined, { method: 'POST', url: '/api/session', body: { login: 'chen', password } });
    const wrong = await ask(service, undefined, {
      method: 'POST',
      url: '/api/session',
      body: { login: 'chen', password: body.newPassword },
    });
    assert.equal(wrong.statusCode, 401);
    assert.equal(await count('user_account', "login = 'chen' AND failed_logins = 1"), 1);
  });

  test('jobs, areas and runs', async () => {
    await refused('clerk', { method: 'POST', url: `/api/jobs/${failedJob}/retry` });
    assert.equal(await count('job', "state = 'failed'"), 1);
    const waiting = await addJob(service.services.store, {
      kind: 'none',
      input: {},
      createdBy: 'clerk',
      language: 'zh',
    });
    await refused('clerk', { method: 'POST', url: `/api/jobs/${waiting}/cancel` });
    assert.equal(await count('job', "state = 'waiting'"), 1);
    const form = 'x';
    const part = (name: string, text: string) =>
      `--${form}\r\nContent-Disposition: form-data; name="files"; filename="${name}"\r\n\r\n${text}\r\n`;
    await refused('clerk', {
      method: 'POST',
      url: '/api/areas/upload?areaId=other',
      body: `${part('area.yaml', 'code: 1')}--${form}--\r\n`,
      headers: { 'content-type': `multipart/form-data; boundary=${form}` },
    });
    await refused('clerk', {
      method: 'POST',
      url: '/api/areas/demo',
      body: { areaId: 'other', lists: 4000 },
    });
    await refused('clerk', { method: 'POST', url: '/api/runs', body: { areaId: 'demo', year: 2025 } });
    assert.equal(await count('job'), 2);
    assert.equal(await count('run'), 0);
  });

  test('users and the settings of the hospital interface', async () => {
    const user = { login: 'li', displayName: '李', role: 'clerk', institutionCode: null };
    await refused('administrator', { method: 'POST', url: '/api/users', body: user });
    assert.equal(await count('user_account', "login = 'li'"), 0);
    await refused('administrator', { method: 'PATCH', url: '/api/users/chen', body: { isDisabled: true } });
    assert.equal(await count('user_account', 'is_disabled'), 0);
    await refused('administrator', { method: 'POST', url: '/api/users/chen/password' });
    await refused('administrator', {
      method: 'PUT',
      url: '/api/interface/institutions/H1',
      body: { dialect: 'csb', isSigned: false, isEncrypted: false },
    });
    assert.equal(await count('interface_institution', "dialect = 'csb'"), 0);
    await refused('administrator', {
      method: 'PUT',
      url: '/api/interface/areas/demo',
      body: { mayWithdrawSubmitted: true },
    });
    assert.equal(await count('interface_area', 'may_withdraw_submitted'), 0);
  });

  test('the same requests are done once the log can be written', async () => {
    await sql`DROP TRIGGER disk_is_full ON audit_waiting`.execute(service.services.store);
    await resetPassword(service.services.store, 'chen');
    const retried = await ask(service, 'clerk', { method: 'POST', url: `/api/jobs/${failedJob}/retry` });
    assert.equal(retried.json().attempt, 2);
    const set = await ask(service, 'administrator', {
      method: 'PUT',
      url: '/api/interface/areas/demo',
      body: { mayWithdrawSubmitted: true },
    });
    assert.equal(set.statusCode, 200, set.body);
  });
});
