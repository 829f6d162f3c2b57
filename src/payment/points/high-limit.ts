import { compare, divide, type Fraction, fraction, multiply, ONE, roundTo } from '#kernel/fraction.ts';
import type { Policy } from '#policy/index.ts';
import type { Band } from '#policy/parameters.ts';
import type { PointsPolicy } from './score-case.ts';

/** A ratio no case has: a group without a limit. */
const NEVER = fraction(1_000_000n);

/** What may set the high limit of a group at a class of institutions; coefficient and score in units of 10^−4. */
export type HighLimitOf = {
  readonly score4: bigint;
  readonly meanFen: Fraction;
  readonly coefficient4: bigint;
  /** the cost that the share `deviation.high_percentile` of the group's history does not pass; undefined without history */
  readonly percentileFen: bigint | undefined;
};

/**
 * The cost ratio above which a case of a group is a high outlier: one for all, by the band of the score, or the
 * percentile of the history as a ratio, rounded to four decimals and at least 1.
 */
export function highRatioOf(policy: Policy, points: PointsPolicy, group: HighLimitOf): Fraction {
  switch (policy.choice('deviation.high_by')) {
    case 'ratio':
      return policy.fraction('deviation.high_ratio');
    case 'bands':
      return bandValue(policy.bands('deviation.high_bands'), fraction(group.score4, 10_000n));
    case 'percentile': {
      if (group.percentileFen === undefined) return NEVER;
      const base =
        points.ratioBase === 'mean'
          ? group.meanFen
          : multiply(group.meanFen, fraction(group.coefficient4, 10_000n));
      if (base.numerator === 0n) return NEVER;
      const ratio = fraction(roundTo(divide(fraction(group.percentileFen), base), 4), 10_000n);
      return compare(ratio, ONE) < 0 ? ONE : ratio;
    }
  }
}

/** The value of the first band whose limit, inclusive, the quantity does not pass. */
export const bandValue = (bands: readonly Band[], quantity: Fraction): Fraction =>
  bands.find(({ upTo }) => upTo === undefined || compare(quantity, upTo) <= 0)!.value;
