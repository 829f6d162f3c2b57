import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { parse } from 'yaml';
import { Engine } from '#engine/duckdb.ts';
import { makeTable, runScript, sourceFile } from '#engine/sql-file.ts';
import { fraction, multiply, parseDecimal, roundTo, scaledText } from '#kernel/fraction.ts';
import { parseYuan, yuanText } from '#kernel/money.ts';
import { scoreGroupedCase } from '#payment/points/score-case.ts';
import { diseaseScore4 } from '#payment/points/weighted-mean.ts';
import { REFERENCE_POINTS } from './support/oracle.ts';
import { testWithSharedData } from './support/shared-data.ts';

const yuan = (text: string) => multiply(parseDecimal(text)!, fraction(100n));

type InstitutionTexts = Readonly<Record<string, string>>;
type ClearingCase = {
  readonly name: string;
  readonly given: {
    readonly budget: string;
    readonly start_point_value: string;
    readonly institutions: Readonly<
      Record<string, { readonly points: string; readonly cost: string; readonly fund: string }>
    >;
    readonly institution_year?: Readonly<
      Record<
        string,
        {
          readonly assessment_coefficient: string;
          readonly audit_deduction: string;
          readonly advance_paid: string;
        }
      >
    >;
  };
  readonly expect: {
    readonly settlement_point_value?: string;
    readonly due?: InstitutionTexts;
    readonly base?: InstitutionTexts;
    readonly paid?: InstitutionTexts;
    readonly result?: InstitutionTexts;
    readonly clearing_cash?: InstitutionTexts;
    readonly residual?: string;
  };
};

const SCALE = { points: 4, coefficient: 8, pointValue: 8 } as const;
const scaled = (text: string, decimals: number): bigint => roundTo(parseDecimal(text)!, decimals);

/** One month and its year of one scheme, settled by the SQL files from points and money. */
async function settleCase(engine: Engine, { given }: ClearingCase): Promise<void> {
  await runScript(engine, sourceFile('engine/macros/exact.sql'));
  await runScript(engine, sourceFile('catalogue/area_tables.sql'));
  await engine.run(`
    CREATE OR REPLACE TABLE policy_value (parameter VARCHAR, scaled BIGINT);
    CREATE OR REPLACE TABLE month_total (month TINYINT, scheme SMALLINT, institution_no INTEGER, cases BIGINT,
      points4 HUGEINT, cost_fen HUGEINT, non_fund_fen HUGEINT);
    INSERT INTO settlement_year VALUES (2025, 2022, 5);
    INSERT INTO policy_value VALUES ('payment.monthly_ratio', 9500), ('clearing.default_assessment', 10000)`);
  const codes = Object.keys(given.institutions);
  await engine.append(
    'institution',
    codes.map((code, index) => [index, code, code, 1, 1]),
  );
  await engine.append('budget', [[2025, 310, parseYuan(given.budget)!]]);
  await engine.append('start_point_value', [[scaled(given.start_point_value, SCALE.pointValue)]]);
  await engine.append(
    'month_total',
    Object.values(given.institutions).map(({ points, cost, fund }, index) => [
      1,
      310,
      index,
      1,
      scaled(points, SCALE.points),
      parseYuan(cost)!,
      parseYuan(cost)! - parseYuan(fund)!,
    ]),
  );
  await engine.append(
    'institution_year',
    Object.entries(given.institution_year ?? {}).map(([code, row]) => [
      2025,
      codes.indexOf(code),
      310,
      scaled(row.assessment_coefficient, SCALE.coefficient),
      parseYuan(row.audit_deduction)!,
      parseYuan(row.advance_paid)!,
    ]),
  );
  for (const table of [
    'settlement/month_result',
    'clearing/scheme_total',
    'clearing/point_value_result',
    'clearing/due',
    'clearing/clearing_result',
    'clearing/residual_result',
  ]) {
    await makeTable(engine, sourceFile(`payment/${table}.sql`));
  }
}

describe('worked numbers of the months and the clearing', () => {
  const cases = parse(
    readFileSync(sourceFile('payment/clearing/clearing.cases.yaml'), 'utf8'),
  ) as readonly ClearingCase[];
  for (const one of cases) {
    test(one.name, async () => {
      const engine = await Engine.open();
      try {
        await settleCase(engine, one);
        const { expect } = one;
        const texts = async (table: string, column: string): Promise<InstitutionTexts> => {
          const rows = await engine.rows(
            `SELECT fixmedins_code, ${column} FROM ${table} ORDER BY fixmedins_code`,
          );
          return Object.fromEntries(rows.map((row) => [row.fixmedins_code, yuanText(row[column] as bigint)]));
        };
        for (const [field, table, column] of [
          ['due', 'clearing_result', 'due_fen'],
          ['base', 'month_result', 'base_fen'],
          ['paid', 'month_result', 'paid_fen'],
          ['result', 'clearing_result', 'result_fen'],
          ['clearing_cash', 'clearing_result', 'clearing_cash_fen'],
        ] as const) {
          if (expect[field]) assert.deepEqual(await texts(table, column), expect[field], field);
        }
        const scheme = await engine.row(`
          SELECT point_value_text(p.settlement_point_value8) AS settlement_point_value, yuan_text(r.residual_fen) AS residual
          FROM point_value_result AS p JOIN residual_result AS r ON r.insutype = p.insutype`);
        for (const field of ['settlement_point_value', 'residual'] as const) {
          if (expect[field]) assert.equal(scheme[field], expect[field]);
        }
      } finally {
        engine.close();
      }
    });
  }
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
    const score4 = diseaseScore4(yuan(worked.m), yuan(scores.M), fraction(1000n));
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
