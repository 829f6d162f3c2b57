import {
  add,
  compare,
  type Fraction,
  fraction,
  multiply,
  ONE,
  roundTo,
  scaledText,
  ZERO,
} from '#kernel/fraction.ts';
import type { Text } from '#kernel/locale.ts';
import { yuanText } from '#kernel/money.ts';
import type { OptionOf, Policy } from '#policy/index.ts';

/** The three ways to the total that the lists of a scheme are paid from. */
export const BUDGET_WAYS = {
  subtract: { zh: '扣减法', en: 'subtraction' },
  proportion: { zh: '比例法', en: 'proportion' },
  growth: { zh: '增长率法', en: 'growth' },
} as const satisfies Readonly<Record<string, Text>>;
export type BudgetWay = keyof typeof BUDGET_WAYS;

/** Amounts a plan may hold, in fen. Which of them a way needs: `FIGURES_OF`. */
export const FIGURES = {
  area_total: { zh: '统筹区总额预算', en: 'budget of the area' },
  outpatient: { zh: '普通门诊', en: 'outpatient pooling' },
  special_outpatient: { zh: '门诊慢特病', en: 'chronic and special outpatient care' },
  risk_reserve: { zh: '风险金', en: 'risk reserve' },
  inpatient: { zh: '住院基金预算', en: 'inpatient budget' },
  adjustment_fund: { zh: '区域调剂金', en: 'adjustment fund of the region' },
  out_of_area: { zh: '异地就医', en: 'out-of-area care' },
  other_non_dip: { zh: '不按病种付费的其他支出', en: 'other spending outside case payment' },
  last_year_dip: { zh: '上年病种付费总额', en: 'total of last year' },
  last_year_inpatient: { zh: '上年住院统筹支出', en: 'inpatient pooling of last year' },
} as const satisfies Readonly<Record<string, Text>>;
export type Figure = keyof typeof FIGURES;

const INPATIENT = ['area_total', 'outpatient', 'special_outpatient', 'risk_reserve', 'inpatient'] as const;
/** Required and optional figures of each way; `inpatient` may be computed from the area total. */
export const FIGURES_OF: Readonly<
  Record<BudgetWay, { readonly required: readonly Figure[]; readonly optional: readonly Figure[] }>
> = {
  subtract: {
    required: ['inpatient'],
    optional: [...INPATIENT, 'adjustment_fund', 'out_of_area', 'other_non_dip'],
  },
  proportion: { required: ['inpatient', 'last_year_dip', 'last_year_inpatient'], optional: INPATIENT },
  growth: { required: ['last_year_dip'], optional: [] },
};

export type GrowthFactor = {
  readonly factor: string;
  readonly rate: Fraction;
  readonly rateText: string;
  readonly source: string;
  readonly proposedBy: string;
};

export type BudgetAdjustment = {
  readonly date: string;
  readonly amountFen: bigint;
  readonly reason: string;
};

export type BudgetPlan = {
  readonly year: number;
  readonly scheme: '310' | '390';
  readonly way: BudgetWay;
  readonly figures: Readonly<Partial<Record<Figure, bigint>>>;
  readonly factors: readonly GrowthFactor[];
  readonly adjustments: readonly BudgetAdjustment[];
  readonly line: number;
};

export type BudgetRule = {
  readonly combination: OptionOf<'budget.growth_combination'>;
  /** undefined: no cap */
  readonly growthTarget: Fraction | undefined;
  readonly reserveRatio: Fraction;
};

/** A step of the way to the budget: what is computed, with its numbers, what it comes to and who says so. */
export type BudgetStep = {
  readonly title: Text;
  readonly arithmetic: string;
  /** yuan, or a rate */
  readonly result: string;
  readonly source: string | undefined;
};

export type ComputedBudget = {
  readonly plan: BudgetPlan;
  readonly steps: readonly BudgetStep[];
  readonly budgetFen: bigint;
  readonly reserveFen: bigint;
  /** what the region keeps to even out: its adjustment fund and the reserve */
  readonly adjustmentFundFen: bigint;
};

const RATE_DECIMALS = 6;
const rateText = (rate: Fraction): string => scaledText(roundTo(rate, RATE_DECIMALS), RATE_DECIMALS);

/** The budget of one scheme and year, step by step. Source: docs/domain/clearing.md#budget. */
export function computeBudget(plan: BudgetPlan, rule: BudgetRule): ComputedBudget {
  const steps: BudgetStep[] = [];
  const step = (title: Text, arithmetic: string, result: string, source?: string) =>
    steps.push({ title, arithmetic, result, source });
  const figure = (name: Figure): bigint => plan.figures[name] ?? 0n;
  const minus = (from: Figure | bigint, ...parts: readonly Figure[]): bigint => {
    const present = parts.filter((name) => plan.figures[name] !== undefined);
    const start = typeof from === 'bigint' ? from : figure(from);
    return present.reduce((rest, name) => rest - figure(name), start);
  };
  const shownMinus = (from: bigint, ...parts: readonly Figure[]): string =>
    [from, ...parts.filter((name) => plan.figures[name] !== undefined).map(figure)].map(yuanText).join(' − ');

  let inpatient = figure('inpatient');
  if (plan.way !== 'growth' && plan.figures.area_total !== undefined) {
    const parts = ['outpatient', 'special_outpatient', 'risk_reserve'] as const;
    inpatient = minus('area_total', ...parts);
    step(FIGURES.inpatient, shownMinus(figure('area_total'), ...parts), yuanText(inpatient));
  }
  let total: bigint;
  const totalTitle: Text = { zh: '病种付费总额', en: 'total for case payment' };
  if (plan.way === 'subtract') {
    const parts = ['adjustment_fund', 'out_of_area', 'other_non_dip'] as const;
    total = minus(inpatient, ...parts);
    step(totalTitle, shownMinus(inpatient, ...parts), yuanText(total));
  } else if (plan.way === 'proportion') {
    const [dip, pooling] = [figure('last_year_dip'), figure('last_year_inpatient')];
    const share = fraction(dip, pooling);
    step(
      { zh: '上年病种付费占住院统筹的比例', en: 'share of case payment in inpatient pooling last year' },
      `${yuanText(dip)} ÷ ${yuanText(pooling)}`,
      rateText(share),
    );
    total = roundTo(multiply(fraction(inpatient), share), 0);
    step(totalTitle, `${yuanText(inpatient)} × ${yuanText(dip)} ÷ ${yuanText(pooling)}`, yuanText(total));
  } else {
    const growth = growthRate(plan.factors, rule, step);
    const last = figure('last_year_dip');
    total = roundTo(multiply(fraction(last), add(ONE, growth)), 0);
    step(totalTitle, `${yuanText(last)} × (1 + ${rateText(growth)})`, yuanText(total));
  }
  for (const { date, amountFen, reason } of plan.adjustments) {
    const before = total;
    total += amountFen;
    step(
      { zh: `年中调整（${date}）`, en: `mid-year adjustment (${date})` },
      `${yuanText(before)} ${amountFen < 0n ? '−' : '+'} ${yuanText(amountFen < 0n ? -amountFen : amountFen)}`,
      yuanText(total),
      reason,
    );
  }
  const reserveFen = roundTo(multiply(fraction(total), rule.reserveRatio), 0);
  if (reserveFen !== 0n) {
    step(
      { zh: '预留（年中调整与合理超支）', en: 'reserve (mid-year adjustment, reasonable overspend)' },
      `${yuanText(total)} × ${rateText(rule.reserveRatio)}`,
      yuanText(reserveFen),
    );
  }
  const budgetFen = total - reserveFen;
  step(
    { zh: '预算', en: 'budget' },
    reserveFen === 0n ? yuanText(total) : `${yuanText(total)} − ${yuanText(reserveFen)}`,
    yuanText(budgetFen),
  );
  return {
    plan,
    steps,
    budgetFen,
    reserveFen,
    adjustmentFundFen: reserveFen + (plan.way === 'subtract' ? figure('adjustment_fund') : 0n),
  };
}

function growthRate(
  factors: readonly GrowthFactor[],
  rule: BudgetRule,
  step: (title: Text, arithmetic: string, result: string, source?: string) => void,
): Fraction {
  for (const { factor, rate, rateText: text, source, proposedBy } of factors) {
    step(
      { zh: `增长因素：${factor}`, en: `growth factor: ${factor}` },
      text,
      rateText(rate),
      `${source}；${proposedBy}`,
    );
  }
  const rates = factors.map(({ rate }) => rate);
  const texts = factors.map((factor) => factor.rateText);
  const isSum = rule.combination === 'sum';
  const growth = isSum
    ? rates.reduce(add, ZERO)
    : add(
        rates.reduce((product, rate) => multiply(product, add(ONE, rate)), ONE),
        fraction(-1n),
      );
  step(
    { zh: '增长率 g', en: 'growth g' },
    (isSum ? texts.join(' + ') : `${texts.map((text) => `(1 + ${text})`).join(' × ')} − 1`) || '0',
    rateText(growth),
  );
  if (rule.growthTarget === undefined || compare(growth, rule.growthTarget) <= 0) return growth;
  step(
    { zh: '增长率不高于费用增长目标', en: 'growth not above the cost-growth target' },
    `min(${rateText(growth)}, ${rateText(rule.growthTarget)})`,
    rateText(rule.growthTarget),
    'budget.growth_target',
  );
  return rule.growthTarget;
}

/** The rule that a policy chooses. */
export function budgetRule(policy: Policy): BudgetRule {
  return {
    combination: policy.choice('budget.growth_combination'),
    growthTarget:
      policy.choice('budget.growth_cap') === 'target' ? policy.fraction('budget.growth_target') : undefined,
    reserveRatio: policy.fraction('budget.reserve_ratio'),
  };
}
