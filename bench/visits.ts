/**
 * Real-time settlement: `npm run bench:visits -- [--visits 4000] [--seconds 10] [--clients 16] [--services 1]` starts PostgreSQL and the
 * hospital interface in a process of its own (or several), prepares visits with ten fee lines each, and settles them with 2207 over HTTP:
 * as fast as it goes, then at half of that rate. In the same run pgbench drives its TPC-B-like script on the same server. The ratio of
 * the two is what is compared between machines.
 *
 * `-- --settlements N --clients 64` instead settles what a city settles (`visit-mixture.ts`) until the store has N settlements, seals the
 * journal now and then, and ends with `yibao ledger verify`. With `--database URL` the store is that one and stays: a run that was ended
 * is taken up where it stopped.
 */
import { execFileSync, fork } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { sql } from 'kysely';
import { openStore, type Store } from '../src/engine/postgres/store.ts';
import { importPersons, readPersonRows } from '../src/enrolment/index.ts';
import { sealJournal, verifyLedger } from '../src/fund/index.ts';
import { type Answer, message } from '../test/support/hospital-service.ts';
import { startPostgres } from '../test/support/postgres.ts';
import {
  AREA,
  type Insured,
  identityNumber,
  outpatientVisit,
  settlementOf,
  type VisitService,
} from '../test/support/visit-service.ts';
import { type LeanClient, openLeanClient } from './lean-client.ts';
import { postmasterOf, processorTimes } from './processor-time.ts';
import { mixedPersons, storiesOf } from './visit-mixture.ts';

const { values: given } = parseArgs({
  options: {
    visits: { type: 'string', default: '4000' },
    seconds: { type: 'string', default: '10' },
    clients: { type: 'string', default: '16' },
    services: { type: 'string', default: '1' },
    settlements: { type: 'string' },
    persons: { type: 'string', default: '5000' },
    database: { type: 'string' },
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
const postgres =
  given.database === undefined ? await startPostgres() : { url: given.database, stop: async () => {} };
const script = join(import.meta.dirname, '..', 'test', 'support', 'visit-process.ts');
const running: { readonly process: ReturnType<typeof fork>; readonly port: number }[] = [];
const startService = async () => {
  const port = await freePort();
  const env = given.settlements === undefined ? { ...process.env, YIBAO_PERSONS: csv } : process.env;
  const started = fork(script, [postgres.url, String(port)], { env });
  running.push({ process: started, port });
  await new Promise((resolve, reject) => {
    started.once('message', resolve);
    started.once('exit', () => reject(new Error('the service ended')));
  });
};
const clients: LeanClient[] = [];
const sendBy =
  (client: LeanClient): VisitService['send'] =>
  async (infno, input, header) =>
    JSON.parse(await client.send(bodyOf(infno, input, header))) as Answer;
const bodyOf = (infno: string, input: unknown, header: Readonly<Record<string, unknown>> = {}) =>
  Buffer.from(JSON.stringify(message(infno, input, { mdtrtarea_admvs: AREA, ...header })));

let postmaster = 0;
const processor = () =>
  processorTimes(
    running.map(({ process }) => process.pid!),
    postmaster,
  );

const processorTimeEach = (before: ReturnType<typeof processor>, count: number): string => {
  const now = processor();
  const each = (part: keyof typeof now) => ((now[part] - before[part]) / count).toFixed(2);
  return `service ${each('service')} ms, PostgreSQL ${each('database')} ms, client ${each('client')} ms`;
};

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
  const perSecond = ready.length / took;
  process.stdout.write(
    `2207 with ten lines, ${rate === undefined ? `${clients.length} clients as fast as they go` : `${rate.toFixed(0)} a second wanted`}: ` +
      `${perSecond.toFixed(0)} a second, median ${at(0.5)} ms, p99 ${at(0.99)} ms, slowest ${at(1)} ms, ` +
      `processor time each: ${processorTimeEach(before, ready.length)}\n`,
  );
  const all = used.service + used.database + used.client - before.service - before.database - before.client;
  return { perSecond, milliseconds: all / ready.length };
};

const SEALED_EVERY = 100_000;
const IMPORTED_AT_ONCE = 500;
const TOLD_EVERY_MILLISECONDS = 10_000;
/** Transactions that write a settlement: their times are what the person waits. */
const SETTLING = new Set(['2102', '2207', '2304']);

/** All clients settle until the store has so many settlements; how it goes is told every ten seconds. */
const settleMany = async (wanted: number, store: Store) => {
  const { persons: everybody, csv: rows } = mixedPersons(Number(given.persons));
  const { rows: known } = await sql<{ n: number; before: number }>`SELECT count(*) AS n,
    (SELECT count(*) FROM settlement) AS before FROM person WHERE psn_no = ${everybody.at(-1)!.psn_no}`.execute(
    store,
  );
  const { n, before } = known[0]!;
  const [head, ...lines] = rows.trimEnd().split('\n');
  for (let at = 0; n === 0 && at < lines.length; at += IMPORTED_AT_ONCE) {
    const part = `${[head, ...lines.slice(at, at + IMPORTED_AT_ONCE)].join('\n')}\n`;
    await importPersons(store, readPersonRows(part, 'persons.csv'), 'persons.csv', Temporal.Now.instant());
  }
  const processorBefore = processor();
  const run = Temporal.Now.instant().epochMilliseconds.toString(36);
  let [settled, refused, messages, sealedAt] = [before, 0, 0, before];
  let times: number[] = [];
  const all: number[] = [];
  const started = performance.now();
  let told = started;
  let toldSettled = before;
  const tell = () => {
    const now = performance.now();
    times.sort((a, b) => a - b);
    const rate = ((settled - toldSettled) / (now - told)) * 1000;
    const average = ((settled - before) / (now - started)) * 1000;
    process.stdout.write(
      `${settled} of ${wanted} settled, ${rate.toFixed(0)} a second now, ${average.toFixed(0)} on average, ` +
        `waited median ${(times[times.length >> 1] ?? 0).toFixed(0)} ms, p99 ${(times[Math.floor(times.length * 0.99)] ?? 0).toFixed(0)} ms, ` +
        `${Math.ceil((wanted - settled) / average / 60)} minutes left\n`,
    );
    for (let index = 0; index < times.length; index += 10) all.push(times[index]!);
    [times, told, toldSettled] = [[], now, settled];
  };
  let sealing: Promise<unknown> = Promise.resolve();
  await Promise.all(
    clients.map(async (client, index) => {
      const plain = sendBy(client);
      const next = storiesOf({
        persons: everybody,
        client: index,
        clients: clients.length,
        run,
        send: async (infno, input, header) => {
          const sent = performance.now();
          const answer = await plain(infno, input, header);
          messages += 1;
          if (SETTLING.has(infno)) times.push(performance.now() - sent);
          return answer;
        },
      });
      while (settled < wanted) {
        const story = await next();
        settled += story.settlements;
        refused += story.refused;
        if (performance.now() - told >= TOLD_EVERY_MILLISECONDS) tell();
        if (settled - sealedAt < SEALED_EVERY) continue;
        sealedAt = settled;
        sealing = sealing.then(() => sealJournal(store, Temporal.Now.instant()));
      }
    }),
  );
  await sealing;
  tell();
  const took = (performance.now() - started) / 1000;
  all.sort((a, b) => a - b);
  process.stdout.write(
    `${settled - before} settlements by ${clients.length} clients with ${messages} messages in ${took.toFixed(0)} s: ` +
      `${((settled - before) / took).toFixed(0)} settlements and ${(messages / took).toFixed(0)} messages a second; ` +
      `waited median ${all[all.length >> 1]!.toFixed(0)} ms, p99 ${all[Math.floor(all.length * 0.99)]!.toFixed(0)} ms; ` +
      `processor time each: ${processorTimeEach(processorBefore, settled - before)}; ` +
      `${refused} times a later settlement stood in the way of taking one back\n`,
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
  postmaster = await postmasterOf(postgres.url);
  if (given.settlements !== undefined) {
    const store = await openStore({ url: postgres.url });
    await settleMany(Number(given.settlements), store);
    await store.destroy();
    const yibao = join(import.meta.dirname, '..', 'bin', 'yibao.js');
    const env = { ...process.env, DATABASE_URL: postgres.url };
    execFileSync(process.execPath, [yibao, 'ledger', 'close', '--lang', 'en'], { env, stdio: 'inherit' });
    execFileSync(process.execPath, [yibao, 'ledger', 'verify', '--lang', 'en'], { env, stdio: 'inherit' });
  } else {
    const probe = await openStore({ url: postgres.url });
    // the service compiles what it does often: a first round does not count
    await settle(await prepare(visits / 2), undefined);
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
