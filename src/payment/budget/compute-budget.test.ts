import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { parse } from 'yaml';
import { fraction, parseDecimal } from '#kernel/fraction.ts';
import { parseYuan, yuanText } from '#kernel/money.ts';
import { type BudgetPlan, type BudgetRule, type BudgetWay, computeBudget } from './compute-budget.ts';

type BudgetCase = {
  readonly name: string;
  readonly rule?: {
    readonly combination?: BudgetRule['combination'];
    readonly growth_target?: string;
    readonly reserve_ratio?: string;
  };
  readonly given: {
    readonly way: BudgetWay;
    readonly figures: Readonly<Record<string, string>>;
    readonly factors?: readonly string[];
    readonly adjustments?: readonly string[];
  };
  readonly expect: { readonly budget: string; readonly reserve: string; readonly adjustment_fund: string };
};

const planOf = ({ way, figures, factors = [], adjustments = [] }: BudgetCase['given']): BudgetPlan => ({
  year: 2025,
  scheme: '310',
  way,
  figures: Object.fromEntries(Object.entries(figures).map(([name, text]) => [name, parseYuan(text)!])),
  factors: factors.map((text, index) => ({
    factor: `因素 ${index}`,
    rate: parseDecimal(text)!,
    rateText: text,
    source: '统计',
    proposedBy: '医保中心',
  })),
  adjustments: adjustments.map((text) => ({
    date: '2025-09-01',
    amountFen: parseYuan(text)!,
    reason: '收入',
  })),
  line: 1,
});
const ruleOf = ({
  combination = 'sum',
  growth_target,
  reserve_ratio = '0',
}: NonNullable<BudgetCase['rule']>) => ({
  combination,
  growthTarget: growth_target === undefined ? undefined : parseDecimal(growth_target)!,
  reserveRatio: parseDecimal(reserve_ratio)!,
});

const file = join(import.meta.dirname, 'compute-budget.cases.yaml');
for (const { name, rule = {}, given, expect } of parse(readFileSync(file, 'utf8')) as readonly BudgetCase[]) {
  test(name, () => {
    const found = computeBudget(planOf(given), ruleOf(rule));
    assert.deepEqual(
      {
        budget: yuanText(found.budgetFen),
        reserve: yuanText(found.reserveFen),
        adjustment_fund: yuanText(found.adjustmentFundFen),
      },
      expect,
    );
    assert.equal(found.steps.at(-1)!.result, expect.budget, 'the last step is the budget');
  });
}

test('every factor is told with its source and who proposed it, and a cap says that it holds', () => {
  const { steps } = computeBudget(
    planOf({ way: 'growth', figures: { last_year_dip: '100' }, factors: ['0.02', '0.03'] }),
    ruleOf({ growth_target: '0.04' }),
  );
  assert.deepEqual(
    steps.map((step) => [step.title.en, step.arithmetic, step.result, step.source]),
    [
      ['growth factor: 因素 0', '0.02', '0.020000', '统计；医保中心'],
      ['growth factor: 因素 1', '0.03', '0.030000', '统计；医保中心'],
      ['growth g', '0.02 + 0.03', '0.050000', undefined],
      [
        'growth not above the cost-growth target',
        'min(0.050000, 0.040000)',
        '0.040000',
        'budget.growth_target',
      ],
      ['total for case payment', '100.00 × (1 + 0.040000)', '104.00', undefined],
      ['budget', '104.00', '104.00', undefined],
    ],
  );
});

test('budget and reserve add up to the total, and more growth never means less', () => {
  fc.assert(
    fc.property(
      fc.bigInt({ min: 0n, max: 10n ** 13n }),
      fc.integer({ min: 0, max: 5000 }),
      fc.integer({ min: -9999, max: 9000 }),
      fc.integer({ min: 0, max: 999 }),
      (last, reserve, rate, more) => {
        const budget = (rate4: number) =>
          computeBudget(
            {
              ...planOf({ way: 'growth', figures: {} }),
              figures: { last_year_dip: last },
              factors: [
                {
                  factor: 'g',
                  rate: fraction(BigInt(rate4), 10_000n),
                  rateText: '',
                  source: '',
                  proposedBy: '',
                },
              ],
            },
            { combination: 'sum', growthTarget: undefined, reserveRatio: fraction(BigInt(reserve), 10_000n) },
          );
        const [a, b] = [budget(rate), budget(rate + more)];
        assert.ok(b.budgetFen + b.reserveFen >= a.budgetFen + a.reserveFen);
        assert.ok(a.reserveFen >= 0n && a.reserveFen * 2n <= a.budgetFen + a.reserveFen + 1n);
      },
    ),
  );
});
