import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import fc from 'fast-check';
import { sql } from 'kysely';
import { openStore, type Store } from '#engine/postgres/store.ts';
import { verifyLedger } from '#fund/index.ts';
import { message } from './support/hospital-service.ts';
import { postgresFolder, startPostgres } from './support/postgres.ts';
import {
  AREA,
  CHILD,
  description,
  feeLines,
  type Insured,
  ok,
  outpatientVisit,
  RESIDENT,
  RETIRED,
  registration,
  sendTo,
  settlementOf,
  startVisitService,
  type VisitService,
  WORKER,
} from './support/visit-service.ts';

/** How often something is killed, the service or a process of PostgreSQL; more with YIBAO_KILLS=50. */
const KILLS = Number(process.env.YIBAO_KILLS ?? 10);
const CLIENTS = 8;

const missing = postgresFolder() === undefined && process.env.CI !== 'true';
const needsPostgres = { skip: missing ? 'no PostgreSQL here: SKIPPED' : false } as const;

type Figures = { readonly sequence: number; readonly fund: number; readonly deductible: number };
const figuresOf = async (store: Store, psnNo: string): Promise<Figures[]> =>
  (
    await sql<Figures>`SELECT sequence, fund_pay_sumamt_fen AS fund, act_pay_dedc_fen AS deductible FROM settlement
      WHERE psn_no = ${psnNo} ORDER BY sequence`.execute(store)
  ).rows;
const totalsOf = async (store: Store, psnNo: string) =>
  (
    await sql`SELECT scheme, year, code, value FROM accumulator WHERE psn_no = ${psnNo} ORDER BY 1, 2, 3`.execute(
      store,
    )
  ).rows;

describe('many visits of one person at once', needsPostgres, () => {
  test('end in one of the serial results: settled again in the order they got, every figure is the same', async () => {
    const postgres = await startPostgres();
    const service = await startVisitService({ url: postgres.url });
    const serial = await startVisitService();
    try {
      const visits: { readonly mdtrtId: string; readonly yuan: string }[] = [];
      for (let number = 0; number < 24; number++) {
        const yuan = String(60 + number * 7);
        const mdtrtId = await outpatientVisit(service.send, WORKER, '2025-02-03', [{ yuan, sn: '1' }]);
        visits.push({ mdtrtId, yuan });
      }
      const answers = await Promise.all(
        visits.map(({ mdtrtId, yuan }) =>
          service.send('2207', settlementOf(WORKER, mdtrtId, yuan, { acct_used_flag: '1' })),
        ),
      );
      const yuanOf = new Map(
        answers.map((answer, index) => [ok(answer).setlinfo.setl_id, visits[index]!.yuan]),
      );
      const { rows } = await sql<{
        setl_id: string;
      }>`SELECT setl_id FROM settlement ORDER BY sequence`.execute(service.store);
      assert.equal(rows.length, visits.length);
      for (const { setl_id } of rows) {
        const yuan = yuanOf.get(setl_id)!;
        const mdtrtId = await outpatientVisit(serial.send, WORKER, '2025-02-03', [{ yuan, sn: '1' }]);
        ok(await serial.send('2207', settlementOf(WORKER, mdtrtId, yuan, { acct_used_flag: '1' })));
      }
      assert.deepEqual(
        await figuresOf(service.store, WORKER.psn_no),
        await figuresOf(serial.store, WORKER.psn_no),
      );
      assert.deepEqual(
        await totalsOf(service.store, WORKER.psn_no),
        await totalsOf(serial.store, WORKER.psn_no),
      );
      assert.deepEqual((await verifyLedger(service.store)).faults, []);
    } finally {
      await serial.close();
      await service.close();
      await postgres.stop();
    }
  });

  test('families that use one another’s accounts at once neither wait for ever nor overdraw', async () => {
    const postgres = await startPostgres();
    const service = await startVisitService({ url: postgres.url });
    try {
      await sql`INSERT INTO account_sharing (owner_psn_no, user_psn_no, begndate) VALUES
        (${WORKER.psn_no}, ${RETIRED.psn_no}, '2025-01-01'), (${RETIRED.psn_no}, ${WORKER.psn_no}, '2025-01-01')`.execute(
        service.store,
      );
      const persons = [WORKER, RETIRED, CHILD];
      const visits = [];
      for (let number = 0; number < 18; number++) {
        const person = persons[number % persons.length]!;
        const mdtrtId = await outpatientVisit(service.send, person, '2025-02-03', [{ yuan: '150', sn: '1' }]);
        visits.push({ person, mdtrtId });
      }
      const answers = await Promise.all(
        visits.map(({ person, mdtrtId }) =>
          service.send('2207', settlementOf(person, mdtrtId, '150', { acct_used_flag: '2' })),
        ),
      );
      for (const answer of answers) ok(answer);
      const verdict = await verifyLedger(service.store);
      assert.deepEqual([verdict.faults, verdict.settlements], [[], visits.length]);
    } finally {
      await service.close();
      await postgres.stop();
    }
  });
});

test(
  'a message and its reversal at once: both happen or neither, and the person is where he was',
  needsPostgres,
  async (t) => {
    const postgres = await startPostgres();
    const service = await startVisitService({ url: postgres.url });
    try {
      const outcomes = { 'settled, then reversed': 0, 'reversed before it came': 0 };
      for (let round = 0; round < 40; round++) {
        const person = [WORKER, RETIRED, RESIDENT, CHILD][round % 4]!;
        const mdtrtId = await outpatientVisit(service.send, person, '2025-02-03', [{ yuan: '300', sn: '1' }]);
        const start = [await totalsOf(service.store, person.psn_no)];
        const msgid = `RACE-${round}`;
        const after = async <T>(milliseconds: number, start: () => Promise<T>) => {
          await wait(milliseconds);
          return start();
        };
        const settling = () => service.send('2207', settlementOf(person, mdtrtId, '300'), { msgid });
        const reversing = () =>
          service.send('2601', { data: { psn_no: person.psn_no, omsgid: msgid, oinfno: '2207' } });
        // copies of either as well; now the one has a head start of some milliseconds, now the other
        const isReversedFirst = round % 2 === 0;
        const [reversals, settlements] = await Promise.all([
          Promise.all([1, 3].map((each) => after(isReversedFirst ? 0 : (round * each) % 7, reversing))),
          Promise.all([1, 3].map((each) => after(isReversedFirst ? (round * each) % 7 : 0, settling))),
        ]);
        // one that came before the message leaves the mark; one that came after it undoes it
        const isSettled = settlements.some(({ infcode }) => infcode === 0);
        if (isSettled) {
          outcomes['settled, then reversed'] += 1;
          assert.equal(settlements[0]!.output.setlinfo.setl_id, settlements[1]!.output.setlinfo.setl_id);
          assert.equal(reversals.filter(({ infcode }) => infcode === 0).length, 1);
          assert.ok(reversals.every(({ infcode, err_msg }) => infcode === 0 || /该结算已撤销/.test(err_msg)));
        } else {
          outcomes['reversed before it came'] += 1;
          for (const { err_msg } of settlements)
            assert.match(err_msg, /已先由2601（msgid .+）冲正，不再执行/);
          for (const { err_msg } of reversals) assert.match(err_msg, /无需冲正；该报文以后到达也不再执行/);
        }
        assert.deepEqual([await totalsOf(service.store, person.psn_no)], start);
        ok(
          await service.send('2202', { data: { psn_no: person.psn_no, mdtrt_id: mdtrtId, ipt_otp_no: 'x' } }),
        );
      }
      t.diagnostic(JSON.stringify(outcomes));
      for (const [outcome, times] of Object.entries(outcomes)) assert.ok(times > 0, outcome);
      const verdict = await verifyLedger(service.store);
      assert.deepEqual([verdict.faults, verdict.settlements], [[], 2 * outcomes['settled, then reversed']]);
    } finally {
      await service.close();
      await postgres.stop();
    }
  },
);

test('a random year of settlements and reversals: what is left, replayed on a new service, gives every figure again', async () => {
  const first = await startVisitService();
  const replay = await startVisitService();
  const persons = [WORKER, RETIRED, RESIDENT, CHILD];
  const event = fc.record({
    person: fc.nat({ max: persons.length - 1 }),
    month: fc.integer({ min: 1, max: 12 }),
    fen: fc.integer({ min: 1, max: 900_000 }),
    account: fc.constantFrom('0', '1', '2'),
    undo: fc.boolean(),
  });
  try {
    await fc.assert(
      fc.asyncProperty(fc.array(event, { minLength: 4, maxLength: 12 }), async (events) => {
        const kept: { person: Insured; day: string; yuan: string; account: string; figures: unknown }[] = [];
        const undone: { person: Insured; undo: unknown }[] = [];
        const settle = async (
          service: VisitService,
          person: Insured,
          day: string,
          yuan: string,
          account: string,
        ) => {
          const mdtrtId = await outpatientVisit(service.send, person, day, [{ yuan, sn: '1' }]);
          const { setlinfo } = ok(
            await service.send('2207', settlementOf(person, mdtrtId, yuan, { acct_used_flag: account })),
          );
          const { setl_id, mdtrt_id, setl_time, medins_setl_id, ...figures } = setlinfo;
          return { figures, undo: { data: { setl_id, mdtrt_id, psn_no: person.psn_no } } };
        };
        for (const { person: index, month, fen, account, undo } of events.toSorted(
          (a, b) => a.month - b.month,
        )) {
          const person = persons[index]!;
          const day = `2025-${String(month).padStart(2, '0')}-10`;
          const yuan = (fen / 100).toFixed(2);
          const settled = await settle(first, person, day, yuan, account);
          if (undo) ok(await first.send('2208', settled.undo));
          else {
            kept.push({ person, day, yuan, account, figures: settled.figures });
            undone.push({ person, undo: settled.undo });
          }
        }
        const undoneAgain: unknown[] = [];
        for (const { person, day, yuan, account, figures } of kept) {
          const again = await settle(replay, person, day, yuan, account);
          assert.deepEqual(again.figures, figures);
          undoneAgain.push(again.undo);
        }
        for (const person of persons) {
          assert.deepEqual(
            await totalsOf(first.store, person.psn_no),
            await totalsOf(replay.store, person.psn_no),
          );
        }
        assert.deepEqual((await verifyLedger(first.store)).faults, []);
        // back to nothing for the next year
        for (const { undo } of undone.toReversed()) ok(await first.send('2208', undo));
        for (const undo of undoneAgain.toReversed()) ok(await replay.send('2208', undo));
        for (const { store } of [first, replay]) {
          const { rows } = await sql`SELECT * FROM accumulator`.execute(store);
          assert.deepEqual(rows, []);
        }
      }),
      { numRuns: 6 },
    );
  } finally {
    await first.close();
    await replay.close();
  }
});

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });

/** What is killed in turn. A backend that gets SIGKILL takes all others with it: PostgreSQL restarts and recovers. */
const VICTIMS = ['the service', 'a backend, told to end', 'a backend, by SIGKILL'] as const;

/** A process of PostgreSQL that works for the service, in the middle of something if there is one. */
async function busyBackend(store: Store): Promise<number> {
  const { rows } = await sql<{ pid: number }>`SELECT pid FROM pg_stat_activity
    WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()
    ORDER BY state = 'active' DESC, state = 'idle', pid LIMIT 1`.execute(store);
  return rows[0]!.pid;
}

test(
  `${KILLS} times the service or a backend of PostgreSQL is killed in the middle of load: nothing is lost, doubled or half done`,
  needsPostgres,
  async (t) => {
    const postgres = await startPostgres();
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    let server: ChildProcess | undefined;
    const start = async () => {
      server = fork(join(import.meta.dirname, 'support', 'visit-process.ts'), [postgres.url, String(port)]);
      await new Promise((resolve, reject) => {
        server!.once('message', resolve);
        server!.once('exit', (code) => reject(new Error(`the service ended by itself: ${code}`)));
      });
      server.removeAllListeners('exit');
    };
    /** A client that repeats the very same message until it is answered. */
    const insist = async (infno: string, input: unknown, msgid?: string) => {
      const body = message(infno, input, {
        mdtrtarea_admvs: AREA,
        ...(msgid === undefined ? {} : { msgid }),
      });
      for (;;) {
        const answer = await sendTo(url, body).catch(() => undefined);
        // the database was away: no answer of the interface, nobody knows what was done
        if (answer?.infcode !== undefined) return { answer, msgid: body.msgid };
        await wait(20);
      }
    };
    try {
      await start();
      let isOver = false;
      let done = 0;
      const killed = { 'the service': 0, 'a backend, told to end': 0, 'a backend, by SIGKILL': 0 };
      /** what the clients believe */
      const believed = new Map<
        string,
        { readonly hifp: string; readonly isUndone: boolean; readonly psnNo: string }
      >();
      const persons = [WORKER, RETIRED, RESIDENT, CHILD];
      const client = async (number: number) => {
        const person = persons[number % persons.length]!;
        for (let visit = 0; !isOver; visit++) {
          const name = `K${number}-${visit}`;
          const day = '2025-03-04';
          const { data } = ok((await insist('2201', registration(person, day, name))).answer);
          ok((await insist('2203', description(person, data.mdtrt_id, day))).answer);
          ok(
            (
              await insist(
                '2204',
                feeLines(person, data.mdtrt_id, day, [
                  { yuan: '20.50', sn: '1' },
                  { yuan: '9.50', sn: '2' },
                ]),
              )
            ).answer,
          );
          const { answer, msgid } = await insist('2207', settlementOf(person, data.mdtrt_id, '30'));
          const { setlinfo } = ok(answer);
          // one in three is taken back at once; another settlement of the person may have come in between
          const undo =
            visit % 3 === 2
              ? await insist('2601', { data: { psn_no: person.psn_no, omsgid: msgid, oinfno: '2207' } })
              : undefined;
          if (undo !== undefined && undo.answer.infcode !== 0)
            assert.match(undo.answer.err_msg, /请先依次撤销/);
          believed.set(setlinfo.setl_id, {
            hifp: setlinfo.hifp_pay,
            isUndone: undo?.answer.infcode === 0,
            psnNo: person.psn_no,
          });
          done += 1;
        }
      };
      const clients = Array.from({ length: CLIENTS }, (_, number) => client(number));
      for (let kill = 0; kill < KILLS; kill++) {
        const before = done;
        while (done < before + 4) await wait(5);
        await wait((kill * 7) % 40);
        const victim = VICTIMS[kill % VICTIMS.length]!;
        killed[victim] += 1;
        if (victim === 'the service') {
          const ended = new Promise((resolve) => server!.once('exit', resolve));
          server!.kill('SIGKILL');
          await ended;
          await start();
          continue;
        }
        const store = await openStore({ url: postgres.url });
        try {
          const pid = await busyBackend(store);
          if (victim === 'a backend, by SIGKILL') process.kill(pid, 'SIGKILL');
          else await sql`SELECT pg_terminate_backend(${pid})`.execute(store);
        } finally {
          await store.destroy();
        }
        // the service goes on by itself
        assert.equal(server!.exitCode ?? server!.signalCode, null);
      }
      isOver = true;
      await Promise.all(clients);
      assert.equal(server!.exitCode ?? server!.signalCode, null);
      t.diagnostic(`killed: ${JSON.stringify(killed)}, visits settled: ${done}`);
      const store = await openStore({ url: postgres.url });
      const verdict = await verifyLedger(store);
      const { rows } = await sql<{
        setl_id: string;
        hifp: number;
        undone: boolean;
        psn_no: string;
      }>`SELECT s.setl_id,
        s.hifp_pay_fen AS hifp, s.psn_no,
        EXISTS (SELECT 1 FROM settlement AS r WHERE r.reverses = s.setl_id) AS undone
      FROM settlement AS s WHERE s.sign = 1 ORDER BY s.setl_id`.execute(store);
      const { rows: half } = await sql`SELECT msgid FROM interface_message WHERE answer IS NULL`.execute(
        store,
      );
      await store.destroy();
      assert.deepEqual(verdict.faults, []);
      assert.deepEqual(half, []);
      assert.ok(rows.length >= KILLS * 4);
      assert.deepEqual(
        rows.map((row) => [
          row.setl_id,
          { hifp: (row.hifp / 100).toFixed(2), isUndone: row.undone, psnNo: row.psn_no },
        ]),
        [...believed].toSorted(([a], [b]) => (a < b ? -1 : 1)),
      );
    } finally {
      server?.kill('SIGKILL');
      await postgres.stop();
    }
  },
);
