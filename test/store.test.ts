import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { sql } from 'kysely';
import { MODULES_WITH_TABLES, migrate, readMigrations, statementsOf } from '#engine/postgres/migrate.ts';
import { together, togetherAtEnd, transaction } from '#engine/postgres/store.ts';
import {
  appendAudit,
  checkLogin,
  findSession,
  makeUser,
  startSession,
  verifyAudit,
} from '#identity/index.ts';
import { addJob } from '#workflow/index.ts';
import { interruptDeadJobs, retryJob, takeJob } from '#workflow/jobs/jobs.ts';
import { countOf, describeOnStores } from './support/stores.ts';

test('every module with migrations is listed', () => {
  const source = join(import.meta.dirname, '..', 'src');
  const found = readdirSync(source).filter((each) => readdirSync(join(source, each)).includes('migrations'));
  for (const module of found) assert.ok((MODULES_WITH_TABLES as readonly string[]).includes(module), module);
});

describe('statements of a migration', () => {
  test('end with a semicolon at the end of a line outside a function body', () => {
    assert.deepEqual(statementsOf('-- x\nA;\n\nB $$\nC;\n$$;\nD'), ['A;', 'B $$\nC;\n$$;', 'D']);
  });
});

describeOnStores('the store', (store) => {
  test('applies each migration once and refuses one that changed', async () => {
    assert.deepEqual(await migrate(store()), []);
    const changed = readMigrations().map((each) => ({ ...each, text: `${each.text}\n-- more` }));
    await assert.rejects(migrate(store(), changed), /store\.migration-changed/);
    await assert.rejects(migrate(store(), []), /store\.newer/);
  });

  test('keeps everything of a transaction or nothing', async () => {
    const before = await countOf(store(), 'job');
    await assert.rejects(
      transaction(store(), async (db) => {
        await addJob(db, { kind: 'x', input: {}, createdBy: 'a', language: 'zh' });
        throw new Error('stop');
      }),
      /stop/,
    );
    assert.equal(await countOf(store(), 'job'), before);
  });

  test('statements sent together see what those before them did, and give their rows apart', async () => {
    await transaction(store(), async (db) => {
      const [made, seen, none] = await together(db, [
        sql<{
          id: number;
        }>`INSERT INTO job (kind, input, created_by, language) VALUES ('together', ${'{}'}, ${'a'}, ${'zh'}) RETURNING id`,
        sql<{ kind: string; input: object }>`SELECT kind, input FROM job WHERE kind = ${'together'}`,
        sql<{ id: number }>`SELECT id FROM job WHERE kind = ${'nothing'}`,
      ]);
      assert.equal(typeof made[0]!.id, 'number');
      assert.deepEqual(seen, [{ kind: 'together', input: {} }]);
      assert.deepEqual(none, []);
      await togetherAtEnd(db, [sql`DELETE FROM job WHERE kind = ${'together'}`]);
    });
    assert.deepEqual((await sql`SELECT id FROM job WHERE kind = 'together'`.execute(store())).rows, []);
  });

  test('after one of them that fails none is carried out, and nothing of the transaction stays', async () => {
    const before = await countOf(store(), 'job');
    const job = (kind: string) =>
      sql`INSERT INTO job (kind, input, created_by, language) VALUES (${kind}, ${'{}'}, ${'a'}, ${'zh'})`;
    const failing = sql`SELECT (${'not a number'}::text)::integer AS number`;
    for (const end of [together, togetherAtEnd]) {
      // the same texts again: a plan that was made in a batch that failed is made anew
      for (let attempt = 0; attempt < 2; attempt++) {
        await assert.rejects(
          transaction(store(), async (db) => {
            await together(db, [job('first')]);
            await end(db, [job('second'), failing, sql`SELECT ${'never planned'}::text AS text`]);
          }),
          /invalid input syntax/,
        );
      }
    }
    assert.equal(await countOf(store(), 'job'), before);
    const [rows] = await together(store(), [sql<{ text: string }>`SELECT ${'planned'}::text AS text`]);
    assert.deepEqual(rows, [{ text: 'planned' }]);
  });

  test('a transaction whose failure was overlooked is not taken for committed', async () => {
    const before = await countOf(store(), 'job');
    await assert.rejects(
      transaction(store(), async (db) => {
        await addJob(db, { kind: 'x', input: {}, createdBy: 'a', language: 'zh' });
        await sql`SELECT 1 / ${0}::integer`.execute(db).catch(() => {});
        await togetherAtEnd(db, []);
      }),
    );
    assert.equal(await countOf(store(), 'job'), before);
  });

  test('a transaction that does nothing, or gives up before it did something, leaves its connection as it was', async () => {
    await transaction(store(), async () => {});
    await assert.rejects(
      transaction(store(), () => Promise.reject(new Error('stop'))),
      /stop/,
    );
    const { rows } = await sql<{
      id: string | null;
    }>`SELECT pg_current_xact_id_if_assigned()::text AS id`.execute(store());
    assert.deepEqual(rows, [{ id: null }]);
  });

  test('hands over integers, times and JSON alike', async () => {
    const { rows } =
      await sql`SELECT 9007199254740991::bigint AS big, 1.50::numeric AS exact, '{"a":[1]}'::jsonb AS json,
      '2025-03-01'::date AS day, '2025-03-01T00:00:00Z'::timestamptz AS time`.execute(store());
    assert.deepEqual(rows[0], {
      big: 9007199254740991,
      exact: '1.50',
      json: { a: [1] },
      day: '2025-03-01',
      time: '2025-03-01T00:00:00.000Z',
    });
    await assert.rejects(sql`SELECT 9007199254740992::bigint AS big`.execute(store()), /beyond/);
  });

  test('gives a job to one taker, and finds those of a dead server interrupted', async () => {
    const id = await addJob(store(), { kind: 'x', input: { a: 1 }, createdBy: 'a', language: 'zh' });
    const taken = await Promise.all([takeJob(store()), takeJob(store())]);
    assert.deepEqual(
      taken.map((job) => job?.id),
      [id, undefined],
    );
    assert.equal(await interruptDeadJobs(store()), 1);
    await retryJob(store(), id);
    assert.equal((await takeJob(store()))?.attempt, 2);
  });

  test('locks a login after five failures, whatever the password then', async () => {
    const user = { login: 'li', displayName: '李', role: 'clerk', institutionCode: null } as const;
    const password = await makeUser(store(), user);
    assert.equal((await checkLogin(store(), 'li', password)).mustChangePassword, true);
    for (let failure = 0; failure < 5; failure++) {
      await assert.rejects(checkLogin(store(), 'li', 'wrong'), /wrong-login/);
    }
    await assert.rejects(checkLogin(store(), 'li', password), /identity\.locked/);
    await assert.rejects(checkLogin(store(), 'nobody', 'x'), /wrong-login/);
  });

  test('keeps no session token, and forgets an idle session', async () => {
    const token = await startSession(store(), 'li');
    assert.equal((await findSession(store(), token))?.user.login, 'li');
    assert.equal(await findSession(store(), `${token}x`), undefined);
    const { rows } = await sql<{ token_hash: string }>`SELECT token_hash FROM session`.execute(store());
    assert.ok(rows.every((row) => row.token_hash !== token));
    await sql`UPDATE session SET seen_at = now() - interval '2 hours'`.execute(store());
    assert.equal(await findSession(store(), token), undefined);
  });

  test('chains the audit log and notices every change of it', async () => {
    const entry = { login: 'li', role: 'clerk', action: 'run.start', subject: '/', outcome: 'done' } as const;
    await Promise.all([1, 2, 3].map((detail) => appendAudit(store(), { ...entry, detail: { detail } })));
    const whole = await verifyAudit(store());
    assert.ok(whole.isWhole && whole.entries === 3);
    await assert.rejects(sql`UPDATE audit_entry SET login = 'x'`.execute(store()), /append-only/);
    await assert.rejects(sql`DELETE FROM audit_entry`.execute(store()), /append-only/);
    await sql`ALTER TABLE audit_entry DISABLE TRIGGER ALL`.execute(store());
    await sql`UPDATE audit_entry SET subject = '/other' WHERE number = 2`.execute(store());
    assert.deepEqual(await verifyAudit(store()), { isWhole: false, number: 2, reason: 'changed' });
    await sql`DELETE FROM audit_entry WHERE number = 2`.execute(store());
    assert.deepEqual(await verifyAudit(store()), { isWhole: false, number: 2, reason: 'missing' });
  });
});
