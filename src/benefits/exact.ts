import { RATIO_SCALE } from '#policy/table.ts';

/**
 * Exact arithmetic of one settlement. Money is whole fen and ratios whole millionths in plain numbers, which are exact
 * up to 2^53 (ninety thousand billion yuan); a product beyond that is made with bigints.
 */
export type Rounding = 'half-up' | 'down' | 'up';

/** What a fund pays and the rest below a fen, in millionths of a fen, that the rounding left: pay × 10^6 + rest is exact. */
export type Rounded = { readonly pay: number; readonly rest: number };

/** `base` × `ratio` plus the rest of earlier visits, rounded to the fen. */
export function share(base: number, ratio: number, rounding: Rounding, restBefore = 0): Rounded {
  const product = base * ratio + restBefore;
  if (product > Number.MAX_SAFE_INTEGER) return shareOfLarge(base, ratio, rounding, restBefore);
  const below = ((product % RATIO_SCALE) + RATIO_SCALE) % RATIO_SCALE;
  const floor = (product - below) / RATIO_SCALE;
  const up = rounding === 'half-up' ? below * 2 >= RATIO_SCALE : rounding === 'up' && below > 0;
  return up ? { pay: floor + 1, rest: below - RATIO_SCALE } : { pay: floor, rest: below };
}

function shareOfLarge(base: number, ratio: number, rounding: Rounding, restBefore: number): Rounded {
  const scale = BigInt(RATIO_SCALE);
  const product = BigInt(base) * BigInt(ratio) + BigInt(restBefore);
  const below = Number(product % scale);
  const floor = Number(product / scale);
  const up = rounding === 'half-up' ? below * 2 >= RATIO_SCALE : rounding === 'up' && below > 0;
  return up ? { pay: floor + 1, rest: below - RATIO_SCALE } : { pay: floor, rest: below };
}

/** The least base, at most `most`, whose share reaches `pay`. */
export function baseThatPays(
  pay: number,
  most: number,
  ratio: number,
  rounding: Rounding,
  restBefore: number,
): number {
  let [low, high] = [0, most];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (share(middle, ratio, rounding, restBefore).pay >= pay) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Half up to whole yuan. */
export const toYuan = (fen: number): number => Math.floor((fen + 50) / 100) * 100;
