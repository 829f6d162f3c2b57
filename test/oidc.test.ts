import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { openService, type Service } from '#api/index.ts';
import { OIDC_CLIENT, type OidcProvider, startOidcProvider } from './support/oidc-provider.ts';
import { addUser, ask } from './support/service.ts';

describe('login with a provider of OpenID Connect', () => {
  const dataFolder = mkdtempSync(join(tmpdir(), 'yibao-oidc-'));
  let provider: OidcProvider;
  let service: Service;
  before(async () => {
    provider = await startOidcProvider();
    service = await openService({
      dataFolder,
      version: 'test',
      oidc: { issuer: provider.issuer, ...OIDC_CLIENT },
      publicAddress: 'https://yibao.example',
    });
    await addUser(service, 'administrator');
    await addUser(service, 'reviewer');
    const url = '/api/users/reviewer/oidc';
    const linked = await ask(service, 'administrator', { method: 'PUT', url, body: { subject: 'u-1' } });
    assert.equal(linked.statusCode, 200, linked.body);
  });
  after(async () => {
    await service.close();
    await provider.stop();
    rmSync(dataFolder, { recursive: true, force: true });
  });

  /** What a browser does: to the provider and back, with the cookies of its own. */
  async function signIn(change: (address: URL) => void = () => {}, flow?: string) {
    const start = await service.server.inject({ url: '/api/oidc/start' });
    assert.equal(start.statusCode, 302);
    const cookie = start.cookies.find(({ name }) => name === 'yibao_oidc')!;
    assert.ok(cookie.httpOnly && cookie.sameSite === 'Lax');
    const there = await fetch(start.headers.location as string, { redirect: 'manual' });
    const back = new URL(there.headers.get('location')!);
    assert.equal(back.origin + back.pathname, 'https://yibao.example/api/oidc/callback');
    change(back);
    return service.server.inject({
      url: back.pathname + back.search,
      cookies: { yibao_oidc: flow ?? cookie.value },
    });
  }

  test('signs in the user whom an administrator has given the subject', async () => {
    provider.subject = 'u-1';
    const answer = await signIn();
    assert.equal(answer.headers.location, '/');
    const session = answer.cookies.find(({ name }) => name === 'yibao_session')!;
    assert.ok(session.httpOnly && session.sameSite === 'Strict');
    const who = await service.server.inject({
      url: '/api/session',
      cookies: { yibao_session: session.value },
    });
    assert.equal(who.json().login, 'reviewer');
  });

  const refused: Readonly<Record<string, () => Promise<Awaited<ReturnType<typeof signIn>>>>> = {
    'a subject nobody has': () => {
      provider.subject = 'u-2';
      return signIn();
    },
    'another state': () => signIn((address) => address.searchParams.set('state', 'x')),
    'another code': () => signIn((address) => address.searchParams.set('code', 'x')),
    'no login begun in this browser': () => signIn(undefined, ''),
    'a login begun in another browser': () =>
      signIn(undefined, JSON.stringify({ state: 'a', nonce: 'b', verifier: 'c'.repeat(43) })),
    'a refusal of the provider': () =>
      signIn((address) => {
        address.searchParams.delete('code');
        address.searchParams.set('error', 'access_denied');
      }),
    ...Object.fromEntries(
      (['nonce', 'key', 'audience', 'expired'] as const).map((fault) => [
        `a token with a wrong ${fault}`,
        async () => {
          provider.fault = fault;
          return signIn();
        },
      ]),
    ),
  };
  for (const [name, attempt] of Object.entries(refused)) {
    test(`refuses ${name}`, async () => {
      provider.subject = 'u-1';
      const answer = await attempt();
      provider.fault = 'none';
      assert.match(String(answer.headers.location), /^\/\?refused=identity\.oidc-/);
      assert.ok(!answer.cookies.some((cookie) => cookie.name === 'yibao_session'));
    });
  }

  test('refuses a user who is disabled, and writes every attempt into the audit log', async () => {
    const url = '/api/users/reviewer';
    await ask(service, 'administrator', { method: 'PATCH', url, body: { isDisabled: true } });
    provider.subject = 'u-1';
    const answer = await signIn();
    assert.match(String(answer.headers.location), /oidc-unknown-user/);
    const log = await ask(service, 'administrator', { url: '/api/audit?action=session.start&size=100' });
    const outcomes = log.json().rows.map((row: { outcome: string }) => row.outcome);
    assert.equal(outcomes.filter((each: string) => each === 'done').length, 1);
    assert.equal(
      outcomes.filter((each: string) => each === 'refused').length,
      Object.keys(refused).length + 1,
    );
  });

  test('gives one subject to one user', async () => {
    const url = '/api/users/administrator/oidc';
    const answer = await ask(service, 'administrator', { method: 'PUT', url, body: { subject: 'u-1' } });
    assert.equal(answer.statusCode, 409);
  });
});
