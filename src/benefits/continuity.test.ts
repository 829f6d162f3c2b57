import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { parse } from 'yaml';
import {
  accumulatorsOfYear,
  benefitLayers,
  benefitPolicy,
  continuityAfter,
  continuityIncentive,
  type IncentiveFacts,
  noAccumulators,
  type Person,
  reverseSettlement,
  settleVisit,
  type YearPassed,
} from './index.ts';

const cases = parse(readFileSync(join(import.meta.dirname, 'continuity.cases.yaml'), 'utf8')) as {
  name: string;
  area: string;
  during: IncentiveFacts;
  year: YearPassed;
  after: IncentiveFacts;
  incentiveFen: number;
}[];
const policyOf = (area: string) => benefitPolicy(benefitLayers(area), '2026-12-31');
const RESIDENT = { scheme: 'resident' };

describe('what a year leaves to the next one', () => {
  for (const { name, area, during, year, after, incentiveFen } of cases) {
    test(name, () => {
      const policy = policyOf(area);
      const left = continuityAfter(policy, during, year, RESIDENT);
      assert.deepEqual(left, after);
      assert.equal(continuityIncentive(policy, left, RESIDENT).incentiveFen, incentiveFen);
    });
  }
});

describe('the incentive in a settlement of catastrophic insurance', () => {
  const policy = policyOf('990100');
  // pool 180,000; of the 820,000 left 14,501 to 100,000 at 60 %, to 200,000 at 65 %, above at 70 %: more than the cap of 400,000
  const settle = (person: Partial<Person>, inScopeFen = 100_000_000, accumulators = noAccumulators(2026)) =>
    settleVisit({
      policy,
      person: { scheme: 'resident', person: 'adult', ...person },
      visit: {
        id: 'V',
        care: 'inpatient',
        level: '2',
        date: '2026-05-01',
        parts: { ownFen: 0, overLimitFen: 0, priorFen: 0, inScopeFen },
      },
      accumulators,
    });
  const paid = (person: Partial<Person>) => settle(person).settlement.totals.hifmi_pay;

  test('follows from the years of the person, unless it is stated', () => {
    assert.equal(paid({}), 40_000_000);
    assert.equal(paid({ enrolledYears: 4, zeroClaimYears: 0 }), 40_000_000);
    assert.equal(paid({ enrolledYears: 6, zeroClaimYears: 2 }), 41_200_000);
    assert.equal(paid({ enrolledYears: 60, zeroClaimYears: 20 }), 48_000_000);
    assert.equal(paid({ enrolledYears: 6, zeroClaimYears: 2, incentiveFen: 100_000 }), 40_100_000);
    assert.equal(paid({ enrolledYears: 6, zeroClaimYears: 2, incentiveFen: 0 }), 40_000_000);
  });

  test('what was used of it is counted, and gone again after a reversal', () => {
    const facts = { enrolledYears: 6, zeroClaimYears: 2 };
    const first = settle(facts, 80_000_000);
    // (100,000 − 14,501) × 60 % ＋ 100,000 × 65 % ＋ (620,000 − 200,000) × 70 % = 410,299.40, of it above 400,000
    assert.equal(first.accumulators.values['incentive-used'], 1_029_940);
    const second = settle(facts, 80_000_000, first.accumulators);
    assert.equal(second.accumulators.values['incentive-used'], 1_200_000);
    const undone = reverseSettlement(second.settlement, second.accumulators);
    assert.deepEqual(undone.accumulators, first.accumulators);
    assert.equal(settle({}).accumulators.values['incentive-used'], undefined);
    assert.equal(accumulatorsOfYear(second.accumulators, 2027).values['incentive-used'], undefined);
  });

  test('a payment in parts uses as much of it as one in whole', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 99_999_999 }), fc.nat(12), (part, zeroClaimYears) => {
        const facts = { enrolledYears: 7, zeroClaimYears };
        const whole = settle(facts).accumulators.values;
        const first = settle({ ...facts }, part);
        const { accumulators } = settle(facts, 100_000_000 - part, first.accumulators);
        // the pool's deductible falls twice, which leaves less or as much to catastrophic insurance: both parts reach the cap
        assert.equal(accumulators.values['incentive-used'], whole['incentive-used']);
      }),
      { numRuns: 50 },
    );
  });
});
