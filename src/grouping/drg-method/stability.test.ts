import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Fraction, fraction } from '#kernel/fraction.ts';
import { cv4, isUnstable, squaredCv } from './stability.ts';

const spreadOf = (...costs: readonly bigint[]) => ({
  cases: BigInt(costs.length),
  costFen: costs.reduce((sum, cost) => sum + cost, 0n),
  costSquares: costs.reduce((sum, cost) => sum + cost * cost, 0n),
});
const ONE: Fraction = fraction(1n);

describe('the spread of the costs of a group', () => {
  // two costs a and b: s² = (a − b)² / 2, mean (a + b) / 2, so that CV² = 2 (a − b)² / (a + b)²
  test('costs 1 and 3 have CV² = 1/2', () => {
    assert.deepEqual(squaredCv(spreadOf(100n, 300n)), fraction(1n, 2n));
    assert.equal(cv4(spreadOf(100n, 300n)), 7071n);
  });
  test('exactly at the limit is stable, a fen more is not', () => {
    // 0, 0, 0 and c: mean c/4, s² = c²/4, CV = 2
    const at = spreadOf(0n, 0n, 0n, 400_00n);
    assert.equal(cv4(at), 20_000n);
    assert.equal(isUnstable(at, fraction(2n)), false);
    assert.equal(isUnstable(at, fraction(19_999n, 10_000n)), true);
  });
  test('one list alone does not vary, equal costs neither', () => {
    assert.equal(isUnstable(spreadOf(500n), fraction(0n)), false);
    assert.equal(isUnstable(spreadOf(500n, 500n, 500n), fraction(0n)), false);
  });
  test('sums of ten million costs of a hundred million yuan stay exact', () => {
    const large = {
      cases: 10_000_000n,
      costFen: 10n ** 17n,
      costSquares: 10_000_000n * 10n ** 20n * 2n,
    };
    assert.equal(isUnstable(large, ONE), true);
    assert.equal(isUnstable({ ...large, costSquares: large.costSquares / 2n }, ONE), false);
  });
});
