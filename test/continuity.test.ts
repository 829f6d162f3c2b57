import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { sql } from 'kysely';
import {
  decideClosing,
  importPersons,
  landFile,
  mappingOf,
  mergePersons,
  personOn,
  prepareClosing,
  readPersonFile,
  readPersonRows,
  stateContinuity,
} from '#enrolment/index.ts';
import { YibaoError } from '#kernel/errors.ts';
import { benefitSource } from '#visits/index.ts';
import { postgresFolder, startPostgres } from './support/postgres.ts';
import {
  AREA,
  admission,
  discharge,
  feeLines,
  type Insured,
  identityNumber,
  ok,
  settlementOf,
  startVisitService,
  type VisitService,
} from './support/visit-service.ts';

const resident = (serial: number, name: string, birth = '1970-01-02'): Insured => ({
  psn_no: `C${serial}`,
  name,
  certno: identityNumber(birth, serial),
  insutype: '390',
});
const [CLAIMS, NONE, GAP, LATE, WORKS] = ['甲一', '乙二', '丙三', '丁四', '戊五'].map((name, index) =>
  resident(index + 1, name),
) as [Insured, Insured, Insured, Insured, Insured];
const HEADER =
  'psn_no,name,certno,insutype,psn_type,begndate,enddate,waiting_until,insuplc_admdvs,continuous_years';
const span = (
  { psn_no, name, certno }: Insured,
  from: string,
  to: string,
  {
    waiting = '',
    years = '',
    insutype = '390',
  }: { waiting?: string; years?: string; insutype?: string } = {},
) =>
  `${psn_no},${name},${certno},${insutype},${insutype === '390' ? 15 : 11},${from},${to},${waiting},${AREA},${years}`;
const years = (person: Insured, from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) =>
    span(person, `${from + index}-01-01`, `${from + index}-12-31`),
  );
const FIRST = [
  HEADER,
  ...years(CLAIMS, 2021, 2025),
  ...years(NONE, 2021, 2025),
  // nothing in 2025
  ...years(GAP, 2018, 2024),
  span(LATE, '2025-11-20', '2025-12-31', { waiting: '2026-02-20', years: '1' }),
  ...years(WORKS, 2022, 2024),
  span(WORKS, '2025-03-01', '', { insutype: '310' }),
].join('\n');
const NEXT = [
  HEADER,
  ...[CLAIMS, NONE, GAP, LATE].map((person) => span(person, '2026-01-01', '2026-12-31')),
].join('\n');

const refusedWith = (code: string) => (error: unknown) =>
  error instanceof YibaoError && error.problems[0]!.definition.code === code;
const now = Temporal.Instant.from('2026-01-20T02:00:00Z');
const source = benefitSource();

function journey(place: () => Promise<{ url: string } | { memory: true }>, stop: () => Promise<void>): void {
  let service: VisitService;
  before(async () => {
    service = await startVisitService(await place(), { persons: FIRST, source });
  });
  after(async () => {
    await service.close();
    await stop();
  });
  const prepare = (year: number, login = 'clerk', at = now) =>
    prepareClosing(service.store, { year, login, policyOf: source.policyOf }, at);
  const stay = async (person: Insured, day: string, yuan: number) => {
    const { send } = service;
    const mdtrtId = ok(await send('2401', admission(person, day, `${person.psn_no}-${day}`))).result.mdtrt_id;
    ok(await send('2301', feeLines(person, mdtrtId, day, [{ yuan, sn: `${person.psn_no}-${day}` }], '0000')));
    ok(await send('2402', discharge(person, mdtrtId, day)));
    const { data } = settlementOf(person, mdtrtId, yuan, { med_type: '21', chrg_bchno: '0000' });
    const { setlinfo } = ok(await send('2304', { data }));
    return { mdtrtId, setlinfo };
  };
  const rowsOf = async (closingId: number) =>
    (
      await sql<
        Record<string, unknown>
      >`SELECT psn_no, kind, continuous_years AS n, zero_claim_years AS z, paid_funds AS funds,
        used_incentive AS used FROM continuity_fact WHERE closing_id = ${closingId} ORDER BY psn_no`.execute(
        service.store,
      )
    ).rows.map((row) => Object.values(row));

  test('five years with a span raise the cap of 2025 by one year’s incentive, taken back with the settlement', async () => {
    const first = await stay(CLAIMS, '2025-06-03', 1_000_000);
    assert.equal(first.setlinfo.hifmi_pay, '403000.00');
    const used = () =>
      sql`SELECT value FROM accumulator WHERE psn_no = 'C1' AND code = 'incentive-used'`.execute(
        service.store,
      );
    assert.equal((await used()).rows.length, 1);
    const { mdtrtId, setlinfo } = first;
    ok(
      await service.send('2305', {
        data: { mdtrt_id: mdtrtId, setl_id: setlinfo.setl_id, psn_no: CLAIMS.psn_no },
      }),
    );
    assert.equal((await used()).rows.length, 0);
    const again = settlementOf(CLAIMS, mdtrtId, 1_000_000, { med_type: '21', chrg_bchno: '0000' });
    assert.equal(ok(await service.send('2304', again)).setlinfo.hifmi_pay, '403000.00');
  });

  test('a year is closed after its end, from what spans and funds say, by two people', async () => {
    await assert.rejects(prepare(2026), refusedWith('enrolment.year-not-over'));
    const replaced = await prepare(2025);
    const closing = await prepare(2025);
    assert.deepEqual(closing, {
      ...{ closingId: replaced.closingId + 1, persons: 3, zeroClaim: 1, gaps: 0, differs: 3 },
    });
    const rows = await rowsOf(closing.closingId);
    assert.deepEqual(rows, [
      ['C1', 'insured', 6, 0, '390100,390200', true],
      ['C2', 'insured', 6, 1, '', false],
      ['C4', 'waiting', 2, 0, '', false],
    ]);
    assert.deepEqual(await rowsOf(replaced.closingId), rows);
    const decide = (login: string, closingId = closing.closingId) =>
      decideClosing(service.store, { closingId, isApplied: true, login, reason: '核对无误' }, now);
    await assert.rejects(decide('clerk'), refusedWith('enrolment.own-work'));
    await assert.rejects(decide('reviewer', replaced.closingId), refusedWith('enrolment.closing-decided'));
    // nothing holds before it is applied
    const before = await readPersonFile(service.store, 'C2');
    assert.deepEqual(before!.continuity, []);
    await decide('reviewer');
    assert.deepEqual({ ...(await prepare(2025)), closingId: 0 }, { ...closing, closingId: 0, differs: 0 });
    await assert.rejects(sql`DELETE FROM continuity_fact`.execute(service.store), /refused/);
  });

  test('the next year’s settlements are given what the closing left', async () => {
    await importPersons(service.store, readPersonRows(NEXT, 'next.csv'), 'next.csv', now);
    // (6 − 4) × 3000; and as much again for 2025 without a claim
    assert.equal((await stay(CLAIMS, '2026-02-03', 1_000_000)).setlinfo.hifmi_pay, '406000.00');
    assert.equal((await stay(NONE, '2026-02-03', 1_000_000)).setlinfo.hifmi_pay, '409000.00');
    // insured again after 2025 was left out
    assert.equal((await stay(GAP, '2026-02-03', 1_000_000)).setlinfo.hifmi_pay, '400000.00');
  });

  test('what the agency states goes first, and settlements keep what they were given', async () => {
    const facts = { psnNo: 'C2', year: 2026, zeroClaimYears: 3, reason: '系统上线前的记录', login: 'head' };
    await stateContinuity(service.store, facts, now);
    const { person } = personOn((await readPersonFile(service.store, 'C2'))!, '2026-03-01', '390')!;
    assert.deepEqual([person.enrolledYears, person.zeroClaimYears], [6, 3]);
    const { rows } = await sql<{
      person: { zeroClaimYears: number };
    }>`SELECT body -> 'person' AS person FROM settlement
      WHERE psn_no = 'C2'`.execute(service.store);
    assert.equal(rows[0]!.person.zeroClaimYears, 1);
  });

  test('what another system knew is landed as a file and goes before what spans say', async () => {
    const path = join(mkdtempSync(join(tmpdir(), 'yibao-continuity-')), 'records.csv');
    writeFileSync(
      path,
      [
        '姓名,身份证号,适用年度,连续参保年数,零报销年数,断保前已得',
        `丙三,${GAP.certno},2026,9,1,`,
        `丁四,${LATE.certno},2026年,不详,1,`,
      ].join('\n'),
    );
    const mapping = mappingOf('continuity-records');
    const landed = await landFile(service.store, { path, name: 'records.csv', mapping, login: 'clerk' }, now);
    assert.equal(landed.linked, 2);
    const on = async (number: string) =>
      personOn((await readPersonFile(service.store, number))!, '2026-03-01', '390')!.person;
    const [stated, unreadable] = [await on('C3'), await on('C4')];
    assert.deepEqual([stated.enrolledYears, stated.zeroClaimYears], [9, 1]);
    assert.deepEqual([unreadable.enrolledYears, unreadable.zeroClaimYears], [2, 0]);
    await stateContinuity(
      service.store,
      { psnNo: 'C3', year: 2026, continuousYears: 1, zeroClaimYears: 0, reason: '核实有误', login: 'head' },
      now,
    );
    assert.equal((await on('C3')).enrolledYears, 1);
  });

  test('years are closed one after another; a gap starts again, a gap paid for later does not', async () => {
    const later = Temporal.Instant.from('2028-01-20T02:00:00Z');
    const apply = async (year: number) => {
      const made = await prepare(year, 'clerk', later);
      const decision = { closingId: made.closingId, isApplied: true, login: 'reviewer', reason: '' };
      await decideClosing(service.store, decision, later);
      return rowsOf(made.closingId);
    };
    await assert.rejects(prepare(2027, 'clerk', later), refusedWith('enrolment.year-before-open'));
    const of2026 = await apply(2026);
    assert.deepEqual(
      of2026.map((row) => row.slice(0, 4)),
      [
        ['C1', 'insured', 7, 0],
        ['C2', 'insured', 7, 0],
        ['C3', 'insured', 2, 0],
        ['C4', 'insured', 3, 1],
      ],
    );
    const arrears = { psn_no: 'C4', month_from: '202701', month_to: '202712' };
    await sql`INSERT INTO contribution (psn_no, insutype, paid_on, month_from, month_to, person_fen, kind)
      VALUES (${arrears.psn_no}, '390', '2028-01-05', ${arrears.month_from}, ${arrears.month_to}, 40000, 'arrears')`.execute(
      service.store,
    );
    assert.deepEqual(
      (await apply(2027)).map((row) => row.slice(0, 4)),
      [
        ['C1', 'gap', 1, 0],
        ['C2', 'gap', 1, 0],
        ['C3', 'gap', 1, 0],
        ['C4', 'repaired', 4, 1],
      ],
    );
  });

  test('two files put together keep what one of them had', async () => {
    await importPersons(
      service.store,
      readPersonRows(
        [HEADER, span(resident(9, '丁肆', '1971-01-02'), '2028-01-01', '2028-12-31')].join('\n'),
        'nine.csv',
      ),
      'nine.csv',
      now,
    );
    await mergePersons(service.store, 'C4', 'C9', now);
    for (const number of ['C4', 'C9']) {
      const { person } = personOn((await readPersonFile(service.store, number))!, '2028-03-01', '390')!;
      assert.deepEqual([person.enrolledYears, person.zeroClaimYears], [4, 1], number);
    }
  });
}

describe('continuity of enrolment from year to year, on PGlite', () =>
  journey(
    async () => ({ memory: true }),
    async () => {},
  ));
const missing = postgresFolder() === undefined && process.env.CI !== 'true';
describe('continuity of enrolment from year to year, on PostgreSQL', {
  skip: missing ? 'no PostgreSQL here: SKIPPED' : false,
}, () => {
  let stop: () => Promise<void>;
  journey(
    async () => {
      const server = await startPostgres();
      stop = server.stop;
      return { url: server.url };
    },
    () => stop(),
  );
});
