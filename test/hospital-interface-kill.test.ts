import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { sql } from 'kysely';
import type { ListMessage } from '#claims/quality/index.ts';
import { openStore } from '#engine/postgres/store.ts';
import { type ListResult, sendLists } from '#interface/index.ts';
import { HOSPITAL, list4101A } from './support/hospital-service.ts';
import { postgresFolder, startPostgres } from './support/postgres.ts';

const KILLS = 20;
const LISTS_AT_ONCE = 20;
/** Far more than the service takes between two kills. */
const LISTS_MAX = 20_000;

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });

const missing = postgresFolder() === undefined && process.env.CI !== 'true';
test(`${KILLS} times SIGKILL while lists come in: none is lost, none is there twice`, {
  skip: missing ? 'no PostgreSQL here: SKIPPED' : false,
}, async () => {
  const postgres = await startPostgres();
  const port = await freePort();
  let server: ChildProcess | undefined;
  const start = async () => {
    server = fork(join(import.meta.dirname, 'support', 'hospital-process.ts'), [postgres.url, String(port)]);
    await new Promise((resolve, reject) => {
      server!.once('message', resolve);
      server!.once('exit', (code) => reject(new Error(`the service ended by itself: ${code}`)));
    });
    server.removeAllListeners('exit');
  };
  try {
    await start();
    let kills = 0;
    const sent = new Map<string, ListMessage>();
    const results = new Map<string, ListResult>();
    const lists = async function* (): AsyncGenerator<readonly ListMessage[]> {
      while (kills < KILLS && sent.size < LISTS_MAX) {
        const some = Array.from({ length: LISTS_AT_ONCE }, (_, index): ListMessage => {
          const setlId = `K${sent.size + index}`;
          return { fixmedinsCode: HOSPITAL, setlId, file: 'made', row: index, input: list4101A(setlId) };
        });
        for (const list of some) sent.set(list.setlId, list);
        yield some;
      }
    };
    const sending = sendLists(
      lists(),
      {
        url: `http://127.0.0.1:${port}`,
        keys: { dialect: 'plain', accessKey: '', secret: '' },
        areaCode: '430100',
        concurrency: 8,
        submit: true,
        patience: 300,
      },
      (result) => results.set(result.setlId, result),
    );
    for (; kills < KILLS; kills++) {
      const before = results.size;
      // some work is done in every life of the service, and some is always under way
      while (results.size < before + 3) await wait(5);
      await wait((kills * 7) % 40);
      const ended = new Promise((resolve) => server!.once('exit', resolve));
      server!.kill('SIGKILL');
      await ended;
      await start();
    }
    await sending;

    assert.ok(sent.size > KILLS);
    const store = await openStore({ url: postgres.url });
    const { rows } = await sql<{
      setl_id: string;
      setl_list_id: number;
      state: number;
      versions: number;
      changes: string;
      results: number;
    }>`SELECT l.setl_id, l.setl_list_id, l.state,
        (SELECT count(*) FROM interface_list_version AS v WHERE v.setl_list_id = l.setl_list_id) AS versions,
        (SELECT string_agg(coalesce(from_state::text, '') || '→' || to_state, ' ' ORDER BY id)
         FROM interface_list_change AS c WHERE c.setl_list_id = l.setl_list_id) AS changes,
        (SELECT count(*) FROM interface_list_result AS r WHERE r.setl_list_id = l.setl_list_id) AS results
      FROM interface_list AS l`.execute(store);
    const { rows: messages } = await sql<{ infno: string; n: number }>`SELECT infno, count(*) AS n
      FROM interface_message WHERE answer IS NOT NULL GROUP BY infno ORDER BY infno`.execute(store);
    await store.destroy();
    assert.deepEqual(new Set(rows.map((row) => row.setl_id)), new Set(sent.keys()));
    for (const row of rows) {
      const { outcome, setlListId } = results.get(row.setl_id)!;
      assert.deepEqual(
        { ...row, outcome, setlListId: Number(setlListId) },
        {
          ...row,
          state: 1,
          versions: 1,
          changes: '→0 0→1',
          results: 1,
          outcome: 'submitted',
          setlListId: row.setl_list_id,
        },
      );
    }
    assert.deepEqual(messages, [
      { infno: '4101A', n: sent.size },
      { infno: '4102', n: sent.size },
    ]);
  } finally {
    server?.kill('SIGKILL');
    await postgres.stop();
  }
});
