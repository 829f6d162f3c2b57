import type { ParameterDefinition } from '#policy/parameters.ts';

const ratio = (maximum: string, zh: string, en: string) =>
  ({ kind: 'decimal', unit: 'ratio', minimum: '0', maximum, title: { zh, en } }) as const;

// A case's cost is divided by its coefficient, therefore a coefficient is never 0.
const coefficient = (zh: string, en: string) =>
  ({ kind: 'decimal', unit: 'coefficient', minimum: '0.0001', maximum: '10', title: { zh, en } }) as const;

const yuan = (zh: string, en: string) =>
  ({ kind: 'decimal', unit: 'yuan', minimum: '0.0001', maximum: '10000000', title: { zh, en } }) as const;

const BY_DISEASE = { parameter: 'coefficient.method', is: ['by-disease'] } as const;

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
  'score.method': {
    kind: 'choice',
    unit: 'choice',
    options: {
      'average-cost': { zh: '平均费用法：m ÷ M × 平均分值', en: 'average cost: m / M × the mean score' },
      'base-disease': {
        zh: '基准病种法：m ÷ 基准病种的 m × 平均分值',
        en: 'base disease: m / m of the base group × the mean score',
      },
      'fixed-standard': { zh: '固定标准法：m ÷ 固定金额', en: 'fixed standard: m / a fixed amount' },
    },
    title: { zh: '病种分值的算法', en: 'how the score of a group is calculated' },
  },
  'score.base_group': {
    kind: 'text',
    unit: 'name',
    title: { zh: '基准病种的编码', en: 'code of the base group' },
    when: { parameter: 'score.method', is: ['base-disease'] },
  },
  'score.fixed_standard': {
    ...yuan('一分对应的固定金额', 'fixed amount that stands for one point'),
    when: { parameter: 'score.method', is: ['fixed-standard'] },
  },
  'score.mean_reading': {
    kind: 'choice',
    unit: 'choice',
    options: {
      'yearly-means': { zh: '各年均次费用的加权平均', en: 'weighted mean of the yearly means' },
      pooled: {
        zh: '病例按年度加权后的均次费用',
        en: 'mean over all cases, each weighted by its year',
      },
    },
    title: { zh: '加权均次费用的读法', en: 'what a weighted mean cost is' },
  },
  'coefficient.method': {
    kind: 'choice',
    unit: 'choice',
    options: {
      level: { zh: '按级别', en: 'by level' },
      'level-and-type': { zh: '按级别与类型', en: 'by level and type' },
      institution: { zh: '按机构', en: 'by institution' },
      composite: { zh: '基本系数加加成', en: 'base and add-ons of each institution' },
      'by-disease': {
        zh: '符合条件的病种按病种，其余按级别',
        en: 'by disease where the disease qualifies, otherwise by level',
      },
    },
    title: { zh: '机构系数的算法', en: 'how the institution coefficient is calculated' },
  },
  'coefficient.disease_cases': {
    kind: 'integer',
    unit: 'cases',
    minimum: '1',
    maximum: '1000000',
    title: {
      zh: '按病种设系数：每级最少例数',
      en: 'coefficients by disease: least history cases at every level',
    },
    when: BY_DISEASE,
  },
  'coefficient.disease_difference': {
    ...ratio(
      '100',
      '按病种设系数：最高级比最低级至少高出的比例',
      'coefficients by disease: by how much the dearest level must exceed the cheapest',
    ),
    when: BY_DISEASE,
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
  'deviation.mean': {
    kind: 'choice',
    unit: 'choice',
    options: {
      area: { zh: '病种的加权均次费用', en: 'weighted mean cost of the group' },
      'same-level-last-year': {
        zh: '同级别机构上一年度该病种的均次费用',
        en: 'last year’s mean cost of the group at institutions of the same level',
      },
      'point-value': { zh: '支付标准：病种分值×点值', en: 'payment standard: score × point value' },
    },
    title: { zh: '费用比中的病种均次费用', en: 'mean cost of the group in the cost ratio' },
  },
  'deviation.point_value': {
    kind: 'choice',
    unit: 'choice',
    options: {
      published: { zh: '公布的点值', en: 'the published point value' },
      'inlier-start-of-year': {
        zh: '由历史费用与正常分值算出的年初点值',
        en: 'start-of-year value from the cost and the inlier points of the history',
      },
    },
    title: { zh: '支付标准所用的点值', en: 'point value of the payment standard' },
    when: { parameter: 'deviation.mean', is: ['point-value'] },
  },
  'deviation.published_point_value': {
    ...yuan('公布的点值（元/分）', 'published point value, yuan per point'),
    when: { parameter: 'deviation.point_value', is: ['published'] },
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
      review: { zh: '照高倍率计分并送评审', en: 'points of a high outlier, and review' },
    },
    title: { zh: '极高倍率病例', en: 'cases of an extreme ratio' },
  },
  'deviation.extreme_ratio': {
    kind: 'decimal',
    unit: 'ratio',
    minimum: '1',
    maximum: '1000',
    title: { zh: '极高倍率界限', en: 'cost ratio above which a case is extreme' },
    when: { parameter: 'deviation.extreme', is: ['normal', 'review'] },
  },
  'deviation.zero_score': {
    kind: 'choice',
    unit: 'choice',
    options: {
      'no-points': { zh: '不得分', en: 'no points' },
      'actual-cost': { zh: '按实际费用计分', en: 'points for the actual cost' },
    },
    title: { zh: '分值为零的病种', en: 'a group whose score is zero' },
  },
  'deviation.cliff_width': ratio(
    '1',
    '断崖清单的宽度（费用比）',
    'how far above a cliff, in cost ratio, cases are listed for supervisors',
  ),
  'ungrouped.ratio': ratio('1', '未入组病例计分比例', 'share of its cost an ungrouped case is scored with'),
  'ungrouped.second_ratio': ratio(
    '1',
    '未入组病例计分的第二个比例',
    'second factor of the points of an ungrouped case',
  ),
  'ungrouped.standard': {
    kind: 'choice',
    unit: 'choice',
    options: {
      score: { zh: '按病种分值的算法折算', en: 'as the score of a group is calculated' },
      'point-value': { zh: '费用除以点值', en: 'cost divided by the point value of the payment standard' },
    },
    title: { zh: '未入组病例的费用怎样折成分', en: 'how the cost of an ungrouped case becomes points' },
  },
  'ungrouped.blank_group': {
    kind: 'choice',
    unit: 'choice',
    options: {
      'as-ungrouped': { zh: '照未入组病例计分', en: 'as ungrouped cases are' },
      'own-score': {
        zh: '照目录中空白病种的分值，与其他病种相同',
        en: 'by its score in the catalogue, as any other group',
      },
    },
    title: { zh: '空白病种的计分', en: 'points of the blank group' },
    when: { parameter: 'grouping.leftover', is: ['blank-group'] },
  },
} as const satisfies Readonly<Record<string, ParameterDefinition>>;
