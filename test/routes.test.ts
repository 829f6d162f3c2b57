import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { parse } from 'csv-parse/sync';
import type { Route } from '#api/route.ts';
import { ROUTES } from '#api/routes/index.ts';
import { ROLES, verifyAudit } from '#identity/index.ts';
import { addUser, ask, sessionToken, startService } from './support/service.ts';

const TABLE = parse(readFileSync(join(import.meta.dirname, 'route-access.csv'), 'utf8'), {
  columns: true,
}) as Record<string, string>[];
/** Of each route, some twenty thousand in all; YIBAO_MALFORMED=1000 searches longer. */
const MALFORMED = Number(process.env.YIBAO_MALFORMED ?? 150);
const STACK = /\n\s+at |node_modules|\.ts:\d/;
/** An address of a route where nothing is there to be found or changed, of the institution of the hospital user. */
const addressOf = (url: string) =>
  url
    .replace(':id', '999999')
    .replace(':simulation', '1')
    .replace(':code', 'H1')
    .replaceAll(/:\w+/g, 'nothing');

describe('every route', () => {
  let service: Awaited<ReturnType<typeof startService>>;
  before(async () => {
    service = await startService();
    for (const role of ROLES) await addUser(service, role, role === 'hospital' ? 'H1' : undefined);
  });
  after(() => service.close());
  const loginOf = (role: string) =>
    role === 'nobody' ? undefined : role === 'hospital' ? 'hospital-h1' : role;

  test('stands in route-access.csv, and nothing else does', () => {
    const name = (row: { method?: string; url?: string }) => `${row.method} ${row.url}`;
    assert.deepEqual(ROUTES.map(name).toSorted(), TABLE.map(name).toSorted());
  });

  for (const row of TABLE) {
    test(`${row.method} ${row.url} is open to whom the table says`, async () => {
      for (const role of ['nobody', ...ROLES]) {
        const { statusCode, body } = await ask(service, loginOf(role), {
          method: row.method!,
          url: addressOf(row.url!),
        });
        const isOpen = row[role] === 'yes';
        assert.ok(isOpen || row[role] === '-', `${role}: ${row[role]}`);
        if (isOpen)
          assert.ok(![401, 403].includes(statusCode) && statusCode < 500, `${role}: ${statusCode} ${body}`);
        else assert.equal(statusCode, role === 'nobody' ? 401 : 403, `${role}: ${body}`);
      }
    });

    test(`${row.method} ${row.url} answers malformed requests with what is wrong with them`, async () => {
      const random = generator(row.url!);
      const route = ROUTES.find(({ method, url }) => method === row.method && url === row.url)!;
      // who may use it: the others are refused before anybody looks at their request
      const login = loginOf(['administrator', ...ROLES].find((role) => row[role] === 'yes')!)!;
      let session: string | undefined;
      for (let number = 0; number < MALFORMED; number++) {
        const request = malformed(route, random);
        // one of ten is of nobody; after it the user signs in again, whom a request may have signed out
        const isOfNobody = number % 10 === 0;
        if (isOfNobody) session = await sessionToken(service, login);
        const { statusCode, body, headers } = await ask(
          service,
          isOfNobody ? undefined : login,
          request,
          session,
        );
        const what = `${JSON.stringify(request).slice(0, 400)} → ${statusCode} ${body.slice(0, 400)}`;
        assert.ok(statusCode < 500, what);
        assert.doesNotMatch(body, STACK, what);
        if (statusCode >= 400)
          assert.match(String(headers['content-type']), /^application\/problem\+json/, what);
      }
    });
  }

  test('a write without the token of the session is refused, and the log says so', async () => {
    const answer = await ask(service, 'clerk', {
      method: 'POST',
      url: '/api/runs',
      body: { areaId: 'x', year: 2025 },
      headers: { 'x-csrf-token': 'guessed' },
    });
    assert.equal(answer.statusCode, 403);
    const { rows } = (await ask(service, 'head', { url: '/api/audit?size=1&login=clerk' })).json();
    assert.equal(rows[0].outcome, 'refused');
    assert.match(rows[0].detail, /identity\.forged-request/);
  });

  test('the audit log is whole after all of this', async () => {
    const verdict = await verifyAudit(service.services.store);
    assert.ok(verdict.isWhole && verdict.entries > ROUTES.length);
  });
});

/** Numbers from 0 to below `n`, the same for the same seed. */
type Random = (n: number) => number;
function generator(seed: string): Random {
  let state = [...seed].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) >>> 0, 7);
  return (n) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * n);
  };
}

const VALUES: readonly unknown[] = [
  null,
  true,
  -1,
  0,
  1.5,
  1e308,
  2 ** 53,
  '',
  'x',
  '\u0000',
  "'; DROP TABLE job; --",
  '../../etc/passwd',
  '💊'.repeat(300),
  'a'.repeat(5_000),
  [],
  [[[[]]]],
  {},
  { __proto__: 1 },
  { areaId: { $ne: 1 } },
  '2025-02-30',
  'NaN',
  '%00',
  '-0',
];
const SHARED_NAMES = ['page', 'size', 'sort', 'format', 'year', 'areaId', 'isDisabled', '__proto__'];
/** The names the route knows, and some it may not know. */
const namesOf = (schema: Route['query']) => [
  ...(schema !== undefined && 'shape' in schema ? Object.keys(schema.shape as object) : []),
  ...SHARED_NAMES,
];
const BODIES = [
  '',
  '{',
  '[',
  'null',
  '"x"',
  '{"a":1,}',
  '\u0000',
  '<xml/>',
  '['.repeat(2_000),
  '{"constructor":{"prototype":1}}',
];
const TYPES = [
  'application/json',
  'text/plain',
  'application/x-www-form-urlencoded',
  'multipart/form-data',
  'x',
];

/** Wrong in its address, in its query or in its body: a part is only looked at when those before it are right. */
function malformed({ method, url, query, body }: Route, random: Random) {
  const pick = <T>(values: readonly T[]): T => values[random(values.length)]!;
  const text = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));
  const isAddressWrong = random(3) === 0;
  const path = isAddressWrong
    ? url.replaceAll(/:\w+/g, () => encodeURIComponent(text(pick(VALUES)).slice(0, 200)))
    : addressOf(url);
  const search = Array.from(
    { length: random(4) },
    () => `${pick(namesOf(query))}=${encodeURIComponent(text(pick(VALUES)))}`,
  );
  const object = Object.fromEntries(
    Array.from({ length: random(6) }, () => [pick(namesOf(body)), pick(VALUES)]),
  );
  const isRaw = random(3) === 0;
  return {
    method,
    url: `${path}${search.length > 0 ? `?${search.join('&').slice(0, 4_000)}` : ''}`,
    ...(method === 'GET' ? {} : { body: isRaw ? pick(BODIES) : object }),
    headers: {
      ...(isRaw && method !== 'GET' ? { 'content-type': pick(TYPES) } : {}),
      ...(random(4) === 0 ? { 'idempotency-key': text(pick(VALUES)).replaceAll(/[^ -~]/g, '?') } : {}),
    },
  };
}
