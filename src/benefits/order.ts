import type { Text } from '#kernel/locale.ts';
import { LAYER_NAMES, LAYERS } from '#policy/registry/benefit-layers.ts';

/** The fourteen steps of a settlement, in the order of calculation. Source: docs/domain/benefits.md#order. */
export const CALCULATION_STEPS: readonly Text[] = [
  { zh: '资格', en: 'eligibility' },
  { zh: '明细拆分', en: 'split of the fee lines' },
  { zh: '异地先付', en: 'prior self-pay out of area' },
  { zh: '第三人责任', en: 'liability of a third party' },
  { zh: '起付线', en: 'deductible' },
  { zh: '统筹分段', en: 'bands of the pool' },
  { zh: '封顶与限额', en: 'caps and limits' },
  { zh: '大额补助', en: 'large expense' },
  { zh: '公务员与企业补充', en: 'civil-servant and enterprise supplements' },
  { zh: '大病保险', en: 'catastrophic insurance' },
  { zh: '医疗救助', en: 'medical assistance' },
  { zh: '其他补充', en: 'further supplements' },
  { zh: '个人负担', en: 'share of the person' },
  { zh: '账户支付', en: 'accounts' },
];

const OF_CODE: Readonly<Record<string, number>> = {
  N000: 1,
  '101': 2,
  '102': 2,
  '103': 2,
  S000: 3,
  S003: 4,
  S001: 5,
  EC01: 7,
  E000: 7,
  CH01: 12,
  TA01: 14,
};
const OF_LAYER: Readonly<Record<string, number>> = {
  large_expense: 8,
  civil_servant: 9,
  enterprise: 9,
  catastrophic: 10,
  assistance: 11,
  additional_assistance: 11,
};
const POOL = 6;
const OTHER = 12;

/** Which of the fourteen steps a recorded step belongs to, from its code (polItemCode or one of the project's own). */
export function calculationStepOf(code: string): number {
  const known = OF_CODE[code];
  if (known !== undefined) return known;
  const layer = LAYER_NAMES.find(
    (name) => code === LAYERS[name].threshold || code.startsWith(LAYERS[name].codes),
  );
  return layer === undefined ? POOL : (OF_LAYER[layer] ?? OTHER);
}
