import type { ParameterDefinition } from '#policy/parameters.ts';

const ratio = (maximum: string, zh: string, en: string) =>
  ({ kind: 'decimal', unit: 'ratio', minimum: '0', maximum, title: { zh, en } }) as const;

// A case's cost is divided by its coefficient, therefore a coefficient is never 0.
const coefficient = (zh: string, en: string) =>
  ({ kind: 'decimal', unit: 'coefficient', minimum: '0.0001', maximum: '10', title: { zh, en } }) as const;

/** Parameters of scores, coefficients and the points of a case. What each kind may hold: `parameters.ts`. */
export const POINTS_PARAMETERS = {
  'score.year_weights': {
    kind: 'integers',
    unit: 'weights',
    minimum: '1',
    maximum: '1000',
    title: { zh: '历史年度权重（由远到近）', en: 'weights of the history years, oldest first' },
  },
  'score.mean_score': {
    kind: 'integer',
    unit: 'points',
    minimum: '1',
    maximum: '1000000',
    title: { zh: '平均费用对应的分值', en: 'score of a group of average cost' },
  },
  'score.unit': {
    kind: 'choice',
    unit: 'choice',
    options: {
      score: {
        zh: '分值：平均费用对应的分值 × m ÷ M，保留四位；weights.csv 写分值',
        en: 'score: score of average cost × m / M to four decimals; weights.csv holds scores',
      },
      weight: {
        zh: '权重：m ÷ M 保留四位，再乘平均费用对应的分值；weights.csv 写权重',
        en: 'weight: m / M to four decimals, then × score of average cost; weights.csv holds weights',
      },
    },
    title: { zh: '以分值还是权重为准', en: 'whether scores or weights are what is rounded and published' },
  },
  'score.source': {
    kind: 'choice',
    unit: 'choice',
    options: {
      history: { zh: '由历史清单计算', en: 'calculated from the history' },
      table: { zh: '采用地区表 weights.csv', en: 'as weights.csv of the area says' },
    },
    title: { zh: '分值或权重的来源', en: 'where scores or weights come from' },
  },
  'score.missing': {
    kind: 'choice',
    unit: 'choice',
    options: {
      refuse: { zh: '报错并停止', en: 'refuse to settle' },
      ungrouped: { zh: '按未入组病例，列入运行清单', en: 'as ungrouped cases, named in the manifest' },
    },
    title: { zh: 'weights.csv 中没有的病组', en: 'a group that weights.csv lacks' },
    when: { parameter: 'score.source', is: ['table'] },
  },
  'coefficient.no_history': coefficient(
    '无历史数据级别的机构系数',
    'institution coefficient of a level without history',
  ),
  'coefficient.primary_care': coefficient(
    '基层病种的机构系数',
    'institution coefficient in primary-care groups',
  ),
  'deviation.low_ratio': ratio('1', '低倍率界限', 'cost ratio below which a case is a low outlier'),
  'deviation.high_ratio': {
    kind: 'decimal',
    unit: 'ratio',
    minimum: '1',
    maximum: '100',
    title: { zh: '高倍率界限', en: 'cost ratio above which a case is a high outlier' },
    when: { parameter: 'deviation.high_by', is: ['ratio'] },
  },
  'deviation.high_by': {
    kind: 'choice',
    unit: 'choice',
    options: {
      ratio: { zh: '各组同一倍数', en: 'one ratio for all groups' },
      bands: { zh: '按基准点数分档的倍数', en: 'ratios by bands of the score' },
      percentile: { zh: '各组历史费用的百分位', en: 'a percentile of the costs of the group' },
    },
    title: { zh: '高倍率界限的定法', en: 'how the high limit is set' },
  },
  'deviation.high_bands': {
    kind: 'bands',
    unit: 'ratio',
    minimum: '1',
    maximum: '100',
    title: { zh: '各档基准点数的高倍率界限', en: 'high limit by the score of the group' },
    when: { parameter: 'deviation.high_by', is: ['bands'] },
  },
  'deviation.high_percentile': {
    kind: 'decimal',
    unit: 'ratio',
    minimum: '0.5',
    maximum: '1',
    title: {
      zh: '高倍率百分位：历史费用不超过界限的份额',
      en: 'share of the history of a group that lies within the high limit',
    },
    when: { parameter: 'deviation.high_by', is: ['percentile'] },
  },
  'deviation.low_boundary': {
    kind: 'choice',
    unit: 'choice',
    options: {
      below: { zh: '低于界限才是低倍率', en: 'low only below the limit' },
      'at-or-below': { zh: '等于界限也是低倍率', en: 'low also exactly on the limit' },
    },
    title: { zh: '正好在低倍率界限上的病例', en: 'a case exactly on the low limit' },
  },
  'deviation.high_boundary': {
    kind: 'choice',
    unit: 'choice',
    options: {
      above: { zh: '高于界限才是高倍率', en: 'high only above the limit' },
      'at-or-above': { zh: '等于界限也是高倍率', en: 'high also exactly on the limit' },
    },
    title: { zh: '正好在高倍率界限上的病例', en: 'a case exactly on the high limit' },
  },
  'deviation.ratio_base': {
    kind: 'choice',
    unit: 'choice',
    options: {
      'mean-and-coefficient': {
        zh: '病种均次费用乘机构系数',
        en: 'mean cost of the group times the coefficient',
      },
      mean: { zh: '病种均次费用', en: 'mean cost of the group' },
    },
    title: { zh: '费用与什么相比', en: 'what the cost is compared with' },
  },
  'deviation.low_points': {
    kind: 'choice',
    unit: 'choice',
    options: {
      'with-coefficient': { zh: '分值×系数×费用比', en: 'score × coefficient × ratio' },
      'without-coefficient': { zh: '分值×费用比', en: 'score × ratio' },
    },
    title: { zh: '低倍率病例的计分', en: 'points of a low outlier' },
  },
  'deviation.high_points': {
    kind: 'choice',
    unit: 'choice',
    options: {
      'coefficient-times-excess': {
        zh: '分值×系数×（费用比−界限＋1）',
        en: 'score × coefficient × (ratio − limit + 1)',
      },
      'excess-plus-coefficient': {
        zh: '分值×（费用比−界限＋系数）',
        en: 'score × (ratio − limit + coefficient)',
      },
      'excess-without-coefficient': {
        zh: '分值×（费用比−界限＋1），不用系数',
        en: 'score × (ratio − limit + 1), without the coefficient',
      },
      normal: { zh: '不加分，可申请特例单议', en: 'no extra points; special-case review is open' },
    },
    title: { zh: '高倍率病例的计分', en: 'points of a high outlier' },
  },
  'deviation.extreme': {
    kind: 'choice',
    unit: 'choice',
    options: {
      none: { zh: '不设', en: 'no such limit' },
      normal: { zh: '按正常病例计分并送评审', en: 'normal points, and review' },
    },
    title: { zh: '极高倍率病例', en: 'cases of an extreme ratio' },
  },
  'deviation.extreme_ratio': {
    kind: 'decimal',
    unit: 'ratio',
    minimum: '1',
    maximum: '1000',
    title: { zh: '极高倍率界限', en: 'cost ratio above which a case is extreme' },
    when: { parameter: 'deviation.extreme', is: ['normal'] },
  },
  'ungrouped.ratio': ratio('1', '未入组病例计分比例', 'share of its cost an ungrouped case is scored with'),
} as const satisfies Readonly<Record<string, ParameterDefinition>>;
