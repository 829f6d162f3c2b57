import type { ParameterDefinition } from '#policy/parameters.ts';

const ratio = (maximum: string, zh: string, en: string) =>
  ({ kind: 'decimal', unit: 'ratio', minimum: '0', maximum, title: { zh, en } }) as const;

const when = <Parameter extends string>(parameter: Parameter, ...is: readonly string[]) =>
  ({ parameter, is }) as const;

const month = (zh: string, en: string) =>
  ({ kind: 'integer', unit: 'month', minimum: '1', maximum: '12', title: { zh, en } }) as const;

const ELASTIC = when('point_value.mode', 'elastic');
const TRIMMED = when('point_value.start_trimming', 'group-quantiles');
const BANDS = when('clearing.steps', 'bands');
const DEPOSIT = when('deposit.mode', 'assessed');
const PREPAYMENT = when('prepayment.mode', 'last-year');
const AREA_BALANCE = when('clearing.steps', 'area-balance');

/** Parameters of the budget, the months and the annual clearing. What each kind may hold: `parameters.ts`. */
export const CLEARING_PARAMETERS = {
  'budget.growth_combination': {
    kind: 'choice',
    unit: 'choice',
    options: {
      sum: { zh: '各因素增长率相加', en: 'the rates of the factors are added' },
      product: { zh: '各因素 1＋增长率连乘', en: '1 + rate of the factors are multiplied' },
    },
    title: { zh: '增长因素的合成', en: 'how growth factors combine' },
  },
  'budget.growth_cap': {
    kind: 'choice',
    unit: 'choice',
    options: {
      none: { zh: '不设', en: 'none' },
      target: { zh: '不高于费用增长目标', en: 'not above the cost-growth target' },
    },
    title: { zh: '预算增长率上限', en: 'cap of the growth of the budget' },
  },
  'budget.growth_target': {
    kind: 'decimal',
    unit: 'ratio',
    minimum: '-1',
    maximum: '1',
    title: { zh: '医疗费用增长目标', en: 'target of the growth of medical cost' },
    when: when('budget.growth_cap', 'target'),
  },
  'budget.reserve_ratio': ratio(
    '0.5',
    '预算中留作年中调整与合理超支的比例',
    'share of the budget kept for mid-year adjustment and reasonable overspend',
  ),

  'point_value.start_scope': {
    kind: 'choice',
    unit: 'choice',
    options: {
      together: { zh: '两个险种合并计算', en: 'one value for both schemes' },
      'by-scheme': { zh: '各险种单独计算', en: 'a value for each scheme' },
    },
    title: { zh: '年初点值的范围', en: 'scope of the start-of-year point value' },
  },
  'point_value.start_trimming': {
    kind: 'choice',
    unit: 'choice',
    options: {
      none: { zh: '不裁剪', en: 'none' },
      'group-quantiles': {
        zh: '按病种费用分位数裁剪历史病例',
        en: 'history cases beyond quantiles of their group are left out',
      },
    },
    title: { zh: '年初点值的裁剪', en: 'trimming for the start-of-year point value' },
  },
  'point_value.trim_low': { ...ratio('0.5', '裁剪下分位', 'lower quantile of trimming'), when: TRIMMED },
  'point_value.trim_high': { ...ratio('1', '裁剪上分位', 'upper quantile of trimming'), when: TRIMMED },
  'point_value.trim_minimum_cases': {
    kind: 'integer',
    unit: 'cases',
    minimum: '2',
    maximum: '1000000',
    title: { zh: '裁剪所需的病种例数', en: 'history cases a group needs to be trimmed' },
    when: TRIMMED,
  },
  'point_value.trim_share_minimum': {
    ...ratio('1', '裁剪比例下限', 'least share of cases trimmed'),
    when: TRIMMED,
  },
  'point_value.trim_share_maximum': {
    ...ratio('1', '裁剪比例上限', 'greatest share of cases trimmed'),
    when: TRIMMED,
  },
  'point_value.trim_share_check': {
    kind: 'choice',
    unit: 'choice',
    options: {
      report: { zh: '超出范围时提示', en: 'a share outside is reported' },
      refuse: { zh: '超出范围时拒绝结算', en: 'a share outside is refused' },
    },
    title: { zh: '裁剪比例超出范围', en: 'when the share trimmed is outside' },
    when: TRIMMED,
  },
  'point_value.start_zone': {
    kind: 'choice',
    unit: 'choice',
    options: {
      'region-mean': { zh: '区域平均', en: 'mean of the region' },
      'value-zone': {
        zh: '一维优值区间：每分收入低于区域平均的机构',
        en: 'one-dimensional value zone: institutions whose income per point is below the mean',
      },
      'value-zone-2d': {
        zh: '二维优值区间：每分收入、每分成本均低的机构的几何中位数',
        en: 'two-dimensional value zone: geometric median of institutions low in income and in cost per point',
      },
    },
    title: { zh: '年初点值取自哪些机构', en: 'institutions the start-of-year point value is taken from' },
  },

  'point_value.method': {
    kind: 'choice',
    unit: 'choice',
    options: {
      deduction: {
        zh: '扣除法：分值×点值−非基金支付',
        en: 'deduction: points × value − non-fund payments',
      },
      'ratio-pooled': {
        zh: '比例法：分值×点值×区域基金支付比例',
        en: 'ratio: points × value × fund ratio of the region',
      },
      'ratio-own': {
        zh: '比例法：分值×点值×本机构基金支付比例',
        en: 'ratio: points × value × fund ratio of the institution',
      },
    },
    title: { zh: '结算点值与应付的算法', en: 'how the settlement point value pays' },
  },
  'point_value.mode': {
    kind: 'choice',
    unit: 'choice',
    options: {
      floating: { zh: '浮动：预算除以总分值', en: 'floating: the budget over the points' },
      fixed: { zh: '固定：按公布的点值支付', en: 'fixed: a published value is paid' },
      elastic: { zh: '弹性：基准部分与增量部分', en: 'elastic: a baseline and an increment' },
    },
    title: { zh: '点值方式', en: 'mode of the point value' },
  },
  'point_value.published': {
    kind: 'choice',
    unit: 'choice',
    options: {
      start: { zh: '年初点值', en: 'the start-of-year point value' },
      file: { zh: 'point_values_published.csv', en: 'point_values_published.csv' },
    },
    title: { zh: '固定点值取自', en: 'where the fixed value is published' },
    when: when('point_value.mode', 'fixed'),
  },
  'point_value.baseline': {
    kind: 'choice',
    unit: 'choice',
    options: {
      'last-year': { zh: '上一年度的分值', en: 'points of the year before' },
      file: { zh: 'baseline_points.csv', en: 'baseline_points.csv' },
    },
    title: { zh: '各机构的基准分值', en: 'baseline points of the institutions' },
    when: ELASTIC,
  },
  'point_value.baseline_share': {
    ...ratio('1', '基准部分占比', 'share of the money for the baseline'),
    when: ELASTIC,
  },
  'point_value.increment_cap': {
    kind: 'choice',
    unit: 'choice',
    options: {
      none: { zh: '不设', en: 'none' },
      ratio: { zh: '基准点值的倍数', en: 'a multiple of the baseline value' },
      value: { zh: '固定金额', en: 'an amount' },
    },
    title: { zh: '增量点值上限', en: 'cap of the increment value' },
    when: ELASTIC,
  },
  'point_value.increment_cap_ratio': {
    ...ratio('10', '增量点值上限（基准点值的倍数）', 'cap of the increment value over the baseline value'),
    when: when('point_value.increment_cap', 'ratio'),
  },
  'point_value.increment_cap_value': {
    kind: 'decimal',
    unit: 'yuan',
    minimum: '0',
    maximum: '1000000',
    title: { zh: '增量点值上限（元/分）', en: 'cap of the increment value, yuan per point' },
    when: when('point_value.increment_cap', 'value'),
  },
  'point_value.unallocated': {
    kind: 'choice',
    unit: 'choice',
    options: {
      reserve: { zh: '留作储备', en: 'kept as a reserve' },
      region: { zh: '退回区域基金', en: 'back to the fund of the region' },
      institutions: { zh: '按分值分给机构', en: 'to the institutions by points' },
    },
    title: { zh: '弹性点值未分配的资金', en: 'money that elastic values leave' },
    when: ELASTIC,
  },

  'payment.monthly_ratio': ratio('1', '月预结算支付比例', 'share paid in the monthly interim settlement'),
  'payment.month_base': {
    kind: 'choice',
    unit: 'choice',
    options: {
      points: { zh: '分值×年初点值−患者支付', en: 'points × start-of-year value − patient payments' },
      declared: { zh: '申报的基金记账金额', en: 'the fund money booked' },
    },
    title: { zh: '月结算基数', en: 'base of a month' },
  },
  'payment.patient_payments': {
    kind: 'choice',
    unit: 'choice',
    options: {
      'non-fund': { zh: '医疗费总额−基金支付总额', en: 'total cost − all fund payments' },
      'non-pool': {
        zh: '医疗费总额−统筹基金支付（另加其他基金支付）',
        en: 'total cost − pooling fund: other funds count as patient payments',
      },
    },
    title: { zh: '“患者支付”的口径', en: 'what counts as patient payments' },
  },
  'payment.negative_month': {
    kind: 'choice',
    unit: 'choice',
    options: {
      zero: { zh: '不付，留待清算', en: 'nothing is paid; the clearing settles it' },
      signed: { zh: '按负数收回', en: 'paid back in the month' },
    },
    title: { zh: '结果为负的月份', en: 'a month that comes out negative' },
  },
  'deposit.mode': {
    kind: 'choice',
    unit: 'choice',
    options: {
      none: { zh: '不单设，未付部分在清算中结清', en: 'none: what is not paid is settled in the clearing' },
      assessed: { zh: '按月预留，按考核返还', en: 'kept each month, returned by assessment' },
    },
    title: { zh: '质量保证金', en: 'quality deposit' },
  },
  'deposit.ratio': {
    ...ratio('1', '质量保证金比例', 'quality deposit as a share of the base'),
    when: DEPOSIT,
  },
  'deposit.return_bands': {
    kind: 'bands',
    unit: 'ratio',
    minimum: '0',
    maximum: '1',
    title: {
      zh: '质量保证金返还比例（按考核得分）',
      en: 'share of the deposit returned, by assessment score',
    },
    when: DEPOSIT,
  },
  'prepayment.mode': {
    kind: 'choice',
    unit: 'choice',
    options: {
      none: {
        zh: '不计算，只用 institution_year.csv 的预付',
        en: 'none but those of institution_year.csv',
      },
      'last-year': { zh: '上一年度月均基金支付的若干倍', en: 'months of the fund booked last year' },
    },
    title: { zh: '年初预付金', en: 'prepayment at the start of the year' },
  },
  'prepayment.months': {
    kind: 'decimal',
    unit: 'months',
    minimum: '0',
    maximum: '12',
    title: { zh: '预付金相当于几个月', en: 'months of a prepayment' },
    when: PREPAYMENT,
  },
  'prepayment.minimum_score': {
    kind: 'decimal',
    unit: 'score',
    minimum: '0',
    maximum: '100',
    title: { zh: '可得预付金的最低考核得分', en: 'least assessment score for a prepayment' },
    when: PREPAYMENT,
  },

  'clearing.period': {
    kind: 'choice',
    unit: 'choice',
    options: {
      year: { zh: '年度清算', en: 'once a year' },
      quarter: { zh: '季度清算，年终总清算', en: 'after each quarter, then the year' },
    },
    title: { zh: '清算周期', en: 'period of clearing' },
  },
  'clearing.quarter_ratio': {
    ...ratio('1', '季度清算支付比例', 'share of the due paid out by a quarterly clearing'),
    when: when('clearing.period', 'quarter'),
  },
  'clearing.steps': {
    kind: 'steps',
    unit: 'steps',
    options: {
      'area-balance': { zh: '区域结余与超支分担', en: 'surplus or deficit of the area shared' },
      bands: { zh: '机构结余留用与合理超支分担', en: 'retained surplus and shared overspend' },
      assessment: { zh: '考核', en: 'assessment' },
      audit: { zh: '审核扣减', en: 'audit withholding' },
      deposit: { zh: '质量保证金返还', en: 'return of the quality deposit' },
      'adjustment-fund': { zh: '调剂金', en: 'adjustment fund' },
    },
    title: { zh: '年度清算的步骤', en: 'steps of the annual clearing' },
  },
  'clearing.default_assessment': ratio(
    '2',
    '无考核结果时的考核系数',
    'assessment coefficient where none is given',
  ),
  'clearing.assessment': {
    kind: 'choice',
    unit: 'choice',
    options: {
      coefficient: { zh: 'institution_year.csv 的考核系数', en: 'the coefficient in institution_year.csv' },
      'score-bands': { zh: '考核得分对应的系数', en: 'a coefficient for each band of the score' },
    },
    title: { zh: '考核系数取自', en: 'where the assessment coefficient comes from' },
  },
  'clearing.assessment_bands': {
    kind: 'bands',
    unit: 'ratio',
    minimum: '0',
    maximum: '2',
    title: { zh: '考核系数（按得分）', en: 'assessment coefficient by score' },
    when: when('clearing.assessment', 'score-bands'),
  },
  'clearing.month_deductions': {
    kind: 'choice',
    unit: 'choice',
    options: {
      added: { zh: '与 institution_year.csv 的扣减相加', en: 'added to those of institution_year.csv' },
      included: {
        zh: '已含在 institution_year.csv 的扣减中',
        en: 'included in those of institution_year.csv',
      },
    },
    title: { zh: '各月审核扣减在年度清算中', en: 'monthly audit withholdings in the clearing' },
  },
  'clearing.booked': {
    kind: 'choice',
    unit: 'choice',
    options: {
      gross: { zh: '记账基金', en: 'fund money booked' },
      'after-audit': { zh: '记账基金−审核扣减', en: 'fund money booked − audit withholdings' },
    },
    title: { zh: '与应付相比的记账金额', en: 'what the due is compared with' },
    when: BANDS,
  },
  'clearing.surplus_low_ratio': {
    ...ratio('1', '记账不足应付的界限', 'booked over due below which only the booked is paid'),
    when: BANDS,
  },
  'clearing.surplus_share': {
    ...ratio('1', '结余留用比例', 'share of the surplus retained'),
    when: BANDS,
  },
  'clearing.overspend_bands': {
    kind: 'bands',
    unit: 'ratio',
    minimum: '0',
    maximum: '1',
    title: {
      zh: '超支分担比例（按记账与应付之比分段）',
      en: 'share of the overspend paid, by band of booked over due',
    },
    when: BANDS,
  },
  'clearing.area_surplus_share': {
    ...ratio('1', '区域结余归机构的比例', 'share of an area surplus for the institutions'),
    when: AREA_BALANCE,
  },
  'clearing.area_deficit_share': {
    ...ratio('1', '区域超支由机构承担的比例', 'share of an area deficit borne by the institutions'),
    when: AREA_BALANCE,
  },
  'clearing.is_pilot': {
    kind: 'choice',
    unit: 'choice',
    options: {
      no: { zh: '否', en: 'no' },
      yes: { zh: '是', en: 'yes' },
    },
    title: { zh: '是否清算提质增效试点地区', en: 'a pilot area of the clearing action plan' },
  },
  'clearing.deadline_month': month(
    '清算截止月份（次年，月底）',
    'month of the next year whose end is the deadline',
  ),
  'clearing.pilot_deadline_month': month('试点地区清算截止月份（次年，月底）', 'the same for pilot areas'),
  'clearing.cash_share_target': ratio(
    '1',
    '清算资金占全年基金支付的比例目标',
    'target of clearing money as a share of the fund paid in the year',
  ),
} as const satisfies Readonly<Record<string, ParameterDefinition>>;
