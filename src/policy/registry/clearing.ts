import type { ParameterDefinition } from '#policy/parameters.ts';

const ratio = (maximum: string, zh: string, en: string) =>
  ({ kind: 'decimal', unit: 'ratio', minimum: '0', maximum, title: { zh, en } }) as const;

/** Parameters of the months and the annual clearing. What each kind may hold: `parameters.ts`. */
export const CLEARING_PARAMETERS = {
  'payment.monthly_ratio': ratio('1', '月预结算支付比例', 'share paid in the monthly interim settlement'),
  'clearing.default_assessment': ratio(
    '2',
    '无考核结果时的考核系数',
    'assessment coefficient where none is given',
  ),
} as const satisfies Readonly<Record<string, ParameterDefinition>>;
