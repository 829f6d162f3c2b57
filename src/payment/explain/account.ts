import type { Engine, Row } from '#engine/duckdb.ts';
import {
  divide,
  type Fraction,
  fraction,
  multiply,
  roundTo,
  scaledText,
  subtract,
  ZERO,
} from '#kernel/fraction.ts';
import { yuanText } from '#kernel/money.ts';
import { fixedText } from '../budget/negotiation.ts';
import { fixedValue8 } from '../clearing/clear-year.ts';
import { clearingRule, clearScheme } from '../clearing/clearing-steps.ts';
import { dueOfScheme, floatingPointValue, pointValueRule } from '../clearing/due-of-scheme.ts';
import type { Settlement } from '../settle-year.ts';

/** A step of the clearing of the institution, as clearing_steps.csv has it. */
export type StepExplanation = {
  readonly step_no: number;
  readonly step: string;
  readonly band: string | undefined;
  readonly quantity: string | undefined;
  readonly factor: string | undefined;
  readonly change: string;
  readonly amount: string;
};

/** How the points of a list became money: the month, the point value, the clearing of its institution. */
export type AccountExplanation = {
  readonly start_point_value: string;
  readonly settlement_point_value: string;
  readonly scheme: { budget: string; non_fund: string; points: string; exact_point_value: string };
  readonly month: {
    /** the month that pays the list; empty: none, the annual clearing pays it */
    month: string;
    points: string;
    base: string;
    paid: string;
    deduction: string;
    retained: string;
    deposit: string;
    case_points_share: string;
    case_base: string;
    /** of a list that came after the lock of its month */
    late: { upload_date: string; lock_date: string } | undefined;
  };
  readonly clearing: {
    points: string;
    due: string;
    assessed: string;
    result: string;
    case_points_share: string;
    case_due: string;
    method: string;
    mode: string;
    /** fund payment ÷ cost that a ratio method uses, six decimals; undefined under deduction */
    fund_ratio: string | undefined;
    pots: readonly { pot: string; points: string; amount: string; point_value: string }[];
    steps: readonly StepExplanation[];
    residual: readonly { step: string; account: string; amount: string }[];
    cash: { monthly_paid: string; quarter_paid: string; advance_paid: string; clearing_cash: string };
  };
  /** how the budget was computed and what talks fixed it */
  readonly budget: {
    way: string | undefined;
    steps: readonly {
      title: { zh: string; en: string };
      arithmetic: string;
      result: string;
      source?: string | undefined;
    }[];
    talks: readonly { id: string; agreed_on: string; fixes: readonly string[] }[];
  };
};

export type ExplainedCase = {
  readonly setlId: string;
  readonly scheme: string;
  readonly month: string;
  readonly fixmedinsCode: string;
  readonly points4: bigint;
  readonly costFen: bigint;
  readonly fundFen: bigint;
};

const points = (value: unknown): string => scaledText(BigInt(value as bigint), 4);
const yuan = (value: unknown): string => yuanText(BigInt(value as bigint));
const exactText = (value: Fraction): string => `${value.numerator}/${value.denominator}`;

/**
 * Explains the money of one list. The clearing of its scheme is done once more by the rules in TypeScript and must give
 * every fen that the tables say. `pointValue` is the unrounded settlement point value in yuan.
 */
export async function explainAccount(
  engine: Engine,
  settlement: Settlement,
  list: ExplainedCase,
): Promise<{ explanation: AccountExplanation; pointValue: Fraction }> {
  const { policy } = settlement;
  const key = [list.scheme, list.fixmedinsCode];
  const values = await engine.row('SELECT * FROM point_value_result WHERE insutype = ?', [list.scheme]);
  const clearing = await engine.row(
    'SELECT * FROM clearing_result WHERE insutype = ? AND fixmedins_code = ?',
    key,
  );
  const { method, mode, fundRatio, perPointFen } = await checkScheme(engine, settlement, list, values);
  const casePoints = fraction(list.points4, 10_000n);
  const nonFund = fraction(list.costFen - list.fundFen);
  const isDeclared = policy.choice('payment.month_base') === 'declared';
  const start8 = settlement.startPointValues.values8.get(list.scheme)!;
  const share = (whole: unknown): string =>
    BigInt(whole as bigint) === 0n
      ? '-'
      : `${scaledText(roundTo(fraction(list.points4 * 100n, BigInt(whole as bigint)), 4), 4)}%`;
  const worth = multiply(casePoints, perPointFen);
  const caseDue =
    method === 'deduction' ? subtract(worth, nonFund) : multiply(worth, fundRatio ?? fraction(0n));
  const late = (await engine.rows('SELECT * FROM late_list WHERE setl_id = ?', [list.setlId]))[0];
  const month = await paidMonth(engine, list, late);
  const pots = await engine.rows(
    `SELECT p.pot, p.points4, coalesce(s.amount_fen, 0) AS amount_fen
       , point_value_text(round_divide(p.numerator * CAST(10000000000 AS HUGEINT), p.denominator)) AS point_value
     FROM pot AS p
     LEFT JOIN (SELECT scheme, pot, sum(amount_fen) AS amount_fen FROM pot_share GROUP BY scheme, pot) AS s
       ON s.scheme = p.scheme AND s.pot = p.pot
     WHERE p.scheme = ? ORDER BY p.pot`,
    [Number(list.scheme)],
  );
  const residual = await engine.rows(
    'SELECT step, account, amount_fen FROM residual_line WHERE insutype = ? ORDER BY step_no',
    [list.scheme],
  );
  const explanation: AccountExplanation = {
    start_point_value: scaledText(start8, 8),
    settlement_point_value:
      values.settlement_point_value8 === null
        ? ''
        : scaledText(BigInt(values.settlement_point_value8 as bigint), 8),
    scheme: {
      budget: yuan(values.budget_fen),
      non_fund: yuan(values.non_fund_fen),
      points: points(values.points4),
      exact_point_value: exactText(divide(perPointFen, fraction(100n))),
    },
    month: {
      month: month ? String(month.month) : '',
      points: points(month?.points4 ?? 0n),
      base: yuan(month?.base_fen ?? 0n),
      paid: yuan(month?.paid_fen ?? 0n),
      deduction: yuan(month?.deduction_fen ?? 0n),
      retained: yuan(month?.retained_fen ?? 0n),
      deposit: yuan(month?.deposit_fen ?? 0n),
      case_points_share: share(month?.points4 ?? 0n),
      case_base: isDeclared
        ? yuanText(list.fundFen)
        : yuanText(roundTo(subtract(multiply(casePoints, fraction(start8, 1_000_000n)), nonFund), 0)),
      late: late && { upload_date: dateText(late.upload_date), lock_date: dateText(late.lock_date) },
    },
    clearing: {
      points: points(clearing.points4),
      due: yuan(clearing.due_fen),
      assessed: yuan(clearing.assessed_fen),
      result: yuan(clearing.result_fen),
      case_points_share: share(clearing.points4),
      case_due: yuanText(roundTo(caseDue, 0)),
      method,
      mode,
      fund_ratio: fundRatio && scaledText(roundTo(fundRatio, 6), 6),
      pots: pots.map((row) => ({
        pot: String(row.pot),
        points: points(row.points4),
        amount: yuan(row.amount_fen),
        point_value: String(row.point_value),
      })),
      steps: await stepsOf(engine, list),
      residual: residual.map((row) => ({
        step: String(row.step),
        account: String(row.account),
        amount: yuan(row.amount_fen),
      })),
      cash: {
        monthly_paid: yuan(clearing.monthly_paid_fen),
        quarter_paid: yuan(clearing.quarter_paid_fen),
        advance_paid: yuan(clearing.advance_paid_fen),
        clearing_cash: yuan(clearing.clearing_cash_fen),
      },
    },
    budget: budgetOf(settlement, list.scheme),
  };
  return { explanation, pointValue: divide(perPointFen, fraction(100n)) };
}

const dateText = (value: unknown): string => String(value);

function budgetOf({ budgets, year }: Settlement, scheme: string): AccountExplanation['budget'] {
  const computed = budgets.computed.find((one) => one.plan.scheme === scheme);
  return {
    way: computed?.plan.way,
    steps: computed?.steps ?? [],
    talks: budgets.negotiations.map(({ id, agreedOn, fixes }) => ({
      id,
      agreed_on: agreedOn,
      fixes: fixes
        .filter((fixed) => fixed.year === year && (fixed.kind === 'parameter' || fixed.scheme === scheme))
        .map(fixedText),
    })),
  };
}

/** The row of the month that pays the list. */
async function paidMonth(
  engine: Engine,
  list: ExplainedCase,
  late: Row | undefined,
): Promise<Row | undefined> {
  if (late && late.paid_month === null) return undefined;
  const month = late ? `${list.month.slice(0, 5)}${String(late.paid_month).padStart(2, '0')}` : list.month;
  return engine.row('SELECT * FROM month_result WHERE month = ? AND insutype = ? AND fixmedins_code = ?', [
    month,
    list.scheme,
    list.fixmedinsCode,
  ]);
}

async function stepsOf(engine: Engine, list: ExplainedCase): Promise<StepExplanation[]> {
  const rows = await engine.rows(
    `SELECT l.* FROM clearing_line AS l JOIN institution AS i ON i.institution_no = l.institution_no
     WHERE l.scheme = ? AND i.fixmedins_code = ? ORDER BY l.step_no`,
    [Number(list.scheme), list.fixmedinsCode],
  );
  return rows.map((row) => ({
    step_no: Number(row.step_no),
    step: String(row.step),
    band: row.band === null ? undefined : String(row.band),
    quantity: row.quantity_fen === null ? undefined : yuan(row.quantity_fen),
    factor: row.factor8 === null ? undefined : scaledText(row.factor8 as bigint, 8).replace(/\.?0+$/, ''),
    change: yuan(row.change_fen),
    amount: yuan(row.amount_fen),
  }));
}

/** Due and steps of the whole scheme by the rules in TypeScript, held against the tables. */
async function checkScheme(
  engine: Engine,
  { policy }: Settlement,
  list: ExplainedCase,
  values: Row,
): Promise<{ method: string; mode: string; fundRatio: Fraction | undefined; perPointFen: Fraction }> {
  const scheme = Number(list.scheme);
  const rows = await engine.rows(
    `SELECT t.*, d.due_fen, a.amount_fen, x.assessment_coefficient8, s.score4, w.deduction_fen, m.deposit_fen
     FROM institution_total AS t
     JOIN due AS d ON d.scheme = t.scheme AND d.institution_no = t.institution_no
     JOIN clearing_amount AS a ON a.scheme = t.scheme AND a.institution_no = t.institution_no
     CROSS JOIN settlement_year AS y
     LEFT JOIN institution_year AS x
       ON x.year = y.payment_year AND x.scheme = t.scheme AND x.institution_no = t.institution_no
     LEFT JOIN assessment_score AS s ON s.institution_no = t.institution_no
     LEFT JOIN audit_total AS w ON w.scheme = t.scheme AND w.institution_no = t.institution_no
     LEFT JOIN (SELECT insutype, fixmedins_code, sum(deposit_fen) AS deposit_fen FROM month_result
       GROUP BY insutype, fixmedins_code) AS m
       ON m.insutype = CAST(t.scheme AS VARCHAR) AND m.fixmedins_code = t.fixmedins_code
     WHERE t.scheme = ? ORDER BY t.fixmedins_code`,
    [scheme],
  );
  const [fund] = await engine.rows('SELECT available_fen FROM adjustment_fund WHERE scheme = ?', [scheme]);
  const members = rows.map((row) => ({
    code: String(row.fixmedins_code),
    points4: row.points4 as bigint,
    costFen: row.cost_fen as bigint,
    nonFundFen: row.non_fund_fen as bigint,
    baselinePoints4: row.baseline_points4 as bigint,
  }));
  const budgetFen = BigInt(values.budget_fen as bigint);
  const rule = pointValueRule(policy, await fixedValue8(engine, policy, scheme));
  const due = dueOfScheme(budgetFen, members, rule);
  const lines = clearScheme(
    budgetFen,
    BigInt((fund?.available_fen as bigint | undefined) ?? 0n),
    members.map((member, index) => {
      const row = rows[index]!;
      const coefficient8 = row.assessment_coefficient8 as bigint | null;
      const score4 = row.score4 as bigint | null;
      return {
        code: member.code,
        points4: member.points4,
        bookedFen: member.costFen - member.nonFundFen,
        dueFen: due.due[index]!,
        assessmentCoefficient: coefficient8 === null ? undefined : fraction(coefficient8, 100_000_000n),
        assessmentScore: score4 === null ? undefined : fraction(score4, 10_000n),
        auditFen: BigInt((row.deduction_fen as bigint | null) ?? 0n),
        depositFen: BigInt((row.deposit_fen as bigint | null) ?? 0n),
      };
    }),
    clearingRule(policy),
  );
  for (const [index, row] of rows.entries()) {
    const result = lines[index]!.at(-1)?.amountFen ?? due.due[index]!;
    if (due.due[index] !== row.due_fen || result !== row.amount_fen) {
      throw new Error(
        `clearing of ${row.fixmedins_code} ${scheme}: rules ${due.due[index]} ${result}, run ${row.due_fen} ${row.amount_fen}`,
      );
    }
  }
  const sumOf = (pick: (member: (typeof members)[number]) => bigint) =>
    members.reduce((sum, member) => sum + pick(member), 0n);
  const totals = {
    points4: sumOf((member) => member.points4),
    costFen: sumOf((member) => member.costFen),
    nonFundFen: sumOf((member) => member.nonFundFen),
  };
  const own = members.find((member) => member.code === list.fixmedinsCode)!;
  const ratioOf = ({ costFen, nonFundFen }: typeof totals) =>
    costFen === 0n ? ZERO : fraction(costFen - nonFundFen, costFen);
  // an average under elastic values, which pay an institution's points at two values
  const value =
    rule.mode === 'fixed'
      ? fraction(rule.fixedValue8!, 100_000_000n)
      : floatingPointValue(
          rule.mode === 'elastic' ? budgetFen - due.leftFen : budgetFen,
          totals,
          rule.method,
        );
  return {
    method: rule.method,
    mode: rule.mode,
    fundRatio:
      rule.method === 'deduction'
        ? undefined
        : rule.method === 'ratio-own'
          ? ratioOf({ ...own })
          : ratioOf(totals),
    perPointFen: multiply(value ?? ZERO, fraction(100n)),
  };
}
