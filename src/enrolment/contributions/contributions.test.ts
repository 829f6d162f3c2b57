import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { sql } from 'kysely';
import { benefitLayers, benefitPolicy, countedMonths } from '#benefits/index.ts';
import type { Store } from '#engine/postgres/store.ts';
import { YibaoError } from '#kernel/errors.ts';
import { countOf, describeOnStores } from '../../../test/support/stores.ts';
import { identityNumber } from '../../../test/support/visit-service.ts';
import {
  bookCollection,
  endTransfer,
  importPersons,
  landFile,
  mappingOf,
  readPersonFile,
  readPersonRows,
  reconcileContributions,
  requestTransfer,
  transferEffects,
} from '../index.ts';

const folder = mkdtempSync(join(tmpdir(), 'yibao-contributions-'));
after(() => rmSync(folder, { recursive: true }));
const now = Temporal.Instant.from('2026-03-10T00:00:00Z');
const policies = new Map<string, ReturnType<typeof benefitPolicy>>();
const policyOf = (area: string, date: string) => {
  const key = `${area} ${date}`;
  const known = policies.get(key) ?? benefitPolicy(benefitLayers(area), date);
  policies.set(key, known);
  return known;
};
const [ONE, TWO, THREE, FOUR] = [1, 2, 3, 4].map((serial) => identityNumber('1980-01-02', serial)) as [
  string,
  string,
  string,
  string,
];
const CHILD = identityNumber('2026-02-20', 5);

async function land(store: Store, department: string, lines: readonly string[], name: string) {
  const path = join(folder, name);
  writeFileSync(path, lines.join('\n'));
  return landFile(store, { path, name, mapping: mappingOf(department), login: 'clerk' }, now);
}
const TAX = '姓名,身份证号,票据号,险种,入库日期,费款所属期起,费款所属期止,个人缴费,单位缴费,区划';
const TREASURY =
  '票据号,险种,入账日期,费款所属期起,费款所属期止,入账金额,单位缴费,财政补助,医疗救助资助,区划';

describeOnStores('contributions', (store) => {
  const book = (fileId: number) => bookCollection(store(), { fileId, areaCode: '990100', policyOf });

  test('a collected year of a resident is booked with its parts and opens the span with its wait', async () => {
    const persons = [
      `甲一,${ONE},390,15,2024-01-01,2024-12-31,990100,A1,`,
      `乙二,${TWO},390,15,2025-01-01,2025-12-31,990100,A2,2303:2025-01-01`,
      `丙三,${THREE},310,11,2025-01-01,2025-02-28,990100,A3,`,
      `小五,${CHILD},390,1401,2020-01-01,2020-01-02,990100,A5,`,
    ];
    const header = 'name,certno,insutype,psn_type,begndate,enddate,insuplc_admdvs,psn_no,identities';
    await importPersons(store(), readPersonRows([header, ...persons].join('\n'), 'p.csv'), 'p.csv', now);
    const { fileId } = await land(
      store(),
      'tax-collection',
      [
        TAX,
        // in the window and after a year of gap (2025); the year before that is paid too
        `甲一,${ONE},R0,居民,2023-11-01,2024-01,2024-12,380,0,`,
        `甲一,${ONE},R1,居民,2025-11-01,2026-01,2026-12,400,0,`,
        // after the window, with assistance
        `乙二,${TWO},R2,居民,2024-11-01,2025-01,2025-12,200,0,`,
        `乙二,${TWO},R3,居民,2026-03-05,2026-01,2026-12,200,0,`,
        // an employee who paid March late but in time, and June after a gap
        `丙三,${THREE},R4,职工,2025-01-20,2025-01,2025-01,144,468,`,
        `丙三,${THREE},R5,职工,2025-06-20,2025-06,2025-06,144,468,`,
        // a newborn
        `小五,${CHILD},R6,居民,2026-03-08,2026-01,2026-12,400,0,`,
        // nobody yet
        `丁四,${FOUR},R7,居民,2025-11-01,2026-01,2026-12,400,0,`,
      ],
      'tax.csv',
    );
    const first = await book(fileId);
    assert.deepEqual(first, { booked: 7, leftOut: 1, spans: 6, spansRefused: 1 });
    const { rows } =
      await sql`SELECT receipt, person_fen, employer_fen, subsidy_fen, assistance_fen, total_fen, kind
      FROM contribution ORDER BY receipt`.execute(store());
    const parts = (
      receipt: string,
      [person_fen, employer_fen, subsidy_fen, assistance_fen]: readonly [number, number, number, number],
      kind = 'paid',
    ) => ({
      ...{ receipt, person_fen, employer_fen, subsidy_fen, assistance_fen, kind },
      total_fen: person_fen + employer_fen + subsidy_fen + assistance_fen,
    });
    assert.deepEqual(rows, [
      // no layer says a subsidy of 2024: that of 2022 holds
      parts('R0', [38_000, 0, 61_000, 0]),
      parts('R1', [40_000, 0, 67_000, 0]),
      parts('R2', [20_000, 0, 67_000, 0]),
      parts('R3', [20_000, 0, 67_000, 20_000]),
      parts('R4', [14_400, 46_800, 0, 0]),
      parts('R5', [14_400, 46_800, 0, 0]),
      parts('R6', [40_000, 0, 67_000, 0]),
    ]);
    const spansOf = async (psnNo: string) =>
      (await readPersonFile(store(), psnNo))!.enrolments.map((span) => [
        span.insutype,
        span.begndate,
        span.enddate,
        span.waiting_until,
        span.continuous_years,
      ]);
    assert.deepEqual(await spansOf('A1'), [
      ['390', '2024-01-01', '2024-12-31', null, 1],
      ['390', '2026-01-01', '2026-12-31', '2026-04-01', 1],
    ]);
    assert.deepEqual(await spansOf('A2'), [
      ['390', '2025-01-01', '2025-12-31', null, 1],
      ['390', '2026-03-05', '2026-12-31', '2026-06-05', 2],
    ]);
    // the span on file reaches further than one month paid: it is not cut, and the one from February overlaps it
    assert.deepEqual(await spansOf('A3'), [
      ['310', '2025-01-01', '2025-02-28', null, null],
      ['310', '2025-07-01', '2025-07-31', '2026-01-01', null],
    ]);
    assert.deepEqual((await spansOf('A5')).at(-1), ['390', '2026-02-20', '2026-12-31', null, 1]);
    assert.deepEqual(await book(fileId), { booked: 0, leftOut: 8, spans: 0, spansRefused: 0 });
    assert.equal(await countOf(store(), 'contribution'), 7);
  });

  test('counted months and the paid-to month are the same in SQL and one by one', async () => {
    const month = fc.integer({ min: 0, max: 30 }).map((index) => {
      const year = 2020 + Math.floor(index / 12);
      return `${year}${String((index % 12) + 1).padStart(2, '0')}`;
    });
    const stretch = fc.tuple(month, month).map(([one, other]) => {
      const [monthFrom, monthTo] = [one, other].toSorted() as [string, string];
      return { monthFrom, monthTo };
    });
    let number = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(stretch, { minLength: 1, maxLength: 6 }), async (stretches) => {
        const psnNo = `M${number++}`;
        await sql`INSERT INTO person (psn_no, name) VALUES (${psnNo}, '月')`.execute(store());
        for (const { monthFrom, monthTo } of stretches) {
          await sql`INSERT INTO contribution (psn_no, insutype, paid_on, month_from, month_to)
            VALUES (${psnNo}, '310', '2020-01-01', ${monthFrom}, ${monthTo})`.execute(store());
        }
        const { rows } = await sql<{
          paid_to: string;
          months: number;
        }>`SELECT paid_to, months FROM contribution_summary
          WHERE psn_no = ${psnNo}`.execute(store());
        const { paidTo, months } = countedMonths(stretches);
        assert.deepEqual(rows, [{ paid_to: paidTo, months }]);
      }),
      { numRuns: 25 },
    );
  });

  test('a transfer brings months and balance, or takes them away; it ends once', async () => {
    const transfer = {
      ...{ psnNo: 'A3', direction: 'in' as const, insutype: '310', otherArea: '880100', certificate: 'C-1' },
      ...{ monthFrom: '201001', monthTo: '201912', balanceFen: 50_000 },
    } as const;
    const by = { login: 'clerk', on: '2026-03-10' };
    const id = await requestTransfer(store(), transfer, by);
    const refused = (code: string) => (error: unknown) =>
      error instanceof YibaoError && error.problems[0]!.definition.code === code;
    await assert.rejects(requestTransfer(store(), transfer, by), refused('enrolment.transfer-twice'));
    const end = (transferId: number) =>
      endTransfer(
        store(),
        { transferId, isDone: true, login: 'clerk', on: '2026-03-12', note: '' },
        now,
        policyOf,
      );
    await end(id);
    await assert.rejects(end(id), refused('enrolment.transfer-ended'));
    const summary = () =>
      sql`SELECT paid_to, months, local_months FROM contribution_summary WHERE psn_no = 'A3' AND insutype = '310'`.execute(
        store(),
      );
    assert.deepEqual((await summary()).rows, [{ paid_to: '202506', months: 122, local_months: 2 }]);
    assert.equal((await readPersonFile(store(), 'A3'))!.balance_fen, 50_000);
    const leave = async (insutype: string, certificate: string) =>
      end(
        await requestTransfer(
          store(),
          { ...transfer, direction: 'out', insutype, certificate, balanceFen: 0 },
          by,
        ),
      );
    await leave('390', 'C-3');
    assert.equal(
      (await readPersonFile(store(), 'A3'))!.balance_fen,
      50_000,
      'residents have no account to take along',
    );
    await leave('310', 'C-2');
    assert.equal((await readPersonFile(store(), 'A3'))!.balance_fen, 0);
    const { rows } =
      await sql`SELECT change_fen FROM account_movement WHERE psn_no = 'A3' ORDER BY movement_id`.execute(
        store(),
      );
    assert.deepEqual(rows, [{ change_fen: 50_000 }, { change_fen: -50_000 }]);
  });

  test('tax bureau, treasury and agency: every kind of difference is told, and nothing else', async () => {
    await land(
      store(),
      'treasury',
      [
        TREASURY,
        'R1,居民,2025-11-02,2026-01,2026-12,400,0,670,0,990101',
        'R3,居民,2026-03-06,2026-01,2026-12,300,0,670,200,990101',
        'R6,居民,2026-03-09,2026-01,2026-12,400,0,670,0,990101',
        'R6,居民,2026-03-09,2026-01,2026-12,400,0,0,0,990101',
        'R9,居民,2026-03-09,2026-01,2026-12,400,0,0,0,990101',
      ],
      'treasury.csv',
    );
    await sql`INSERT INTO contribution (psn_no, insutype, paid_on, month_from, month_to, person_fen, receipt)
      VALUES ('A1', '390', '2026-03-09', '202601', '202612', 40000, ''),
        ('A1', '390', '2026-03-09', '202601', '202612', 40000, 'R8')`.execute(store());
    const reconcile = () =>
      reconcileContributions(store(), { paidFrom: '2025-11-01', paidTo: '2026-03-31', login: 'clerk' }, now);
    const { reconciliationId, ...sums } = await reconcile();
    assert.deepEqual(sums, {
      ...{ receipts: 6, agreed: 1, differences: 11 },
      ...{ taxFen: 140_000, treasuryFen: 190_000, agencyFen: 140_000 },
      ...{ refunds: 0, taxRefundedFen: 0, treasuryRefundedFen: 0, agencyRefundedFen: 0 },
    });
    const { rows } = await sql<
      Record<string, string>
    >`SELECT kind, receipt, tax_fen, treasury_fen, agency_fen, detail
      FROM contribution_difference WHERE reconciliation_id = ${reconciliationId} ORDER BY number`.execute(
      store(),
    );
    assert.deepEqual(
      rows.map((row) => [row.kind, row.receipt, row.tax_fen, row.treasury_fen, row.agency_fen, row.detail]),
      [
        ['amount-differs', 'R3', 20_000, 30_000, 20_000, ''],
        ['amount-differs', 'R6', 40_000, 80_000, 40_000, ''],
        ['missing-at-agency', 'R7', 40_000, null, null, ''],
        ['missing-at-agency', 'R9', null, 40_000, null, ''],
        ['missing-at-tax', 'R8', null, null, 40_000, ''],
        ['missing-at-tax', 'R9', null, 40_000, null, ''],
        ['missing-at-treasury', 'R7', 40_000, null, null, ''],
        ['missing-at-treasury', 'R8', null, null, 40_000, ''],
        ['person-unknown', 'R7', 40_000, null, null, ''],
        ['twice', 'R6', 40_000, 80_000, 40_000, 'treasury'],
        ['without-receipt', '', null, null, 40_000, '202601-202612'],
      ],
    );
    // booked for another person and other months
    await sql`UPDATE contribution SET psn_no = 'A2', month_from = '202602' WHERE receipt = 'R1'`.execute(
      store(),
    );
    await sql`UPDATE contribution SET subsidy_fen = 0 WHERE receipt = 'R6'`.execute(store());
    const again = await reconcile();
    const more = await sql<Record<string, string>>`SELECT kind, receipt, treasury_fen, agency_fen, detail
      FROM contribution_difference WHERE reconciliation_id = ${again.reconciliationId}
        AND kind IN ('person-differs', 'months-differ', 'subsidy-differs') ORDER BY number`.execute(store());
    assert.deepEqual(
      more.rows.map((row) => Object.values(row)),
      [
        ['months-differ', 'R1', 40_000, 40_000, '202601-202612 / 202602-202612'],
        ['person-differs', 'R1', 40_000, 40_000, ''],
        ['subsidy-differs', '', 221_000, 154_000, '2026'],
      ],
    );
    await assert.rejects(sql`DELETE FROM contribution_difference`.execute(store()), /refused/);
  });

  test('how a span begins after a transfer follows from the gap before it, whether it was repaid, and the policy of its area', async () => {
    const [FIVE, SIX, SEVEN, EIGHT, NINE] = [15, 16, 17, 18, 19].map((serial) =>
      identityNumber('1985-01-02', serial),
    ) as [string, string, string, string, string];
    const person = (
      psnNo: string,
      certno: string,
      from: string,
      scheme = '310',
      type = '11',
      area = '990100',
    ) => `转${psnNo},${certno},${scheme},${type},${from},,${area},${psnNo},`;
    const header = 'name,certno,insutype,psn_type,begndate,enddate,insuplc_admdvs,psn_no,identities';
    const persons = [
      person('T1', FIVE, '2026-02-01'),
      person('T2', SIX, '2026-02-01'),
      person('T3', SEVEN, '2026-02-01', '310', '11', '350100'),
      person('T4', EIGHT, '2026-05-15', '390', '15'),
      person('T5', NINE, '2026-05-15', '390', '15'),
    ];
    await importPersons(store(), readPersonRows([header, ...persons].join('\n'), 't.csv'), 't.csv', now);
    const arrive = async (psnNo: string, insutype: string, monthTo: string) => {
      const id = await requestTransfer(
        store(),
        {
          ...{ psnNo, direction: 'in' as const, insutype, otherArea: '880100', certificate: `W-${psnNo}` },
          ...{ monthFrom: '202001', monthTo, balanceFen: 0 },
        },
        { login: 'clerk', on: '2026-03-10' },
      );
      const before = await transferEffects(store(), id, '2026-03-12', policyOf);
      const ending = { transferId: id, isDone: true, login: 'clerk', on: '2026-03-12', note: '' };
      await endTransfer(store(), ending, now, policyOf);
      const after = await transferEffects(store(), id, '2026-03-12', policyOf);
      assert.deepEqual(after.wait, before.wait, 'what was shown before it was done is what came of it');
      return after.wait;
    };
    const recorded = async (psnNo: string) =>
      (
        await sql<
          Record<string, unknown>
        >`SELECT begndate, waiting_until, waiting_reason, gap_months FROM enrolment
          WHERE psn_no = ${psnNo} ORDER BY begndate`.execute(store())
      ).rows.map((row) => Object.values(row));
    const none = { settled_in_wait: 0, is_repaid: true, waiting_until: null };

    // paid to December there, from January here: the next month's benefits begin without a gap
    assert.deepEqual(await arrive('T1', '310', '202512'), { ...none, begndate: '2026-02-01', gap_months: 0 });
    assert.deepEqual(await recorded('T1'), [['2026-02-01', null, 'transfer', 0]]);

    // two months between, repaid: traced back
    await sql`INSERT INTO contribution (psn_no, insutype, paid_on, month_from, month_to, receipt, kind)
      VALUES ('T2', '310', '2026-04-05', '202511', '202512', 'T2-1', 'arrears')`.execute(store());
    assert.deepEqual(await arrive('T2', '310', '202510'), { ...none, begndate: '2025-12-01', gap_months: 2 });
    assert.deepEqual(await recorded('T2'), [['2025-12-01', null, 'transfer', 2]]);

    // five months between, of which all were repaid: the province of the new area takes three months off
    await sql`INSERT INTO contribution (psn_no, insutype, paid_on, month_from, month_to, receipt, kind)
      VALUES ('T3', '310', '2026-03-01', '202508', '202512', 'T3-1', 'arrears')`.execute(store());
    const fujian = { ...none, begndate: '2026-02-01', gap_months: 5, waiting_until: '2026-05-01' };
    assert.deepEqual(await arrive('T3', '310', '202507'), fujian);
    assert.deepEqual(await recorded('T3'), [['2026-02-01', '2026-05-01', 'transfer', 5]]);

    // a resident who paid the year after two months, and one who came after five and keeps the wait of residents
    await sql`INSERT INTO contribution (psn_no, insutype, paid_on, month_from, month_to, receipt)
      SELECT psn_no, '390', '2026-05-15', '202601', '202612', psn_no FROM person WHERE psn_no IN ('T4', 'T5')`.execute(
      store(),
    );
    await sql`UPDATE enrolment SET waiting_until = '2026-08-15' WHERE psn_no IN ('T4', 'T5')`.execute(
      store(),
    );
    assert.deepEqual(await arrive('T4', '390', '202602'), { ...none, begndate: '2026-03-01', gap_months: 2 });
    assert.equal(await arrive('T5', '390', '202511'), null);
    assert.deepEqual(await recorded('T5'), [['2026-05-15', '2026-08-15', '', null]]);

    // booking the next month changes nothing of it, and neither does the same file of persons again
    const { fileId } = await land(
      store(),
      'tax-collection',
      [TAX, `转T2,${SIX},T2-2,职工,2026-01-20,2026-01,2026-01,144,468,`],
      'after.csv',
    );
    await sql`UPDATE enrolment SET enddate = '2026-02-28' WHERE psn_no = 'T2'`.execute(store());
    assert.deepEqual(await book(fileId), { booked: 1, leftOut: 0, spans: 1, spansRefused: 0 });
    assert.deepEqual(await recorded('T2'), [['2025-12-01', null, 'transfer', 2]]);
    await importPersons(store(), readPersonRows([header, persons[2]].join('\n'), 't2.csv'), 't2.csv', now);
    assert.deepEqual(await recorded('T3'), [['2026-02-01', '2026-05-01', 'transfer', 5]]);
  });

  test('arrears paid in time trace a span back that was booked before them', async () => {
    const TEN = identityNumber('1985-01-02', 20);
    const header = 'name,certno,insutype,psn_type,begndate,enddate,insuplc_admdvs,psn_no';
    const known = [header, `补十,${TEN},390,15,2020-01-01,2020-12-31,990100,T9`].join('\n');
    await importPersons(store(), readPersonRows(known, 't9.csv'), 't9.csv', now);
    const bookMonth = async (month: string, paidOn: string) => {
      const line = `补十,${TEN},T9-${month},职工,${paidOn},${month},${month},144,468,`;
      const { fileId } = await land(store(), 'tax-collection', [TAX, line], `t9-${month}.csv`);
      return book(fileId);
    };
    await bookMonth('2025-03', '2025-03-20');
    assert.deepEqual(await bookMonth('2025-02', '2025-05-20'), {
      ...{ booked: 1, leftOut: 0, spans: 1, spansRefused: 0 },
    });
    const file = (await readPersonFile(store(), 'T9'))!;
    assert.deepEqual(
      file.enrolments
        .filter(({ insutype }) => insutype === '310')
        .map(({ begndate, enddate }) => [begndate, enddate]),
      [['2025-03-01', '2025-04-30']],
    );
  });
});
