import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { Engine } from '#engine/duckdb.ts';
import { fraction, parseDecimal } from '#kernel/fraction.ts';
import { applyBands, type BandsRule } from '#payment/clearing/clearing-steps.ts';
import { dueOfScheme, type SchemeMember } from '#payment/clearing/due-of-scheme.ts';
import type { Policy } from '#policy/index.ts';
import {
  compareScenario,
  type MemberScenario,
  type Scenario,
  type SchemeScenario,
  schemeByRules,
  settleScenario,
} from './support/clearing-scenario.ts';
import { policyWith } from './support/policy-with.ts';

const RUNS = Number(process.env.YIBAO_RANDOM_CLEARINGS ?? 30);

const decimal = (maximum: number, decimals: number) =>
  fc
    .integer({ min: 0, max: maximum * 10 ** decimals })
    .map((value) => (value / 10 ** decimals).toFixed(decimals));

/** Any policy of the months and the clearing that is free of contradictions. */
const policies: fc.Arbitrary<Readonly<Record<string, string>>> = fc
  .record({
    'point_value.method': fc.constantFrom('deduction', 'ratio-pooled', 'ratio-own'),
    'point_value.mode': fc.constantFrom('floating', 'fixed', 'elastic'),
    'point_value.published': fc.constantFrom('start', 'file'),
    'point_value.baseline': fc.constant('file'),
    'point_value.baseline_share': decimal(1, 2),
    'point_value.increment_cap': fc.constantFrom('none', 'ratio', 'value'),
    'point_value.increment_cap_ratio': decimal(2, 2),
    'point_value.increment_cap_value': decimal(20, 2),
    'point_value.unallocated': fc.constantFrom('reserve', 'region', 'institutions'),
    'payment.monthly_ratio': decimal(1, 2),
    'payment.month_base': fc.constantFrom('points', 'declared'),
    'payment.negative_month': fc.constantFrom('zero', 'signed'),
    'deposit.return_bands': fc.constantFrom('60:0 | 80:0.5 | 90:0.85 | 1', '1'),
    'clearing.period': fc.constantFrom('year', 'quarter'),
    'clearing.quarter_ratio': decimal(1, 2),
    'clearing.assessment': fc.constantFrom('coefficient', 'score-bands'),
    'clearing.assessment_bands': fc.constantFrom('60:0.8 | 85:0.95 | 1', '90:0.985 | 1.02'),
    'clearing.month_deductions': fc.constantFrom('added', 'included'),
    'clearing.booked': fc.constantFrom('gross', 'after-audit'),
    'clearing.surplus_low_ratio': fc.constantFrom('0.85', '0.8', '1'),
    'clearing.surplus_share': decimal(1, 2),
    'clearing.overspend_bands': fc.constantFrom(
      '1.15:0.5 | 0',
      '1.05:1 | 1.1:0.7 | 1.2:0.333 | 0',
      '0.6',
      '0',
    ),
    'clearing.area_surplus_share': decimal(1, 2),
    'clearing.area_deficit_share': decimal(1, 2),
    'clearing.steps': fc
      .shuffledSubarray(['area-balance', 'bands', 'assessment', 'audit', 'deposit'], { minLength: 1 })
      .chain((steps) =>
        fc
          .boolean()
          .map((drawn) => (drawn && steps.includes('bands') ? [...steps, 'adjustment-fund'] : steps)),
      )
      .map((steps) => steps.join(' > ')),
  })
  .map((values) => {
    const hasDeposit = values['clearing.steps'].includes('deposit');
    const ratio = Number(values['payment.monthly_ratio']);
    return {
      ...values,
      'deposit.mode': hasDeposit ? 'assessed' : 'none',
      'deposit.ratio': Math.min(0.05, 1 - ratio).toFixed(2),
      ...(values['point_value.mode'] === 'elastic' && values['point_value.method'] === 'ratio-own'
        ? { 'point_value.method': 'ratio-pooled' }
        : {}),
    };
  });

const amounts = fc.oneof(
  fc.bigInt({ min: 0n, max: 9n }),
  fc.bigInt({ min: 0n, max: 1_000_000n }),
  fc.bigInt({ min: 0n, max: 10n ** 12n }),
);

const CODES = ['H1', 'H2', 'H3', 'H4', 'H5'];

const member = (code: string): fc.Arbitrary<MemberScenario> =>
  fc.record({
    code: fc.constant(code),
    months: fc.uniqueArray(fc.integer({ min: 1, max: 12 }), { maxLength: 4 }).chain((numbers) =>
      fc.tuple(
        ...numbers.map((month) =>
          fc
            // a list costs something, and what has points has lists
            .record({
              points4: amounts,
              costFen: amounts.map((amount) => amount + 1n),
              paid: fc.bigInt({ min: 0n, max: 100n }),
            })
            .map(({ points4, costFen, paid }) => ({
              month,
              points4,
              costFen,
              nonFundFen: (costFen * paid) / 100n,
            })),
        ),
      ),
    ),
    deductions: fc.array(
      fc.record({ month: fc.integer({ min: 1, max: 12 }), amountFen: fc.bigInt({ min: 0n, max: 100_000n }) }),
      { maxLength: 2 },
    ),
    baselinePoints4: fc.option(amounts, { nil: undefined }),
    year: fc.option(
      fc.record({
        coefficient8: fc.constantFrom(100_000_000n, 97_500_000n, 0n, 105_000_000n, 12_345_678n),
        auditFen: fc.bigInt({ min: 0n, max: 1_000_000n }),
        advanceFen: fc.bigInt({ min: 0n, max: 1_000_000n }),
      }),
      { nil: undefined },
    ),
  });

const scheme = (number: number): fc.Arbitrary<SchemeScenario> =>
  fc.record({
    scheme: fc.constant(number),
    budgetFen: fc.oneof(fc.constantFrom(0n, 1n), fc.bigInt({ min: 0n, max: 10n ** 13n })),
    startValue8: fc.bigInt({ min: 1n, max: 10n ** 10n }),
    publishedValue8: fc.bigInt({ min: 1n, max: 10n ** 10n }),
    fundFen: amounts,
    members: fc.subarray(CODES, { minLength: 1 }).chain((codes) => fc.tuple(...codes.map(member))),
  });

const scenarios: fc.Arbitrary<Scenario> = fc.record({
  codes: fc.constant(CODES),
  schemes: fc.tuple(scheme(310), scheme(390)),
  scores: fc
    .subarray(CODES)
    .chain((codes) =>
      fc.tuple(...codes.map((code) => fc.tuple(fc.constant(code), fc.bigInt({ min: 0n, max: 1_000_000n })))),
    )
    .map((entries) => Object.fromEntries(entries)),
});

describe('months and clearing under random policies', () => {
  test('SQL says what the rules in TypeScript say, and every fen of the budget is told', async () => {
    const engine = await Engine.open();
    try {
      await fc.assert(
        fc.asyncProperty(scenarios, policies, async (scenario, values) => {
          const policy = policyWith(values);
          await settleScenario(engine, scenario, policy);
          await compareScenario(engine, scenario, policy);
        }),
        { numRuns: RUNS },
      );
    } finally {
      engine.close();
    }
  });

  test('what is true of the employee scheme does not depend on the resident scheme', () => {
    fc.assert(
      fc.property(scenarios, scheme(390), policies, (scenario, other, values) => {
        const policy = policyWith(values);
        const [employee, resident] = scenario.schemes;
        const mixed = { ...scenario, schemes: [employee!, other] };
        assert.deepEqual(
          schemeByRules(mixed, employee!, policy),
          schemeByRules({ ...scenario, schemes: [employee!, resident!] }, employee!, policy),
        );
      }),
      { numRuns: 200 },
    );
  });
});

test('the tables of one scheme do not change with the other scheme', async () => {
  const engine = await Engine.open();
  const own = async (scenario: Scenario, policy: Policy) => {
    await settleScenario(engine, scenario, policy);
    return [
      await engine.rows("SELECT * FROM clearing_result WHERE insutype = '310' ORDER BY fixmedins_code"),
      await engine.rows("SELECT * FROM month_result WHERE insutype = '310' ORDER BY month, fixmedins_code"),
    ];
  };
  try {
    await fc.assert(
      fc.asyncProperty(scenarios, scheme(390), policies, async (scenario, other, values) => {
        const policy = policyWith(values);
        const [employee] = scenario.schemes;
        const changed = { ...scenario, schemes: [employee!, other] };
        assert.deepEqual(await own(changed, policy), await own(scenario, policy));
      }),
      { numRuns: 15 },
    );
  } finally {
    engine.close();
  }
});

const members: fc.Arbitrary<SchemeMember[]> = fc
  .array(
    fc.record({
      points4: fc.bigInt({ min: 1n, max: 10n ** 10n }),
      costFen: fc.bigInt({ min: 1n, max: 10n ** 10n }),
      paid: fc.bigInt({ min: 0n, max: 100n }),
    }),
    { minLength: 2, maxLength: 6 },
  )
  .map((rows) =>
    rows.map(({ points4, costFen, paid }, index) => ({
      code: `H${index}`,
      points4,
      costFen,
      nonFundFen: (costFen * paid) / 100n,
      baselinePoints4: 0n,
    })),
  );

test('under deduction the due adds up to the budget, whatever the points', () => {
  fc.assert(
    fc.property(members, fc.bigInt({ min: 0n, max: 10n ** 12n }), (all, budget) => {
      const { due } = dueOfScheme(budget, all, { method: 'deduction', mode: 'floating' });
      assert.equal(
        due.reduce((sum, amount) => sum + amount, 0n),
        budget,
      );
    }),
  );
});

test('under deduction, raising the points of one institution never raises what another is due', () => {
  fc.assert(
    fc.property(
      members,
      fc.bigInt({ min: 0n, max: 10n ** 12n }),
      fc.bigInt({ min: 1n, max: 10n ** 10n }),
      (all, budget, more) => {
        const rule = { method: 'deduction', mode: 'floating' } as const;
        const before = dueOfScheme(budget, all, rule);
        const raised = all.map((each, index) =>
          index === 0 ? { ...each, points4: each.points4 + more } : each,
        );
        const after = dueOfScheme(budget, raised, rule);
        // the exact share falls; of the fen that largest remainders hand out one may still come
        for (let index = 1; index < all.length; index += 1) {
          assert.ok(after.due[index]! <= before.due[index]! + 1n, `institution ${index}`);
        }
        assert.ok(after.due[0]! >= before.due[0]! - 1n);
      },
    ),
  );
});

test('the order in which institutions are given changes nothing but their order', () => {
  fc.assert(
    fc.property(
      scenarios.chain((scenario) =>
        fc.tuple(
          fc.constant(scenario),
          fc.shuffledSubarray([...scenario.schemes[0]!.members], {
            minLength: scenario.schemes[0]!.members.length,
          }),
        ),
      ),
      policies,
      ([scenario, shuffled], values) => {
        const policy = policyWith(values);
        const [employee] = scenario.schemes;
        const again = { ...employee!, members: shuffled };
        const [a, b] = [schemeByRules(scenario, employee!, policy), schemeByRules(scenario, again, policy)];
        assert.deepEqual([b.codes, b.due, b.lines], [a.codes, a.due, a.lines]);
      },
    ),
    { numRuns: 100 },
  );
});

test('with retained surplus and shared overspend, more booked never means less paid, but for the step at the low ratio', () => {
  const rule: BandsRule = {
    booked: 'gross',
    lowRatio: parseDecimal('0.85')!,
    surplusShare: fraction(1n),
    overspend: [
      { upTo: parseDecimal('1.15')!, value: parseDecimal('0.5')! },
      { upTo: undefined, value: fraction(0n) },
    ],
  };
  fc.assert(
    fc.property(
      fc.bigInt({ min: 1n, max: 10n ** 11n }),
      fc.bigInt({ min: 0n, max: 2n * 10n ** 11n }),
      fc.bigInt({ min: 0n, max: 10n ** 9n }),
      (due, booked, more) => {
        const [a, b] = [applyBands(due, booked, rule), applyBands(due, booked + more, rule)];
        assert.ok(b.amountFen >= a.amountFen, `${due} ${booked} + ${more}`);
        // never more than what is due or booked, whichever is more
        assert.ok(a.amountFen <= (booked > due ? booked : due));
      },
    ),
  );
});
