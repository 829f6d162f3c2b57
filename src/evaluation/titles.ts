import type { Text } from '#kernel/locale.ts';

/** What indicators are counted in: plain data, the same in reports and on pages. */
export const INDICATOR_UNITS = {
  cases: { zh: '例', en: 'cases' },
  groups: { zh: '个病种', en: 'groups' },
  institutions: { zh: '家', en: 'institutions' },
  yuan: { zh: '元', en: 'yuan' },
  days: { zh: '天', en: 'days' },
  points: { zh: '分', en: 'points' },
  'yuan-per-point': { zh: '元/分', en: 'yuan per point' },
  share: { zh: '比例', en: 'share' },
  index: { zh: '指数', en: 'index' },
} as const satisfies Readonly<Record<string, Text>>;
