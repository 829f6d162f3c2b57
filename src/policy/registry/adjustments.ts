import type { ParameterDefinition } from '#policy/parameters.ts';

const ratio = (maximum: string, zh: string, en: string) =>
  ({ kind: 'decimal', unit: 'ratio', minimum: '0', maximum, title: { zh, en } }) as const;

const step = (name: string) => ({ parameter: 'adjustment.steps', is: [name] }) as const;

/** Parameters of what changes the points of single cases, step by step: docs/domain/drg-payment.md#adjustments. */
export const ADJUSTMENT_PARAMETERS = {
  'adjustment.steps': {
    kind: 'steps',
    unit: 'steps',
    options: {
      incomplete: { zh: '不完整病例', en: 'incomplete cases' },
      'bed-day': { zh: '床日病例', en: 'bed-day cases' },
      tcm: { zh: '中医优势病组条件', en: 'conditions of TCM groups' },
      'outlier-cost': { zh: '极端费用病例按实际费用', en: 'outliers at their cost' },
      'high-share': { zh: '高倍率病例占比上限', en: 'share of high outliers' },
      readmission: { zh: '短期再住院', en: 'readmission' },
      'special-case': { zh: '特例单议', en: 'special-case review' },
      'add-on': { zh: '另加点数', en: 'add-ons' },
    },
    title: { zh: '病例点数的调整，依次进行', en: 'adjustments of the points of a case, in turn' },
  },
  'adjustment.amount_points': {
    kind: 'choice',
    unit: 'choice',
    options: {
      'start-point-value': { zh: '金额 ÷ 年初点值', en: 'amount ÷ start-of-year point value' },
      'area-mean': {
        zh: '金额 ÷ 全部病例均次费用 × 平均费用对应的分值',
        en: 'amount ÷ mean cost of all cases × score of average cost',
      },
    },
    title: { zh: '金额折算点数', en: 'how an amount becomes points' },
  },
  'incomplete.dispositions': {
    kind: 'text',
    unit: 'codes',
    title: { zh: '不完整病例的离院方式，以 | 分隔', en: 'dispositions of incomplete cases, joined by |' },
    when: step('incomplete'),
  },
  'incomplete.maximum_stay': {
    kind: 'integer',
    unit: 'days',
    minimum: '1',
    maximum: '32767',
    title: { zh: '不完整病例的最长住院天数', en: 'longest stay of an incomplete case' },
    when: step('incomplete'),
  },
  'bed_day.pay': {
    kind: 'choice',
    unit: 'choice',
    options: {
      standard: { zh: '床日标准 × 天数', en: 'standard × days' },
      'at-most-cost': { zh: '床日标准 × 天数，不超过实际费用', en: 'standard × days, at most the cost' },
    },
    title: { zh: '床日病例的计点', en: 'points of a bed-day case' },
    when: step('bed-day'),
  },
  'tcm.operation_classes': {
    kind: 'integer',
    unit: 'class',
    minimum: '0',
    maximum: '20',
    title: { zh: '中医优势病组所需的操作类别数', en: 'classes of operations a TCM case needs' },
    when: step('tcm'),
  },
  'tcm.treatment_share': {
    ...ratio('1', '中医优势病组的最低中治率', 'least share of TCM treatment of a TCM case'),
    when: step('tcm'),
  },
  'outlier_cost.deviations': {
    kind: 'steps',
    unit: 'steps',
    options: {
      low: { zh: '低倍率', en: 'low' },
      high: { zh: '高倍率', en: 'high' },
      extreme: { zh: '极高倍率', en: 'extreme' },
    },
    title: { zh: '按实际费用计点的费用偏差', en: 'deviations scored by their cost' },
    when: step('outlier-cost'),
  },
  'outlier_cost.high_amount': {
    kind: 'choice',
    unit: 'choice',
    options: {
      cost: { zh: '全部费用', en: 'the whole cost' },
      excess: { zh: '正常点数，另加超出界限的费用', en: 'normal points, and the cost above the limit' },
    },
    title: { zh: '高倍率病例按实际费用的部分', en: 'what part of a high outlier is scored by its cost' },
    when: step('outlier-cost'),
  },
  'high_share.maximum': {
    ...ratio('1', '高倍率病例占全部病例的上限', 'largest share of cases that may be high outliers'),
    when: step('high-share'),
  },
  'readmission.days': {
    kind: 'integer',
    unit: 'days',
    minimum: '0',
    maximum: '366',
    title: { zh: '再住院的最长间隔', en: 'longest gap of a readmission' },
    when: step('readmission'),
  },
  'readmission.factor': {
    ...ratio('1', '再住院时前次点数的折算比例', 'share of its points the earlier stay keeps'),
    when: step('readmission'),
  },
  'readmission.institution': {
    kind: 'choice',
    unit: 'choice',
    options: {
      same: { zh: '同一机构', en: 'the same institution' },
      any: { zh: '任何机构', en: 'any institution' },
    },
    title: { zh: '再住院的机构', en: 'where a readmission counts' },
    when: step('readmission'),
  },
  'readmission.excepted_diagnoses': {
    kind: 'text',
    unit: 'codes',
    title: {
      zh: '不算再住院的主要诊断（编码开头，以 | 分隔，如放化疗）',
      en: 'principal diagnoses that are no readmission: starts of codes joined by |, such as radiotherapy',
    },
    when: step('readmission'),
  },
  'special_case.quota': {
    ...ratio(
      '1',
      '特例单议病例占统筹地区出院病例的上限',
      'special cases at most, as a share of all discharges',
    ),
    when: step('special-case'),
  },
} as const satisfies Readonly<Record<string, ParameterDefinition>>;
