import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { Engine } from '#engine/duckdb.ts';
import { makeTable, runScript } from '#engine/sql-file.ts';
import { fraction, multiply, parseDecimal, roundTo, scaledText } from '#kernel/fraction.ts';
import { parseYuan, yuanText } from '#kernel/money.ts';
import { scoreGroupedCase } from '#payment/points/score-case.ts';
import { diseaseScore4 } from '#payment/points/weighted-mean.ts';
import { REFERENCE_POINTS } from './support/oracle.ts';
import { testWithSharedData } from './support/shared-data.ts';

const source = join(import.meta.dirname, '..', 'src');
const yuan = (text: string) => multiply(parseDecimal(text)!, fraction(100n));

/** An engine with the macros and tables that the months and the clearing read; values in fen and points × 10^4. */
async function clearingEngine(): Promise<Engine> {
  const engine = await Engine.open();
  await runScript(engine, join(source, 'engine', 'macros', 'exact.sql'));
  await runScript(engine, join(source, 'catalogue', 'area_tables.sql'));
  await engine.run(`
    CREATE TABLE policy_value (parameter VARCHAR, scaled BIGINT);
    CREATE TABLE month_total (month TINYINT, scheme SMALLINT, institution_no INTEGER, cases BIGINT, points4 HUGEINT,
      cost_fen HUGEINT, non_fund_fen HUGEINT);
    INSERT INTO settlement_year VALUES (2025, 2022, 5);
    INSERT INTO policy_value VALUES ('payment.monthly_ratio', 9500), ('clearing.default_assessment', 10000)`);
  return engine;
}

const table = (engine: Engine, path: string) => makeTable(engine, join(source, 'payment', `${path}.sql`));

describe('worked numbers of the months and the clearing', () => {
  test('three institutions share 9,000,000 yuan by the deduction method at 9.6 yuan per point', async () => {
    const engine = await clearingEngine();
    await engine.append('institution', [
      [0, 'H1', '一', 3],
      [1, 'H2', '二', 2],
      [2, 'H3', '三', 1],
    ]);
    await engine.append('budget', [[2025, 310, 900_000_000n]]);
    // points, total cost and booked fund of each; non-fund is the difference
    await engine.append('month_total', [
      [1, 310, 0, 1, 7_000_000_000n, 720_000_000n, 190_000_000n],
      [1, 310, 1, 1, 4_000_000_000n, 390_000_000n, 90_000_000n],
      [1, 310, 2, 1, 1_500_000_000n, 140_000_000n, 20_000_000n],
    ]);
    await engine.append('start_point_value', [[900_000_000n]]);
    for (const path of ['clearing/scheme_total', 'clearing/point_value_result', 'clearing/due'])
      await table(engine, path);
    const { settlement_point_value8 } = await engine.row(
      'SELECT settlement_point_value8 FROM point_value_result',
    );
    assert.equal(scaledText(settlement_point_value8 as bigint, 8), '9.60000000');
    const due = await engine.rows('SELECT due_fen FROM due ORDER BY fixmedins_code');
    assert.deepEqual(
      due.map((row) => yuanText(BigInt(row.due_fen as bigint))),
      ['4820000.00', '2940000.00', '1240000.00'],
    );
    engine.close();
  });

  test('a month of 60,000 points at 9.5 yuan less 160,000 yuan has a base of 410,000 yuan, paid at 0.95', async () => {
    const engine = await clearingEngine();
    await engine.append('institution', [[0, 'H1', '一', 3]]);
    await engine.append('month_total', [[1, 310, 0, 1, 600_000_000n, 60_000_000n, 16_000_000n]]);
    await engine.append('start_point_value', [[950_000_000n]]);
    await table(engine, 'settlement/month_result');
    const row = await engine.row('SELECT month, base_fen, paid_fen FROM month_result');
    assert.deepEqual(row, { month: '2025-01', base_fen: 41_000_000n, paid_fen: 38_950_000n });
    engine.close();
  });

  test('4,820,000 yuan due at 0.98 less 35,000 is 4,688,600; less 4,200,000 and 380,000 leaves 108,600 in cash', async () => {
    const engine = await clearingEngine();
    await engine.run(`
      CREATE TABLE due AS SELECT CAST(310 AS SMALLINT) AS scheme, 0 AS institution_no, 'H1' AS fixmedins_code,
        CAST(1 AS BIGINT) AS cases, CAST(1 AS HUGEINT) AS points4, CAST(0 AS HUGEINT) AS cost_fen,
        CAST(0 AS HUGEINT) AS non_fund_fen, CAST(482000000 AS HUGEINT) AS due_fen;
      CREATE TABLE month_result AS SELECT '310' AS insutype, 'H1' AS fixmedins_code, CAST(420000000 AS BIGINT) AS paid_fen`);
    await engine.append('institution_year', [[2025, 0, 310, 98_000_000n, 3_500_000n, 38_000_000n]]);
    await table(engine, 'clearing/clearing_result');
    const row = await engine.row('SELECT result_fen, clearing_cash_fen FROM clearing_result');
    assert.deepEqual(row, { result_fen: 468_860_000n, clearing_cash_fen: 10_860_000n });
    engine.close();
  });
});

type WorkedExamples = {
  readonly A_dip_rw: Readonly<Record<string, { readonly m: string; readonly rw_4dp: string }>> & {
    readonly M: string;
  };
  readonly C_outlier: {
    readonly rw: string;
    readonly pv: string;
    readonly coef: string;
    readonly cases: readonly {
      readonly cost: string;
      readonly ratio_6dp: string;
      readonly kind: string;
      readonly score_4dp: string;
    }[];
  };
};

testWithSharedData('the worked examples beside the project: scores and outliers', (data) => {
  const { A_dip_rw: scores, C_outlier: outliers } = JSON.parse(
    readFileSync(join(data, 'payment', 'worked_examples.json'), 'utf8'),
  ) as WorkedExamples;
  for (const [group, worked] of Object.entries(scores)) {
    if (typeof worked === 'string') continue;
    const score4 = diseaseScore4(yuan(worked.m), yuan(scores.M), REFERENCE_POINTS.meanScore);
    assert.equal(scaledText(score4, 4), worked.rw_4dp, group);
  }
  const score = parseDecimal(outliers.rw)!;
  const group = {
    meanFen: multiply(multiply(score, parseDecimal(outliers.pv)!), fraction(100n)),
    score4: roundTo(score, 4),
  };
  for (const worked of outliers.cases) {
    const result = scoreGroupedCase(
      parseYuan(worked.cost)!,
      group,
      roundTo(parseDecimal(outliers.coef)!, 4),
      REFERENCE_POINTS,
    );
    assert.equal(result.deviation, worked.kind, worked.cost);
    assert.equal(scaledText(roundTo(result.ratio!, 6), 6), worked.ratio_6dp);
    assert.equal(scaledText(result.points4, 4), worked.score_4dp);
  }
});
