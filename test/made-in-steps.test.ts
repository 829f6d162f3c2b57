import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { sql } from 'kysely';
import { openService, type Service } from '#api/index.ts';
import { addUser, ask, jobEnd } from './support/service.ts';

// what is made in the store a few thousand persons at a time, as jobs: cancelled, interrupted, taken up again

const PERSONS = 9_000;
/** insured in 2024 and 2025; every tenth has paid for 2026 */
const PAID = PERSONS / 10;

/** One kind of what is made: what asks for it, where its rows are, and how its list is seen. */
const KINDS = [
  {
    name: 'a payable list',
    url: '/api/payable-lists',
    body: { year: 2026, areaCode: '990100', asOf: '2025-10-01' },
    heads: 'payable_list',
    rows: 'payable',
    id: 'listId',
    key: 'list_id',
    persons: PERSONS - PAID,
  },
  {
    name: 'the closing of a year',
    url: '/api/continuity-closings',
    body: { year: 2025 },
    heads: 'continuity_closing',
    rows: 'continuity_fact',
    id: 'closingId',
    key: 'closing_id',
    persons: PERSONS,
  },
] as const;

describe('payable lists and closings of years are jobs', () => {
  const dataFolder = mkdtempSync(join(tmpdir(), 'yibao-steps-'));
  let service: Service;
  const open = async () => {
    service = await openService({ dataFolder, version: 'test' });
  };
  before(async () => {
    await open();
    await addUser(service, 'clerk');
    const { store } = service.services;
    const number = sql`'P' || lpad(i::text, 6, '0')`;
    await sql`INSERT INTO person (psn_no, name) SELECT ${number}, '人' || i FROM generate_series(1, ${PERSONS}::integer) AS t (i)`.execute(
      store,
    );
    await sql`INSERT INTO person_certificate (psn_cert_type, certno, psn_no)
      SELECT '01', (100000000000000000 + i)::text, ${number} FROM generate_series(1, ${PERSONS}::integer) AS t (i)`.execute(
      store,
    );
    await sql`INSERT INTO enrolment (psn_no, insutype, psn_type, begndate, enddate, insuplc_admdvs)
      SELECT ${number}, '390', '15', '2024-01-01', '2025-12-31', '990101'
      FROM generate_series(1, ${PERSONS}::integer) AS t (i)`.execute(store);
    await sql`INSERT INTO contribution (psn_no, insutype, paid_on, month_from, month_to, person_fen)
      SELECT ${number}, '390', '2025-09-01', '202601', '202612', 40000
      FROM generate_series(10, ${PERSONS}::integer, 10) AS t (i)`.execute(store);
  });
  after(async () => {
    await service.close();
    rmSync(dataFolder, { recursive: true, force: true });
  });
  const get = async (url: string) => (await ask(service, 'clerk', { url })).json();
  const post = async (url: string, body?: unknown) => {
    const answer = await ask(service, 'clerk', { method: 'POST', url, body });
    assert.ok(answer.statusCode < 300, answer.body);
    return answer.json();
  };
  const count = async (what: string): Promise<number> =>
    (await sql<{ n: number }>`SELECT count(*) AS n FROM ${sql.raw(what)}`.execute(service.services.store))
      .rows[0]!.n;
  /** Waits until something of the rows is there, at the end of one of the steps. */
  const underWay = async (rows: string, before: number) => {
    const { jobs } = service.services;
    await new Promise<void>((resolve) => {
      const look = async () => {
        if ((await count(rows)) === before) return;
        jobs.changes.off('change', look);
        resolve();
      };
      jobs.changes.on('change', look);
    });
  };

  for (const { name, url, body, heads, rows, id, key, persons } of KINDS) {
    test(`${name} that is cancelled leaves nothing, and nobody sees it before it is whole`, async () => {
      const { jobId } = await post(url, body);
      await underWay(rows, 0);
      assert.equal((await get(url)).total, 0);
      const [{ begun }] = (
        await sql<{ begun: number }>`SELECT ${sql.ref(key)} AS begun FROM ${sql.table(heads)}`.execute(
          service.services.store,
        )
      ).rows as [{ begun: number }];
      assert.equal((await ask(service, 'clerk', { url: `${url}/${begun}` })).statusCode, 404);
      assert.equal((await get(`${url}/${begun}/rows`)).total, 0);
      await post(`/api/jobs/${jobId}/cancel`);
      while ((await count(heads)) > 0) await new Promise((resolve) => setTimeout(resolve, 20));
      assert.equal(await count(rows), 0);
      assert.equal((await get(`/api/jobs/${jobId}`)).state, 'cancelled');
    });

    test(`${name} that the end of the server interrupted goes on where it stopped`, async () => {
      const { jobId } = await post(url, body);
      await underWay(rows, 0);
      await service.close();
      await open();
      assert.equal((await get(`/api/jobs/${jobId}`)).state, 'interrupted');
      const before = await count(rows);
      assert.ok(before > 0 && before < persons, `${before} of ${persons} rows`);
      assert.equal((await get(url)).total, 0);
      const { store } = service.services;
      const [begun] = (
        await sql<{ id: number }>`SELECT ${sql.ref(key)} AS id FROM ${sql.table(heads)}`.execute(store)
      ).rows;
      await post(`/api/jobs/${jobId}/retry`);
      assert.equal((await jobEnd(service, jobId)).state, 'done');
      const { result, sharePermille } = await get(`/api/jobs/${jobId}`);
      assert.deepEqual([result[id], result.persons, sharePermille], [begun!.id, persons, 1000]);
      assert.equal(await count(`(SELECT DISTINCT psn_no FROM ${rows}) AS t`), persons);
      const made = (await get(url)).rows;
      assert.deepEqual(
        made.map((row: Record<string, unknown>) => [row[key], row.persons]),
        [[begun!.id, persons]],
      );
      await assert.rejects(sql`DELETE FROM ${sql.table(rows)}`.execute(store), /refused/);
    });
  }

  test('what was made says what its rows add up to', async () => {
    const { store } = service.services;
    const { rows } = await sql<
      Record<string, number>
    >`SELECT l.persons - count(*) AS persons, l.person_fen - sum(p.person_fen) AS person,
        l.subsidy_fen - sum(p.subsidy_fen) AS subsidy, l.persons - max(p.number) AS last
      FROM payable_list AS l JOIN payable AS p ON p.list_id = l.list_id GROUP BY l.list_id`.execute(store);
    assert.deepEqual(
      rows.map((row) => Object.values(row).map(Number)),
      [[0, 0, 0, 0]],
    );
    const [closing] = (await get('/api/continuity-closings')).rows;
    assert.deepEqual([closing.state, closing.differs, closing.gaps], ['prepared', PERSONS, 0]);
    assert.equal((await get(`/api/approvals/${closing.approval_id}`)).approval.state, 'prepared');
  });

  test('nobody who has to pay: the job fails and says so, and nothing stays', async () => {
    const { jobId } = await post('/api/payable-lists', { ...KINDS[0].body, areaCode: '110000' });
    assert.equal((await jobEnd(service, jobId)).state, 'failed');
    const { problems } = await get(`/api/jobs/${jobId}`);
    assert.deepEqual(
      problems.map(({ code }: { code: string }) => code),
      ['enrolment.nobody-pays'],
    );
    assert.equal(await count('payable_list WHERE NOT is_whole'), 0);
  });
});
