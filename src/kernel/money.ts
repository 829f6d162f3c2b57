import { scaledText } from '#kernel/fraction.ts';

/** Money in integer fen (1/100 yuan). */
export type Fen = bigint & { readonly unit: 'fen' };

export const fen = (value: bigint): Fen => value as Fen;

/** Yuan text with at most two decimals as fen; undefined when the text is anything else. */
export function parseYuan(text: string): Fen | undefined {
  const match = /^(-?)(\d{1,16})(?:\.(\d{1,2}))?$/.exec(text.trim());
  if (!match) return undefined;
  const [, sign, whole, decimals = ''] = match;
  const value = BigInt(`${whole}${decimals.padEnd(2, '0')}`);
  return fen(sign === '-' ? -value : value);
}

/** Fen as yuan text with two decimals. */
export const yuanText = (value: bigint): string => scaledText(value, 2);
