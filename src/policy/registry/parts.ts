import type { ParameterDefinition } from '#policy/parameters.ts';

const when = <Parameter extends string>(parameter: Parameter, ...is: readonly string[]) =>
  ({ parameter, is }) as const;

const ratio = (minimum: string, maximum: string, zh: string, en: string) =>
  ({ kind: 'decimal', unit: 'ratio', minimum, maximum, title: { zh, en } }) as const;

/** Parts are paid in the year: some reference value is chosen. */
const PARTS = when('parts.reference', 'start-point-value', 'mean-cost', 'given');
const LOCKED = ['fixed', 'float', 'capped'] as const;
const BED_DAY = when('parts.bed_day', ...LOCKED);
const COMMUNITY = when('parts.community', ...LOCKED);

const lock = (zh: string, en: string) =>
  ({
    kind: 'choice',
    unit: 'choice',
    options: {
      none: { zh: '不设', en: 'not paid as a part' },
      fixed: { zh: '固定：从预算中先行扣除', en: 'fixed: taken from the budget first' },
      float: { zh: '浮动：与住院点数共用点值', en: 'float: shares the point value of the inpatient points' },
      capped: { zh: '封顶：浮动，但不超过上限', en: 'capped: floats, up to a cap' },
    },
    title: { zh, en },
    when: PARTS,
  }) as const;

/** Parameters of the parts that are paid beside the grouped inpatient lists. What each kind may hold: `parameters.ts`. */
export const PARTS_PARAMETERS = {
  'parts.reference': {
    kind: 'choice',
    unit: 'choice',
    options: {
      none: { zh: '没有多元付费', en: 'no parts' },
      'start-point-value': { zh: '年初点值', en: 'start-of-year point value' },
      'mean-cost': { zh: '地区住院次均费用 ÷ 平均分', en: 'mean cost of the area ÷ mean score' },
      given: { zh: '指定数值', en: 'a value that is given' },
    },
    title: { zh: '各付费部分折算点数的参考点值', en: 'reference point value that parts are converted by' },
  },
  'parts.reference_value': {
    kind: 'decimal',
    unit: 'yuan',
    minimum: '0.0001',
    maximum: '1000000',
    title: { zh: '指定的参考点值（总费用口径）', en: 'reference point value as given, of total cost' },
    when: when('parts.reference', 'given'),
  },
  'parts.fund_ratio': {
    kind: 'choice',
    unit: 'choice',
    options: {
      booked: {
        zh: '本年住院记账基金 ÷ 总费用',
        en: 'fund booked ÷ total cost of the inpatient lists of the year',
      },
      given: { zh: '指定数值', en: 'a value that is given' },
    },
    title: { zh: '参考点值的基金支付比例', en: 'fund ratio of the reference point value' },
    when: PARTS,
  },
  'parts.fund_ratio_value': {
    ...ratio('0.0001', '1', '指定的基金支付比例', 'fund ratio as given'),
    when: when('parts.fund_ratio', 'given'),
  },
  'parts.cap_ratio': {
    ...ratio(
      '0',
      '10',
      '封顶：上限与按参考点值计算的金额之比',
      'cap, as a multiple of the amount at the reference value',
    ),
    when: PARTS,
  },
  'parts.monthly': {
    kind: 'choice',
    unit: 'choice',
    options: {
      none: { zh: '年度一次支付', en: 'paid once a year' },
      monthly: { zh: '按月预付，年度清算', en: 'paid in months, cleared at the end of the year' },
    },
    title: { zh: '各付费部分的月度预付', en: 'monthly payment of the parts' },
    when: PARTS,
  },
  'parts.bed_day': lock('床日付费', 'bed-day payment'),
  'parts.capitation': lock('门诊按人头付费', 'outpatient capitation'),
  'parts.fee_for_service': lock('按项目付费', 'fee for service'),
  'parts.community': lock('医共体总额付费', 'total payment of medical communities'),

  'parts.bed_day_pay': {
    kind: 'choice',
    unit: 'choice',
    options: {
      standard: { zh: '标准 × 天数', en: 'rate × days' },
      'at-most-cost': { zh: '标准 × 天数，不超过实际费用', en: 'rate × days, at most the cost' },
    },
    title: { zh: '床日限额的含义', en: 'what the bed-day rate means' },
    when: BED_DAY,
  },
  'parts.bed_day_tiers': {
    kind: 'choice',
    unit: 'choice',
    options: {
      'whole-stay': { zh: '全部天数按所在档', en: 'all days at the rate of the tier the stay reaches' },
      'by-days': { zh: '各档天数分别计算', en: 'the days of each tier at its own rate' },
    },
    title: { zh: '床日分档的计算', en: 'how tiers of the stay count' },
    when: BED_DAY,
  },
  'parts.bed_day_fund': {
    kind: 'choice',
    unit: 'choice',
    options: {
      'less-patient-payments': { zh: '床日金额减非基金支付', en: 'amount less the non-fund payments' },
      'pooled-ratio': { zh: '床日金额 × 基金支付比例', en: 'amount × the fund ratio' },
      whole: { zh: '标准本身是基金口径', en: 'the rate is fund money itself' },
    },
    title: { zh: '床日金额中的基金部分', en: 'fund part of a bed-day amount' },
    when: BED_DAY,
  },

  'parts.community_budget': {
    kind: 'choice',
    unit: 'choice',
    options: {
      'per-capita': { zh: '人均 × 参保人数 ×（1＋增长率）', en: 'per capita × people × (1 + growth)' },
      'last-year': { zh: '上年基金支出 ×（1＋增长率）', en: 'fund spent last year × (1 + growth)' },
    },
    title: { zh: '医共体总额的算法', en: 'how the total of a community is made' },
    when: COMMUNITY,
  },
  'parts.community_growth': {
    ...ratio('-1', '1', '医共体总额增长率', 'growth of the total of a community'),
    when: COMMUNITY,
  },
  'parts.community_reserve_ratio': {
    ...ratio('0', '1', '医共体总额中的风险金比例', 'share of the total kept as a reserve'),
    when: COMMUNITY,
  },
  'parts.community_keep_ratio': {
    ...ratio(
      '0',
      '1',
      '医共体结余留用比例（考核满分时）',
      'share of a surplus kept, at a full evaluation score',
    ),
    when: COMMUNITY,
  },
  'parts.community_fund_share': {
    ...ratio('0', '1', '合理超支中基金分担的比例', 'share of a reasonable deficit that the fund bears'),
    when: COMMUNITY,
  },
  'parts.community_unkept': {
    kind: 'choice',
    unit: 'choice',
    options: {
      pool: { zh: '留在区域点数总额内', en: 'stays in the pool of the region' },
      residual: { zh: '进入留存账户', en: 'goes to the residual account' },
    },
    title: { zh: '医共体未留用的结余', en: 'surplus that a community does not keep' },
    when: COMMUNITY,
  },
} as const satisfies Readonly<Record<string, ParameterDefinition>>;
