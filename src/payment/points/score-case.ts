import {
  add,
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

/** How the cost of a case stands to the payment standard of its group at its institution. */
export type Deviation = 'low' | 'normal' | 'high';

/** The parameters that decide the points of a case. */
export type PointsPolicy = {
  readonly lowRatio: Fraction;
  readonly highRatio: Fraction;
  readonly ungroupedRatio: Fraction;
  /** Score of a case of average cost, 1000. */
  readonly meanScore: Fraction;
};

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
 * Points of one grouped case. This is the rule; `scored_list.sql` does the same for a table.
 *
 * | condition | points |
 * |---|---|
 * | r < low | RW · coef · r |
 * | low ≤ r ≤ high | RW · coef |
 * | r > high | RW · coef · (r − high + 1) |
 *
 * RW · coef · r is RW · cost / m, so that a coefficient of zero needs no exception.
 * Source: reference profile §5.
 */
export function scoreGroupedCase(
  costFen: bigint,
  group: GroupStandard,
  coefficient4: bigint,
  policy: PointsPolicy,
): Extract<CaseScore, { kind: 'grouped' }> {
  const score = fraction(group.score4, 10_000n);
  const coefficient = fraction(coefficient4, 10_000n);
  const cost = fraction(costFen);
  const standard = multiply(group.meanFen, coefficient);
  const proportional = multiply(score, divide(cost, group.meanFen));
  const normal = multiply(score, coefficient);

  let deviation: Deviation = 'normal';
  let exact = normal;
  if (compare(cost, multiply(policy.lowRatio, standard)) < 0) {
    deviation = 'low';
    exact = proportional;
  } else if (compare(cost, multiply(policy.highRatio, standard)) > 0) {
    deviation = 'high';
    exact = add(subtract(proportional, multiply(normal, policy.highRatio)), normal);
  }
  const ratio = standard.numerator === 0n ? undefined : divide(cost, standard);
  return { kind: 'grouped', deviation, ratio, exact, points4: roundTo(exact, 4) };
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

/** What `scored_list.sql` needs to know of a group at a level; see there for the formula. */
export type PointsRule = {
  /** a cost below this is low */
  readonly lowBelowFen: bigint;
  /** a cost above this is high */
  readonly highAboveFen: bigint;
  readonly normalPoints4: bigint;
  readonly multiplier: bigint;
  readonly divisor: bigint;
  /** in units of 10^−12 points */
  readonly highSubtrahend: bigint;
  /** floor(multiplier · 2^30 / divisor): a first guess of the quotient for costs below quickBelowFen */
  readonly reciprocal: bigint;
  readonly quickBelowFen: bigint;
};

const RECIPROCAL_SCALE = 2n ** 30n;
const BIGINT_MAX = 2n ** 63n - 1n;
const HUGEINT_MAX = 2n ** 127n - 1n;

/**
 * The guess cost · reciprocal / 2^30 is at most one too small for costs up to 2^30, and cost · reciprocal must fit in
 * BIGINT and cost · multiplier in HUGEINT.
 */
function quickDivision(
  multiplier: bigint,
  divisor: bigint,
): Pick<PointsRule, 'reciprocal' | 'quickBelowFen'> {
  const reciprocal = (multiplier * RECIPROCAL_SCALE) / divisor;
  if (reciprocal > BIGINT_MAX) return { reciprocal: 0n, quickBelowFen: 0n };
  const bounds = [RECIPROCAL_SCALE, BIGINT_MAX / (reciprocal || 1n), HUGEINT_MAX / (multiplier || 1n)];
  return { reciprocal, quickBelowFen: bounds.reduce((least, bound) => (bound < least ? bound : least)) };
}

/** The rule of scoreGroupedCase as integers: a comparison in fen and one exact division per case. */
export function groupedRule(group: GroupStandard, coefficient4: bigint, policy: PointsPolicy): PointsRule {
  const coefficient = fraction(coefficient4, 10_000n);
  const standard = multiply(group.meanFen, coefficient);
  const perFen = divide(fraction(group.score4), group.meanFen);
  const subtrahend = multiply(
    fraction(group.score4 * coefficient4 * 10_000n),
    subtract(policy.highRatio, ONE),
  );
  return {
    lowBelowFen: ceiling(multiply(policy.lowRatio, standard)),
    highAboveFen: floor(multiply(policy.highRatio, standard)),
    normalPoints4: roundTo(fraction(group.score4 * coefficient4, 100_000_000n), 4),
    multiplier: perFen.numerator,
    divisor: perFen.denominator,
    // ratios have at most four decimals, so that this is a whole number
    highSubtrahend: floor(subtrahend),
    ...quickDivision(perFen.numerator, perFen.denominator),
  };
}

/** The rule of scoreUngroupedCase: every cost is proportional. */
export function ungroupedRule(areaMeanFen: Fraction, policy: PointsPolicy): PointsRule {
  const perFen = divide(
    multiply(fraction(10_000n), multiply(policy.ungroupedRatio, policy.meanScore)),
    areaMeanFen,
  );
  return {
    lowBelowFen: 0n,
    highAboveFen: 0n,
    normalPoints4: 0n,
    multiplier: perFen.numerator,
    divisor: perFen.denominator,
    highSubtrahend: 0n,
    ...quickDivision(perFen.numerator, perFen.denominator),
  };
}
