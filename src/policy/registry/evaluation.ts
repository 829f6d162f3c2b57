import type { ParameterDefinition } from '#policy/parameters.ts';

const ratio = (maximum: string, zh: string, en: string) =>
  ({ kind: 'decimal', unit: 'ratio', minimum: '0', maximum, title: { zh, en } }) as const;
const scores = (zh: string, en: string) =>
  ({ kind: 'bands', unit: 'ratio', minimum: '0', maximum: '100', title: { zh, en } }) as const;
const days = (zh: string, en: string) =>
  ({ kind: 'integer', unit: 'days', minimum: '0', maximum: '3660', title: { zh, en } }) as const;
const codes = (zh: string, en: string) => ({ kind: 'text', unit: 'codes', title: { zh, en } }) as const;

/** Parameters of the evaluation. No step of a settlement reads them: docs/domain/evaluation.md. */
export const EVALUATION_PARAMETERS = {
  'evaluation.short_stay_days': days('住院少于多少天为短住院', 'a stay of fewer days is short'),
  'evaluation.low_standard_ratio': ratio(
    '1',
    '费用低于病种均次费用的多少为低标入院',
    'a cost below this share of the mean of the group is low-standard',
  ),
  'evaluation.low_standard_scores': scores(
    '低标入院评分：费用比低于上限的分值',
    'low-standard score by cost ÷ mean of the group, limits exclusive',
  ),
  'evaluation.long_stay_ratio': ratio(
    '1000',
    '住院天数高于病种平均的多少倍为超长住院',
    'a stay above this multiple of the mean of the group is over-long',
  ),
  'evaluation.long_stay_scores': scores(
    '超长住院评分：住院天数比的分值',
    'long-stay score by days ÷ mean of the group, limits inclusive',
  ),
  'evaluation.insufficient_stay_ratio': ratio(
    '1',
    '住院天数低于病种平均的多少为服务不足信号',
    'a stay below this share of the mean of the group is a sign of too little care',
  ),
  'evaluation.readmission_excepted_diagnoses': codes(
    '再住院不计的主要诊断（开头），以 | 分隔',
    'principal diagnoses of readmissions that do not count, by their start, joined by |',
  ),
  'evaluation.readmission_excepted_procedures': codes(
    '再住院不计的手术操作（开头），以 | 分隔',
    'procedures of readmissions that do not count, by their start, joined by |',
  ),
  'evaluation.readmission_score_days': days(
    '二次入院评分的天数',
    'days within which a readmission has a score',
  ),
  'evaluation.readmission_score_same': ratio(
    '100',
    '二次入院评分：同一主要诊断',
    'readmission score with the same principal diagnosis',
  ),
  'evaluation.readmission_score_other': ratio(
    '100',
    '二次入院评分：其他主要诊断',
    'readmission score with another principal diagnosis',
  ),
  'evaluation.low_risk_mortality': ratio(
    '1',
    '病死率低于多少的病种为低风险',
    'a group with a lower mortality is low-risk',
  ),
  'evaluation.death_score_low_risk': ratio(
    '100',
    '死亡风险评分：低风险病种',
    'death-risk score in a low-risk group',
  ),
  'evaluation.death_score_other': ratio('100', '死亡风险评分：其他病种', 'death-risk score in other groups'),
  'evaluation.cv_low': ratio('100', '变异系数低于此数的病种计数', 'groups with a lower CV are counted'),
  'evaluation.cv_high': ratio('100', '变异系数高于此数的病种计数', 'groups with a higher CV are counted'),
  'evaluation.cv_threshold': ratio('100', '病种变异系数的提示线', 'threshold of the CV of a group'),
  'evaluation.cv_minimum_cases': {
    kind: 'integer',
    unit: 'cases',
    minimum: '2',
    maximum: '10000',
    title: { zh: '计算变异系数的最少病例', en: 'cases a CV needs' },
  },
  'evaluation.borderline_margin': ratio(
    '1',
    '费用距高低倍率界限多近为临界病例',
    'a cost within this share of a limit of deviation is borderline',
  ),
  'evaluation.alert_cost_growth': ratio(
    '100',
    '费用环比增长的提示线',
    'month-on-month growth of cost that alerts',
  ),
  'evaluation.alert_readmission_percentile': ratio(
    '1',
    '14 天再住院率的提示百分位',
    'percentile of the 14-day readmission rate that alerts',
  ),
  'evaluation.alert_borderline': ratio('1', '临界病例占比的提示线', 'share of borderline cases that alerts'),
  'evaluation.alert_quality': ratio(
    '1',
    '清单质控合格率的提示线',
    'rate of clean lists below which it alerts',
  ),
  'evaluation.alert_cmi_growth': ratio(
    '100',
    'CMI 环比增长的提示线',
    'month-on-month growth of the CMI that alerts',
  ),
  'evaluation.alert_points_deviation': ratio(
    '100',
    '冲点数：例均点数偏离本机构各月均值的标准差倍数',
    'points rushing: standard deviations of points per case from the mean of the months of the institution',
  ),
  'evaluation.alert_outside_percentile': ratio(
    '1',
    '医保外费用占比的提示百分位',
    'percentile of the share of cost outside insurance that alerts',
  ),
  'evaluation.alert_transfer_growth': ratio(
    '100',
    '转院率比上年上升的提示线',
    'growth of the share of transfers over last year that alerts',
  ),
  'evaluation.alert_rate_deviation': ratio(
    '100',
    '高于本级机构均值的标准差倍数即提示',
    'standard deviations above the mean of the institutions of the level that alert',
  ),
} as const satisfies Readonly<Record<string, ParameterDefinition>>;
