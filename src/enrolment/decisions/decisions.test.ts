import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { sql } from 'kysely';
import { benefitLayers, benefitPolicy, layersOfFile } from '#benefits/index.ts';
import { YibaoError } from '#kernel/errors.ts';
import { describeOnStores } from '../../../test/support/stores.ts';
import { identityNumber } from '../../../test/support/visit-service.ts';
import {
  bookCollection,
  countRetirement,
  deem,
  findDeemed,
  findRefund,
  findRetirement,
  giveBack,
  importPersons,
  landFile,
  makePayables,
  mappingOf,
  readPersonFile,
  readPersonRows,
  reconcileContributions,
  retire,
  sendPayables,
} from '../index.ts';

const folder = mkdtempSync(join(tmpdir(), 'yibao-decisions-'));
after(() => rmSync(folder, { recursive: true }));
const now = Temporal.Instant.from('2026-03-10T00:00:00Z');
const policies = new Map<string, ReturnType<typeof benefitPolicy>>();
const policyOf = (area: string, date: string) => {
  const known = policies.get(date) ?? benefitPolicy(benefitLayers(area), date);
  policies.set(date, known);
  return known;
};
const certificate = (serial: number) => identityNumber('1966-02-03', serial);
const HEADER = 'name,certno,insutype,psn_type,begndate,enddate,insuplc_admdvs,psn_no,identities';
const TAX = '姓名,身份证号,票据号,险种,入库日期,费款所属期起,费款所属期止,个人缴费,单位缴费,区划';
const refusedWith = (code: string) => (error: unknown) =>
  error instanceof YibaoError && error.problems[0]!.definition.code === code;
const by = { approvalId: 'A-1', on: '2026-03-10' };

describeOnStores('refunds, deemed years, retirement and payable lists', (store) => {
  const rows = async (query: ReturnType<typeof sql<Record<string, unknown>>>) =>
    (await query.execute(store())).rows.map((row) => Object.values(row));
  const land = async (department: string, lines: readonly string[], name: string) => {
    const path = join(folder, name);
    writeFileSync(path, lines.join('\n'));
    return landFile(store(), { path, name, mapping: mappingOf(department), login: 'clerk' }, now);
  };

  test('a contribution of the residents is given back once to somebody who is in the employees’ scheme from the first day', async () => {
    const persons = [
      `甲一,${certificate(1)},310,11,2025-12-01,,990100,D1,2303:2025-01-01`,
      `乙二,${certificate(2)},310,11,2026-03-01,,990100,D2,`,
      `丙三,${certificate(3)},390,15,2025-01-01,2025-12-31,990100,D3,`,
    ];
    await importPersons(store(), readPersonRows([HEADER, ...persons].join('\n'), 'p.csv'), 'p.csv', now);
    const { fileId } = await land(
      'tax-collection',
      [
        TAX,
        `甲一,${certificate(1)},R1,居民,2025-11-01,2026-01,2026-12,200,0,`,
        `乙二,${certificate(2)},R2,居民,2025-11-01,2026-01,2026-12,400,0,`,
        `丙三,${certificate(3)},R3,居民,2025-11-01,2026-01,2026-12,400,0,`,
        `丙三,${certificate(3)},R4,居民,2025-12-01,2026-01,2026-12,400,0,`,
      ],
      'tax.csv',
    );
    await bookCollection(store(), { fileId, areaCode: '990100', policyOf });
    const idOf = async (receipt: string) =>
      (await rows(sql`SELECT contribution_id FROM contribution WHERE receipt = ${receipt}`))[0]![0] as number;
    const refund = async (receipt: string, reason: 'both-schemes' | 'twice' | 'dead') =>
      findRefund(store(), { contributionId: await idOf(receipt), reason }, policyOf);

    const found = await refund('R1', 'both-schemes');
    assert.deepEqual(
      [found.happenedOn, found.personFen, found.assistanceFen, found.subsidyFen, found.because],
      ['2026-01-01', 20_000, 20_000, 67_000, 'enrolment 310 2025-12-01'],
    );
    await assert.rejects(
      giveBack(store(), { ...found, personFen: 1 }, policyOf, by),
      refusedWith('enrolment.facts-changed'),
    );
    await giveBack(store(), found, policyOf, by);
    await assert.rejects(refund('R1', 'both-schemes'), refusedWith('enrolment.no-refund'));
    // benefits had begun in January; nothing says death; one payment is no second one
    await assert.rejects(refund('R2', 'both-schemes'), refusedWith('enrolment.no-refund'));
    await assert.rejects(refund('R3', 'dead'), refusedWith('enrolment.no-refund'));
    await assert.rejects(refund('R3', 'twice'), refusedWith('enrolment.no-refund'));
    await giveBack(store(), await refund('R4', 'twice'), policyOf, { ...by, approvalId: 'A-2' });
    assert.deepEqual(
      await rows(
        sql`SELECT psn_no, psn_insu_stas, begndate, enddate FROM enrolment WHERE insutype = '390'
          AND begndate >= '2026-01-01' ORDER BY psn_no`,
      ),
      [
        ['D1', '3', '2026-01-01', '2026-12-31'],
        ['D2', '1', '2026-01-01', '2026-12-31'],
        ['D3', '1', '2026-01-01', '2026-12-31'],
      ],
    );
    assert.deepEqual(
      await rows(sql`SELECT psn_no, months FROM contribution_summary WHERE insutype = '390' ORDER BY psn_no`),
      [
        ['D2', 12],
        ['D3', 12],
      ],
    );
    // booking again brings nothing back
    await bookCollection(store(), { fileId, areaCode: '990100', policyOf });
    const [again] = await rows(
      sql`SELECT psn_insu_stas FROM enrolment WHERE psn_no = 'D1' AND insutype = '390'`,
    );
    assert.deepEqual(again, ['3']);
    await assert.rejects(sql`DELETE FROM contribution_refund`.execute(store()), /refused/);
    // what tax bureau and treasury gave back is held against what was decided here: R1 agrees, R4 is not at the treasury, R9 not here
    await land(
      'tax-collection',
      [
        `${TAX},退库金额`,
        `甲一,${certificate(1)},R1,居民,2026-03-15,2026-01,2026-12,0,0,,200`,
        `丙三,${certificate(3)},R4,居民,2026-03-15,2026-01,2026-12,0,0,,400`,
      ],
      'tax-refunds.csv',
    );
    await land(
      'treasury',
      [
        '票据号,险种,入账日期,费款所属期起,费款所属期止,入账金额,退库金额',
        'R1,居民,2026-03-16,2026-01,2026-12,0,200',
        'R9,居民,2026-03-16,2026-01,2026-12,0,30.50',
      ],
      'treasury-refunds.csv',
    );
    const compared = await reconcileContributions(
      store(),
      { paidFrom: '2026-03-01', paidTo: '2026-03-31', login: 'clerk' },
      now,
    );
    assert.deepEqual(
      [compared.refunds, compared.taxRefundedFen, compared.treasuryRefundedFen, compared.agencyRefundedFen],
      [3, 60_000, 23_050, 60_000],
    );
    assert.deepEqual(
      await rows(sql`SELECT kind, receipt, psn_no, tax_fen, treasury_fen, agency_fen, detail FROM contribution_difference
        WHERE reconciliation_id = ${compared.reconciliationId} ORDER BY number`),
      [
        ['refund-differs', 'R4', 'D3', -40_000, null, -40_000, 'twice'],
        ['refund-differs', 'R9', null, null, -3_050, null, ''],
      ],
    );
    // a refund is no contribution: nothing of these files is booked
    const { fileId: ofRefunds } = (
      await sql<{
        fileId: number;
      }>`SELECT file_id AS "fileId" FROM department_file WHERE file_name = 'tax-refunds.csv'`.execute(store())
    ).rows[0]!;
    const { booked } = await bookCollection(store(), { fileId: ofRefunds, areaCode: '990100', policyOf });
    assert.equal(booked, 0);
  });

  test('deemed months count on evidence, those paid for only once', async () => {
    await importPersons(
      store(),
      readPersonRows([HEADER, `丁四,${certificate(11)},310,11,2002-01-01,,990100,D4,`].join('\n'), 'q.csv'),
      'q.csv',
      now,
    );
    await sql`INSERT INTO contribution (psn_no, insutype, paid_on, month_from, month_to, person_fen)
      VALUES ('D4', '310', '2020-01-05', '200201', '202512', 100)`.execute(store());
    const wanted = {
      psnNo: 'D4',
      monthFrom: '199801',
      monthTo: '200206',
      ground: 'military' as const,
      document: '退伍证，档案第 12 页',
    };
    const found = await findDeemed(store(), wanted);
    assert.deepEqual([found.months, found.newMonths], [54, 48]);
    await deem(store(), found, by);
    await assert.rejects(findDeemed(store(), wanted), refusedWith('enrolment.months-paid'));
    assert.deepEqual(
      await rows(
        sql`SELECT months, deemed_months, local_months FROM contribution_summary WHERE psn_no = 'D4'`,
      ),
      [[28 * 12, 48, 24 * 12]],
    );
    assert.deepEqual(await rows(sql`SELECT ground, document, approval_id FROM deemed_decision`), [
      ['military', wanted.document, 'A-1'],
    ]);
  });

  test('somebody retires with the years needed; missing ones are paid up first, to the fen', async () => {
    const { gend } = (await readPersonFile(store(), 'D4'))!;
    assert.equal(gend, '1');
    // a policy that sets ages: nobody retires at 46, whatever the evidence says of years
    const birthOf = (day: string) =>
      sql`UPDATE person SET brdy = ${day} WHERE psn_no = 'D4'`.execute(store());
    const at = (more: object) =>
      findRetirement(
        store(),
        { psnNo: 'D4', retiresOn: '2026-02-03', wageFen: 720_000, document: '退休审批表', ...more },
        policyOf,
      );
    await birthOf('1979-06-01');
    await assert.rejects(at({}), (error: unknown) => {
      const [problem] = (error as YibaoError).problems;
      assert.equal(problem!.definition.code, 'enrolment.too-young');
      assert.match((error as Error).message, /special work or inability to work/);
      return true;
    });
    await birthOf('1966-02-04');
    await assert.rejects(at({}), refusedWith('enrolment.too-young'));
    // the age is reached, and it is the years that are missing
    await birthOf('1966-02-03');
    await assert.rejects(at({}), refusedWith('enrolment.years-missing'));
    // after special work at 55, unable to work at 50
    await birthOf('1971-02-03');
    await assert.rejects(at({}), refusedWith('enrolment.too-young'));
    await assert.rejects(at({ ground: 'special-work' }), refusedWith('enrolment.years-missing'));
    await birthOf('1974-01-01');
    await assert.rejects(at({ ground: 'special-work' }), refusedWith('enrolment.too-young'));
    await assert.rejects(at({ ground: 'illness' }), refusedWith('enrolment.years-missing'));
    await birthOf('1965-01-20');
    // a man needs thirty years: two are missing, at 7200 × 8.5 % × 24 months
    const wanted = { psnNo: 'D4', retiresOn: '2026-02-03', wageFen: 720_000, document: '退休审批表' };
    await assert.rejects(findRetirement(store(), wanted, policyOf), (error: unknown) => {
      const [problem] = (error as YibaoError).problems;
      assert.equal(problem!.definition.code, 'enrolment.years-missing');
      assert.deepEqual(problem!.parameters, { counted: '28', missing: '2', amount: '14688.00' });
      return true;
    });
    // two years as a resident and one beside the employment: a policy that counts half of the two leaves one year to pay up
    await sql`INSERT INTO contribution (psn_no, insutype, paid_on, month_from, month_to)
      VALUES ('D4', '390', '1996-02-05', '199601', '199712'), ('D4', '390', '2001-11-05', '200201', '200212')`.execute(
      store(),
    );
    const path = join(folder, 'converts.yaml');
    writeFileSync(
      path,
      `layer: city
area: "990100"
name: 折算市
profile: benefits
documents:
  converts: { title: { zh: 折算办法, en: Conversion }, date: 2025, status: local }
source: { from: converts, article: 第一条, starts: 2025-01-01 }
values:
  contribution.resident_years_ratio: 50%
`,
    );
    const layers = layersOfFile(path, { outer: benefitLayers('990100') });
    const half = await countRetirement(store(), wanted, (_, date) => benefitPolicy(layers, date));
    const none = await countRetirement(store(), wanted, policyOf);
    assert.deepEqual(
      [half, none].map((found) => [
        ...[found.residentMonths, found.residentYearsRatio, found.convertedMonths],
        ...[found.countedYears, found.missingYears, found.payUpFen],
      ]),
      [
        [24, 500_000, 12, 29, 1, 734_400],
        [24, 0, 0, 28, 2, 1_468_800],
      ],
    );
    const payUp = { receipt: 'P1', paidOn: '2026-02-01', fen: 1_468_800 };
    await assert.rejects(
      findRetirement(store(), { ...wanted, payUp: { ...payUp, fen: 1 } }, policyOf),
      refusedWith('enrolment.pay-up-differs'),
    );
    const found = await findRetirement(store(), { ...wanted, payUp }, policyOf);
    await retire(store(), found, policyOf, by);
    assert.deepEqual(
      await rows(
        sql`SELECT psn_type, begndate, enddate FROM enrolment WHERE psn_no = 'D4' ORDER BY begndate`,
      ),
      [
        ['11', '2002-01-01', '2026-02-02'],
        ['12', '2026-02-03', null],
      ],
    );
    assert.deepEqual(
      await rows(sql`SELECT month_from, month_to, person_fen FROM contribution WHERE kind = 'pay-up'`),
      [['202601', '202712', 1_468_800]],
    );
    assert.deepEqual(
      await rows(
        sql`SELECT counted_years, needed_years, deemed_months, resident_months, converted_months, pay_up_fen, ground, age_months, statutory_months FROM retirement`,
      ),
      [[28, 30, 48, 24, 0, 1_468_800, 'age', 61 * 12, 60 * 12 + 1]],
    );
    await assert.rejects(
      findRetirement(store(), { ...wanted, payUp }, policyOf),
      refusedWith('enrolment.retired-already'),
    );
  });

  test('the list of a year names who has to pay and what, and takes the tax bureau’s answers and payments', async () => {
    const persons = [
      `戊五,${certificate(21)},390,15,2026-01-01,2026-12-31,990101,D5,`,
      `己六,${certificate(22)},390,15,2026-01-01,2026-12-31,990101,D6,2304:2025-01-01`,
      // holder of a residence permit, as the police say
      `庚七,${certificate(23)},390,15,2026-01-01,2026-12-31,990102,D7,`,
      // in the employees’ scheme by now
      `辛八,${certificate(24)},390,15,2026-01-01,2026-06-30,990102,D8,`,
      `辛八,${certificate(24)},310,11,2026-07-01,,990102,D8,`,
    ];
    await importPersons(store(), readPersonRows([HEADER, ...persons].join('\n'), 'r.csv'), 'r.csv', now);
    await land(
      'police',
      ['姓名,公民身份号码,人口类别', `庚七,${certificate(23)},居住证`],
      'residence-permits.csv',
    );
    const given = { year: 2027, areaCode: '990100', asOf: '2026-10-01', login: 'clerk', policyOf };
    const list = await makePayables(store(), given, now);
    const state = () =>
      rows(sql`SELECT psn_no, residence, person_fen, subsidy_fen, assistance_fen, state, reason FROM payable_state
        WHERE list_id = ${list.listId} AND psn_no IN ('D5', 'D6', 'D7', 'D8') ORDER BY number`);
    assert.deepEqual(await state(), [
      ['D5', 'registered', 40_000, 67_000, 0, 'made', ''],
      ['D6', 'registered', 0, 67_000, 40_000, 'made', ''],
      ['D7', 'permit', 40_000, 67_000, 0, 'made', ''],
    ]);
    const sums = await rows(
      sql`SELECT count(*) AS persons, sum(person_fen)::bigint AS person, sum(subsidy_fen)::bigint AS subsidy,
        sum(assistance_fen)::bigint AS assistance FROM payable
        WHERE list_id = ${list.listId}`,
    );
    assert.deepEqual(sums, [[list.persons, list.personFen, list.subsidyFen, list.assistanceFen]]);
    await sendPayables(store(), list.listId, 'clerk', now);
    await assert.rejects(sendPayables(store(), 999, 'clerk', now), refusedWith('enrolment.no-such-list'));
    const numbers = await rows(
      sql`SELECT number FROM payable WHERE list_id = ${list.listId} AND psn_no IN ('D5', 'D6', 'D7') ORDER BY number`,
    );
    const [five, six, seven] = numbers.map(([number]) => `${list.listId}-${String(number)}`);
    const answered = await land(
      'tax-answers',
      [
        '应缴编号,处理结果,退回原因',
        `${five},接收,`,
        `${six},接收,`,
        `${seven},退回,证件号码不符`,
        '999-1,接收,',
        'x,接收,',
      ],
      'answers.csv',
    );
    assert.deepEqual([answered.linked, answered.unusable], [3, 2]);
    const { fileId } = await land(
      'tax-collection',
      [TAX, `戊五,${certificate(21)},R9,居民,2026-11-01,2027-01,2027-12,400,0,`],
      'tax-2027.csv',
    );
    await bookCollection(store(), { fileId, areaCode: '990100', policyOf });
    assert.deepEqual(
      (await state()).map((row) => [row[0], row[5], row[6]]),
      [
        ['D5', 'paid', ''],
        ['D6', 'paid', ''],
        ['D7', 'refused', '证件号码不符'],
      ],
    );
    // who paid is not asked again
    const next = await makePayables(store(), given, now);
    assert.equal(next.persons, list.persons - 1);
    await assert.rejects(
      makePayables(store(), { ...given, areaCode: '110000' }, now),
      refusedWith('enrolment.nobody-pays'),
    );
  });
});
