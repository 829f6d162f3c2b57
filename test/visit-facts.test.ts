import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { transaction } from '#engine/postgres/store.ts';
import { addFiling, benefitSource } from '#visits/index.ts';
import { runCli } from './support/run-cli.ts';
import {
  AREA,
  admission,
  description,
  discharge,
  feeLines,
  ok,
  RESIDENT,
  registration,
  settlementOf,
  startVisitService,
  type VisitService,
} from './support/visit-service.ts';

/** Above the demo city: a bed-day quota, a readmission without deductible, a code of its own for long-term care. */
const VALUES = `  basic.deductible_factor: [{ circumstance: readmission, value: "0" }, { value: "1" }]
  basic.quota: [{ care: inpatient, circumstance: single-disease, value: none }, { care: inpatient, value: "300" }, { value: none }]
  basic.quota_per: [{ care: inpatient, value: day }, { value: visit }]
  circumstance.readmission_days: "15"
  interface.med_types: "61=long-term-care"
`;
const POLICY = `documents:
  own: { title: { zh: 本市通知, en: Notice of the city }, status: local, date: 2024 }
source: { from: own, article: 第一条, starts: 2020-01-01 }
values:
${VALUES}`;

describe('what the engine is told of a live visit comes from its messages and the person’s file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'yibao-visit-facts-'));
  let service: VisitService;
  before(async () => {
    writeFileSync(join(folder, `${AREA}.yaml`), POLICY);
    service = await startVisitService({ memory: true }, { source: benefitSource(folder) });
  });
  after(async () => {
    await service.close();
    rmSync(folder, { recursive: true });
  });
  const send: VisitService['send'] = (...given) => service.send(...given);

  /** Admits, settles at each of the days, the last of them the discharge; answers with the header of each settlement. */
  const stay = async (
    number: string,
    from: string,
    parts: readonly (readonly [string, number])[],
    medType = '21',
  ) => {
    const { result } = ok(await send('2401', admission(RESIDENT, from, number, medType)));
    const settled: Record<string, string>[] = [];
    for (const [index, [day, yuan]] of parts.entries()) {
      ok(await send('2301', feeLines(RESIDENT, result.mdtrt_id, day, [{ yuan, sn: `${index}` }])));
      const isLast = index === parts.length - 1;
      if (isLast) ok(await send('2402', discharge(RESIDENT, result.mdtrt_id, day)));
      const wanted = settlementOf(RESIDENT, result.mdtrt_id, yuan, { mid_setl_flag: isLast ? '0' : '1' });
      const tried = ok(await send('2303', wanted)).setlinfo;
      const made = ok(await send('2304', wanted)).setlinfo;
      assert.equal(tried.hifp_pay, made.hifp_pay);
      settled.push(made);
    }
    return { mdtrtId: result.mdtrt_id as string, settled };
  };
  const undo = async ({ mdtrtId, settled }: Awaited<ReturnType<typeof stay>>) => {
    for (const { setl_id } of settled.toReversed()) {
      ok(await send('2305', { data: { mdtrt_id: mdtrtId, setl_id, psn_no: RESIDENT.psn_no } }));
    }
    ok(await send('2405', { data: { mdtrt_id: mdtrtId, psn_no: RESIDENT.psn_no } }));
    ok(await send('2404', { data: { mdtrt_id: mdtrtId, psn_no: RESIDENT.psn_no } }));
  };
  /** The same facts as a file of visits, settled from the command line. */
  const fromFiles = async (visits: string) => {
    writeFileSync(join(folder, 'policy.yaml'), POLICY);
    writeFileSync(
      join(folder, 'visit.yaml'),
      `person: { scheme: resident, person: adult, sex: male, birth_date: 1975-03-04, identities: [{ name: subsistence, from: 2025-01-01, to: 2025-12-31 }], enrolled_years: 1 }\nvisits:\n${visits}`,
    );
    const done = await runCli(
      ['settle-visit', '--policy', 'policy.yaml', '--area', AREA, '--visit', 'visit.yaml', '--json'],
      { folder },
    );
    assert.equal(done.exit, 0, done.stderr);
    const { settlements } = JSON.parse(done.stdout) as { settlements: { totals: Record<string, number> }[] };
    return settlements.map(({ totals }) =>
      Object.fromEntries(FIELDS.map((field) => [field, totals[`${field}_fen`]! / 100])),
    );
  };
  const FIELDS = [
    'medfee_sumamt',
    'inscp_scp_amt',
    'act_pay_dedc',
    'hifp_pay',
    'hifmi_pay',
    'maf_pay',
    'psn_part_amt',
  ];
  const shown = (rows: readonly Record<string, unknown>[]) =>
    rows.map((row) => FIELDS.map((field) => Number(row[field])));

  test('days of a stay: from admission to discharge, each counted in one settlement only', async () => {
    const whole = await stay('D1', '2025-07-01', [['2025-07-11', 9000]]);
    const visit = (day: string, days: number, total: number, more = '') =>
      `  - { date: ${day}, care: inpatient, level: "3", days: ${days}, stay: S, amounts: { total: "${total}" }${more} }\n`;
    assert.deepEqual(shown(whole.settled), shown(await fromFiles(visit('2025-07-11', 10, 9000))));
    // ten days at 300 yuan: less than what the ratio would give
    assert.equal(Number(whole.settled[0]!.hifp_pay), 3000);
    await undo(whole);
    const parts = await stay('D2', '2025-07-01', [
      ['2025-07-04', 4000],
      ['2025-07-04', 500],
      ['2025-07-11', 4500],
    ]);
    const expected = await fromFiles(
      visit('2025-07-04', 3, 4000, ', mid_stay: yes') +
        visit('2025-07-04', 0, 500, ', mid_stay: yes') +
        visit('2025-07-11', 7, 4500),
    );
    assert.deepEqual(shown(parts.settled), shown(expected));
    const sum = parts.settled.reduce((all, { hifp_pay }) => all + Number(hifp_pay), 0);
    assert.ok(sum <= 3000, `${sum}`);
    // what a settlement counted is free again when it is undone
    const [first, second, last] = parts.settled;
    ok(
      await send('2305', {
        data: { mdtrt_id: parts.mdtrtId, setl_id: last!.setl_id, psn_no: RESIDENT.psn_no },
      }),
    );
    const again = ok(await send('2304', settlementOf(RESIDENT, parts.mdtrtId, 4500))).setlinfo;
    assert.equal(again.hifp_pay, last!.hifp_pay);
    await undo({ mdtrtId: parts.mdtrtId, settled: [first!, second!, again] });
  });

  test('an admission within the days the policy sets is a readmission; a single disease is told by the medical type', async () => {
    const first = await stay('R1', '2025-08-01', [['2025-08-03', 2000]]);
    const second = await stay('R2', '2025-08-10', [['2025-08-12', 2000]]);
    const third = await stay('R3', '2025-09-01', [['2025-09-03', 2000]], '2102');
    const expected = await fromFiles(
      `  - { date: 2025-08-03, care: inpatient, level: "3", days: 2, amounts: { total: "2000" } }
  - { date: 2025-08-12, care: inpatient, level: "3", days: 2, circumstances: [readmission], amounts: { total: "2000" } }
  - { date: 2025-09-03, care: inpatient, level: "3", days: 2, circumstances: [single-disease], amounts: { total: "2000" } }
`,
    );
    const settled = [first, second, third].flatMap((each) => each.settled);
    assert.deepEqual(shown(settled), shown(expected));
    assert.equal(Number(settled[1]!.act_pay_dedc), 0);
    assert.ok(Number(settled[2]!.hifp_pay) > 600, 'no quota for a single disease');
    for (const each of [third, second, first]) await undo(each);
  });

  test('long-term care: the medical type is the area’s, disability and form of care are the assessment’s', async () => {
    const visit = async (number: string, day: string) => {
      const { data } = ok(await send('2201', registration(RESIDENT, day, number)));
      return {
        id: data.mdtrt_id as string,
        described: await send('2203', description(RESIDENT, data.mdtrt_id, day, '61')),
      };
    };
    const assess = (begndate: string, level: string, way: string, byFamily: string) =>
      transaction(service.store, (db) =>
        addFiling(
          db,
          RESIDENT.psn_no,
          {
            kind: 'long-term-care',
            biz_appy_type: '99',
            insutype: '',
            dise_codg: '',
            fixmedins_code: '',
            begndate,
            enddate: null,
            longterm_eval_lv: level,
            nurscare_way: way,
            rels_nurscare_flag: byFamily,
            body: {},
            filed_by: 'clerk',
          },
          Temporal.Now.instant(),
        ),
      );
    const settle = async (number: string, day: string, yuan: number) => {
      const { id, described } = await visit(number, day);
      ok(described);
      ok(await send('2204', feeLines(RESIDENT, id, day, [{ yuan, sn: '1' }])));
      return ok(await send('2207', settlementOf(RESIDENT, id, yuan, { med_type: '61' }))).setlinfo;
    };
    await assess('2025-09-01', '04', '02', '0');
    // home visits: 90 % up to 45 yuan a day
    const atHome = await settle('L1', '2025-10-10', 100);
    const expected = await fromFiles(
      '  - { date: 2025-10-10, care: long-term-care, level: "3", days: 1, disability: severe-1, care_form: home-visit, amounts: { total: "100" } }\n',
    );
    assert.deepEqual(shown([atHome]), shown(expected));
    assert.equal(Number(atHome.fund_pay_sumamt), 45);
    // an unknown code is still refused, with its field
    const { data } = ok(await send('2201', registration(RESIDENT, '2025-10-11', 'L2')));
    const unknown = await send('2203', description(RESIDENT, data.mdtrt_id, '2025-10-11', '62'));
    assert.match(unknown.err_msg, /医疗类别/);
  });
});
