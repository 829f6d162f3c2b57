/**
 * Months and clearing from points and money, without lists: settled by the SQL files of the pipeline, and once more by the
 * one-institution rules in TypeScript. The two must agree to the fen.
 */
import assert from 'node:assert/strict';
import type { Engine } from '#engine/duckdb.ts';
import { runScript, sourceFile } from '#engine/sql-file.ts';
import { type Fraction, fraction, roundTo } from '#kernel/fraction.ts';
import { clearMonthTotals } from '#payment/clearing/clear-year.ts';
import { type ClearingLine, clearingRule, clearScheme } from '#payment/clearing/clearing-steps.ts';
import { dueOfScheme, pointValueRule, type SchemeDue } from '#payment/clearing/due-of-scheme.ts';
import { type MonthAccount, monthAccount, monthRule } from '#payment/settlement/month-account.ts';
import { loadPolicyRows, type Policy } from '#policy/index.ts';

/** Money in fen, points × 10^4, point values × 10^8, scores × 10^4. */
export type Scenario = {
  /** ascending */
  readonly codes: readonly string[];
  readonly schemes: readonly SchemeScenario[];
  /** by code */
  readonly scores: Readonly<Record<string, bigint>>;
};
export type SchemeScenario = {
  readonly scheme: number;
  readonly budgetFen: bigint;
  readonly startValue8: bigint;
  readonly publishedValue8?: bigint | undefined;
  readonly fundFen: bigint;
  readonly members: readonly MemberScenario[];
};
export type MemberScenario = {
  readonly code: string;
  readonly months: readonly {
    readonly month: number;
    readonly points4: bigint;
    readonly costFen: bigint;
    readonly nonFundFen: bigint;
  }[];
  readonly deductions: readonly { readonly month: number; readonly amountFen: bigint }[];
  readonly baselinePoints4?: bigint | undefined;
  readonly year?:
    | {
        readonly coefficient8: bigint;
        readonly auditFen: bigint;
        readonly advanceFen: bigint;
      }
    | undefined;
};

/** Settles the scenario by the SQL files. */
export async function settleScenario(engine: Engine, scenario: Scenario, policy: Policy): Promise<void> {
  await runScript(engine, sourceFile('engine/macros/exact.sql'));
  await runScript(engine, sourceFile('catalogue/area_tables.sql'));
  await runScript(engine, sourceFile('payment/clearing/clearing_tables.sql'));
  await loadPolicyRows(engine, policy);
  await engine.run(`
    CREATE OR REPLACE TABLE month_total (month TINYINT, scheme SMALLINT, institution_no INTEGER, cases BIGINT,
      points4 HUGEINT, cost_fen HUGEINT, non_fund_fen HUGEINT);
    CREATE OR REPLACE TABLE case_score (setl_id VARCHAR, institution_no INTEGER, scheme SMALLINT, month TINYINT,
      points4 BIGINT, cost_fen BIGINT, fund_fen BIGINT);
    CREATE OR REPLACE VIEW inpatient_case AS SELECT * FROM case_score;
    CREATE OR REPLACE TABLE accepted_list (scheme SMALLINT, institution_no INTEGER, year INTEGER, fund_fen BIGINT);
    CREATE OR REPLACE TABLE history_points (year INTEGER, scheme SMALLINT, institution_no INTEGER, points4 HUGEINT);
    INSERT INTO settlement_year VALUES (2025, 2022)`);
  const numberOf = (code: string) => scenario.codes.indexOf(code);
  await engine.append(
    'institution',
    scenario.codes.map((code, index) => [index, code, code, 1, 1]),
  );
  await engine.append(
    'assessment_score',
    Object.entries(scenario.scores).map(([code, score4]) => [numberOf(code), score4]),
  );
  const rows = <Row>(pick: (scheme: SchemeScenario, member: MemberScenario) => readonly Row[]): Row[] =>
    scenario.schemes.flatMap((scheme) => scheme.members.flatMap((member) => pick(scheme, member)));
  await engine.append(
    'budget',
    scenario.schemes.map(({ scheme, budgetFen }) => [2025, scheme, budgetFen]),
  );
  await engine.append(
    'start_point_value',
    scenario.schemes.map(({ scheme, startValue8 }) => [scheme, startValue8]),
  );
  await engine.append(
    'published_point_value',
    scenario.schemes.flatMap(({ scheme, publishedValue8 }) =>
      publishedValue8 === undefined ? [] : [[scheme, publishedValue8]],
    ),
  );
  await engine.append(
    'adjustment_fund',
    scenario.schemes.map(({ scheme, fundFen }) => [scheme, fundFen]),
  );
  await engine.append(
    'month_total',
    rows(({ scheme }, { code, months }) =>
      months.map((month) => [
        month.month,
        scheme,
        numberOf(code),
        1,
        month.points4,
        month.costFen,
        month.nonFundFen,
      ]),
    ),
  );
  await engine.append(
    'month_deduction',
    rows(({ scheme }, { code, deductions }) =>
      deductions.map(({ month, amountFen }) => [month, scheme, numberOf(code), amountFen, '']),
    ),
  );
  await engine.append(
    'baseline_points',
    rows(({ scheme }, { code, baselinePoints4 }) =>
      baselinePoints4 === undefined ? [] : [[scheme, numberOf(code), baselinePoints4]],
    ),
  );
  await engine.append(
    'institution_year',
    rows(({ scheme }, { code, year }) =>
      year ? [[2025, numberOf(code), scheme, year.coefficient8, year.auditFen, year.advanceFen]] : [],
    ),
  );
  await clearMonthTotals(engine, policy);
}

export type SchemeRules = {
  readonly codes: readonly string[];
  readonly months: ReadonlyMap<string, MonthAccount>;
  readonly due: SchemeDue;
  readonly lines: readonly (readonly ClearingLine[])[];
};

const sumOf = (values: readonly bigint[]): bigint => values.reduce((sum, value) => sum + value, 0n);

/** One scheme of the scenario by the rules in TypeScript. */
export function schemeByRules(scenario: Scenario, scheme: SchemeScenario, policy: Policy): SchemeRules {
  const members = scheme.members
    .filter((member) => member.months.length > 0 || member.year !== undefined)
    .toSorted((a, b) => (a.code < b.code ? -1 : 1));
  const months = new Map<string, MonthAccount>();
  const rule = monthRule(policy);
  for (const member of scheme.members) {
    const numbers = new Set([...member.months, ...member.deductions].map(({ month }) => month));
    for (const number of numbers) {
      const month = member.months.find((each) => each.month === number);
      const { points4, costFen, nonFundFen } = month ?? { points4: 0n, costFen: 0n, nonFundFen: 0n };
      const deductionFen = sumOf(
        member.deductions.filter((each) => each.month === number).map((each) => each.amountFen),
      );
      months.set(
        `${number} ${member.code}`,
        monthAccount({ points4, costFen, nonFundFen, deductionFen }, scheme.startValue8, rule),
      );
    }
  }
  const totals = members.map((member) => {
    const of = (pick: (month: MemberScenario['months'][number]) => bigint) => sumOf(member.months.map(pick));
    const points4 = of((month) => month.points4);
    const base = member.baselinePoints4 ?? 0n;
    return {
      code: member.code,
      points4,
      costFen: of((month) => month.costFen),
      nonFundFen: of((month) => month.nonFundFen),
      baselinePoints4: base < points4 ? base : points4,
    };
  });
  const isFixed = policy.choice('point_value.mode') === 'fixed';
  const fixed =
    isFixed && policy.choice('point_value.published') === 'file'
      ? scheme.publishedValue8
      : scheme.startValue8;
  const due = dueOfScheme(scheme.budgetFen, totals, pointValueRule(policy, isFixed ? fixed : undefined));
  const isAdded = policy.choice('clearing.month_deductions') === 'added';
  const lines = clearScheme(
    scheme.budgetFen,
    scheme.fundFen,
    members.map((member, index) => {
      const score4 = scenario.scores[member.code];
      const monthly = sumOf(member.deductions.map((each) => each.amountFen));
      return {
        code: member.code,
        points4: totals[index]!.points4,
        bookedFen: totals[index]!.costFen - totals[index]!.nonFundFen,
        dueFen: due.due[index]!,
        assessmentCoefficient: member.year && fraction(member.year.coefficient8, 100_000_000n),
        assessmentScore: score4 === undefined ? undefined : fraction(score4, 10_000n),
        auditFen: (member.year?.auditFen ?? 0n) + (isAdded ? monthly : 0n),
        depositFen: sumOf(
          [...months].filter(([key]) => key.endsWith(` ${member.code}`)).map(([, month]) => month.depositFen),
        ),
      };
    }),
    clearingRule(policy),
  );
  return { codes: members.map((member) => member.code), months, due, lines };
}

const scaled = (value: Fraction | undefined, decimals: number) =>
  value === undefined ? null : roundTo(value, decimals);

/** Throws when the tables of the engine say anything but the rules, or when a fen is lost. */
export async function compareScenario(engine: Engine, scenario: Scenario, policy: Policy): Promise<void> {
  for (const scheme of scenario.schemes) {
    const rules = schemeByRules(scenario, scheme, policy);
    const insutype = String(scheme.scheme);
    const months = await engine.rows(
      'SELECT * FROM month_result WHERE insutype = ? ORDER BY month, fixmedins_code',
      [insutype],
    );
    assert.deepEqual(
      months
        .map((row) => [
          `${Number(String(row.month).slice(5))} ${row.fixmedins_code}`,
          row.base_fen,
          row.paid_fen,
          row.deposit_fen,
          row.retained_fen,
        ])
        .toSorted(),
      [...rules.months]
        .map(([key, month]) => [key, month.baseFen, month.paidFen, month.depositFen, month.retainedFen])
        .toSorted(),
    );
    for (const row of months) {
      const [base, paid, deduction, retained] = [
        row.base_fen,
        row.paid_fen,
        row.deduction_fen,
        row.retained_fen,
      ].map(BigInt as (value: unknown) => bigint) as [bigint, bigint, bigint, bigint];
      assert.equal(paid + deduction + retained, base, 'paid + deduction + retained = base');
    }
    const lines = await engine.rows(
      `SELECT d.fixmedins_code, d.due_fen, l.* FROM due AS d
       LEFT JOIN clearing_line AS l ON l.scheme = d.scheme AND l.institution_no = d.institution_no
       WHERE d.scheme = ? ORDER BY d.fixmedins_code, l.step_no`,
      [scheme.scheme],
    );
    assert.deepEqual(
      lines.map((row) => [
        row.fixmedins_code,
        row.due_fen,
        row.step,
        row.band,
        row.quantity_fen,
        row.factor8,
        row.change_fen,
        row.amount_fen,
      ]),
      rules.codes.flatMap((code, index) =>
        rules.lines[index]!.map((line) => [
          code,
          rules.due.due[index]!,
          line.step,
          line.band ?? null,
          line.quantityFen ?? null,
          scaled(line.factor, 8),
          line.changeFen,
          line.amountFen,
        ]),
      ),
    );
    const results = await engine.rows(
      'SELECT result_fen, due_fen, assessment_change_fen, audit_deduction_fen, other_steps_fen FROM clearing_result WHERE insutype = ?',
      [insutype],
    );
    const { residual_fen: residual } = await engine.row(
      'SELECT residual_fen FROM residual_result WHERE insutype = ?',
      [insutype],
    );
    assert.equal(
      sumOf(results.map((row) => row.result_fen as bigint)) + (residual as bigint),
      scheme.budgetFen,
      'Σ result + residual = budget',
    );
    for (const row of results) {
      const [result, due, assessment, audit, other] = [
        row.result_fen,
        row.due_fen,
        row.assessment_change_fen,
        row.audit_deduction_fen,
        row.other_steps_fen,
      ] as [bigint, bigint, bigint, bigint, bigint];
      assert.equal(due + assessment - audit + other, result, 'the steps add up to the result');
    }
    const residuals = await engine.rows('SELECT amount_fen FROM residual_line WHERE insutype = ?', [
      insutype,
    ]);
    assert.equal(
      sumOf(residuals.map((row) => row.amount_fen as bigint)),
      residual,
      'the lines of the residual add up to it',
    );
  }
}
