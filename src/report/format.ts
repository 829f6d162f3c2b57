import { fraction, roundTo, scaledText } from '#kernel/fraction.ts';
import { yuanText } from '#kernel/money.ts';
import { displayWidth } from '#kernel/text-width.ts';

export { displayWidth };

/** What stands where there is no value: a scheme without lists has no settlement point value. */
export const NONE = '—';

/** Decimal text with thousands separators: "-1234567.8" is "-1,234,567.8". */
export function separated(text: string): string {
  const [whole = '', decimals] = text.split('.');
  const marked = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return decimals === undefined ? marked : `${marked}.${decimals}`;
}

/** A count, or a dash when there is none to give. */
export const count = (value: bigint | null): string => (value === null ? NONE : separated(value.toString()));

/** Fen as yuan with two decimals and separators. */
export const yuan = (fen: bigint | null): string => (fen === null ? NONE : separated(yuanText(fen)));

/** Fen as 万元 (10,000 yuan), rounded to two decimals. */
export const tenThousandYuan = (fen: bigint | null): string =>
  fen === null ? NONE : separated(scaledText(roundTo(fraction(fen, 1_000_000n), 2), 2));

/** An integer in units of 10^−decimals, with separators. */
export const scaled = (value: bigint | null, decimals: number): string =>
  value === null ? NONE : separated(scaledText(value, decimals));

/** part / whole in percent with one decimal; a dash when there is no whole. */
export const percent = (part: bigint, whole: bigint): string =>
  whole === 0n ? NONE : `${separated(scaledText(roundTo(fraction(part * 100n, whole), 1), 1))}%`;

/** A plus sign before what is above zero, so that a gain is told from a loss without colour. */
export const signed = (text: string): string =>
  text === NONE || text.startsWith('-') || /^[0.,%]*$/.test(text) ? text : `+${text}`;

/** total / cases in fen, rounded; null without cases. */
export const mean = (total: bigint, cases: bigint): bigint | null =>
  cases === 0n ? null : roundTo(fraction(total, cases), 0);

/** A number for drawing only: where a bar ends on a picture may be a floating point number. */
export const drawn = (value: bigint, decimals: number): number => Number(value) / 10 ** decimals;

/** Pads with blanks to `width` terminal columns. */
export function pad(text: string, width: number, align: 'left' | 'right'): string {
  const blanks = ' '.repeat(Math.max(0, width - displayWidth(text)));
  return align === 'left' ? text + blanks : blanks + text;
}

/** A name on one line and at most `width` terminal columns wide, for labels on charts. */
export function shortened(name: string, width: number): string {
  const line = name.replace(/\s+/g, ' ').trim();
  if (displayWidth(line) <= width) return line;
  let cut = '';
  for (const character of line) {
    if (displayWidth(cut + character) > width - 1) break;
    cut += character;
  }
  return `${cut}…`;
}
