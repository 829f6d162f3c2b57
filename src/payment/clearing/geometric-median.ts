import { type Fraction, fraction, roundTo } from '#kernel/fraction.ts';

export type Point = { readonly x: Fraction; readonly y: Fraction };

/** Coordinates are integers × 10^−16 while the median is searched: eight digits more than are published. */
const DECIMALS = 16;
const UNIT = 10n ** BigInt(DECIMALS);
const ITERATIONS_MAX = 2_000;
/** 10^−11: a step of less ends the search. */
const STEP_MIN = 10n ** 5n;

type Scaled = { readonly x: bigint; readonly y: bigint };

/**
 * The point whose distances to the given points add up to the least, by the iteration of Weiszfeld with the step of Vardi
 * and Zhang at a given point, from their centroid, in integers: every machine finds the same digits. It stops when a step
 * moves by less than 10^−11, or after 2,000 steps. Points on one line with an even number of them have a whole segment
 * of medians; the iteration ends at one of them, always the same.
 * @throws RangeError without points
 */
export function geometricMedian(points: readonly Point[]): Point {
  if (points.length === 0) throw new RangeError('the geometric median of no points');
  const scaled = points.map(({ x, y }): Scaled => ({ x: roundTo(x, DECIMALS), y: roundTo(y, DECIMALS) }));
  const count = BigInt(scaled.length);
  let at: Scaled = {
    x: scaled.reduce((sum, point) => sum + point.x, 0n) / count,
    y: scaled.reduce((sum, point) => sum + point.y, 0n) / count,
  };
  for (let iteration = 0; iteration < ITERATIONS_MAX; iteration += 1) {
    const next = step(scaled, at);
    const moved = distance(next, at);
    at = next;
    if (moved < STEP_MIN) break;
  }
  return { x: fraction(at.x, UNIT), y: fraction(at.y, UNIT) };
}

/** One step; weights are 10^32 / distance, so that a distance of one unit still has a weight. */
function step(points: readonly Scaled[], at: Scaled): Scaled {
  let [weight, x, y, here] = [0n, 0n, 0n, 0n];
  let [pullX, pullY] = [0n, 0n];
  for (const point of points) {
    const away = distance(point, at);
    if (away === 0n) {
      here += 1n;
      continue;
    }
    const own = (UNIT * UNIT) / away;
    weight += own;
    x += own * point.x;
    y += own * point.y;
    pullX += ((point.x - at.x) * UNIT) / away;
    pullY += ((point.y - at.y) * UNIT) / away;
  }
  if (weight === 0n) return at;
  const target = { x: x / weight, y: y / weight };
  if (here === 0n) return target;
  // on a given point: it is the median when the others pull less than its own weight, else only part of the step is made
  const pull = root(pullX * pullX + pullY * pullY);
  const held = here * UNIT;
  if (pull <= held) return at;
  return {
    x: (target.x * (pull - held) + at.x * held) / pull,
    y: (target.y * (pull - held) + at.y * held) / pull,
  };
}

const distance = (a: Scaled, b: Scaled): bigint => root((a.x - b.x) ** 2n + (a.y - b.y) ** 2n);

/** Largest integer whose square is not above `value`. */
function root(value: bigint): bigint {
  if (value < 2n) return value;
  let guess = 1n << BigInt((value.toString(2).length + 1) >> 1);
  for (;;) {
    const next = (guess + value / guess) >> 1n;
    if (next >= guess) return guess;
    guess = next;
  }
}
