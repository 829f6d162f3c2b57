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
  ZERO,
} from '#kernel/fraction.ts';
import type { OptionOf, Policy } from '#policy/index.ts';

/**
 * How the cost of a case stands to the payment standard of its group at its institution; `by-cost`: the group is scored by
 * the cost alone, so that there is no standard.
 */
export type Deviation = 'low' | 'normal' | 'high' | 'extreme' | 'by-cost';

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
  /** above this ratio a case goes to review; undefined: no such limit */
  readonly extremeRatio: Fraction | undefined;
  /** an extreme case gets `normal` points again, or those of a high outlier until the `review` */
  readonly extremePoints: Exclude<OptionOf<'deviation.extreme'>, 'none'>;
  /** whether the adjustment coefficient of a type is part of the base */
  readonly typeInBase: boolean;
  readonly ungroupedRatio: Fraction;
};

/** Reads what decides the points of a case from the policy. */
export function pointsPolicy(policy: Policy): PointsPolicy {
  const extreme = policy.choice('deviation.extreme');
  return {
    lowRatio: policy.fraction('deviation.low_ratio'),
    // where the limit differs from group to group, highRatioOf takes its place
    highRatio: policy.choice('deviation.high_by') === 'ratio' ? policy.fraction('deviation.high_ratio') : ONE,
    lowBoundary: policy.choice('deviation.low_boundary'),
    highBoundary: policy.choice('deviation.high_boundary'),
    ratioBase: policy.choice('deviation.ratio_base'),
    lowPoints: policy.choice('deviation.low_points'),
    highPoints: policy.choice('deviation.high_points'),
    extremeRatio: extreme === 'none' ? undefined : policy.fraction('deviation.extreme_ratio'),
    extremePoints: extreme === 'none' ? 'normal' : extreme,
    typeInBase:
      policy.choice('typing.method') !== 'none' && policy.choice('typing.ratio_base') === 'with-type',
    ungroupedRatio: multiply(policy.fraction('ungrouped.ratio'), policy.fraction('ungrouped.second_ratio')),
  };
}

/** A cost in fen and the score it stands for, such as M and 1000: what turns a cost into points. */
export type CostStandard = { readonly meanFen: Fraction; readonly score: Fraction };

/** The group of a case: the mean cost its costs are compared with, in fen per list, and its score in units of 10^−4. */
export type GroupStandard = {
  readonly meanFen: Fraction;
  readonly score4: bigint;
  /** adjustment coefficient of the case's type in units of 10^−4; undefined: no type */
  readonly typeCoefficient4?: bigint | undefined;
  /** points per fen of a group that is scored by the cost alone: the blank group, a score of zero */
  readonly pointsPerFen?: Fraction | undefined;
};

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
 * | extreme: r > extreme and r > high | `normal` RW · coef; `review` as high |
 * | by-cost | points per fen · cost |
 *
 * The adjustment coefficient of a type multiplies RW, and with `typeInBase` the base. With base m · coef, RW · coef · r is
 * RW · cost / m, so that a coefficient of zero needs no exception. Where r is needed and the base is zero, the case is
 * normal; where m is zero every case is.
 * Source: reference profile §5; city variants: docs/domain/dip.md#deviation.
 */
export function scoreGroupedCase(
  costFen: bigint,
  group: GroupStandard,
  coefficient4: bigint,
  policy: PointsPolicy,
): Extract<CaseScore, { kind: 'grouped' }> {
  const cost = fraction(costFen);
  if (group.pointsPerFen) {
    const exact = multiply(group.pointsPerFen, cost);
    return { kind: 'grouped', deviation: 'by-cost', ratio: undefined, exact, points4: roundTo(exact, 4) };
  }
  const { base, normal, low, high, highSubtrahend } = pointsLines(group, coefficient4, policy);
  const deviation = group.meanFen.numerator === 0n ? 'normal' : deviationOf(cost, base, policy);
  const highPoints = subtract(multiply(high, cost), highSubtrahend);
  const exact = {
    low: multiply(low, cost),
    normal,
    high: highPoints,
    extreme: policy.extremePoints === 'review' ? highPoints : normal,
  }[deviation];
  const ratio = base.numerator === 0n ? undefined : divide(cost, base);
  return { kind: 'grouped', deviation, ratio, exact, points4: roundTo(exact, 4) };
}

function deviationOf(cost: Fraction, base: Fraction, policy: PointsPolicy): Exclude<Deviation, 'by-cost'> {
  const toLow = compare(cost, multiply(policy.lowRatio, base));
  if (toLow < 0 || (toLow === 0 && policy.lowBoundary === 'at-or-below')) return 'low';
  const extreme = extremeLimit(policy);
  if (extreme && compare(cost, multiply(extreme, base)) > 0) return 'extreme';
  const toHigh = compare(cost, multiply(policy.highRatio, base));
  return toHigh > 0 || (toHigh === 0 && policy.highBoundary === 'at-or-above') ? 'high' : 'normal';
}

/** Where extreme begins: never below the high limit of the group, as an extreme case is a high one. */
export const extremeLimit = ({ extremeRatio, highRatio }: PointsPolicy): Fraction | undefined =>
  extremeRatio && compare(extremeRatio, highRatio) < 0 ? highRatio : extremeRatio;

/** What the cost of a case is divided by for its ratio, in fen. */
export const ratioBase = (group: GroupStandard, coefficient4: bigint, policy: PointsPolicy): Fraction =>
  pointsLines(group, coefficient4, policy).base;

/** Points as lines over the cost: low · cost, normal, high · cost − highSubtrahend; slopes in points per fen. */
type PointsLines = {
  readonly base: Fraction;
  readonly normal: Fraction;
  readonly low: Fraction;
  readonly high: Fraction;
  readonly highSubtrahend: Fraction;
};

function pointsLines(group: GroupStandard, coefficient4: bigint, policy: PointsPolicy): PointsLines {
  const type = fraction(group.typeCoefficient4 ?? 10_000n, 10_000n);
  const score = multiply(fraction(group.score4, 10_000n), type);
  const meanFen = policy.typeInBase ? multiply(group.meanFen, type) : group.meanFen;
  const coefficient = fraction(coefficient4, 10_000n);
  const normal = multiply(score, coefficient);
  if (meanFen.numerator === 0n) {
    return { base: ZERO, normal, low: ZERO, high: ZERO, highSubtrahend: subtract(ZERO, normal) };
  }
  const usesCoefficient = policy.ratioBase === 'mean-and-coefficient';
  const base = usesCoefficient ? multiply(meanFen, coefficient) : meanFen;
  // points per fen of RW · coef · r and of RW · r
  const withCoefficient = divide(usesCoefficient ? score : normal, meanFen);
  const hasRatio = base.numerator !== 0n;
  const withoutCoefficient = hasRatio ? divide(score, base) : withCoefficient;
  const overHigh = subtract(policy.highRatio, ONE);
  const lines = {
    'coefficient-times-excess': [withCoefficient, multiply(normal, overHigh)],
    'excess-plus-coefficient': [withoutCoefficient, multiply(score, subtract(policy.highRatio, coefficient))],
    'excess-without-coefficient': [withoutCoefficient, multiply(score, overHigh)],
    // a flat line: minus minus normal
    normal: [ZERO, subtract(ZERO, normal)],
  } as const;
  const needsRatio = policy.highPoints !== 'coefficient-times-excess';
  const [high, highSubtrahend] = lines[hasRatio || !needsRatio ? policy.highPoints : 'normal'];
  const low = policy.lowPoints === 'with-coefficient' ? withCoefficient : withoutCoefficient;
  return { base, normal, low, high, highSubtrahend };
}

/** Points of an ungrouped case: 0.7 · 1000 · cost / M, with M and 1000 the standard. Source: reference profile §5. */
export function scoreUngroupedCase(
  costFen: bigint,
  standard: CostStandard,
  policy: PointsPolicy,
): Extract<CaseScore, { kind: 'ungrouped' }> {
  const exact = multiply(ungroupedPointsPerFen(standard, policy), fraction(costFen));
  return { kind: 'ungrouped', exact, points4: roundTo(exact, 4) };
}

/** Points per fen of cost of an ungrouped case. */
export const ungroupedPointsPerFen = (standard: CostStandard, policy: PointsPolicy): Fraction =>
  multiply(policy.ungroupedRatio, pointsPerFen(standard));

/** Points that one fen of cost stands for. */
export const pointsPerFen = ({ meanFen, score }: CostStandard): Fraction => divide(score, meanFen);

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
  /** in units of 10^−16 points */
  readonly highSubtrahend: bigint;
  /** the same in units of 2^−32 · 10^−4 points, rounded up */
  readonly highSubtrahend32: bigint;
  /** every cost is scored by the low line, and none is low */
  readonly byCost: boolean;
  /** extreme cases get the points of high ones */
  readonly extremeAsHigh: boolean;
  /** costs below this may be scored by the guess */
  readonly quickBelowFen: bigint;
};

/** points × 10^4 = cost · multiplier / divisor; perFen32 is multiplier / divisor × 2^32, rounded down: for the guess. */
type CostLine = { readonly multiplier: bigint; readonly perFen32: bigint };

/** points to 10^−4 points */
const SCALE = fraction(10_000n);
const SUBTRAHEND_SCALE = fraction(10n ** 16n);
const HIGH_SUBTRAHEND_UNITS = 10n ** 12n;
const GUESS_SCALE = 2n ** 32n;
/** of each part of a guess, so that their sum does not leave BIGINT */
const GUESS_MAX = 2n ** 61n;
/** above every cost */
export const BIGINT_MAX = 2n ** 63n - 1n;

/** Two slopes in 10^−4 points per fen over one divisor, what the high one is lessened by, and how far guesses hold. */
function costLines(lowSlope: Fraction, highSlope: Fraction, highSubtrahend: bigint) {
  const common = divide(fraction(lowSlope.denominator), fraction(highSlope.denominator)).denominator;
  const divisor = lowSlope.denominator * common;
  const [low, high] = [lowSlope, highSlope].map((slope): CostLine => {
    const multiplier = (slope.numerator * divisor) / slope.denominator;
    return { multiplier, perFen32: (multiplier * GUESS_SCALE) / divisor };
  });
  const highSubtrahend32 = ceiling(fraction(highSubtrahend * GUESS_SCALE, HIGH_SUBTRAHEND_UNITS));
  const lines = { low: low!, high: high!, divisor, highSubtrahend, highSubtrahend32 };
  const largest = [low!.perFen32, high!.perFen32].reduce((a, b) => (a > b ? a : b));
  if (largest <= GUESS_MAX && highSubtrahend32 <= GUESS_MAX && highSubtrahend32 >= -GUESS_MAX) {
    return { ...lines, quickBelowFen: GUESS_MAX / (largest || 1n) };
  }
  // a guess too large for BIGINT is not used
  const without = ({ multiplier }: CostLine): CostLine => ({ multiplier, perFen32: 0n });
  return { ...lines, low: without(low!), high: without(high!), highSubtrahend32: 0n, quickBelowFen: 0n };
}

/** The rule of scoreGroupedCase as integers: comparisons in fen and one exact division per case. */
export function groupedRule(group: GroupStandard, coefficient4: bigint, policy: PointsPolicy): PointsRule {
  if (group.pointsPerFen) return costRule(group.pointsPerFen);
  const { base, normal, low, high, highSubtrahend } = pointsLines(group, coefficient4, policy);
  const extremeAsHigh = policy.extremePoints === 'review';
  // ratios, coefficients and scores have at most four decimals, so that these are whole numbers
  const lines = costLines(
    multiply(low, SCALE),
    multiply(high, SCALE),
    floor(multiply(highSubtrahend, SUBTRAHEND_SCALE)),
  );
  const normalPoints4 = roundTo(normal, 4);
  if (group.meanFen.numerator === 0n) {
    const limits = { lowBelowFen: 0n, highAboveFen: BIGINT_MAX, extremeAboveFen: BIGINT_MAX };
    return { ...limits, normalPoints4, ...lines, byCost: false, extremeAsHigh };
  }
  const lowLimit = multiply(policy.lowRatio, base);
  const highLimit = multiply(policy.highRatio, base);
  const extreme = extremeLimit(policy);
  return {
    lowBelowFen: policy.lowBoundary === 'below' ? ceiling(lowLimit) : floor(lowLimit) + 1n,
    highAboveFen: policy.highBoundary === 'above' ? floor(highLimit) : ceiling(highLimit) - 1n,
    extremeAboveFen: extreme ? floor(multiply(extreme, base)) : BIGINT_MAX,
    normalPoints4,
    ...lines,
    byCost: false,
    extremeAsHigh,
  };
}

/** The rule of scoreUngroupedCase: every cost is proportional. */
export const ungroupedRule = (standard: CostStandard, policy: PointsPolicy): PointsRule =>
  costRule(ungroupedPointsPerFen(standard, policy));

function costRule(pointsPerFen: Fraction): PointsRule {
  const slope = multiply(SCALE, pointsPerFen);
  return {
    lowBelowFen: 0n,
    highAboveFen: BIGINT_MAX,
    extremeAboveFen: BIGINT_MAX,
    normalPoints4: 0n,
    ...costLines(slope, slope, 0n),
    byCost: true,
    extremeAsHigh: false,
  };
}
