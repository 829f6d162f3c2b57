import { compare, divide, type Fraction, fraction, multiply, roundTo } from '#kernel/fraction.ts';

/** Points an amount stands for, in units of 10^−4; the value of a point in yuan × 10^8. */
export const pointsOfAmount4 = (amountFen: bigint, pointValue8: bigint): bigint =>
  roundTo(fraction(amountFen * 10_000_000_000n, pointValue8), 0);

/**
 * Points of an incomplete case: score × cost / mean cost, at most the score; no institution coefficient.
 * Source: point method of Zhejiang, docs/domain/drg-payment.md#incomplete; in SQL `adjusted_incomplete.sql`.
 * @param averageCostFen mean cost of the group in whole fen, as groups.csv has it
 */
export function incompletePoints4(score4: bigint, costFen: bigint, averageCostFen: bigint): bigint {
  const byCost = roundTo(fraction(score4 * costFen, averageCostFen), 0);
  return byCost < score4 ? byCost : score4;
}

/** The standard of a bed-day class: money or points for one day. */
export type BedDayStandard =
  | { readonly fenPerDay: bigint }
  /** in units of 10^−4 */
  | { readonly points4PerDay: bigint };

/**
 * Points of a bed-day case: days × standard, at most the cost of the case where the policy says so.
 * Source: docs/domain/drg-payment.md#bed-day; in SQL `adjusted_bed_day.sql`.
 */
export function bedDayPoints4(
  days: bigint,
  standard: BedDayStandard,
  costFen: bigint,
  pointValue8: bigint,
  pay: 'standard' | 'at-most-cost',
): bigint {
  const least = (a: bigint, b: bigint) => (a < b ? a : b);
  const capped = pay === 'at-most-cost';
  if ('fenPerDay' in standard) {
    const amount = days * standard.fenPerDay;
    return pointsOfAmount4(capped ? least(amount, costFen) : amount, pointValue8);
  }
  const points4 = days * standard.points4PerDay;
  return capped ? least(points4, pointsOfAmount4(costFen, pointValue8)) : points4;
}

/** What a case in a TCM group shows. */
export type TcmCase = {
  readonly stay: bigint;
  /** distinct classes of operations */
  readonly classes: bigint;
  readonly tcmFen: bigint;
  readonly totalFen: bigint;
};
export type TcmNeeds = {
  readonly minimumStay: bigint;
  readonly classes: bigint;
  readonly share: Fraction;
};

/** Treatment, patent medicine and herbs of TCM over treatment, medicine, surgery and consumables; 0 without fees. */
export const tcmShare = ({ tcmFen, totalFen }: TcmCase): Fraction =>
  totalFen === 0n ? fraction(0n) : divide(fraction(tcmFen), fraction(totalFen));

/**
 * The conditions of its TCM group that a case misses; with any of them it gets the points of the group it falls back to.
 * Source: rules of Chongqing, docs/domain/drg-payment.md#tcm; in SQL `adjusted_tcm.sql`.
 */
export function tcmMissing(of: TcmCase, needs: TcmNeeds): readonly ('stay' | 'classes' | 'share')[] {
  return [
    ...(of.stay < needs.minimumStay ? (['stay'] as const) : []),
    ...(of.classes < needs.classes ? (['classes'] as const) : []),
    ...(compare(tcmShare(of), needs.share) < 0 ? (['share'] as const) : []),
  ];
}

/**
 * What the earlier stay keeps when the person comes back too soon, in units of 10^−4.
 * Source: point method of Zhejiang, docs/domain/drg-payment.md#readmission; in SQL `adjusted_readmission.sql`.
 */
export const readmittedPoints4 = (points4: bigint, factor: Fraction): bigint =>
  roundTo(multiply(fraction(points4), factor), 0);

/**
 * Payment standard of a case in fen: weight × rate × coefficient, rounded once.
 * Source: docs/domain/drg-payment.md#standard. In the settlement it is points × point value.
 */
export const paymentStandardFen = (weight: Fraction, rateYuan: Fraction, coefficient: Fraction): bigint =>
  roundTo(multiply(multiply(weight, rateYuan), multiply(coefficient, fraction(100n))), 0);
