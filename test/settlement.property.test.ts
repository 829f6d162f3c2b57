import assert from 'node:assert/strict';
import { appendFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { parse } from 'csv-parse/sync';
import { fraction } from '#kernel/fraction.ts';
import { parseYuan } from '#kernel/money.ts';
import { REFERENCE_POLICY, settleByOracle } from './support/oracle.ts';
import { AREA_TWISTS, type AreaTwist, randomArea } from './support/random-area.ts';
import { settleToFiles } from './support/settle-files.ts';
import { writeArea } from './support/write-area.ts';

/** Areas of each kind; set YIBAO_RANDOM_AREAS higher for a longer search. */
const AREAS_PER_TWIST = Number(process.env.YIBAO_RANDOM_AREAS ?? 4);
const YEAR = 2025;

const sumFen = (rows: readonly Record<string, string>[], field: string): bigint =>
  rows.reduce((sum, row) => sum + parseYuan(row[field]!)!, 0n);

function checkConservation(files: Record<string, string>): void {
  const read = (name: string) => parse(files[name]!, { columns: true }) as Record<string, string>[];
  const clearing = read('clearing.csv');
  const residuals = read('residual.csv');
  for (const row of read('point_values.csv')) {
    const budget = parseYuan(row.budget!)!;
    const own = clearing.filter((entry) => entry.insutype === row.insutype);
    const residual = parseYuan(residuals.find((entry) => entry.insutype === row.insutype)!.residual!)!;
    // without points nobody can be due anything: the whole budget stays in the residual account
    assert.equal(
      sumFen(own, 'due'),
      row.points === '0.0000' ? 0n : budget,
      `Σ due of scheme ${row.insutype}`,
    );
    assert.equal(sumFen(own, 'result') + residual, budget, `Σ result + residual of scheme ${row.insutype}`);
  }
}

async function settleRandom(seed: number, twist: AreaTwist): Promise<void> {
  const area = randomArea(seed, twist);
  const folder = writeArea(area, 1 + (seed % 3));
  try {
    const files = await settleToFiles(folder, YEAR);
    const expected = settleByOracle(area, YEAR);
    for (const [name, text] of Object.entries(expected.files)) {
      assert.equal(files[name], text, `${name} of area ${twist} ${seed}`);
    }
    const refused = parse(files['refused.csv']!, { columns: true }) as Record<string, string>[];
    assert.deepEqual(refused.map((row) => row.setl_id).toSorted(), expected.refused.toSorted());
    checkConservation(files);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe('the SQL pipeline gives what the one-case rules in TypeScript give, and every fen of the budget', () => {
  for (const twist of AREA_TWISTS) {
    test(`random areas: ${twist}`, async () => {
      for (let round = 0; round < AREAS_PER_TWIST; round += 1)
        await settleRandom(round * 7919 + twist.length, twist);
    });
  }
});

test('two runs give the same bytes, and neither the order nor the split of the input matters', async () => {
  const area = randomArea(4711, 'plain');
  const shuffled = {
    ...area,
    lists: area.lists.toSorted((a, b) => (a.medfee_sumamt < b.medfee_sumamt ? -1 : 1)),
  };
  const results: Record<string, string>[] = [];
  for (const [variant, files] of [
    [area, 1],
    [area, 1],
    [shuffled, 1],
    [shuffled, 5],
  ] as const) {
    const folder = writeArea(variant, files);
    results.push(await settleToFiles(folder, YEAR));
    rmSync(folder, { recursive: true, force: true });
  }
  const [first, again, ...others] = results;
  assert.deepEqual(again, first);
  for (const other of others) {
    // file and row of a refused list, and the hashes of the input, do depend on how the input is laid out
    for (const name of Object.keys(first!).filter(
      (each) => each !== 'refused.csv' && each !== 'manifest.json',
    )) {
      assert.equal(other[name], first![name], name);
    }
  }
});

test('parameters written in area.yaml decide, and the one-case rules follow them', async () => {
  const area = randomArea(99, 'plain');
  const folder = writeArea(area);
  const value = (parameter: string, unit: string, text: string) =>
    `  ${parameter}:\n    unit: ${unit}\n    values:\n      2025-01-01: {value: "${text}", from: local-rules, article: 第一条}\n`;
  appendFileSync(
    join(folder, 'area.yaml'),
    `documents:\n  local-rules: 随机市付费办法\noverrides:\n${value('deviation.low_ratio', 'ratio', '0.4')}${value('deviation.high_ratio', 'ratio', '1.75')}${value('ungrouped.ratio', 'ratio', '0.55')}${value('catalogue.core_threshold', 'cases', '5')}${value('payment.monthly_ratio', 'ratio', '0.9')}${value('score.year_weights', 'weights', '3:4')}${value('coefficient.primary_care', 'coefficient', '0.95')}`,
  );
  const files = await settleToFiles(folder, YEAR);
  rmSync(folder, { recursive: true, force: true });
  const expected = settleByOracle(area, YEAR, {
    ...REFERENCE_POLICY,
    lowRatio: fraction(2n, 5n),
    highRatio: fraction(7n, 4n),
    ungroupedRatio: fraction(11n, 20n),
    coreThreshold: 5,
    monthlyRatio: fraction(9n, 10n),
    yearWeights: [3n, 4n],
    primaryCareCoefficient4: 9_500n,
  });
  for (const [name, text] of Object.entries(expected.files)) assert.equal(files[name], text, name);
});

test('a start-of-year point value beyond 64 bits is written exactly', async () => {
  // lists of 10^12 yuan and a score of 1 for the mean: some 10^12 yuan a point, × 10^8 in the tables
  const area = randomArea(7, 'huge-costs');
  const folder = writeArea(area);
  appendFileSync(
    join(folder, 'area.yaml'),
    'documents:\n  local-rules: 随机市付费办法\noverrides:\n  score.mean_score:\n    unit: points\n    values:\n      2025-01-01: {value: "1", from: local-rules, article: 第一条}\n',
  );
  const files = await settleToFiles(folder, YEAR);
  rmSync(folder, { recursive: true, force: true });
  const expected = settleByOracle(area, YEAR, { ...REFERENCE_POLICY, meanScore: fraction(1n) });
  const [start] = expected.files['point_values.csv']!.split('\n')[1]!.split(',').slice(4);
  assert.ok(BigInt(start!.replace('.', '')) > 2n ** 63n - 1n, `${start} fits 64 bits`);
  for (const [name, text] of Object.entries(expected.files)) assert.equal(files[name], text, name);
});
