import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';

const PASSWORD = 'Canary-password-4711';
const CANARY = 'canary-330101199001011234';

/** What is read of answers here. */
type Answer = {
  readonly jobId: number;
  readonly state: string;
  readonly sharePermille: number;
  readonly total: number;
  readonly problems: unknown;
  readonly rows: readonly { readonly state: string }[];
};

type Served = {
  readonly child: ChildProcess;
  readonly address: string;
  readonly output: () => string;
  readonly log: () => string;
  readonly end: Promise<number | string>;
};

const children = new Set<ChildProcess>();

/** `yibao serve` in a process of its own, when its address answers. */
async function serve(data: string): Promise<Served> {
  const { DATABASE_URL: _, ...environment } = process.env;
  const child = spawn(
    process.execPath,
    [
      join(import.meta.dirname, '..', 'src', 'cli', 'main.ts'),
      '--lang',
      'en',
      'serve',
      '--data',
      data,
      '--port',
      '0',
    ],
    { env: { ...environment, YIBAO_LOG: '' }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  children.add(child);
  let [output, log] = ['', ''];
  child.stdout!.on('data', (piece) => {
    output += piece;
  });
  child.stderr!.on('data', (piece) => {
    log += piece;
  });
  const end = new Promise<number | string>((resolve) =>
    child.once('close', (code, signal) => {
      children.delete(child);
      resolve(signal ?? code ?? '');
    }),
  );
  let isOver = false;
  void end.then(() => {
    isOver = true;
  });
  while (!/running: (\S+)[\s\S]*Data folder/.test(output)) {
    if (isOver) throw new Error(`yibao serve ended: ${log}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return { child, address: /running: (\S+)/.exec(output)![1]!, output: () => output, log: () => log, end };
}

/** A signed-in administrator: sends requests and gives answers as JSON. */
async function signIn(address: string, password: string) {
  const json = { 'content-type': 'application/json' };
  const body = JSON.stringify({ login: 'admin', password });
  const answer = await fetch(`${address}/api/session`, { method: 'POST', headers: json, body });
  assert.equal(answer.status, 200);
  const cookie = answer.headers.get('set-cookie')!.split(';')[0]!;
  const { csrfToken } = (await answer.json()) as { csrfToken: string };
  const headers = { ...json, cookie, 'x-csrf-token': csrfToken };
  return {
    secrets: [cookie.split('=')[1]!, csrfToken],
    headers,
    ask: async (method: string, path: string, content?: unknown, more: Record<string, string> = {}) => {
      const sent = await fetch(address + path, {
        method,
        headers: { ...headers, ...more },
        ...(method === 'GET' ? {} : { body: JSON.stringify(content ?? {}) }),
      });
      return {
        status: sent.status,
        replayed: sent.headers.get('idempotency-replayed'),
        body: (await sent.json()) as Answer,
      };
    },
  };
}

describe('yibao serve', () => {
  const data = mkdtempSync(join(tmpdir(), 'yibao-serve-'));
  after(() => {
    // what a failed test left running would keep this process alive
    for (const child of children) child.kill('SIGKILL');
    rmSync(data, { recursive: true, force: true });
  });
  const demo = { areaId: 'demo', lists: 100_000, year: 2025 };
  const key = { 'idempotency-key': 'once' };
  let jobId = 0;

  test('killed in the middle of a job loses nothing and doubles nothing, and lets nobody else in', async () => {
    const served = await serve(data);
    const oneTime = /admin \/ (\S+)/.exec(served.output())![1]!;
    const first = await signIn(served.address, oneTime);
    const changed = await first.ask('PUT', '/api/session/password', {
      oldPassword: oneTime,
      newPassword: PASSWORD,
    });
    assert.equal(changed.status, 200);
    await assert.rejects(serve(data), /store\.folder-in-use/);
    const started = await first.ask('POST', '/api/areas/demo', demo, key);
    assert.equal(started.status, 202);
    jobId = started.body.jobId;
    for (;;) {
      const { body } = await first.ask('GET', `/api/jobs/${jobId}`);
      if (body.state === 'running' && body.sharePermille > 0) break;
      assert.ok(['waiting', 'running'].includes(body.state), body.state);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    served.child.kill('SIGKILL');
    assert.equal(await served.end, 'SIGKILL');

    const again = await serve(data);
    try {
      assert.doesNotMatch(again.output(), /First login/);
      const { ask } = await signIn(again.address, PASSWORD);
      const replayed = await ask('POST', '/api/areas/demo', demo, key);
      assert.deepEqual([replayed.replayed, replayed.body.jobId], ['true', jobId]);
      const { body } = await ask('GET', '/api/jobs');
      assert.deepEqual([body.total, body.rows[0]!.state], [1, 'interrupted']);
      await ask('POST', `/api/jobs/${jobId}/retry`);
      for (;;) {
        const { body } = await ask('GET', `/api/jobs/${jobId}`);
        if (body.state === 'done') break;
        assert.ok(['waiting', 'running'].includes(body.state), JSON.stringify(body.problems));
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      assert.equal((await ask('GET', '/api/areas')).body.total, 1);
    } finally {
      again.child.kill('SIGTERM');
      assert.equal(await again.end, 0);
    }
  });

  test('told to stop finishes what it answers, ends streams and leaves with 0; its log keeps secrets', async () => {
    const served = await serve(data);
    const { ask, secrets, headers } = await signIn(served.address, PASSWORD);
    // a page, or what says that it is being built, to whoever does not say what is wanted
    const page = await fetch(served.address, { headers: { accept: '*/*' } });
    assert.match(page.headers.get('content-type')!, /text\/html/);
    assert.match(await page.text(), /OpenYibao/);
    assert.equal((await fetch(`${served.address}/nowhere`, { headers: { accept: '*/*' } })).status, 404);
    await ask('GET', `/api/runs?areaId=${CANARY}`);
    await ask('POST', '/api/users', { login: CANARY, displayName: CANARY, role: 'nothing' });
    await fetch(`${served.address}/api/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ login: CANARY, password: `${PASSWORD}-wrong` }),
    });
    // the stream of a job that waits does not end by itself
    const { body } = await ask('POST', '/api/areas/demo', { ...demo, areaId: 'other', lists: 2_000_000 });
    const stream = await fetch(`${served.address}/api/jobs/${body.jobId}/events`, { headers });
    const events = stream.body!.getReader();
    await events.read();
    const open = Promise.all([1, 2, 3].map(() => ask('GET', '/api/jobs')));
    await open;
    served.child.kill('SIGTERM');
    for (;;) if ((await events.read()).done) break;
    assert.equal(await served.end, 0);
    const log = served.log();
    assert.match(log, /"path":"\/api\/runs"/);
    for (const secret of [CANARY, PASSWORD, ...secrets]) assert.ok(!log.includes(secret), secret);
    const after = await serve(data);
    const { body: jobs } = await (await signIn(after.address, PASSWORD)).ask('GET', '/api/jobs');
    assert.equal(jobs.rows[0]!.state, 'interrupted');
    after.child.kill('SIGTERM');
    assert.equal(await after.end, 0);
  });
});
