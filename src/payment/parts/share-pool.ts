import { compare, type Fraction, fraction, multiply, roundTo } from '#kernel/fraction.ts';
import { allocate } from '../clearing/allocate.ts';
import type { Lock } from './area-files.ts';

/** A part of a scheme as the sharing sees it: fund money in fen, points × 10^4. */
export type PoolLine = {
  /** `inside`: a community has it in its total already, nothing is paid for it here */
  readonly lock: Lock | 'inside';
  readonly points4: bigint;
  readonly fundFen: bigint;
};

export type PoolShares = {
  /** in the order of the lines */
  readonly due: readonly bigint[];
  /** what stays for the inpatient points */
  readonly inpatientFen: bigint;
  readonly fixedFen: bigint;
  /** what the points share: budget − fixed parts − what is withheld */
  readonly poolFen: bigint;
  /** fund money of one point that is not capped, fen per 10^−4 point; undefined when no points share the pool */
  readonly perPoint: Fraction | undefined;
  /** capped lines that their cap has stopped, by position */
  readonly stopped: ReadonlySet<number>;
};

const sumOf = (values: readonly bigint[]): bigint => values.reduce((sum, value) => sum + value, 0n);

/**
 * Splits the budget of a scheme between its parts and its inpatient points: Σ due + inpatient + withheld = budget, to the
 * fen. Fixed parts are paid in full first. Everything else shares what is left by points (largest remainder; ties to the
 * inpatient points, then to the earlier line); capped parts that would go beyond their cap get the cap, and the rest is
 * shared again. `undefined` when fixed parts and withheld money are above the budget.
 * Source: docs/domain/parts.md#locks.
 */
export function sharePool(
  budgetFen: bigint,
  withheldFen: bigint,
  inpatientPoints4: bigint,
  lines: readonly PoolLine[],
  capRatio: Fraction,
): PoolShares | undefined {
  const due = lines.map((line) => (line.lock === 'fixed' ? line.fundFen : 0n));
  const fixedFen = sumOf(due);
  const poolFen = budgetFen - fixedFen - withheldFen;
  if (poolFen < 0n) return undefined;
  const caps = lines.map((line) => roundTo(multiply(fraction(line.fundFen), capRatio), 0));
  const sharing = new Set(
    lines.flatMap((line, index) => (line.lock === 'float' || line.lock === 'capped' ? [index] : [])),
  );
  const stopped = new Set<number>();
  let restFen = poolFen;
  for (;;) {
    const places = [...sharing];
    const points4 = inpatientPoints4 + sumOf(places.map((index) => lines[index]!.points4));
    if (points4 === 0n) {
      return { due, inpatientFen: restFen, fixedFen, poolFen, perPoint: undefined, stopped };
    }
    const perPoint = fraction(restFen, points4);
    const beyond = places.filter(
      (index) =>
        lines[index]!.lock === 'capped' &&
        compare(multiply(fraction(lines[index]!.points4), perPoint), fraction(caps[index]!)) > 0,
    );
    if (beyond.length === 0) {
      const [inpatientFen, ...shares] = allocate(restFen, [
        inpatientPoints4,
        ...places.map((index) => lines[index]!.points4),
      ]);
      for (const [position, index] of places.entries()) due[index] = shares[position]!;
      return { due, inpatientFen: inpatientFen!, fixedFen, poolFen, perPoint, stopped };
    }
    for (const index of beyond) {
      due[index] = caps[index]!;
      restFen -= caps[index]!;
      sharing.delete(index);
      stopped.add(index);
    }
  }
}
