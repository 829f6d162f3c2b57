import type { ParameterDefinition } from '#policy/parameters.ts';

const REVIEW = { parameter: 'adjustment.steps', is: ['special-case'] } as const;
const ground = (name: string) => ({ parameter: 'review.grounds', is: [name] }) as const;

const whole = (unit: 'cases' | 'days' | 'months' | 'persons' | 'files', minimum: string, maximum: string) =>
  ({ kind: 'integer', unit, minimum, maximum, when: REVIEW }) as const;

/** Parameters of the special-case review: docs/domain/review.md. */
export const REVIEW_PARAMETERS = {
  'special_case.quota_base': {
    kind: 'choice',
    unit: 'choice',
    options: {
      area: { zh: '统筹地区的出院病例', en: 'the discharges of the area' },
      institution: { zh: '各机构的出院病例，按级别', en: 'those of each institution, by its level' },
    },
    title: { zh: '特例单议上限以谁的出院病例计算', en: 'whose discharges the quota is a share of' },
    when: REVIEW,
  },
  'special_case.quota': {
    kind: 'decimal',
    unit: 'ratio',
    minimum: '0',
    maximum: '1',
    title: {
      zh: '特例单议病例占统筹地区出院病例的上限',
      en: 'special cases at most, as a share of all discharges',
    },
    when: { parameter: 'special_case.quota_base', is: ['area'] },
  },
  'special_case.level_quotas': {
    kind: 'bands',
    unit: 'ratio',
    minimum: '0',
    maximum: '1',
    title: {
      zh: '各级机构特例单议病例占本机构出院病例的上限',
      en: 'special cases at most, as a share of the discharges of an institution, by level',
    },
    when: { parameter: 'special_case.quota_base', is: ['institution'] },
  },
  'review.grounds': {
    kind: 'steps',
    unit: 'steps',
    options: {
      reason: { zh: '所列理由之一', en: 'one of the reasons' },
      'high-cost': { zh: '费用高于支付标准的倍数', en: 'cost above a multiple of the standard' },
      'low-cost': { zh: '费用低于支付标准的倍数', en: 'cost below a multiple of the standard' },
      'small-group': { zh: '本组病例过少', en: 'too few cases in the group' },
      ungrouped: { zh: '未入组', en: 'ungrouped' },
    },
    title: { zh: '可申请特例单议的情形（具备一种即可）', en: 'grounds of an application, one is enough' },
    when: REVIEW,
  },
  'review.reasons': {
    kind: 'text',
    unit: 'codes',
    title: { zh: '可申请特例单议的理由，以 | 分隔', en: 'reasons of an application, joined by |' },
    when: REVIEW,
  },
  'review.high_ratio': {
    kind: 'decimal',
    unit: 'ratio',
    minimum: '1',
    maximum: '100',
    title: { zh: '费用过高：支付标准的倍数', en: 'high cost: multiple of the standard' },
    when: REVIEW,
  },
  'review.ratio_reasons': {
    kind: 'text',
    unit: 'codes',
    title: {
      zh: '须高于该倍数才成立的理由，以 | 分隔',
      en: 'reasons that hold only above that multiple, joined by |',
    },
    when: REVIEW,
  },
  'review.low_ratio': {
    kind: 'decimal',
    unit: 'ratio',
    minimum: '0',
    maximum: '1',
    title: { zh: '费用过低：支付标准的倍数', en: 'low cost: multiple of the standard' },
    when: ground('low-cost'),
  },
  'review.small_group': {
    ...whole('cases', '1', '1000'),
    title: { zh: '病例少于此数的组可申请', en: 'groups with fewer cases may apply' },
    when: ground('small-group'),
  },
  'review.stay_reasons': {
    kind: 'text',
    unit: 'codes',
    title: {
      zh: '须达到最短住院天数才成立的理由，以 | 分隔',
      en: 'reasons that hold only from a length of stay on, joined by |',
    },
    when: REVIEW,
  },
  'review.minimum_stay': {
    ...whole('days', '0', '32767'),
    title: { zh: '这些理由的最短住院天数', en: 'least length of stay of these reasons' },
  },
  'review.evidence_minimum': {
    ...whole('files', '0', '100'),
    title: { zh: '申请至少附的证据文件数', en: 'evidence files of an application at least' },
  },
  'review.apply_days': {
    ...whole('days', '0', '3660'),
    title: { zh: '出院后多少天内申请', en: 'days after discharge within which to apply' },
  },
  'review.appeal_days': {
    ...whole('days', '0', '3660'),
    title: { zh: '评审后多少天内提出争议', en: 'days after the decision within which to appeal' },
  },
  'review.panel_size': {
    ...whole('persons', '1', '99'),
    title: { zh: '专家组人数（奇数）', en: 'members of a panel, odd' },
  },
  'review.panel_minimum': {
    ...whole('persons', '1', '99'),
    title: { zh: '专家组最少人数（奇数）', en: 'members of a panel at least, odd' },
  },
  'review.conflict_months': {
    ...whole('months', '0', '120'),
    title: {
      zh: '多少个月内评审过同一申请机构的专家回避',
      en: 'months for which an expert stays away from an applicant reviewed before',
    },
  },
  'review.minimum_votes': {
    ...whole('persons', '1', '99'),
    title: { zh: '至少多少张赞成与反对票才有效', en: 'votes for and against that a decision needs' },
  },
  'review.abstention': {
    kind: 'choice',
    unit: 'choice',
    options: {
      'as-rejection': {
        zh: '不算赞成：须过全体成员半数',
        en: 'no support: more than half of all members must agree',
      },
      'left-out': {
        zh: '不计：赞成多于反对即可',
        en: 'left out: more votes for than against are enough',
      },
    },
    title: { zh: '弃权票', en: 'abstentions' },
    when: REVIEW,
  },
  'review.amount': {
    kind: 'choice',
    unit: 'choice',
    options: {
      median: { zh: '赞成票所填数额的中位数', en: 'the median of the votes to pass' },
      lowest: { zh: '赞成票所填数额的最小值', en: 'the lowest of the votes to pass' },
      unanimous: { zh: '须一致，否则再议', en: 'they must agree, else the panel votes again' },
    },
    title: { zh: '各票所填金额或点数不同时', en: 'when votes name different amounts or points' },
    when: REVIEW,
  },
  'review.over_quota': {
    kind: 'choice',
    unit: 'choice',
    options: {
      refuse: { zh: '停止，由评审决定取舍', en: 'stop, and let the review choose' },
      'largest-excess': { zh: '保留超出支付标准最多的', en: 'keep those furthest above the standard' },
      earliest: { zh: '保留申请最早的', en: 'keep those that applied first' },
    },
    title: { zh: '通过的病例超过上限时', en: 'when more cases pass than the quota allows' },
    when: REVIEW,
  },
  'review.add_ons': {
    kind: 'choice',
    unit: 'choice',
    options: {
      refused: { zh: '不另加：评审已核付整例', en: 'refused: the review has granted the whole case' },
      'on-top': { zh: '另加：评审结果不含这些项目', en: 'on top: the review leaves those items out' },
    },
    title: { zh: '评审通过的病例又在 add_ons.csv 中', en: 'a case that passed and is in add_ons.csv too' },
    when: REVIEW,
  },
  'review.publication_minimum': {
    ...whole('cases', '1', '1000'),
    title: {
      zh: '公布的数字至少含多少例，少于此数的合并',
      en: 'cases a published figure rests on at least; smaller ones are joined',
    },
  },
} as const satisfies Readonly<Record<string, ParameterDefinition>>;
