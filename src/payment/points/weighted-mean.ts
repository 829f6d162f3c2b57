import { add, divide, type Fraction, fraction, multiply, roundTo, ZERO } from '#kernel/fraction.ts';
import type { OptionOf } from '#policy/index.ts';

/** Lists and their total cost in one year of the history. */
export type YearCost = { readonly year: number; readonly cases: bigint; readonly costFen: bigint };

/** Weight of each history year, e.g. 2022 → 1, 2023 → 2, 2024 → 7. */
export type YearWeights = ReadonlyMap<number, bigint>;

/** What a weighted mean is: of the yearly means, or of the cases pooled, each with the weight of its year. */
export type MeanReading = OptionOf<'score.mean_reading'>;

/**
 * `yearly-means`: Σ w · mean / Σ w over the years in which the set has lists (mean = total cost / number of lists);
 * `pooled`: Σ w · cost / Σ w · lists. In fen per list, undefined when no year has a list.
 * Source: reference profile §3; the years without lists drop out of both sums.
 */
export function weightedMean(
  years: readonly YearCost[],
  weights: YearWeights,
  reading: MeanReading = 'yearly-means',
): Fraction | undefined {
  let weighted = ZERO;
  let weightSum = 0n;
  for (const { year, cases, costFen } of years) {
    const weight = weights.get(year) ?? 0n;
    if (cases === 0n || weight === 0n) continue;
    weighted = add(
      weighted,
      reading === 'pooled' ? fraction(weight * costFen) : fraction(weight * costFen, cases),
    );
    weightSum += reading === 'pooled' ? weight * cases : weight;
  }
  return weightSum === 0n ? undefined : divide(weighted, fraction(weightSum));
}

/** Score of a disease group, RW = 1000 · m / M rounded to 4, in units of 10^−4. Source: reference profile §3. */
export function diseaseScore4(groupMean: Fraction, areaMean: Fraction, meanScore: Fraction): bigint {
  return roundTo(multiply(meanScore, divide(groupMean, areaMean)), 4);
}

/** Coefficient of a level, its mean / M rounded to 4, in units of 10^−4. Source: reference profile §4. */
export function levelCoefficient4(levelMean: Fraction, areaMean: Fraction): bigint {
  return roundTo(divide(levelMean, areaMean), 4);
}

/**
 * Start-of-year point value in yuan per point, rounded to 8, in units of 10^−8:
 * Σ w · cost / Σ w · points over the history years. Undefined when the history has no points. Source: profile §6.
 */
export function startPointValue8(
  years: readonly { readonly year: number; readonly costFen: bigint; readonly points4: bigint }[],
  weights: YearWeights,
): bigint | undefined {
  let cost = 0n;
  let points = 0n;
  for (const { year, costFen, points4 } of years) {
    const weight = weights.get(year) ?? 0n;
    cost += weight * costFen;
    points += weight * points4;
  }
  // fen / 100 divided by points4 / 10^4 is fen · 100 / points4
  return points === 0n ? undefined : roundTo(fraction(cost * 100n, points), 8);
}
