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
  },
  'ungrouped.ratio': ratio('1', '未入组病例计分比例', 'share of its cost an ungrouped case is scored with'),
} as const satisfies Readonly<Record<string, ParameterDefinition>>;
