/**
 * Lognormal factors as integer tables, so that SQL only looks them up: floating-point functions of a database
 * may differ between builds, the ones of the JavaScript engine do not.
 */

export const QUANTILES = 4_096;
/** Factors are integers in millionths. */
const SCALE = 1_000_000;

/**
 * The middles of `QUANTILES` equally likely slices of a lognormal distribution with mean 1.
 * @param sigma standard deviation of the logarithm
 * @returns integers in millionths, ascending
 */
export function lognormalFactors(sigma: number): number[] {
  return Array.from({ length: QUANTILES }, (_, slice) =>
    Math.round(SCALE * Math.exp(sigma * normalQuantile((slice + 0.5) / QUANTILES) - (sigma * sigma) / 2)),
  );
}

/** Inverse of the normal distribution function by Acklam's rational approximation, 0 < p < 1. */
function normalQuantile(p: number): number {
  const CENTRE_FROM = 0.02425;
  if (p > 1 - CENTRE_FROM) return -normalQuantile(1 - p);
  if (p >= CENTRE_FROM) {
    const q = p - 0.5;
    const r = q * q;
    return (
      (q *
        polynomial(
          r,
          [
            -39.69683028665376, 220.9460984245205, -275.9285104469687, 138.357751867269, -30.66479806614716,
            2.506628277459239,
          ],
        )) /
      polynomial(
        r,
        [-54.47609879822406, 161.5858368580409, -155.6989798598866, 66.80131188771972, -13.28068155288572, 1],
      )
    );
  }
  const q = Math.sqrt(-2 * Math.log(p));
  return (
    polynomial(
      q,
      [
        -0.007784894002430293, -0.3223964580411365, -2.400758277161838, -2.549732539343734, 4.374664141464968,
        2.938163982698783,
      ],
    ) / polynomial(q, [0.007784695709041462, 0.3224671290700398, 2.445134137142996, 3.754408661907416, 1])
  );
}

/** Coefficients from the highest power down. */
const polynomial = (x: number, coefficients: readonly number[]): number =>
  coefficients.reduce((sum, coefficient) => sum * x + coefficient, 0);
