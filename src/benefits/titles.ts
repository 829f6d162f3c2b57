import type { Text } from '#kernel/locale.ts';

/** How a person went through a year of the scheme. */
export const YEAR_KINDS = {
  insured: { zh: '年末在保且已过等待期', en: 'insured at its end, no longer waiting' },
  waiting: { zh: '年末在保，仍在等待期', en: 'insured at its end, still waiting' },
  elsewhere: { zh: '年末在其他险种或异地参保', en: 'insured at its end in another scheme or area' },
  repaired: { zh: '断保，已补缴', en: 'a gap that was paid for later' },
  gap: { zh: '断保', en: 'a gap' },
} as const satisfies Readonly<Record<string, Text>>;
export type YearKind = keyof typeof YEAR_KINDS;
