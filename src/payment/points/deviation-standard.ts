import { divide, type Fraction, fraction, multiply, roundTo } from '#kernel/fraction.ts';
import type { Policy } from '#policy/index.ts';
import type { GroupClassYear, GroupScore } from '../build-catalogue.ts';
import type { MeanWeighting } from './coefficients.ts';

/** What costs are compared with under `deviation.mean`, before the coefficient. */
export type DeviationStandard = {
  /** fen per point, with `point-value` only */
  readonly pointValueFen: Fraction | undefined;
  /** mean cost of the group in fen, for institutions of the class */
  meanOf(group: GroupScore, classNo: number): Fraction;
  /** whether `same-level-last-year` had no list and another mean is taken */
  isSubstitute(group: GroupScore, classNo: number): boolean;
};

/**
 * `area`: the weighted mean of the group. `same-level-last-year`: cost / lists of the group in the year before at the level of
 * the class; without lists there, the weighted mean of the group times the coefficient (or as it is, where the ratio has the
 * coefficient in its base anyway). `point-value`: score · point value, the payment standard.
 * Source: DIP 1.0 practice; DIP 3.0 draft §5.2; docs/domain/dip.md#deviation-mean.
 */
export function deviationStandard(input: {
  readonly policy: Policy;
  readonly groups: readonly GroupScore[];
  /** lists of the history; may be empty with `area` */
  readonly history: readonly GroupClassYear[];
  readonly levelOf: ReadonlyMap<number, number>;
  readonly coefficientOf: (group: GroupScore, classNo: number) => { readonly coefficient4: bigint };
  readonly weighting: MeanWeighting;
}): DeviationStandard {
  const { policy, history, levelOf, coefficientOf } = input;
  const plain = { pointValueFen: undefined, isSubstitute: () => false };
  switch (policy.choice('deviation.mean')) {
    case 'area':
      return { ...plain, meanOf: ({ meanFen }) => meanFen };
    case 'point-value': {
      const pointValueFen =
        policy.choice('deviation.point_value') === 'published'
          ? multiply(policy.fraction('deviation.published_point_value'), fraction(100n))
          : inlierPointValueFen(input);
      // a history without points has no point value
      if (!pointValueFen) return { ...plain, meanOf: ({ meanFen }) => meanFen };
      const ofScore = ({ score4 }: GroupScore) => multiply(fraction(score4, 10_000n), pointValueFen);
      return { pointValueFen, isSubstitute: () => false, meanOf: ofScore };
    }
    case 'same-level-last-year': {
      const lastYear = Math.max(...input.weighting.weights.keys());
      const sums = new Map<string, { cases: bigint; costFen: bigint }>();
      const key = (groupNo: number, classNo: number) => `${groupNo} ${levelOf.get(classNo)}`;
      for (const { groupNo, classNo, cases, costFen } of history.filter(({ year }) => year === lastYear)) {
        const own = sums.get(key(groupNo, classNo)) ?? { cases: 0n, costFen: 0n };
        sums.set(key(groupNo, classNo), { cases: own.cases + cases, costFen: own.costFen + costFen });
      }
      const hasCoefficient = policy.choice('deviation.ratio_base') === 'mean-and-coefficient';
      return {
        ...plain,
        isSubstitute: ({ groupNo }, classNo) => !sums.has(key(groupNo, classNo)),
        meanOf: (group, classNo) => {
          const own = sums.get(key(group.groupNo, classNo));
          if (own) return fraction(own.costFen, own.cases);
          const coefficient = fraction(coefficientOf(group, classNo).coefficient4, 10_000n);
          return hasCoefficient ? group.meanFen : multiply(group.meanFen, coefficient);
        },
      };
    }
  }
}

/**
 * Start-of-year point value in fen per point from scores at inlier points: Σ w · cost / Σ w · Σ (RW · coef) over the history
 * lists that have a group, rounded to 8 decimals of a yuan. No standard is needed for it, so that it can serve as one.
 * Undefined where no list of the history has points.
 */
function inlierPointValueFen({
  groups,
  history,
  coefficientOf,
  weighting: { weights },
}: Parameters<typeof deviationStandard>[0]): Fraction | undefined {
  const groupOf = new Map(groups.map((group) => [group.groupNo, group]));
  let cost = 0n;
  let points8 = 0n;
  for (const { groupNo, classNo, year, cases, costFen } of history) {
    const group = groupOf.get(groupNo);
    const weight = weights.get(year) ?? 0n;
    if (!group) continue;
    cost += weight * costFen;
    points8 += weight * cases * group.score4 * coefficientOf(group, classNo).coefficient4;
  }
  if (points8 === 0n) return undefined;
  const fenPerPoint = divide(fraction(cost), fraction(points8, 100_000_000n));
  // 8 decimals of a yuan are 6 of a fen
  const rounded = roundTo(fenPerPoint, 6);
  return rounded === 0n ? undefined : fraction(rounded, 1_000_000n);
}
