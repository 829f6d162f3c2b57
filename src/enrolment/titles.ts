import type { Text } from '#kernel/locale.ts';

/** On what grounds months count as if they had been paid. */
export const DEEMED_GROUNDS = {
  'before-scheme': { zh: '职工医保建立前的连续工龄', en: 'work before the scheme began' },
  military: { zh: '军龄', en: 'military service' },
  'public-service': { zh: '机关事业单位工作年限', en: 'service in public institutions' },
  other: { zh: '其他国家或省规定', en: 'another rule of state or province' },
} as const satisfies Readonly<Record<string, Text>>;

/** What goes over to the file that goes on. */
export const CARRIED_KINDS = {
  certificates: { zh: '证件', en: 'certificates' },
  spans: { zh: '参保期', en: 'enrolment spans' },
  identities: { zh: '救助身份', en: 'identities' },
  contributions: { zh: '缴费', en: 'contributions' },
  filings: { zh: '备案', en: 'filings' },
  contacts: { zh: '电话与住址', en: 'phones and addresses' },
  sharings: { zh: '家庭共济', en: 'family sharing' },
  accumulators: { zh: '年度累计（相加）', en: 'accumulators (added up)' },
  settlements: {
    zh: '结算（留在原编号下，一并计入）',
    en: 'settlements (stay under their number and count)',
  },
} as const satisfies Readonly<Record<string, Text>>;
