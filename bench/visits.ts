/**
 * Real-time settlement: `npm run bench:visits -- [--visits 2000] [--seconds 10] [--clients 16] [--services 1]` starts PostgreSQL and the
 * hospital interface in a process of its own (or several), prepares visits with ten fee lines each, and settles them with 2207 over HTTP:
 * as fast as it goes, then at half of that rate. In the same run pgbench drives its TPC-B-like script on the same server. The ratio of
 * the two is what is compared between machines.
 *
 * `-- --settlements N --clients 64` instead makes and settles N visits of many persons, several of one person at once among them, and
 * ends with `yibao ledger verify`.
 */
import { execFileSync, fork } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { sql } from 'kysely';
import { openStore } from '../src/engine/postgres/store.ts';
import { verifyLedger } from '../src/fund/index.ts';
import { type Answer, message } from '../test/support/hospital-service.ts';
import { startPostgres } from '../test/support/postgres.ts';
import {
  AREA,
  type Insured,
  identityNumber,
  ok,
  outpatientVisit,
  settlementOf,
  type VisitService,
} from '../test/support/visit-service.ts';
import { type LeanClient, openLeanClient } from './lean-client.ts';
import { postmasterOf, processorTimes } from './processor-time.ts';

const { values: given } = parseArgs({
  options: {
    visits: { type: 'string', default: '2000' },
    seconds: { type: 'string', default: '10' },
    clients: { type: 'string', default: '16' },
    services: { type: 'string', default: '1' },
    settlements: { type: 'string' },
  },
});
const [visits, seconds, clientCount, services] = [
  given.visits,
  given.seconds,
  given.clients,
  given.services,
].map(Number) as [number, number, number, number];
const PERSONS = 500;
const LINES = Array.from({ length: 10 }, (_, index) => ({ yuan: `${10 + index}.50`, sn: String(index + 1) }));
const TOTAL = '150.00';

const persons = Array.from({ length: PERSONS }, (_, index): Insured => {
  const birth = `19${40 + (index % 60)}-0${1 + (index % 9)}-15`;
  const name = `人${index}`;
  return {
    psn_no: `88${String(index).padStart(8, '0')}`,
    name,
    certno: identityNumber(birth, index),
    insutype: '310',
  };
});
const csv = `psn_no,name,certno,insutype,psn_type,begndate,insuplc_admdvs\n${persons
  .map(({ psn_no, name, certno }) => `${psn_no},${name},${certno},310,11,2020-01-01,${AREA}\n`)
  .join('')}`;

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
const postgres = await startPostgres();
const script = join(import.meta.dirname, '..', 'test', 'support', 'visit-process.ts');
const running: { readonly process: ReturnType<typeof fork>; readonly port: number }[] = [];
const startService = async () => {
  const port = await freePort();
  const started = fork(script, [postgres.url, String(port)], { env: { ...process.env, YIBAO_PERSONS: csv } });
  running.push({ process: started, port });
  await new Promise((resolve, reject) => {
    started.once('message', resolve);
    started.once('exit', () => reject(new Error('the service ended')));
  });
};
const clients: LeanClient[] = [];
const sendBy =
  (client: LeanClient): VisitService['send'] =>
  async (infno, input) =>
    JSON.parse(await client.send(bodyOf(infno, input))) as Answer;
const bodyOf = (infno: string, input: unknown) =>
  Buffer.from(JSON.stringify(message(infno, input, { mdtrtarea_admvs: AREA })));

let postmaster = 0;
const processor = () =>
  processorTimes(
    running.map(({ process }) => process.pid!),
    postmaster,
  );

type Ready = { readonly person: Insured; readonly mdtrtId: string; readonly body: Buffer };
const prepare = async (count: number): Promise<Ready[]> => {
  const ready: Ready[] = [];
  let next = 0;
  await Promise.all(
    clients.map(async (client) => {
      while (next < count) {
        const person = persons[next++ % PERSONS]!;
        const mdtrtId = await outpatientVisit(sendBy(client), person, '2025-03-04', LINES);
        ready.push({ person, mdtrtId, body: bodyOf('2207', settlementOf(person, mdtrtId, TOTAL)) });
      }
    }),
  );
  return ready;
};

/** Settles all of them; `rate`: so many a second, undefined: as fast as the clients go. */
const settle = async (ready: readonly Ready[], rate: number | undefined) => {
  const times: number[] = [];
  let next = 0;
  const started = performance.now();
  const before = processor();
  await Promise.all(
    clients.map(async (client) => {
      while (next < ready.length) {
        const index = next++;
        const due = rate === undefined ? performance.now() : started + (index / rate) * 1000;
        if (due > performance.now()) await wait(due - performance.now());
        const sent = performance.now();
        const answer = await client.send(ready[index]!.body);
        times.push(performance.now() - sent);
        if (!answer.startsWith('{"infcode":0,')) throw new Error(answer);
      }
    }),
  );
  const took = (performance.now() - started) / 1000;
  times.sort((a, b) => a - b);
  const at = (share: number) =>
    times[Math.min(times.length - 1, Math.floor(share * times.length))]!.toFixed(0);
  const used = processor();
  const each = (part: keyof typeof used) => ((used[part] - before[part]) / ready.length).toFixed(2);
  const perSecond = ready.length / took;
  process.stdout.write(
    `2207 with ten lines, ${rate === undefined ? `${clients.length} clients as fast as they go` : `${rate.toFixed(0)} a second wanted`}: ` +
      `${perSecond.toFixed(0)} a second, median ${at(0.5)} ms, p99 ${at(0.99)} ms, slowest ${at(1)} ms, ` +
      `processor time each: service ${each('service')} ms, PostgreSQL ${each('database')} ms, client ${each('client')} ms\n`,
  );
  const all = used.service + used.database + used.client - before.service - before.database - before.client;
  return { perSecond, milliseconds: all / ready.length };
};

/** Visits made and settled by all clients, several of one person at once; each tells its figures as it goes. */
const settleMany = async (count: number) => {
  const times: number[] = [];
  let next = 0;
  const started = performance.now();
  await Promise.all(
    clients.map(async (client) => {
      const send = sendBy(client);
      while (next < count) {
        // neighbours take the same person, so that they meet
        const person = persons[Math.floor(next++ / 4) % PERSONS]!;
        const mdtrtId = await outpatientVisit(send, person, '2025-03-04', LINES);
        const body = bodyOf('2207', settlementOf(person, mdtrtId, TOTAL));
        const sent = performance.now();
        ok(JSON.parse(await client.send(body)) as Answer);
        times.push(performance.now() - sent);
        if (times.length % 5000 === 0) process.stdout.write(`${times.length} settled\n`);
      }
    }),
  );
  const took = (performance.now() - started) / 1000;
  times.sort((a, b) => a - b);
  process.stdout.write(
    `${count} visits with ten lines made and settled (four messages each) by ${clients.length} clients: ` +
      `${(count / took).toFixed(0)} a second, 2207 median ${times[times.length >> 1]!.toFixed(0)} ms, ` +
      `p99 ${times[Math.floor(times.length * 0.99)]!.toFixed(0)} ms\n`,
  );
};

const pgbenchBinary = (): string => {
  const debian = '/usr/lib/postgresql';
  const folders = existsSync(debian)
    ? readdirSync(debian).map((version) => join(debian, version, 'bin'))
    : [];
  return folders.map((folder) => join(folder, 'pgbench')).find(existsSync) ?? 'pgbench';
};
const runPgbench = (options: readonly string[]): string =>
  execFileSync(pgbenchBinary(), [...options, postgres.url], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
const preparePgbench = () => runPgbench(['-i', '-q', '-s', '10']);
const pgbench = (): { readonly tps: number; readonly transactions: number } => {
  const text = runPgbench(['-c', String(clients.length), '-j', '2', '-T', String(seconds)]);
  const number = (pattern: RegExp) => Number(pattern.exec(text)?.[1]);
  return { tps: number(/tps = ([\d.]+)/), transactions: number(/actually processed: (\d+)/) };
};

try {
  // one after the other: the first makes the tables
  for (let service = 0; service < services; service++) await startService();
  for (let client = 0; client < clientCount; client++)
    clients.push(openLeanClient(running[client % running.length]!.port));
  if (given.settlements !== undefined) {
    await settleMany(Number(given.settlements));
    const yibao = join(import.meta.dirname, '..', 'bin', 'yibao.js');
    const env = { ...process.env, DATABASE_URL: postgres.url };
    execFileSync(process.execPath, [yibao, 'ledger', 'close', '--lang', 'en'], { env, stdio: 'inherit' });
    execFileSync(process.execPath, [yibao, 'ledger', 'verify', '--lang', 'en'], { env, stdio: 'inherit' });
  } else {
    postmaster = await postmasterOf(postgres.url);
    const probe = await openStore({ url: postgres.url });
    await settle(await prepare(Math.min(visits, 400)), undefined);
    await sql`VACUUM ANALYZE`.execute(probe);
    await probe.destroy();
    const [fast, slow] = [await prepare(visits), await prepare(Math.ceil(visits / 2))];
    const { perSecond, milliseconds } = await settle(fast, undefined);
    await settle(slow, perSecond / 2);
    preparePgbench();
    const before = processor();
    const { tps, transactions } = pgbench();
    const after = processor();
    const each = (part: keyof typeof after) => (after[part] - before[part]) / transactions;
    const percent = (share: number) => `${(share * 100).toFixed(0)} %`;
    process.stdout.write(
      `pgbench, TPC-B-like, ${clients.length} clients, scale 10: ${tps.toFixed(0)} a second, processor time each: ` +
        `PostgreSQL ${each('database').toFixed(2)} ms, pgbench ${each('ran').toFixed(2)} ms; ` +
        `2207 is ${percent(perSecond / tps)} of it by the clock, ` +
        `${percent((each('database') + each('ran')) / milliseconds)} by processor time of all processes\n`,
    );
    const store = await openStore({ url: postgres.url });
    const { faults, settlements } = await verifyLedger(store);
    await store.destroy();
    if (faults.length > 0) throw new Error(faults[0]!.text.en);
    process.stdout.write(`${settlements} settlements: journal = settlements = accumulators\n`);
  }
} finally {
  for (const client of clients) client.close();
  for (const each of running) each.process.kill('SIGKILL');
  await postgres.stop();
}
