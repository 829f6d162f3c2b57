import { compare, type Fraction, fraction, multiply, roundTo } from '#kernel/fraction.ts';

/** Costs of the history of a group: lists, Σ cost and Σ cost², in fen and fen². */
export type GroupSpread = {
  readonly cases: bigint;
  readonly costFen: bigint;
  readonly costSquares: bigint;
};

/**
 * Square of the coefficient of variation, standard deviation of the sample (n − 1) ÷ mean, exactly; undefined for one
 * list. Source: docs/domain/drg-payment.md#stable.
 */
export const squaredCv = ({ cases, costFen, costSquares }: GroupSpread): Fraction | undefined =>
  cases < 2n
    ? undefined
    : fraction(cases * (cases * costSquares - costFen * costFen), (cases - 1n) * costFen * costFen);

/** Whether the costs of a group vary by more than `maximumCv` of their mean; one list alone does not vary. */
export function isUnstable(spread: GroupSpread, maximumCv: Fraction): boolean {
  const cv2 = squaredCv(spread);
  return cv2 !== undefined && compare(cv2, multiply(maximumCv, maximumCv)) > 0;
}

/** The coefficient of variation in units of 10^−4, rounded down, for people to read. */
export function cv4(spread: GroupSpread): bigint {
  const scaled = roundTo(squaredCv(spread) ?? fraction(0n), 8);
  if (scaled < 2n) return scaled;
  let root = scaled;
  for (let next = (root + 1n) / 2n; next < root; next = (root + scaled / root) / 2n) root = next;
  return root;
}
