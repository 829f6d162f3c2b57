import type { Text } from '#kernel/locale.ts';

/** On what grounds months count as if they had been paid. */
export const DEEMED_GROUNDS = {
  'before-scheme': { zh: '职工医保建立前的连续工龄', en: 'work before the scheme began' },
  military: { zh: '军龄', en: 'military service' },
  'public-service': { zh: '机关事业单位工作年限', en: 'service in public institutions' },
  other: { zh: '其他国家或省规定', en: 'another rule of state or province' },
} as const satisfies Readonly<Record<string, Text>>;
