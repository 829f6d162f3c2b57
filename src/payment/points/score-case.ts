import {
  ceiling,
  compare,
  divide,
  type Fraction,
  floor,
  fraction,
  multiply,
  ONE,
  roundTo,
  subtract,
} from '#kernel/fraction.ts';
import type { OptionOf, Policy } from '#policy/index.ts';

/** How the cost of a case stands to the payment standard of its group at its institution. */
export type Deviation = 'low' | 'normal' | 'high' | 'extreme';

/** The parameters that decide the points of a case; `deviation.*` and `ungrouped.ratio` of the policy. */
export type PointsPolicy = {
  readonly lowRatio: Fraction;
  readonly highRatio: Fraction;
  /** whether a ratio exactly on the limit is an outlier */
  readonly lowBoundary: OptionOf<'deviation.low_boundary'>;
  readonly highBoundary: OptionOf<'deviation.high_boundary'>;
  readonly ratioBase: OptionOf<'deviation.ratio_base'>;
  readonly lowPoints: OptionOf<'deviation.low_points'>;
  readonly highPoints: OptionOf<'deviation.high_points'>;
  /** above this ratio a case gets normal points again and goes to review; undefined: no such limit */
  readonly extremeRatio: Fraction | undefined;
  readonly ungroupedRatio: Fraction;
  /** Score of a case of average cost, 1000. */
  readonly meanScore: Fraction;
};

/** Reads what decides the points of a case from the policy. */
export function pointsPolicy(policy: Policy): PointsPolicy {
  return {
    lowRatio: policy.fraction('deviation.low_ratio'),
    // where the limit differs from group to group, highRatioOf takes its place
    highRatio: policy.choice('deviation.high_by') === 'ratio' ? policy.fraction('deviation.high_ratio') : ONE,
    lowBoundary: policy.choice('deviation.low_boundary'),
    highBoundary: policy.choice('deviation.high_boundary'),
    ratioBase: policy.choice('deviation.ratio_base'),
    lowPoints: policy.choice('deviation.low_points'),
    highPoints: policy.choice('deviation.high_points'),
    extremeRatio:
      policy.choice('deviation.extreme') === 'normal'
        ? policy.fraction('deviation.extreme_ratio')
        : undefined,
    ungroupedRatio: policy.fraction('ungrouped.ratio'),
    meanScore: policy.fraction('score.mean_score'),
  };
}

/** The group of a case: its mean cost in fen per list, and its score in units of 10^−4. */
export type GroupStandard = { readonly meanFen: Fraction; readonly score4: bigint };

export type CaseScore =
  | {
      readonly kind: 'grouped';
      readonly deviation: Deviation;
      /** r = cost / (m · coef); undefined when the standard is zero */
      readonly ratio: Fraction | undefined;
      /** before rounding */
      readonly exact: Fraction;
      /** in units of 10^−4 */
      readonly points4: bigint;
    }
  | { readonly kind: 'ungrouped'; readonly exact: Fraction; readonly points4: bigint };

/**
 * Points of one grouped case, RW the score and r = cost / base. This is the rule; `scored_list.sql` does the same for a
 * table. The base is m · coef (`mean-and-coefficient`) or m (`mean`).
 *
 * | deviation | points |
 * |---|---|
 * | low: r < low, or ≤ | `with-coefficient` RW · coef · r; `without-coefficient` RW · r |
 * | normal | RW · coef |
 * | high: r > high, or ≥ | `coefficient-times-excess` RW · coef · (r − high + 1); `excess-plus-coefficient` RW · (r − high + coef); `excess-without-coefficient` RW · (r − high + 1); `normal` RW · coef |
 * | extreme: r > extreme | RW · coef |
 *
 * With base m · coef, RW · coef · r is RW · cost / m, so that a coefficient of zero needs no exception. Where r is needed and
 * the base is zero, the case is normal.
 * Source: reference profile §5; city variants: docs/domain/dip.md#deviation.
 */
export function scoreGroupedCase(
  costFen: bigint,
  group: GroupStandard,
  coefficient4: bigint,
  policy: PointsPolicy,
): Extract<CaseScore, { kind: 'grouped' }> {
  const cost = fraction(costFen);
  const { base, normal, low, high, highSubtrahend } = pointsLines(group, coefficient4, policy);
  const deviation = deviationOf(cost, base, policy);
  const exact = {
    low: multiply(low, cost),
    normal,
    high: subtract(multiply(high, cost), highSubtrahend),
    extreme: normal,
  }[deviation];
  const ratio = base.numerator === 0n ? undefined : divide(cost, base);
  return { kind: 'grouped', deviation, ratio, exact, points4: roundTo(exact, 4) };
}

function deviationOf(cost: Fraction, base: Fraction, policy: PointsPolicy): Deviation {
  const toLow = compare(cost, multiply(policy.lowRatio, base));
  if (toLow < 0 || (toLow === 0 && policy.lowBoundary === 'at-or-below')) return 'low';
  if (policy.extremeRatio && compare(cost, multiply(policy.extremeRatio, base)) > 0) return 'extreme';
  const toHigh = compare(cost, multiply(policy.highRatio, base));
  return toHigh > 0 || (toHigh === 0 && policy.highBoundary === 'at-or-above') ? 'high' : 'normal';
}

/** Points as lines over the cost: low · cost, normal, high · cost − highSubtrahend; slopes in points per fen. */
type PointsLines = {
  readonly base: Fraction;
  readonly normal: Fraction;
  readonly low: Fraction;
  readonly high: Fraction;
  readonly highSubtrahend: Fraction;
};

function pointsLines(group: GroupStandard, coefficient4: bigint, policy: PointsPolicy): PointsLines {
  const score = fraction(group.score4, 10_000n);
  const coefficient = fraction(coefficient4, 10_000n);
  const normal = multiply(score, coefficient);
  const usesCoefficient = policy.ratioBase === 'mean-and-coefficient';
  const base = usesCoefficient ? multiply(group.meanFen, coefficient) : group.meanFen;
  // points per fen of RW · coef · r and of RW · r
  const withCoefficient = divide(usesCoefficient ? score : normal, group.meanFen);
  const hasRatio = base.numerator !== 0n;
  const withoutCoefficient = hasRatio ? divide(score, base) : withCoefficient;
  const overHigh = subtract(policy.highRatio, ONE);
  const lines = {
    'coefficient-times-excess': [withCoefficient, multiply(normal, overHigh)],
    'excess-plus-coefficient': [withoutCoefficient, multiply(score, subtract(policy.highRatio, coefficient))],
    'excess-without-coefficient': [withoutCoefficient, multiply(score, overHigh)],
    // a flat line: minus minus normal
    normal: [fraction(0n), subtract(fraction(0n), normal)],
  } as const;
  const needsRatio = policy.highPoints !== 'coefficient-times-excess';
  const [high, highSubtrahend] = lines[hasRatio || !needsRatio ? policy.highPoints : 'normal'];
  const low = policy.lowPoints === 'with-coefficient' ? withCoefficient : withoutCoefficient;
  return { base, normal, low, high, highSubtrahend };
}

/** Points of an ungrouped case: 0.7 · 1000 · cost / M. Source: reference profile §5. */
export function scoreUngroupedCase(
  costFen: bigint,
  areaMeanFen: Fraction,
  policy: PointsPolicy,
): Extract<CaseScore, { kind: 'ungrouped' }> {
  const exact = multiply(
    multiply(policy.ungroupedRatio, policy.meanScore),
    divide(fraction(costFen), areaMeanFen),
  );
  return { kind: 'ungrouped', exact, points4: roundTo(exact, 4) };
}

/** What `scored_list.sql` needs to know of a group at an institution class; see there for the formula. */
export type PointsRule = {
  /** a cost below this is low */
  readonly lowBelowFen: bigint;
  /** a cost above this is high */
  readonly highAboveFen: bigint;
  /** a cost above this is extreme */
  readonly extremeAboveFen: bigint;
  readonly normalPoints4: bigint;
  readonly low: CostLine;
  readonly high: CostLine;
  readonly divisor: bigint;
  /** in units of 10^−12 points */
  readonly highSubtrahend: bigint;
  /** costs below this may be divided by the guess */
  readonly quickBelowFen: bigint;
};

/** points × 10^4 = cost · multiplier / divisor; reciprocal is floor(multiplier · 2^30 / divisor), a first guess. */
type CostLine = { readonly multiplier: bigint; readonly reciprocal: bigint };

/** points to 10^−4 points */
const SCALE = fraction(10_000n);
const RECIPROCAL_SCALE = 2n ** 30n;
const BIGINT_MAX = 2n ** 63n - 1n;
const HUGEINT_MAX = 2n ** 127n - 1n;

/** Two slopes in 10^−4 points per fen over one divisor, and up to which cost their guesses hold. */
function costLines(lowSlope: Fraction, highSlope: Fraction) {
  const common = divide(fraction(lowSlope.denominator), fraction(highSlope.denominator)).denominator;
  const divisor = lowSlope.denominator * common;
  const lines = [lowSlope, highSlope].map((slope) => {
    const multiplier = (slope.numerator * divisor) / slope.denominator;
    return { multiplier, reciprocal: (multiplier * RECIPROCAL_SCALE) / divisor };
  });
  // a guess too large for BIGINT is not used
  const [low, high] = lines.map(({ multiplier, reciprocal }) => ({
    multiplier,
    reciprocal: reciprocal > BIGINT_MAX ? 0n : reciprocal,
  }));
  return { low: low!, high: high!, divisor, quickBelowFen: least(...lines.map(quickBelow)) };
}

/**
 * The guess cost · reciprocal / 2^30 is at most one too small for costs up to 2^30, and cost · reciprocal must fit in
 * BIGINT and cost · multiplier in HUGEINT.
 */
function quickBelow({ multiplier, reciprocal }: CostLine): bigint {
  if (reciprocal > BIGINT_MAX) return 0n;
  return least(RECIPROCAL_SCALE, BIGINT_MAX / (reciprocal || 1n), HUGEINT_MAX / (multiplier || 1n));
}

const least = (...bounds: readonly bigint[]): bigint => bounds.reduce((a, b) => (b < a ? b : a));

/** The rule of scoreGroupedCase as integers: comparisons in fen and one exact division per case. */
export function groupedRule(group: GroupStandard, coefficient4: bigint, policy: PointsPolicy): PointsRule {
  const { base, low, high, highSubtrahend } = pointsLines(group, coefficient4, policy);
  const lowLimit = multiply(policy.lowRatio, base);
  const highLimit = multiply(policy.highRatio, base);
  return {
    lowBelowFen: policy.lowBoundary === 'below' ? ceiling(lowLimit) : floor(lowLimit) + 1n,
    highAboveFen: policy.highBoundary === 'above' ? floor(highLimit) : ceiling(highLimit) - 1n,
    extremeAboveFen: policy.extremeRatio ? floor(multiply(policy.extremeRatio, base)) : BIGINT_MAX,
    normalPoints4: roundTo(fraction(group.score4 * coefficient4, 100_000_000n), 4),
    // ratios have at most four decimals, so that this is a whole number
    highSubtrahend: floor(multiply(highSubtrahend, fraction(1_000_000_000_000n))),
    ...costLines(multiply(low, SCALE), multiply(high, SCALE)),
  };
}

/** The rule of scoreUngroupedCase: every cost is proportional. */
export function ungroupedRule(areaMeanFen: Fraction, policy: PointsPolicy): PointsRule {
  const slope = divide(multiply(SCALE, multiply(policy.ungroupedRatio, policy.meanScore)), areaMeanFen);
  return {
    lowBelowFen: 0n,
    highAboveFen: 0n,
    extremeAboveFen: BIGINT_MAX,
    normalPoints4: 0n,
    highSubtrahend: 0n,
    ...costLines(slope, slope),
  };
}
