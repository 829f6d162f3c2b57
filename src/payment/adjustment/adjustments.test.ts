import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { parse } from 'yaml';
import { Engine } from '#engine/duckdb.ts';
import { makeTable, runScript, sourceFile } from '#engine/sql-file.ts';
import { fraction, parseDecimal, roundTo, scaledText } from '#kernel/fraction.ts';
import { parseYuan } from '#kernel/money.ts';
import { specialCaseQuota } from '../review/quota.ts';
import {
  bedDayPoints4,
  incompletePoints4,
  pointsOfAmount4,
  readmittedPoints4,
  tcmMissing,
} from './one-case.ts';

type Given = Readonly<Record<string, string | number>>;
type AdjustmentCase = {
  readonly name: string;
  readonly step: string;
  readonly given: Given;
  readonly expect: { readonly points?: string; readonly missing?: readonly string[] };
};
const folder = import.meta.dirname;
const cases = parse(readFileSync(join(folder, 'adjustments.cases.yaml'), 'utf8')) as AdjustmentCase[];

const points4 = (text: string | number) => roundTo(parseDecimal(String(text))!, 4);
const fen = (text: string | number) => parseYuan(String(text))!;
const value8 = (text: string | number) => roundTo(parseDecimal(String(text))!, 8);
const shown = (value: bigint | undefined) => (value === undefined ? 'unchanged' : scaledText(value, 4));

const EXCEPTED = ['Z51.0', 'Z51.1'];

/** What the function of the step says of a case; undefined where it leaves the points alone. */
function byFunction({ step, given }: AdjustmentCase): bigint | undefined {
  switch (step) {
    case 'incomplete':
      return incompletePoints4(points4(given.score!), fen(given.cost!), fen(given.average_cost!));
    case 'bed-day':
      return bedDayPoints4(
        BigInt(given.days!),
        given.yuan_per_day === undefined
          ? { points4PerDay: points4(given.points_per_day!) }
          : { fenPerDay: fen(given.yuan_per_day) },
        fen(given.cost!),
        value8(given.point_value!),
        given.pay as 'standard',
      );
    case 'readmission': {
      const counts =
        Number(given.gap) <= Number(given.days) &&
        given.reason === undefined &&
        !EXCEPTED.some((code) => String(given.diagnosis).startsWith(code));
      return counts
        ? readmittedPoints4(points4(given.points!), parseDecimal(String(given.factor))!)
        : undefined;
    }
    case 'tcm':
      return missingOf(given).length > 0 ? points4(given.fallback!) : undefined;
    default:
      return pointsOfAmount4(fen(given.amount!), value8(given.point_value!));
  }
}

const missingOf = (given: Given) =>
  tcmMissing(
    {
      stay: BigInt(given.stay!),
      classes: BigInt(given.classes!),
      tcmFen: fen(given.tcm!),
      totalFen: fen(given.total!),
    },
    {
      minimumStay: BigInt(given.minimum_stay!),
      classes: BigInt(given.needs_classes!),
      share: parseDecimal(String(given.share))!,
    },
  );

describe('each adjustment of one case in TypeScript', () => {
  for (const one of cases) {
    test(one.name, () => {
      assert.equal(shown(byFunction(one)), one.expect.points ?? 'unchanged');
      if (one.step === 'tcm') assert.deepEqual(missingOf(one.given), one.expect.missing);
    });
  }
});

describe('each adjustment in SQL', () => {
  let engine: Engine;
  before(async () => {
    engine = await Engine.open({ threads: 1, memoryLimitMib: 256 });
    await runScript(engine, sourceFile('engine/macros/exact.sql'));
  });
  after(() => engine.close());

  for (const one of cases) {
    test(one.name, async () => {
      assert.equal(shown(await inSql(engine, one)), one.expect.points ?? 'unchanged');
    });
  }
});

/** Runs the SQL of the step over one case, L1, with group 1 and, for a readmission, the stay L2 that comes after it. */
async function inSql(engine: Engine, { step, given }: AdjustmentCase): Promise<bigint | undefined> {
  for (const tables of ['area_tables', 'case_tables'])
    await runScript(engine, sourceFile(`catalogue/${tables}.sql`));
  await engine.run(`
    CREATE OR REPLACE TABLE policy_value (parameter VARCHAR, value VARCHAR, scaled BIGINT);
    CREATE OR REPLACE TABLE case_score (setl_id VARCHAR, institution_no INTEGER, scheme SMALLINT,
      month TINYINT, cost_fen BIGINT, fund_fen BIGINT, signature_no INTEGER, group_no INTEGER, deviation VARCHAR,
      points4 BIGINT);
    CREATE OR REPLACE TABLE case_fact (setl_id VARCHAR, person VARCHAR, admission_date DATE, discharge_date DATE,
      length_of_stay SMALLINT, disposition VARCHAR);
    CREATE OR REPLACE TABLE signature (signature_no INTEGER, diagnosis VARCHAR, procedures VARCHAR);
    INSERT INTO institution VALUES (0, 'H1', 'H1', 3, 3);
    INSERT INTO policy_value VALUES ('incomplete.dispositions', '2 | 3', NULL), ('incomplete.maximum_stay', '3', 3),
      ('outlier_cost.deviations', 'low > high', NULL), ('outlier_cost.high_amount', 'excess', NULL), ('readmission.institution', 'same', NULL),
      ('readmission.excepted_diagnoses', '${EXCEPTED.join('|')}', NULL)`);
  const policy = (parameter: string, value: string | number, scaled: bigint | number | null) =>
    engine.append('policy_value', [[parameter, String(value), scaled]]);
  const cost = given.cost ?? (step === 'outlier-cost' ? given.amount! : '1000');
  const groupRule = (groupNo: number, score4: bigint) => [
    groupNo,
    groupNo,
    3,
    0,
    10_000,
    0,
    0,
    0,
    score4,
    '0 0 1 0',
    ...new Array(4).fill(0),
    'low',
    'false',
    score4,
  ];
  await engine.append('group_score', [
    [1, 'G1', 'drg', 10, fen(given.average_cost ?? '1000'), points4(given.score ?? '1')],
    [2, 'G2', 'drg', 10, 100, points4(given.fallback ?? '1')],
  ]);
  await engine.append('points_rule', [
    groupRule(1, points4(given.score ?? '1')),
    groupRule(2, points4(given.fallback ?? '1')),
  ]);
  const codes = Array.from({ length: Number(given.classes ?? 0) }, (_, index) => `17.9${index}`);
  const procedures = [...codes, '99.0', codes[0] ?? ''].join('| ');
  const add = async (id: string, diagnosis: string, admitted: string, discharged: string, days: number) => {
    const signature = Number(id.slice(1));
    await engine.append('case_score', [
      [id, 0, 310, 1, fen(cost), 0, signature, 1, 'low', points4(given.points ?? '1')],
    ]);
    await engine.append('signature', [[signature, diagnosis, procedures]]);
    await engine.append('case_fact', [[id, 'P1', admitted, discharged, days, '2']]);
  };
  await add('L1', 'J18.900', '2025-01-01', '2025-01-02', Number(given.days ?? given.stay ?? 2));
  if (given.point_value !== undefined) {
    await engine.append('amount_point_value', [[310, value8(given.point_value)]]);
  }
  if (step === 'bed-day') {
    await policy('bed_day.pay', given.pay!, null);
    await engine.append('bed_day', [
      [
        2,
        '精神类',
        'J18',
        3,
        null,
        2,
        optional(given.points_per_day, points4),
        optional(given.yuan_per_day, fen),
      ],
      // a row for all diagnoses and levels yields to the one above
      [3, '其他', '', null, null, 1, null, 1],
    ]);
  }
  if (step === 'readmission') {
    await policy('readmission.days', given.days!, Number(given.days));
    await policy('readmission.factor', given.factor!, points4(given.factor!));
    const admitted = Temporal.PlainDate.from('2025-01-02')
      .add({ days: Number(given.gap) })
      .toString();
    await add('L2', String(given.diagnosis), admitted, admitted, 1);
    if (given.reason !== undefined)
      await engine.append('readmission_reason', [[2, 'L2', String(given.reason)]]);
  }
  if (step === 'tcm') {
    await policy('tcm.operation_classes', given.needs_classes!, Number(given.needs_classes));
    await policy('tcm.treatment_share', given.share!, points4(given.share!));
    await engine.append('tcm_group', [[2, 'G1', Number(given.minimum_stay), 'G2']]);
    await engine.append(
      'tcm_operation',
      codes.map((code, index) => [index, code, `class ${index}`]),
    );
    if (given.total !== '0') await engine.append('tcm_fee', [[2, 'L1', fen(given.tcm!), fen(given.total!)]]);
  }
  if (step === 'special-case') {
    await engine.append('special_case', [[2, 'L1', 'amount', fen(given.amount!), null, '']]);
  }
  const table = `adjusted_${step.replaceAll('-', '_')}`;
  await makeTable(engine, join(folder, `${table}.sql`));
  const rows = await engine.rows(`SELECT points4 FROM ${table} WHERE setl_id = 'L1'`);
  return rows[0]?.points4 as bigint | undefined;
}

const optional = (text: string | number | undefined, read: (text: string | number) => bigint) =>
  text === undefined ? null : read(text);

describe('the quota of special cases is a share of all discharges of the area, rounded down', () => {
  for (const [name, share, quota] of [
    ['DIP: 5‰ of 12,345', fraction(5n, 1000n), 61n],
    ['DRG: 5 % of 12,345', fraction(5n, 100n), 617n],
  ] as const) {
    test(name, () => assert.equal(specialCaseQuota(12_345n, share), quota));
  }
});
