/**
 * What enrolment does for many persons: `npm run bench:enrolment -- [persons] [rows] [--embedded]` makes so many residents in a new
 * store (PostgreSQL, or PGlite in a folder), times a payable list and the closing of a year, then lands a file of so many rows, half of them of
 * known persons, stage by stage. Processor time is said beside, because it does not depend on what else the machine does.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { sql } from 'kysely';
import { migrate } from '../src/engine/postgres/migrate.ts';
import { openStore } from '../src/engine/postgres/store.ts';
import { landRows, makePayables, mappingOf, prepareClosing, prepareRows } from '../src/enrolment/index.ts';
import { benefitSource } from '../src/visits/index.ts';
import { startPostgres } from '../test/support/postgres.ts';
import { identityNumber } from '../test/support/visit-service.ts';
import { postmasterOf, processorTimes } from './processor-time.ts';

const { values, positionals } = parseArgs({
  options: { embedded: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const [persons = 100_000, lines = 200_000] = positionals.map(Number);
const folder = mkdtempSync(join(tmpdir(), 'yibao-bench-'));
const server = values.embedded ? undefined : await startPostgres();
const store = await openStore(server ? { url: server.url } : { folder: join(folder, 'store') });
await migrate(store);
const postmaster = server && (await postmasterOf(server.url));

/** Known persons and those of the file have numbers by one rule: every serial is of one day. */
const birthOf = (serial: number) =>
  `${1940 + (serial % 80)}-${String(1 + (serial % 12)).padStart(2, '0')}-${String(1 + (Math.trunc(serial / 997) % 28)).padStart(2, '0')}`;
const numberOf = (serial: number) => identityNumber(birthOf(serial), Math.trunc(serial / 80) % 1000);
const numbers = [...new Set(Array.from({ length: persons + lines }, (_, serial) => numberOf(serial)))];

async function time<Result>(what: string, work: () => Promise<Result>): Promise<Result> {
  const processor = () =>
    postmaster === undefined
      ? { client: process.cpuUsage().user / 1000, database: 0 }
      : processorTimes([], postmaster);
  const before = processor();
  const started = performance.now();
  const result = await work();
  const now = processor();
  const seconds = (milliseconds: number) => `${(milliseconds / 1000).toFixed(1)} s`;
  const parts = [
    seconds(performance.now() - started),
    `processor: program ${seconds(now.client - before.client)}`,
    `PostgreSQL ${seconds(now.database - before.database)}`,
    `peak ${Math.round(process.resourceUsage().maxRSS / 1024)} MiB`,
  ];
  process.stdout.write(`${what}: ${parts.join(', ')}\n`);
  return result;
}

try {
  const serials = sql`generate_series(1, ${persons}::integer) AS t (i)`;
  const psnNo = sql`'P' || lpad(i::text, 9, '0')`;
  const years = sql`generate_series(2023, 2025) AS u (y)`;
  const known = sql`(${sql.val(numbers.slice(0, persons))}::text[])[i]`;
  await sql`INSERT INTO person (psn_no, name, gend, brdy) SELECT ${psnNo}, '人' || i, '1', substr(${known}, 7, 8)::date
    FROM ${serials}`.execute(store);
  await sql`INSERT INTO person_certificate (psn_cert_type, certno, psn_no)
    SELECT '01', ${known}, ${psnNo} FROM ${serials}`.execute(store);
  await sql`INSERT INTO enrolment (psn_no, insutype, psn_type, begndate, enddate, insuplc_admdvs)
    SELECT ${psnNo}, '390', '15', make_date(y, 1, 1), make_date(y, 12, 31), '99010' || (1 + i % 5) FROM ${serials}, ${years}`.execute(
    store,
  );
  await sql`INSERT INTO contribution (psn_no, insutype, paid_on, month_from, month_to, person_fen, subsidy_fen, receipt)
    SELECT ${psnNo}, '390', make_date(y - 1, 11, 3), y || '01', y || '12', 40000, 67000, 'E' || y || '-' || i
    FROM ${serials}, ${years}`.execute(store);
  await sql`INSERT INTO person_identity (psn_no, psn_idet_type, begndate) SELECT ${psnNo}, '004', '2022-01-01' FROM ${serials}
    WHERE i % 17 = 0`.execute(store);
  await sql`INSERT INTO accumulator (psn_no, scheme, year, code, value) SELECT ${psnNo}, 'resident', 2025, 'paid:310100', 1000
    FROM ${serials} WHERE i % 3 = 0`.execute(store);
  const { policyOf } = benefitSource();
  const now = Temporal.Instant.from('2026-02-01T00:00:00Z');
  const wanted = { year: 2026, areaCode: '990100', asOf: '2025-10-10', login: 'bench', policyOf };
  await time(`payable list of ${persons}`, () => makePayables(store, wanted, now));
  await time(`closing of a year of ${persons}`, () =>
    prepareClosing(store, { year: 2025, login: 'bench', policyOf }, now),
  );

  const path = join(folder, 'police.csv');
  const from = Math.max(0, persons - Math.trunc(lines / 2));
  const text = numbers
    .slice(from, from + lines)
    .map((certno, index) => {
      const name = from + index < persons ? `人${from + index + 1}` : `新${index}`;
      return `${name},${certno},男,138${String(index).padStart(8, '0')},演示市东区幸福路${index}号,99010${1 + (index % 5)},东街,户籍`;
    })
    .join('\n');
  writeFileSync(path, `姓名,公民身份号码,性别,联系电话,住址,区划,街道,人口类别\n${text}\n`);
  const file = { path, name: 'police.csv', mapping: mappingOf('police'), login: 'bench' };
  const prepared = await time(`reading and mapping ${lines} rows`, async () => {
    const { rows, parts } = await prepareRows(file);
    return { rows, parts: await Array.fromAsync(parts) };
  });
  const stages = new Map<string, number>();
  let [stage, since] = ['receiving', performance.now()];
  const step = async (next: string) => {
    stages.set(stage, (stages.get(stage) ?? 0) + performance.now() - since);
    [stage, since] = [next, performance.now()];
  };
  const landing = await time(`landing ${prepared.rows} rows`, () =>
    landRows(store, file, prepared, now, undefined, { step }),
  );
  await step('');
  for (const [name, milliseconds] of stages) {
    process.stdout.write(`  ${name}: ${(milliseconds / 1000).toFixed(1)} s\n`);
  }
  process.stdout.write(`${JSON.stringify(landing)}\n`);
} finally {
  await store.destroy();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
}
