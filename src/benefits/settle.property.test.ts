import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { accumulatorsOfYear, noAccumulators, sumOfSettlements } from './accumulators.ts';
import { brokenIdentities } from './identities.ts';
import type { BenefitPolicy } from './policy.ts';
import { settleInOrder } from './replay.ts';
import { reverseSettlement } from './reverse.ts';
import { settleVisit } from './settle.ts';
import { type PolicyTexts, policyOfTexts } from './testing.ts';
import type { Accumulators, FeeLine, Person, Visit } from './types.ts';

const RUNS = Number(process.env.YIBAO_RANDOM_VISITS ?? 150);

const ratio = (least = 0, most = 1_000_000) =>
  fc
    .integer({ min: least, max: most })
    .map((scaled) => `${Math.floor(scaled / 1_000_000)}.${String(scaled % 1_000_000).padStart(6, '0')}`);
const yuan = (most: number) =>
  // nothing at all and one fen are the amounts where limits are got wrong
  fc
    .oneof(
      fc.constantFrom(0, 1),
      fc.integer({ min: 0, max: most * 100 }),
      fc.integer({ min: 0, max: most * 100 }),
    )
    .map((fen) => `${Math.floor(fen / 100)}.${String(fen % 100).padStart(2, '0')}`);
const limit = (most: number) =>
  fc.oneof({ arbitrary: yuan(most), weight: 3 }, { arbitrary: fc.constant('none'), weight: 1 });
const yesNo = fc.constantFrom('yes', 'no');

const bands = fc
  .tuple(
    fc.uniqueArray(fc.integer({ min: 1, max: 6_000_000 }), { maxLength: 4 }),
    fc.array(ratio(), { minLength: 5, maxLength: 5 }),
  )
  .map(([edges, ratios]) => {
    const sorted = edges.toSorted((a, b) => a - b);
    const parts = sorted.map(
      (fen, index) => `${Math.floor(fen / 100)}.${String(fen % 100).padStart(2, '0')}:${ratios[index]}`,
    );
    return [...parts, ratios[sorted.length]].join(' | ');
  });

const COMPONENT_LISTS = [
  'over-cap',
  'over-cap > copay',
  'over-cap > copay > deductible',
  'copay > direct',
  'over-cap > copay > direct > deductible > prior > out-of-area',
  'excess > copay',
];
const layerOf = (layer: string, baseOf: fc.Arbitrary<string>) =>
  fc.record({
    [`${layer}.applies`]: yesNo,
    [`${layer}.base`]: fc.constantFrom(...COMPONENT_LISTS),
    [`${layer}.base_of`]: baseOf,
    [`${layer}.threshold`]: yuan(20_000),
    [`${layer}.threshold_factor`]: fc.constantFrom('1', 'identity=subsistence => 0.5 ; 1'),
    [`${layer}.threshold_rounding`]: fc.constantFrom('fen', 'yuan'),
    [`${layer}.bands`]: bands,
    [`${layer}.band_origin`]: fc.constantFrom('zero', 'threshold'),
    [`${layer}.points`]: fc.constantFrom('0', 'identity=subsistence => 0.05 ; 0'),
    [`${layer}.cap`]: limit(30_000),
    [`${layer}.total_cap`]: limit(60_000),
  });

/** `cumulative`: everything is measured over the year, so that splitting a visit must change nothing. */
const policyTexts = (cumulative: boolean): fc.Arbitrary<PolicyTexts> => {
  const scope = cumulative ? fc.constant('year') : fc.constantFrom('year', 'visit');
  return fc
    .tuple(
      fc.record({
        'basic.deductible': yuan(2000),
        'basic.deductible_scope': scope,
        'basic.deductible_factor': cumulative
          ? fc.constant('1')
          : fc.constantFrom('1', 'admission=2 => 0.5 ; admission=3+ => 0 ; 1'),
        'basic.bands': bands,
        'basic.band_base': scope,
        'basic.band_origin': fc.constantFrom('zero', 'threshold'),
        'basic.person_factor': fc.constantFrom('1', 'person=retired => 0.6 ; 1'),
        'basic.points': fc.constantFrom('0', 'person=retired => 0.03 ; 0', '-0.1'),
        'out_of_area.points_off': fc.constantFrom('0', 'place=cross-province & filing=none => 0.2 ; 0'),
        'basic.cap': limit(50_000),
        'basic.cap_of': fc.constantFrom('payment', 'in-scope'),
        'basic.quota': cumulative
          ? fc.constant('none')
          : fc.constantFrom('none', '3000', 'care=chronic => 500.55 ; none'),
        'basic.quota_mode': fc.constantFrom('limit', 'fee', 'fixed'),
        'basic.deductible_year_limit': cumulative ? fc.constant('none') : limit(3000),
        'basic.care_cap_of': fc.constantFrom('payment', 'in-scope'),
        'basic.care_cap': cumulative ? fc.constant('none') : limit(20_000),
        'basic.care_cap_period': fc.constantFrom('year', 'month', 'visit'),
        'basic.floor_ratio': cumulative ? fc.constant('0') : fc.constantFrom('0', '0.45'),
        'account.order': cumulative ? fc.constant('last') : fc.constantFrom('first', 'last'),
        'account.first_counts_as_deductible': yesNo,
        'rounding.mode': fc.constantFrom('half-up', 'down', 'up'),
        'out_of_area.prior_ratio': cumulative
          ? fc.constant('0')
          : fc.constantFrom('0', 'place=cross-province => 0.1 ; 0'),
      }),
      layerOf('large_expense', scope),
      layerOf('civil_servant', scope),
      layerOf('catastrophic', scope),
      layerOf('assistance', scope),
      layerOf('additional_assistance', scope),
      layerOf('hospital_reduction', scope),
    )
    .map((parts) => Object.assign({}, ...parts) as PolicyTexts);
};

const line: fc.Arbitrary<FeeLine> = fc.record(
  {
    amountFen: fc.oneof(fc.constantFrom(0, 1), fc.integer({ min: 0, max: 4_000_000 })),
    count4: fc.integer({ min: 1, max: 300_000 }),
    listClass: fc.constantFrom('A' as const, 'B' as const, 'C' as const),
    approval: fc.constantFrom(0 as const, 1 as const, 2 as const),
    restricted: fc.boolean(),
    ceiling6: fc.integer({ min: 0, max: 2_000_000_000 }),
    priorType: fc.constantFrom(10 as const, 20 as const, 30 as const),
    priorRatio: fc.integer({ min: 0, max: 1_000_000 }),
  },
  { requiredKeys: ['amountFen'] },
);
const person: fc.Arbitrary<Person> = fc.record(
  {
    scheme: fc.constantFrom('employee', 'resident'),
    person: fc.constantFrom('in-service', 'retired', 'adult'),
    identities: fc.subarray([{ name: 'subsistence' }, { name: 'marginal' }, { name: 'destitute' }]),
    waitingUntil: fc.constantFrom('2025-03-01', '2024-12-31'),
    enrolledYears: fc.integer({ min: 0, max: 30 }),
    incentiveFen: fc.integer({ min: 0, max: 1_000_000 }),
  },
  { requiredKeys: ['scheme'] },
);
const visit = (index: number, month: number): fc.Arbitrary<Visit> =>
  fc.record(
    {
      id: fc.constant(`V${index}`),
      care: fc.constantFrom('inpatient', 'outpatient', 'chronic'),
      level: fc.constantFrom('1', '2', '3'),
      date: fc.constant(
        `2025-${String(month).padStart(2, '0')}-${String(1 + (index % 28)).padStart(2, '0')}`,
      ),
      place: fc.constantFrom('local', 'cross-province'),
      disease: fc.constantFrom('M1', 'M2'),
      account: fc.constantFrom('none' as const, 'own' as const, 'family' as const),
      thirdPartyShare: fc.constantFrom(0, 300_000),
      // the first line may be taken back by refunds that are the negative of it in whole
      lines: fc
        .tuple(fc.array(line, { minLength: 1, maxLength: 6 }), fc.boolean())
        .map(([lines, refunded]) =>
          refunded ? [...lines, { ...lines[0]!, amountFen: 0 - lines[0]!.amountFen }] : lines,
        ),
      stay: fc.constantFrom('S1', 'S2'),
      midStay: fc.boolean(),
    },
    { requiredKeys: ['id', 'care', 'date', 'lines'] },
  );
const year = fc.tuple(...Array.from({ length: 6 }, (_, index) => visit(index, 1 + index * 2)));
const balances = fc.record({
  'balance:own': fc.integer({ min: 1, max: 2_000_000 }),
  'balance:family:spouse': fc.integer({ min: 1, max: 500_000 }),
});

const policyOf = (texts: PolicyTexts): (() => BenefitPolicy) => {
  const policy = policyOfTexts(texts);
  return () => policy;
};

test('every settlement of a random year keeps I1 to I12, and a replay gives the same', () => {
  fc.assert(
    fc.property(policyTexts(false), person, year, balances, (texts, who, visits, values) => {
      const start = { year: 2025, values };
      const first = settleInOrder({ policyOf: policyOf(texts), person: who, visits, start });
      for (const settlement of first.settlements) assert.deepEqual(brokenIdentities(settlement), []);
      assert.deepEqual(sumOfSettlements(start, first.settlements), first.accumulators, 'I11');
      for (const [code, value] of Object.entries(first.accumulators.values)) {
        if (!code.includes('rest:')) assert.ok(value >= 0, `${code} = ${value}`);
      }
      const second = settleInOrder({ policyOf: policyOf(texts), person: who, visits, start });
      assert.deepEqual(second, first);
    }),
    { numRuns: RUNS },
  );
});

test('a reversal returns the person to the exact earlier state, last in first out', () => {
  fc.assert(
    fc.property(policyTexts(false), person, year, balances, (texts, who, visits, values) => {
      const policy = policyOfTexts(texts);
      const states: Accumulators[] = [{ year: 2025, values: { ...values } }];
      const settlements = visits.map((each) => {
        const result = settleVisit({ policy, person: who, visit: each, accumulators: states.at(-1)! });
        states.push(result.accumulators);
        return result.settlement;
      });
      for (const settlement of settlements.toReversed()) {
        const { settlement: negative, accumulators } = reverseSettlement(settlement, states.pop()!);
        assert.deepEqual(accumulators, states.at(-1), settlement.visitId);
        for (const [field, fen] of Object.entries(negative.totals)) {
          assert.equal(fen + settlement.totals[field as 'hifp_pay'], 0, field);
        }
      }
    }),
    { numRuns: RUNS },
  );
});

/** Six visits from October to March, some of them parts of one stay, with a year's end among them. */
const acrossYears = fc.tuple(...Array.from({ length: 6 }, (_, index) => visit(index, 1))).map((visits) =>
  visits.map((each, index) => ({
    ...each,
    date: Temporal.PlainDate.from('2025-10-07').add({ months: index, days: index }).toString(),
  })),
);
const ofYear = (wanted: number) => (each: { readonly date: string }) =>
  Number(each.date.slice(0, 4)) === wanted;
const isLasting = (code: string) => /^(balance|stay):/.test(code);

test('over a year’s end every settlement keeps I1 to I12; the new year begins with accounts and open stays alone', () => {
  fc.assert(
    fc.property(policyTexts(false), person, acrossYears, balances, (texts, who, visits, values) => {
      const start = { year: 2025, values };
      const both = settleInOrder({ policyOf: policyOf(texts), person: who, visits, start });
      for (const settlement of both.settlements) assert.deepEqual(brokenIdentities(settlement), []);
      assert.deepEqual(settleInOrder({ policyOf: policyOf(texts), person: who, visits, start }), both);
      // I11 in each year by itself
      const old = both.settlements.filter(ofYear(2025));
      const end = sumOfSettlements(start, old);
      const next = accumulatorsOfYear(end, 2026);
      assert.ok(Object.keys(next.values).every(isLasting), Object.keys(next.values).join(' '));
      const fresh = both.settlements.filter(ofYear(2026));
      assert.deepEqual(sumOfSettlements(next, fresh), both.accumulators);
      // nothing of the old year but what lasts is seen in the new one
      const alone = settleInOrder({
        policyOf: policyOf(texts),
        person: who,
        visits: visits.filter(ofYear(2026)),
        start: next,
      });
      assert.deepEqual(alone.settlements, fresh);
      const firstOf = new Map<string, number>();
      for (const { code, before } of fresh.flatMap(({ changes }) => changes)) {
        if (!firstOf.has(code)) firstOf.set(code, before);
      }
      for (const [code, before] of firstOf)
        if (!isLasting(code)) assert.equal(before, 0, `${code} was not reset`);
    }),
    { numRuns: RUNS },
  );
});

test('reversals over a year’s end return to the exact earlier states; a part of a stay the next year goes on is not the last', () => {
  fc.assert(
    fc.property(policyTexts(false), person, acrossYears, balances, (texts, who, visits, values) => {
      const policy = policyOfTexts(texts);
      const states: Accumulators[] = [{ year: 2025, values: { ...values } }];
      const settlements = visits.map((each) => {
        const accumulators = accumulatorsOfYear(states.at(-1)!, Number(each.date.slice(0, 4)));
        const result = settleVisit({ policy, person: who, visit: each, accumulators });
        states.push(result.accumulators);
        return result.settlement;
      });
      // what the store keeps: one set for each year, and what lasts beside them
      const kept = new Map(states.map((state) => [state.year, state]));
      const lasting = (state: Accumulators) =>
        Object.fromEntries(Object.entries(state.values).filter(([code]) => isLasting(code)));
      let now = lasting(states.at(-1)!);
      for (const [index, settlement] of settlements.entries().toArray().toReversed()) {
        const year = Number(settlement.date.slice(0, 4));
        const own = Object.entries(kept.get(year)!.values).filter(([code]) => !isLasting(code));
        const before = { year, values: { ...Object.fromEntries(own), ...now } };
        const undone = reverseSettlement(settlement, before).accumulators;
        const wanted = accumulatorsOfYear(states[index]!, year);
        assert.deepEqual(undone.values, wanted.values, settlement.visitId);
        kept.set(year, undone);
        now = lasting(undone);
      }
      assert.deepEqual(now, { ...values });
      // out of order: a stay that went on in the new year blocks its part of the old one
      const last = settlements.findLast(ofYear(2025));
      const open = last?.changes.filter(({ code }) => code.startsWith('stay:')) ?? [];
      const final = lasting(states.at(-1)!);
      const wentOn = open.some(({ code, after }) => (final[code] ?? 0) !== after);
      if (last !== undefined && wentOn) {
        const state = states.findLast((each) => each.year === 2025)!;
        const own = Object.fromEntries(Object.entries(state.values).filter(([code]) => !isLasting(code)));
        const mixed = { year: 2025, values: { ...own, ...final } };
        assert.throws(() => reverseSettlement(last, mixed), /benefits\.not-last/);
      }
    }),
    { numRuns: RUNS },
  );
});

test('a stay over a year’s end pays its deductible once and goes on in its bands; a yearly deductible begins anew', () => {
  const amounts = fc.array(fc.integer({ min: 0, max: 3_000_000 }), { minLength: 2, maxLength: 4 });
  fc.assert(
    fc.property(
      yuan(2000),
      bands,
      amounts,
      fc.integer({ min: 1, max: 3 }),
      (deductible, ratios, parts, crossing) => {
        const texts = {
          'basic.deductible': deductible,
          'basic.bands': ratios,
          'basic.deductible_scope': 'visit',
          'basic.band_base': 'visit',
        };
        const dayOf = (index: number) =>
          Temporal.PlainDate.from(index < Math.min(crossing, parts.length - 1) ? '2025-12-20' : '2026-01-05')
            .add({ days: index })
            .toString();
        const partOf = (inScopeFen: number, index: number, isLast: boolean, date: string): Visit => ({
          id: `P${index}`,
          care: 'inpatient',
          date,
          stay: 'S',
          midStay: !isLast,
          parts: { ownFen: 0, overLimitFen: 0, priorFen: 0, inScopeFen },
        });
        const who: Person = { scheme: 'resident' };
        const total = parts.reduce((sum, fen) => sum + fen, 0);
        const settle = (visits: readonly Visit[]) =>
          settleInOrder({ policyOf: policyOf(texts), person: who, visits }).settlements.map(
            ({ totals }) => totals,
          );
        const split = settle(
          parts.map((fen, index) => partOf(fen, index, index === parts.length - 1, dayOf(index))),
        );
        const [whole] = settle([partOf(total, 0, true, '2025-12-31')]);
        const sum = (field: 'act_pay_dedc' | 'hifp_pay') =>
          split.reduce((fen, totals) => fen + totals[field], 0);
        assert.equal(sum('act_pay_dedc'), whole!.act_pay_dedc);
        // each part rounds once
        assert.ok(
          Math.abs(sum('hifp_pay') - whole!.hifp_pay) <= parts.length,
          `${sum('hifp_pay')} ${whole!.hifp_pay}`,
        );

        // visits that are no stay, under a yearly deductible: each year pays it once
        const yearly = { ...texts, 'basic.deductible_scope': 'year' };
        const days = parts.map((_, index) => dayOf(index));
        const outpatient = settleInOrder({
          policyOf: policyOf(yearly),
          person: who,
          visits: parts.map((inScopeFen, index) => ({
            id: `O${index}`,
            care: 'outpatient',
            date: days[index]!,
            parts: { ownFen: 0, overLimitFen: 0, priorFen: 0, inScopeFen },
          })),
        }).settlements;
        const standard = Math.round(Number(deductible) * 100);
        for (const year of [2025, 2026]) {
          const own = outpatient.filter(ofYear(year));
          const fee = own.reduce((fen, { totals }) => fen + totals.inscp_scp_amt, 0);
          const paid = own.reduce((fen, { totals }) => fen + totals.act_pay_dedc, 0);
          assert.equal(paid, Math.min(standard, fee), `deductible of ${year}`);
        }
      },
    ),
    { numRuns: RUNS },
  );
});

test('where everything is cumulative, a visit paid in parts costs each fund what it costs in one', () => {
  const parts = fc.array(fc.integer({ min: 0, max: 3_000_000 }), { minLength: 2, maxLength: 6 });
  fc.assert(
    fc.property(policyTexts(true), person, parts, (texts, who, amounts) => {
      const visitOf = (inScopeFen: number, index: number): Visit => ({
        id: `V${index}`,
        care: 'outpatient',
        date: '2025-05-05',
        parts: { ownFen: 0, overLimitFen: 0, priorFen: 0, inScopeFen },
      });
      // one identity: which of several is best is chosen visit by visit
      const one: Person = { ...who, identities: who.identities?.slice(0, 1) };
      const split = settleInOrder({ policyOf: policyOf(texts), person: one, visits: amounts.map(visitOf) });
      const total = amounts.reduce((sum, fen) => sum + fen, 0);
      const whole = settleInOrder({ policyOf: policyOf(texts), person: one, visits: [visitOf(total, 0)] });
      for (const field of Object.keys(whole.settlements[0]!.totals) as 'hifp_pay'[]) {
        const sum = split.settlements.reduce((fen, { totals }) => fen + totals[field], 0);
        assert.equal(sum, whole.settlements[0]!.totals[field], field);
      }
    }),
    { numRuns: RUNS },
  );
});

test('a larger in-scope fee never makes the funds pay less, nor the person', () => {
  fc.assert(
    fc.property(
      policyTexts(false),
      person,
      fc.integer({ min: 0, max: 9_000_000 }),
      fc.integer({ min: 0, max: 900_000 }),
      (texts, who, fen, more) => {
        const policy = policyOfTexts({ ...texts, 'rounding.mode': 'half-up' });
        const settled = (inScopeFen: number) =>
          settleVisit({
            policy,
            person: { ...who, identities: [] },
            visit: {
              id: 'V',
              care: 'inpatient',
              date: '2025-05-05',
              parts: { ownFen: 0, overLimitFen: 0, priorFen: 0, inScopeFen },
            },
            accumulators: noAccumulators(2025),
          }).settlement.totals;
        const [less, most] = [settled(fen), settled(fen + more)];
        assert.ok(most.hifp_pay >= less.hifp_pay, 'pool');
        assert.ok(
          most.fund_pay_sumamt + most.hosp_part_amt >= less.fund_pay_sumamt + less.hosp_part_amt - 5,
          'funds',
        );
        // each fund rounds once: a few fen may pass between the person and the funds
        assert.ok(most.psn_part_amt >= less.psn_part_amt - 5, 'person');
      },
    ),
    { numRuns: RUNS },
  );
});

test('only the last settlement can be reversed: the blocking ones are named', () => {
  const policy = policyOfTexts({
    'basic.bands': '0.5',
    'basic.deductible': '100',
    'basic.deductible_scope': 'year',
  });
  const visitOf = (id: string): Visit => ({
    id,
    care: 'outpatient',
    date: '2025-05-05',
    parts: { ownFen: 0, overLimitFen: 0, priorFen: 0, inScopeFen: 5_000 },
  });
  const { settlements, accumulators } = settleInOrder({
    policyOf: () => policy,
    person: { scheme: 'resident' },
    visits: [visitOf('A'), visitOf('B')],
  });
  const [first, second] = settlements;
  assert.throws(() => reverseSettlement(first!, accumulators, [second!]), /A.*deductible-paid.*: B/s);
  assert.throws(() => reverseSettlement(first!, accumulators), /benefits\.not-last/);
  const undone = reverseSettlement(second!, accumulators);
  assert.throws(() => reverseSettlement(undone.settlement, undone.accumulators), TypeError);
});

test('the engine refuses what only a programmer can get wrong', () => {
  const policy = policyOfTexts({ 'basic.bands': '0.5' });
  const visit: Visit = { id: 'A', care: 'outpatient', date: '2025-05-05', lines: [{ amountFen: 5 }] };
  const person: Person = { scheme: 'resident' };
  assert.throws(() => settleVisit({ policy, person, visit, accumulators: noAccumulators(2024) }), TypeError);
});

test('refunds that are more than the charges of their part are refused by name, not paid and no crash', () => {
  const policy = policyOfTexts({ 'basic.bands': '0.5' });
  const settle = (lines: Visit['lines']) => () =>
    settleVisit({
      policy,
      person: { scheme: 'resident' },
      visit: { id: 'A', care: 'outpatient', date: '2025-05-05', lines },
      accumulators: noAccumulators(2025),
    });
  const direct = { priorType: 20, priorRatio: 500_000 } as const;
  assert.throws(settle([{ amountFen: -5 }]), /field in_scope, value "-0\.05".*\[benefits\.negative-fees\]/s);
  assert.throws(settle([{ amountFen: 900 }, { amountFen: -5, listClass: 'C' }]), /field own, value "-0\.05"/);
  // 8 yuan in all, but 2 yuan less than nothing beside the item of a direct ratio
  assert.throws(
    settle([{ amountFen: 1000, ...direct }, { amountFen: -200 }]),
    /field in_scope, value "-2\.00"/,
  );
  assert.throws(
    settle([{ amountFen: 1000 }, { amountFen: -200, ...direct }]),
    /field direct, value "-2\.00"/,
  );
  assert.equal(settle([{ amountFen: 1000 }, { amountFen: -200 }])().settlement.totals.hifp_pay, 400);
});

test('a threshold by income is never nothing because the income is unknown', () => {
  const policy = policyOfTexts({
    'basic.bands': '0.5',
    'assistance.applies': 'yes',
    'assistance.bands': '0.6',
    'assistance.threshold_income_ratio': '0.25',
  });
  const settle = (incomeFen?: number) =>
    settleVisit({
      policy,
      person: { scheme: 'resident', ...(incomeFen === undefined ? {} : { incomeFen }) },
      visit: { id: 'A', care: 'outpatient', date: '2025-05-05', lines: [{ amountFen: 100_000 }] },
      accumulators: noAccumulators(2025),
    }).settlement.totals.maf_pay;
  assert.throws(() => settle(), /assistance\.threshold_income_ratio.*\[benefits\.no-income\]/s);
  assert.equal(settle(100_000), 15_000);
  assert.equal(settle(0), 30_000);
});

test('a layer that pays and has no place in the order is refused', () => {
  assert.throws(
    () =>
      policyOfTexts({
        'layers.order': 'assistance',
        'catastrophic.applies': 'yes',
        'catastrophic.bands': '0.6',
      }),
    /layers\.order ∋ catastrophic/,
  );
});
