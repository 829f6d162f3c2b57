import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { parse } from 'yaml';
import { Engine } from '#engine/duckdb.ts';
import { sourceFile } from '#engine/sql-file.ts';
import { fraction, multiply, parseDecimal, roundTo, scaledText } from '#kernel/fraction.ts';
import { parseYuan, yuanText } from '#kernel/money.ts';
import { scoreGroupedCase } from '#payment/points/score-case.ts';
import { diseaseScore4 } from '#payment/points/weighted-mean.ts';
import {
  compareScenario,
  type MemberScenario,
  type Scenario,
  settleScenario,
} from './support/clearing-scenario.ts';
import { REFERENCE_POINTS } from './support/oracle.ts';
import { policyWith } from './support/policy-with.ts';
import { testWithSharedData } from './support/shared-data.ts';

const yuan = (text: string) => multiply(parseDecimal(text)!, fraction(100n));

type InstitutionTexts = Readonly<Record<string, string>>;
type ClearingCase = {
  readonly name: string;
  readonly policy?: Readonly<Record<string, string>>;
  readonly given: {
    readonly budget: string;
    readonly start_point_value: string;
    readonly published_point_value?: string;
    readonly adjustment_fund?: string;
    readonly institutions: Readonly<
      Record<
        string,
        {
          readonly points: string;
          readonly cost: string;
          readonly fund: string;
          readonly month_deduction?: string;
          readonly baseline_points?: string;
          readonly score?: string;
        }
      >
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
    readonly residual?: string;
    /** yuan per point of each pot, eight decimals */
    readonly pots?: InstitutionTexts;
    /** the amount after each step, in the order of the steps */
    readonly steps?: Readonly<Record<string, InstitutionTexts>>;
    readonly bands?: InstitutionTexts;
    /** Σ amount by account */
    readonly accounts?: InstitutionTexts;
  } & { readonly [Field in (typeof RESULT_FIELDS)[number][0]]?: InstitutionTexts };
};

const RESULT_FIELDS = [
  ['due', 'clearing_result', 'due_fen'],
  ['base', 'month_result', 'base_fen'],
  ['paid', 'month_result', 'paid_fen'],
  ['retained', 'month_result', 'retained_fen'],
  ['deposit', 'month_result', 'deposit_fen'],
  ['result', 'clearing_result', 'result_fen'],
  ['clearing_cash', 'clearing_result', 'clearing_cash_fen'],
] as const;

const SCALE = { points: 4, coefficient: 8, pointValue: 8 } as const;
const scaled = (text: string, decimals: number): bigint => roundTo(parseDecimal(text)!, decimals);

/** One month and its year of one scheme, from points and money. */
function scenarioOf({ given }: ClearingCase): Scenario {
  const codes = Object.keys(given.institutions);
  const members = Object.entries(given.institutions).map(([code, row]): MemberScenario => {
    const year = given.institution_year?.[code];
    const cost = parseYuan(row.cost)!;
    return {
      code,
      months: [
        {
          month: 1,
          points4: scaled(row.points, SCALE.points),
          costFen: cost,
          nonFundFen: cost - parseYuan(row.fund)!,
        },
      ],
      deductions: row.month_deduction ? [{ month: 1, amountFen: parseYuan(row.month_deduction)! }] : [],
      baselinePoints4: row.baseline_points ? scaled(row.baseline_points, SCALE.points) : undefined,
      year: year && {
        coefficient8: scaled(year.assessment_coefficient, SCALE.coefficient),
        auditFen: parseYuan(year.audit_deduction)!,
        advanceFen: parseYuan(year.advance_paid)!,
      },
    };
  });
  return {
    codes,
    scores: Object.fromEntries(
      Object.entries(given.institutions).flatMap(([code, { score }]) =>
        score ? [[code, scaled(score, 4)]] : [],
      ),
    ),
    schemes: [
      {
        scheme: 310,
        budgetFen: parseYuan(given.budget)!,
        startValue8: scaled(given.start_point_value, SCALE.pointValue),
        publishedValue8: given.published_point_value
          ? scaled(given.published_point_value, SCALE.pointValue)
          : undefined,
        fundFen: parseYuan(given.adjustment_fund ?? '0')!,
        members,
      },
    ],
  };
}

/** Settles a case by SQL, holds it against the rules in TypeScript, and against what it expects. */
async function checkCase(engine: Engine, one: ClearingCase): Promise<void> {
  const policy = policyWith(one.policy ?? {});
  const scenario = scenarioOf(one);
  await settleScenario(engine, scenario, policy);
  await compareScenario(engine, scenario, policy);
  const { expect } = one;
  const texts = async (query: string): Promise<InstitutionTexts> =>
    Object.fromEntries((await engine.rows(query)).map((row) => [row.key, String(row.value)]));
  for (const [field, table, column] of RESULT_FIELDS) {
    if (!expect[field]) continue;
    const found = await texts(
      `SELECT fixmedins_code AS key, yuan_text(${column}) AS value FROM ${table} ORDER BY fixmedins_code`,
    );
    assert.deepEqual(found, expect[field], field);
  }
  for (const [step, amounts] of Object.entries(expect.steps ?? {})) {
    const found = await texts(`
      SELECT i.fixmedins_code AS key, yuan_text(l.amount_fen) AS value
      FROM clearing_line AS l JOIN institution AS i ON i.institution_no = l.institution_no
      WHERE l.step = '${step}' ORDER BY key`);
    assert.deepEqual(found, amounts, `after ${step}`);
  }
  if (expect.bands) {
    const found = await texts(`
      SELECT i.fixmedins_code AS key, l.band AS value
      FROM clearing_line AS l JOIN institution AS i ON i.institution_no = l.institution_no
      WHERE l.step = 'bands' ORDER BY key`);
    assert.deepEqual(found, expect.bands, 'bands');
  }
  if (expect.pots) {
    const found = await texts(
      'SELECT pot AS key, point_value_text(round_divide(numerator * CAST(10000000000 AS HUGEINT), denominator)) AS value FROM pot ORDER BY pot',
    );
    assert.deepEqual(found, expect.pots, 'pots');
  }
  if (expect.accounts) {
    const found = await texts(
      'SELECT account AS key, yuan_text(sum(amount_fen)) AS value FROM residual_line GROUP BY account ORDER BY account',
    );
    assert.deepEqual(found, expect.accounts, 'accounts');
  }
  const scheme = await engine.row(`
    SELECT point_value_text(p.settlement_point_value8) AS settlement_point_value, yuan_text(r.residual_fen) AS residual
    FROM point_value_result AS p JOIN residual_result AS r ON r.insutype = p.insutype`);
  for (const field of ['settlement_point_value', 'residual'] as const) {
    if (expect[field]) assert.equal(scheme[field], expect[field], field);
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
        await checkCase(engine, one);
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

type ClearingExamples = {
  readonly D_point_value: {
    readonly budget: string;
    readonly total_score: string;
    readonly PV_ratio_method_8dp: string;
    readonly PV_deduction_method_8dp: string;
    readonly hospitals: Readonly<
      Record<
        string,
        { readonly pay_own_ratio: string; readonly pay_pooled_ratio: string; readonly pay_deduction: string }
      >
    >;
    readonly residual_own_ratio: string;
  };
  readonly E_month: Readonly<Record<string, string>>;
  readonly F_annual: { readonly settle_amount: string; readonly clearing_cash: string };
  readonly F2_bands: readonly {
    readonly booked: string;
    readonly due: string;
    readonly band: string;
    readonly pay: string;
  }[];
  readonly G_elastic: Readonly<Record<string, string>>;
};

const POINTS = {
  H1: { points: '700000', cost: '7200000', fund: '5300000' },
  H2: { points: '400000', cost: '3900000', fund: '3000000' },
  H3: { points: '150000', cost: '1400000', fund: '1200000' },
};

testWithSharedData('the worked examples beside the project: point values, months, clearing', async (data) => {
  const worked = JSON.parse(
    readFileSync(join(data, 'payment', 'worked_examples.json'), 'utf8'),
  ) as ClearingExamples;
  const engine = await Engine.open();
  const check = (
    given: ClearingCase['given'],
    policy: ClearingCase['policy'],
    expect: ClearingCase['expect'],
  ) => checkCase(engine, { name: '', given, ...(policy ? { policy } : {}), expect });
  try {
    const { D_point_value: d, E_month: e, F_annual: f, G_elastic: g } = worked;
    const paid = (field: 'pay_own_ratio' | 'pay_pooled_ratio' | 'pay_deduction') =>
      Object.fromEntries(Object.entries(d.hospitals).map(([code, row]) => [code, row[field]]));
    const given = { budget: d.budget, start_point_value: '1', institutions: POINTS };
    await check(given, undefined, {
      settlement_point_value: d.PV_deduction_method_8dp,
      due: paid('pay_deduction'),
      residual: '0.00',
    });
    const value = { settlement_point_value: d.PV_ratio_method_8dp };
    await check(
      given,
      { 'point_value.method': 'ratio-pooled' },
      { ...value, due: paid('pay_pooled_ratio'), residual: '0.00' },
    );
    await check(
      given,
      { 'point_value.method': 'ratio-own' },
      // paid beyond the budget: the residual account says so
      { ...value, due: paid('pay_own_ratio'), residual: `-${d.residual_own_ratio}` },
    );

    const month = { points: '60000', cost: '600000', fund: '440000', month_deduction: '4500' };
    for (const [ratio, key] of [
      ['0.9', '90'],
      ['0.95', '95'],
    ] as const) {
      await check(
        { budget: '1', start_point_value: '9.5', institutions: { H1: month } },
        { 'payment.monthly_ratio': ratio },
        {
          base: { H1: e.base! },
          paid: { H1: e[`prepay_${key}pct`]! },
          retained: { H1: e[`retained_${key}`]! },
        },
      );
    }

    await check(
      {
        budget: '4820000',
        start_point_value: '1',
        // the months: 0.95 × (8,421,052.63 points × 1 yuan − 4,000,000) = 4,200,000.00
        institutions: { H1: { points: '8421052.6316', cost: '10000000', fund: '6000000' } },
        institution_year: {
          H1: { assessment_coefficient: '0.98', audit_deduction: '35000', advance_paid: '380000' },
        },
      },
      undefined,
      { result: { H1: f.settle_amount }, clearing_cash: { H1: f.clearing_cash } },
    );

    const bands = {
      below_lo: 'below-low',
      surplus: 'surplus',
      deficit_shared: 'overspend-shared',
      deficit_capped: 'overspend-capped',
    } as Readonly<Record<string, string>>;
    for (const row of worked.F2_bands) {
      await check(
        {
          budget: row.due,
          start_point_value: '1',
          institutions: { H1: { points: '1', cost: row.booked, fund: row.booked } },
        },
        {
          'clearing.steps': 'bands',
          'clearing.booked': 'gross',
          'clearing.surplus_low_ratio': '0.85',
          'clearing.surplus_share': '1',
          'clearing.overspend_bands': '1.15:0.5 | 0',
        },
        { bands: { H1: bands[row.band]! }, result: { H1: row.pay } },
      );
    }

    const elastic = {
      'point_value.mode': 'elastic',
      'point_value.baseline': 'file',
      'point_value.baseline_share': g.baseline_share!,
      'point_value.unallocated': 'reserve',
    };
    const region = {
      budget: '11250000',
      start_point_value: '1',
      institutions: {
        H1: { points: '1200000', cost: '1', fund: '1', baseline_points: '1000000' },
      },
    };
    await check(
      region,
      { ...elastic, 'point_value.increment_cap': 'none' },
      {
        pots: { baseline: '9.00000000', increment: `${g.floating_pv_uncapped}0000` },
        residual: '0.00',
      },
    );
    for (const cap of [
      { 'point_value.increment_cap': 'value', 'point_value.increment_cap_value': g.cap! },
      { 'point_value.increment_cap': 'ratio', 'point_value.increment_cap_ratio': '1.1' },
    ]) {
      await check(
        region,
        { ...elastic, ...cap },
        {
          pots: { baseline: '9.00000000', increment: `${g.cap}0000` },
          due: { H1: '10980000.00' },
          accounts: { reserve: g.unspent!, residual: '0.00' },
        },
      );
      const [shared] = await engine.rows("SELECT amount_fen FROM pot_share WHERE pot = 'increment'");
      assert.equal(yuanText(shared!.amount_fen as bigint), g.increment_paid_capped);
      const [baseline] = await engine.rows("SELECT amount_fen FROM pot_share WHERE pot = 'baseline'");
      assert.equal(yuanText(baseline!.amount_fen as bigint), g.baseline_amount);
    }
  } finally {
    engine.close();
  }
});
