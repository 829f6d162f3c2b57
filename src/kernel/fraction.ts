/**
 * Exact rational numbers. Where money, scores and point values are made there is no floating point:
 * a value stays a fraction until a rule of the profile says to round it.
 */
export type Fraction = { readonly numerator: bigint /** always > 0 */; readonly denominator: bigint };

export const ZERO: Fraction = { numerator: 0n, denominator: 1n };
export const ONE: Fraction = { numerator: 1n, denominator: 1n };

/** numerator / denominator in lowest terms. Throws RangeError on a zero denominator. */
export function fraction(numerator: bigint, denominator = 1n): Fraction {
  if (denominator === 0n) throw new RangeError(`fraction ${numerator} / 0`);
  const sign = denominator < 0n ? -1n : 1n;
  const divisor = greatestCommonDivisor(numerator < 0n ? -numerator : numerator, denominator * sign);
  return { numerator: (numerator * sign) / divisor, denominator: (denominator * sign) / divisor };
}

const LARGEST_EXACT_NUMBER = BigInt(Number.MAX_SAFE_INTEGER);

/** Of a ≥ 0 and b > 0. The remainder of whole numbers below 2^53 is exact, and much quicker than that of bigints. */
function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  let larger = a;
  let smaller = b;
  while (larger > LARGEST_EXACT_NUMBER || smaller > LARGEST_EXACT_NUMBER) {
    if (smaller === 0n) return larger;
    const remainder = larger % smaller;
    larger = smaller;
    smaller = remainder;
  }
  let x = Number(larger);
  let y = Number(smaller);
  while (y !== 0) {
    const remainder = x % y;
    x = y;
    y = remainder;
  }
  return BigInt(x);
}

/** A plain decimal text such as "0.95" or "-3" as an exact fraction; undefined when it is not one. */
export function parseDecimal(text: string): Fraction | undefined {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text);
  if (!match) return undefined;
  const [, sign, whole, decimals = ''] = match;
  const digits = BigInt(`${whole}${decimals}`);
  return fraction(sign === '-' ? -digits : digits, 10n ** BigInt(decimals.length));
}

export const add = (a: Fraction, b: Fraction): Fraction =>
  fraction(a.numerator * b.denominator + b.numerator * a.denominator, a.denominator * b.denominator);
export const subtract = (a: Fraction, b: Fraction): Fraction =>
  fraction(a.numerator * b.denominator - b.numerator * a.denominator, a.denominator * b.denominator);
export const multiply = (a: Fraction, b: Fraction): Fraction =>
  fraction(a.numerator * b.numerator, a.denominator * b.denominator);
/** Throws RangeError when `b` is zero. */
export const divide = (a: Fraction, b: Fraction): Fraction =>
  fraction(a.numerator * b.denominator, a.denominator * b.numerator);

/** −1, 0 or 1 as a is less than, equal to or greater than b. */
export function compare(a: Fraction, b: Fraction): -1 | 0 | 1 {
  const difference = a.numerator * b.denominator - b.numerator * a.denominator;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** Largest integer ≤ a. */
export function floor(a: Fraction): bigint {
  const quotient = a.numerator / a.denominator;
  return a.numerator < 0n && quotient * a.denominator !== a.numerator ? quotient - 1n : quotient;
}

/** Smallest integer ≥ a. */
export function ceiling(a: Fraction): bigint {
  return -floor({ numerator: -a.numerator, denominator: a.denominator });
}

/**
 * Rounds half away from zero to `decimals` places and returns the value in units of 10^−decimals:
 * 1338.33834 to 4 places is 13383383n. Every rounding of the reference profile is this one.
 */
export function roundTo(a: Fraction, decimals: number): bigint {
  const scaled = a.numerator * 10n ** BigInt(decimals) * 2n;
  const half = scaled < 0n ? scaled - a.denominator : scaled + a.denominator;
  return half / (a.denominator * 2n);
}

/** An integer in units of 10^−decimals as text with exactly that many decimals: (−5n, 2) is "-0.05". */
export function scaledText(value: bigint, decimals: number): string {
  if (decimals === 0) return value.toString();
  const digits = (value < 0n ? -value : value).toString().padStart(decimals + 1, '0');
  return `${value < 0n ? '-' : ''}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}
