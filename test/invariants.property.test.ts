/**
 * The fourteen invariants of payment.md §7, each under its number, over random policies and random small areas: values of
 * every parameter from its declared range, options and steps in any order, any profile. `YIBAO_RANDOM_WORLDS=100` searches
 * longer, `YIBAO_RANDOM_SEED` elsewhere. What a single rule says is asked of the rule; the rest of whole settlements.
 */
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { YibaoError } from '#kernel/errors.ts';
import {
  compare,
  divide,
  type Fraction,
  floor,
  fraction,
  multiply,
  roundTo,
  subtract,
} from '#kernel/fraction.ts';
import { parseYuan } from '#kernel/money.ts';
import { dueOfScheme, type SchemeMember } from '#payment/clearing/due-of-scheme.ts';
import { adjustScores } from '#payment/points/adjust-scores.ts';
import {
  type Deviation,
  type PointsPolicy,
  pointsPolicy,
  scoreGroupedCase,
} from '#payment/points/score-case.ts';
import { weightedMean } from '#payment/points/weighted-mean.ts';
import { specialCaseQuota } from '#payment/review/quota.ts';
import { policyWith } from './support/policy-with.ts';
import { randomNumbers } from './support/random-area.ts';
import { type PolicyValues, randomPolicies } from './support/random-policy.ts';
import { type Files, randomWorlds, settleWorld, WORLD_YEAR, type World } from './support/random-world.ts';

const WORLDS = Number(process.env.YIBAO_RANDOM_WORLDS ?? 8);
const SEED = Number(process.env.YIBAO_RANDOM_SEED ?? 20_261_124);

type Rows = readonly Readonly<Record<string, string>>[];
const rowsOf = (files: Files, name: string): Rows => parse(files[name] ?? '', { columns: true }) as Rows;
const sumFen = (rows: Rows, column: string): bigint =>
  rows.reduce((sum, row) => sum + parseYuan(row[column]!)!, 0n);
const shuffled = <T>(list: readonly T[], seed: number): T[] => {
  const random = randomNumbers(seed);
  const keys = new Map(list.map((item) => [item, random()]));
  return list.toSorted((a, b) => keys.get(a)! - keys.get(b)!);
};
/** Everything but where the input stood: files and lines of refused lists, hashes of the input. */
const withoutPlaces = (files: Files): Files => {
  const { 'refused.csv': _, 'manifest.json': __, ...rest } = files;
  return rest;
};

describe('whole settlements under random policies', () => {
  let worlds: readonly World[] = [];

  before(async () => {
    const drawn = await randomWorlds(SEED, WORLDS);
    // refusals are sound errors; but most policies must settle, or nothing is shown
    assert.equal(drawn.worlds.length, WORLDS, drawn.refused.join('\n'));
    ({ worlds } = drawn);
  });

  test('§7.1 Σ result + residual = budget, per scheme and to the fen', () => {
    for (const { name, files, values } of worlds) {
      const clearing = rowsOf(files, 'clearing.csv');
      const residual = rowsOf(files, 'residual.csv');
      for (const row of rowsOf(files, 'point_values.csv')) {
        const own = (rows: Rows) => rows.filter(({ insutype }) => insutype === row.insutype);
        const budget = parseYuan(row.budget!)!;
        assert.equal(sumFen(own(clearing), 'result') + sumFen(own(residual), 'residual'), budget, name);
        const isWhole =
          values['point_value.mode'] === 'floating' && values['point_value.method'] !== 'ratio-own';
        if (isWhole && row.points !== '0.0000') assert.equal(sumFen(own(clearing), 'due'), budget, name);
      }
    }
  });

  test('§7.4 permuting the lists, or dealing them to other files, changes nothing', async () => {
    for (const world of worlds) {
      const lists = shuffled(world.area.lists, world.seed);
      const { files } = await settleWorld(world, { lists, split: 3 });
      assert.deepEqual(withoutPlaces(files), withoutPlaces(world.files), world.name);
    }
  });

  test('§7.6 primary-care groups have the same points at all levels', () => {
    for (const { name, facts, values } of worlds) {
      const coefficient4 = roundTo(policyWith(values).fraction('coefficient.primary_care'), 4);
      assert.deepEqual(
        new Set(facts.primaryCareCoefficients).difference(new Set([coefficient4])),
        new Set(),
        name,
      );
      for (const [group, lists] of Map.groupBy(facts.primaryCare, (row) => row.group_no)) {
        assert.equal(new Set(lists.map((row) => row.points4)).size, 1, `${name}: group ${group}`);
      }
    }
    assert.ok(worlds.some(({ facts }) => new Set(facts.primaryCare.map((row) => row.level)).size > 1));
  });

  test('§7.9 of each month, paid + retained + deducted = base, with its sign', () => {
    let months = 0;
    for (const { name, facts } of worlds) {
      for (const row of facts.months) {
        const [base, paid, deduction, retained] = [
          row.base_fen,
          row.paid_fen,
          row.deduction_fen,
          row.retained_fen,
        ].map((value) => BigInt(value as bigint));
        assert.equal(paid! + retained! + deduction!, base!, `${name} ${row.month} ${row.fixmedins_code}`);
        months += 1;
      }
    }
    assert.ok(months > 100);
  });

  test('§7.10 result − months − quarters − money given before = clearing cash, which may be negative', () => {
    let negative = 0;
    for (const { name, facts } of worlds) {
      for (const row of facts.clearing) {
        const [result, monthly, quarter, advance, cash] = [
          row.result_fen,
          row.monthly_paid_fen,
          row.quarter_paid_fen,
          row.advance_paid_fen,
          row.clearing_cash_fen,
        ].map((value) => BigInt(value as bigint));
        assert.equal(result! - monthly! - quarter! - advance!, cash!, `${name} ${row.fixmedins_code}`);
        if (cash! < 0n) negative += 1;
        const own = facts.months.filter(
          (month) => month.insutype === row.insutype && month.fixmedins_code === row.fixmedins_code,
        );
        assert.equal(
          own.reduce((sum, month) => sum + BigInt(month.paid_fen as bigint), 0n),
          monthly!,
        );
      }
    }
    assert.ok(negative > 0);
  });

  test('§7.11 employee and resident never mix: other residents of the year change nothing for employees', async () => {
    for (const world of worlds) {
      const lists = world.area.lists.map((list, index) =>
        list.insutype === '390' && list.dscg_time.startsWith(`${WORLD_YEAR}`) && index % 2 === 0
          ? { ...list, medfee_sumamt: '7654.32', fund_pay_sumamt: '12.34' }
          : list,
      );
      const { files } = await settleWorld(world, { lists });
      const own = (all: Files) =>
        Object.fromEntries(
          ['cases.csv', 'point_values.csv', 'monthly.csv', 'clearing.csv', 'residual.csv'].map((name) => [
            name,
            rowsOf(all, name).filter(({ insutype }) => insutype === '310'),
          ]),
        );
      assert.deepEqual(own(files), own(world.files), world.name);
    }
  });

  test('§7.12 §7.14 a closed month stays closed, and what comes late is paid with the next open one, on the record', async () => {
    // a share of the year's lists, or a stay that follows, may change the points of a list whatever is locked
    const ALONE = 'incomplete > outlier-cost > special-case > add-on';
    const locks = ['01', '02', '03'].map((month) => `${WORLD_YEAR}-${month},${WORLD_YEAR}-04-10`);
    let late = 0;
    for (const drawn of worlds.slice(0, Math.max(4, WORLDS / 2))) {
      const world = { ...drawn, values: { ...drawn.values, 'adjustment.steps': ALONE } };
      const accepted = new Set(rowsOf(world.files, 'cases.csv').map(({ setl_id }) => setl_id));
      const isClosed = (date: string) => date >= `${WORLD_YEAR}-01` && date < `${WORLD_YEAR}-04`;
      const candidates = world.area.lists.filter(
        ({ setl_id, dscg_time }) => accepted.has(setl_id) && isClosed(dscg_time),
      );
      const ids = new Set(candidates.slice(0, 4).map(({ setl_id }) => setl_id));
      // each of a person of its own, so that no other stay is a readmission because of it
      const lists = world.area.lists.map((list) =>
        ids.has(list.setl_id) ? { ...list, psn_no: list.setl_id } : list,
      );
      const uploads = [...ids].map((id) => `${id},${WORLD_YEAR}-05-02`);
      const files = {
        'month_locks.csv': `month,lock_date\n${locks.join('\n')}\n`,
        'list_uploads.csv': `setl_id,upload_date\n${uploads.join('\n')}\n`,
      };
      const { files: withLate } = await settleWorld(world, { lists, files });
      const { files: without } = await settleWorld(world, {
        lists: lists.filter(({ setl_id }) => !ids.has(setl_id)),
        files: { 'month_locks.csv': files['month_locks.csv'] },
      });
      const closed = (all: Files) =>
        rowsOf(all, 'monthly.csv').filter(({ month }) => month! < `${WORLD_YEAR}-04`);
      assert.deepEqual(closed(withLate), closed(without), world.name);
      if (ids.size === 0) continue;
      const record = rowsOf(withLate, 'late_lists.csv');
      assert.deepEqual(
        record.map(({ setl_id }) => setl_id),
        [...ids].toSorted(),
        world.name,
      );
      for (const row of record) assert.equal(row.paid_in, `${WORLD_YEAR}-04`, 'April is not locked');
      late += record.length;
    }
    assert.ok(late > 0);
  });

  test('§7.12 the same inputs and rules give the same bytes, manifest and all', async () => {
    for (const world of worlds.slice(0, 2)) {
      const { files } = await settleWorld(world);
      assert.deepEqual(files, world.files, world.name);
    }
  });

  test('§7.13 money has two decimals, scores and points four, point values eight, and the residual an account of its own', () => {
    const DECIMALS: Readonly<Record<string, Readonly<Record<string, number>>>> = {
      'clearing.csv': { due: 2, result: 2, monthly_paid: 2, clearing_cash: 2, points: 4 },
      'monthly.csv': { base: 2, paid: 2, points: 4 },
      'groups.csv': { score: 4, average_cost: 2 },
      'cases.csv': { points: 4 },
      'point_values.csv': { budget: 2, start_point_value: 8, settlement_point_value: 8 },
      'residual.csv': { residual: 2 },
    };
    for (const { name, files } of worlds) {
      for (const [file, columns] of Object.entries(DECIMALS)) {
        for (const [column, decimals] of Object.entries(columns)) {
          for (const row of rowsOf(files, file)) {
            assert.match(
              row[column]!,
              new RegExp(`^(-?\\d+\\.\\d{${decimals}})?$`),
              `${name} ${file} ${column}`,
            );
          }
        }
      }
      const schemes = (file: string) => rowsOf(files, file).map(({ insutype }) => insutype);
      assert.deepEqual(schemes('residual.csv'), schemes('point_values.csv'), name);
    }
  });

  test('§7.8 special cases within the quota are paid once; one more is refused', async () => {
    const base = worlds.find(({ profile }) => profile === 'reference')!;
    const values: PolicyValues = {
      ...base.values,
      'adjustment.steps': 'special-case > add-on',
      'special_case.quota': '0.05',
    };
    const world = { ...base, values };
    const ids = rowsOf(base.files, 'cases.csv').map(({ setl_id }) => setl_id!);
    const quota = Number(specialCaseQuota(BigInt(ids.length), fraction(5n, 100n)));
    assert.ok(quota > 1);
    const table = (count: number) =>
      `setl_id,decision,amount,points,reason\n${ids
        .slice(0, count)
        .map((id) => `${id},cost,,,`)
        .join('\n')}\n`;
    const { files } = await settleWorld(world, { files: { 'special_cases.csv': table(quota) } });
    const reviewed = rowsOf(files, 'adjustments.csv').filter(
      ({ adjustment }) => adjustment === 'special-case',
    );
    assert.deepEqual(
      reviewed.map(({ setl_id }) => setl_id),
      ids.slice(0, quota),
    );
    for (const row of reviewed) {
      const own = rowsOf(files, 'cases.csv').filter(({ setl_id }) => setl_id === row.setl_id);
      assert.deepEqual(
        own.map(({ points }) => points),
        [row.points_after],
        'the decision takes the place of the points',
      );
    }
    await assert.rejects(
      settleWorld(world, { files: { 'special_cases.csv': table(quota + 1) } }),
      (error) =>
        error instanceof YibaoError && error.problems[0]!.definition.code === 'review.too-many-special-cases',
    );
  });
});

const positive = fc.bigInt({ min: 1n, max: 10n ** 10n });
const members: fc.Arbitrary<SchemeMember[]> = fc
  .array(fc.record({ points4: positive, costFen: positive, paid: fc.bigInt({ min: 0n, max: 100n }) }), {
    minLength: 2,
    maxLength: 6,
  })
  .map((rows) =>
    rows.map(({ points4, costFen, paid }, index) => ({
      code: `H${index}`,
      points4,
      costFen,
      nonFundFen: (costFen * paid) / 100n,
      baselinePoints4: 0n,
    })),
  );

test('§7.2 with non-fund payments held, more points of one lower the value and never raise what another is due', () => {
  fc.assert(
    fc.property(members, positive, positive, (all, budget, more) => {
      const rule = { method: 'deduction', mode: 'floating' } as const;
      const raised = all.map((each, index) =>
        index === 0 ? { ...each, points4: each.points4 + more } : each,
      );
      const [is, was] = [dueOfScheme(budget, raised, rule), dueOfScheme(budget, all, rule)];
      assert.ok(compare(is.pots[0]!.perPoint, was.pots[0]!.perPoint) < 0, 'the point value falls');
      // of the fen that largest remainders hand out, one may still come
      for (let index = 1; index < all.length; index += 1) assert.ok(is.due[index]! <= was.due[index]! + 1n);
    }),
  );
});

test('§7.3 Σ score · cases is the same before and after a rescale, to a relative 1e-4', () => {
  const group = fc.record({
    score4: fc.bigInt({ min: 1n, max: 10n ** 8n }),
    cases: fc.bigInt({ min: 1n, max: 10_000n }),
  });
  const groups = fc.array(group, { minLength: 2, maxLength: 20 });
  fc.assert(
    fc.property(groups, fc.bigInt({ min: 1n, max: 10n ** 8n }), (drawn, decided4) => {
      const scored = drawn.map(({ score4, cases }, index) => ({
        groupCode: `G${index}`,
        score: fraction(score4, 10_000n),
        cases,
      }));
      const decision = {
        by: 'score',
        value: fraction(decided4, 10_000n),
        groupCode: 'G0',
        reason: '',
        row: 2,
      } as const;
      const total = (list: readonly { readonly score: Fraction; readonly cases: bigint }[]) =>
        list.reduce((sum, { score, cases }) => sum + roundTo(score, 12) * cases, 0n);
      const [before, after] = [total(scored), total(adjustScores(scored, [decision]).groups)];
      const difference = after > before ? after - before : before - after;
      assert.ok(difference * 10_000n <= before, `${before} and ${after}`);
    }),
  );
});

/** Where points may fall although the cost rises: all of them, each with what must hold there. */
const CLIFFS: readonly {
  readonly name: string;
  readonly says: string;
  readonly from: readonly Deviation[];
  readonly to: readonly Deviation[];
  readonly holds: (policy: PointsPolicy, coefficient4: bigint) => boolean;
}[] = [
  {
    name: 'low',
    says: 'score × ratio without the coefficient ends at the low limit above score × coefficient',
    from: ['low'],
    to: ['normal', 'high', 'extreme'],
    holds: ({ lowPoints, lowRatio }, coefficient4) =>
      lowPoints === 'without-coefficient' && compare(fraction(coefficient4, 10_000n), lowRatio) < 0,
  },
  {
    name: 'high',
    says: 'score × (ratio − limit + 1) without the coefficient begins at the score, below score × coefficient',
    from: ['low', 'normal'],
    to: ['high', 'extreme'],
    holds: ({ highPoints }, coefficient4) =>
      highPoints === 'excess-without-coefficient' && coefficient4 > 10_000n,
  },
  {
    name: 'extreme',
    says: 'above the extreme limit a case falls back to normal points',
    from: ['high', 'low'],
    to: ['extreme'],
    holds: ({ extremeRatio, extremePoints }) => extremeRatio !== undefined && extremePoints === 'normal',
  },
];

/** Costs around the limits: up to nine times the mean, and a little or much more than that. */
const groupsAndCosts = fc
  .record({
    score4: fc.bigInt({ min: 1n, max: 10n ** 8n }),
    meanFen: fc.bigInt({ min: 1n, max: 10n ** 7n }),
    coefficient4: fc.bigInt({ min: 1n, max: 30_000n }),
    perMille: fc.bigInt({ min: 1n, max: 9_000n }),
    more: fc.oneof(fc.bigInt({ min: 0n, max: 5n }), fc.bigInt({ min: 0n, max: 2_000n })),
    high: fc.bigInt({ min: 10n, max: 80n }),
  })
  .map(({ perMille, more, ...rest }) => ({
    ...rest,
    cost: (rest.meanFen * perMille) / 1_000n + 1n,
    more: (rest.meanFen * more) / 1_000n + 1n,
  }));

test('§7.5 points never fall with the cost, but at the cliffs that are listed', () => {
  const met = new Set<string>();
  for (const values of fc.sample(randomPolicies, { seed: SEED, numRuns: 150 })) {
    const ofPolicy = pointsPolicy(policyWith(values));
    fc.assert(
      fc.property(groupsAndCosts, ({ score4, meanFen, coefficient4, cost, more, high }) => {
        // the high limit may be the group's own, and above the extreme one
        const policy = { ...ofPolicy, highRatio: fraction(high, 10n) };
        const group = { score4, meanFen: fraction(meanFen) };
        const [a, b] = [cost, cost + more].map((each) => scoreGroupedCase(each, group, coefficient4, policy));
        if (b!.points4 >= a!.points4) return;
        const cliff = CLIFFS.find(
          ({ from, to, holds }) =>
            from.includes(a!.deviation) && to.includes(b!.deviation) && holds(policy, coefficient4),
        );
        assert.ok(
          cliff,
          `${a!.deviation} ${a!.points4} at ${cost}, ${b!.deviation} ${b!.points4} at ${cost + more}: ${JSON.stringify(values)}`,
        );
        met.add(cliff.name);
      }),
      { numRuns: 60, seed: SEED },
    );
  }
  assert.deepEqual(
    [...met].toSorted(),
    CLIFFS.map(({ name }) => name).toSorted(),
    'every listed cliff is met',
  );
});

test('§7.5 under the DIP 3.0 draft a low outlier is paid its cost, and never more than a normal case', () => {
  const policy = pointsPolicy(policyWith({}, { profile: 'dip-3.0-draft' }));
  const standard = fc.record({
    score4: fc.bigInt({ min: 1n, max: 10n ** 8n }),
    fenPerPoint: fc.bigInt({ min: 1n, max: 10_000n }),
    coefficient4: fc.bigInt({ min: 1n, max: 30_000n }),
    share: fc.bigInt({ min: 1n, max: 9_999n }),
  });
  fc.assert(
    fc.property(standard, ({ score4, fenPerPoint, coefficient4, share }) => {
      // the payment standard is score × point value × coefficient; a cost below half of it is low
      const meanFen = fraction(score4 * fenPerPoint, 10_000n);
      const standardFen = multiply(meanFen, fraction(coefficient4, 10_000n));
      const cost = floor(multiply(standardFen, fraction(share, 20_000n)));
      if (cost === 0n) return;
      const group = { score4, meanFen };
      const scored = scoreGroupedCase(cost, group, coefficient4, policy);
      assert.equal(scored.deviation, 'low');
      assert.equal(compare(multiply(scored.exact, fraction(fenPerPoint)), fraction(cost)), 0);
      const normal = multiply(fraction(score4, 10_000n), fraction(coefficient4, 10_000n));
      assert.ok(compare(scored.exact, normal) <= 0);
    }),
  );
});

test('§7.7 the weights count as shares of one, 1:2:7 as 0.1, 0.2, 0.7, and equal years give the plain mean', () => {
  const cost = fc.bigInt({ min: 1n, max: 10n ** 12n });
  const weight = fc.bigInt({ min: 1n, max: 1_000n });
  const year = fc.record({ cases: fc.bigInt({ min: 1n, max: 10_000n }), costFen: cost });
  const threeYears = fc.tuple(year, year, year);
  fc.assert(
    fc.property(threeYears, fc.tuple(weight, weight, weight), weight, (years, weights, times) => {
      const history = years.map((each, index) => ({ ...each, year: 2022 + index }));
      const weighted = (own: readonly bigint[]) =>
        weightedMean(history, new Map(own.map((each, index) => [2022 + index, each])))!;
      // weights mean their share of the sum: all of them times a number is the same
      assert.deepEqual(weighted(weights), weighted(weights.map((each) => each * times)));
      const shares = [1n, 2n, 7n].map((each, index) =>
        fraction(each * years[index]!.costFen, 10n * years[index]!.cases),
      );
      const sum = shares.reduce(
        (total, share) => subtract(total, subtract(fraction(0n), share)),
        fraction(0n),
      );
      assert.equal(compare(weighted([1n, 2n, 7n]), sum), 0);
      // three years with the mean of the first
      const mean = divide(fraction(years[0].costFen), fraction(years[0].cases));
      const equal = history.map((each) => ({ ...each, cases: years[0].cases, costFen: years[0].costFen }));
      assert.equal(
        compare(
          weightedMean(
            equal,
            new Map([
              [2022, 1n],
              [2023, 2n],
              [2024, 7n],
            ]),
          )!,
          mean,
        ),
        0,
      );
    }),
  );
});

test('§7.8 the quota is the share of the discharges, rounded down', () => {
  fc.assert(
    fc.property(
      fc.bigInt({ min: 0n, max: 10n ** 7n }),
      fc.bigInt({ min: 0n, max: 10_000n }),
      (discharges, share4) => {
        const quota = specialCaseQuota(discharges, fraction(share4, 10_000n));
        assert.ok(quota * 10_000n <= discharges * share4 && (quota + 1n) * 10_000n > discharges * share4);
      },
    ),
  );
});

test('§7.13 half a unit rounds away from zero', () => {
  const numbers = fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n });
  fc.assert(
    fc.property(
      numbers,
      fc.bigInt({ min: 1n, max: 10n ** 6n }),
      fc.integer({ min: 0, max: 8 }),
      (n, d, decimals) => {
        const rounded = roundTo(fraction(n, d), decimals);
        const scaled = n * 10n ** BigInt(decimals);
        // |rounded · d − scaled| ≤ d / 2, and at exactly half the greater magnitude
        const off = 2n * (rounded * d - scaled);
        const magnitude = off < 0n ? -off : off;
        assert.ok(magnitude <= d);
        if (magnitude === d) assert.equal(off > 0n, n > 0n);
      },
    ),
  );
});
