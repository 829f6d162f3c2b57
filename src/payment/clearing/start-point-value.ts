import { compare, divide, type Fraction, fraction, roundTo } from '#kernel/fraction.ts';
import type { OptionOf } from '#policy/index.ts';
import { startPointValue8, type YearWeights } from '../points/weighted-mean.ts';
import { geometricMedian } from './geometric-median.ts';

/** A history year of an institution. Money in fen, points × 10^4. */
export type InstitutionHistory = {
  readonly year: number;
  readonly institution: number;
  readonly costFen: bigint;
  readonly points4: bigint;
  /** its own operating cost; undefined where no file says it */
  readonly operatingCostFen?: bigint | undefined;
  /** its income where a file says it, else the cost of its lists */
  readonly incomeFen?: bigint | undefined;
};

export type StartPointValue = {
  /** yuan × 10^8 */
  readonly value8: bigint;
  /** institutions the value is taken from, ascending */
  readonly institutions: readonly number[];
};

type Weighted = {
  readonly institution: number;
  readonly points: bigint;
  /** of its lists */
  readonly cost: bigint;
  readonly income: bigint;
  readonly operatingCost: bigint | undefined;
};

/**
 * The start-of-year point value from the history: the mean of the region, or of its value zone. Years are weighted; money
 * per point is Σ w · money ÷ Σ w · points. Undefined when nobody in the zone has points.
 * Source: docs/domain/clearing.md#start-point-value.
 */
export function startPointValue(
  history: readonly InstitutionHistory[],
  weights: YearWeights,
  zone: OptionOf<'point_value.start_zone'>,
): StartPointValue | undefined {
  const regionMean8 = startPointValue8(history, weights);
  if (regionMean8 === undefined) return undefined;
  const members = weightedYears(history, weights);
  const regionMean = { value8: regionMean8, institutions: members.map((member) => member.institution) };
  if (zone === 'region-mean') return regionMean;
  const paid = members.filter((member) => member.points > 0n);
  const isBelow = (money: 'cost' | 'income') => {
    const mean = fraction(
      sumOf(members.map((member) => member[money])),
      sumOf(members.map(({ points }) => points)),
    );
    return (member: Weighted) => compare(fraction(member[money], member.points), mean) < 0;
  };
  if (zone === 'value-zone') {
    const low = paid.filter(isBelow('cost'));
    // all institutions alike: nobody is below the mean, and the mean is everybody's
    if (low.length === 0) return regionMean;
    return {
      // fen / 100 divided by points4 / 10^4 is fen · 100 / points4
      value8: roundTo(
        fraction(sumOf(low.map((member) => member.cost)) * 100n, sumOf(low.map((member) => member.points))),
        8,
      ),
      institutions: low.map((member) => member.institution),
    };
  }
  const isLowIncome = isBelow('income');
  const known = paid.filter((member) => member.operatingCost !== undefined);
  const knownPoints = sumOf(known.map((member) => member.points));
  if (knownPoints === 0n) return undefined;
  const costPerPoint = fraction(sumOf(known.map((member) => member.operatingCost!)), knownPoints);
  const best = known.filter(
    (member) =>
      isLowIncome(member) &&
      compare(fraction(member.operatingCost!, member.points), costPerPoint) < 0 &&
      member.income >= member.operatingCost!,
  );
  if (best.length === 0) return undefined;
  const yuan = (money: bigint, member: Weighted): Fraction =>
    divide(fraction(money * 100n), fraction(member.points));
  const median = geometricMedian(
    best.map((member) => ({ x: yuan(member.income, member), y: yuan(member.operatingCost!, member) })),
  );
  return { value8: roundTo(median.x, 8), institutions: best.map((member) => member.institution) };
}

const sumOf = (values: readonly bigint[]): bigint => values.reduce((sum, value) => sum + value, 0n);

function weightedYears(history: readonly InstitutionHistory[], weights: YearWeights): Weighted[] {
  return [...Map.groupBy(history, (row) => row.institution)]
    .toSorted(([a], [b]) => a - b)
    .map(([institution, years]): Weighted => {
      let [points, cost, income] = [0n, 0n, 0n];
      let operatingCost: bigint | undefined = 0n;
      for (const row of years) {
        const weight = weights.get(row.year) ?? 0n;
        points += weight * row.points4;
        cost += weight * row.costFen;
        income += weight * (row.incomeFen ?? row.costFen);
        // a year without its operating cost leaves the institution out of the two-dimensional zone
        operatingCost =
          operatingCost === undefined || row.operatingCostFen === undefined
            ? undefined
            : operatingCost + weight * row.operatingCostFen;
      }
      return { institution, points, cost, income, operatingCost };
    });
}
