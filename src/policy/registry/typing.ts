import type { ParameterDefinition } from '#policy/parameters.ts';

const ON = { parameter: 'typing.method', is: ['highest-trigger'] } as const;

const cases = (zh: string, en: string) =>
  ({
    kind: 'integer',
    unit: 'cases',
    minimum: '0',
    maximum: '1000000',
    title: { zh, en },
    when: ON,
  }) as const;
const ratio = (zh: string, en: string) =>
  ({ kind: 'decimal', unit: 'ratio', minimum: '0', maximum: '1', title: { zh, en }, when: ON }) as const;

/** Parameters of auxiliary typing. What each kind may hold: `parameters.ts`; the rule: docs/domain/dip.md#typing. */
export const TYPING_PARAMETERS = {
  'typing.method': {
    kind: 'choice',
    unit: 'choice',
    options: {
      none: { zh: '不作辅助分型', en: 'no auxiliary typing' },
      'highest-trigger': {
        zh: '取触发系数最高的分型',
        en: 'the type with the highest trigger coefficient',
      },
    },
    title: { zh: '辅助分型', en: 'auxiliary typing' },
  },
  'typing.types': {
    kind: 'text',
    unit: 'name',
    title: {
      zh: '分型定义：随项目的名称，或地区文件夹中的文件',
      en: 'definition of the types: one that comes with the project, or a file of the area folder',
    },
    when: ON,
  },
  'typing.disease_cases': cases(
    '触发：病种上一年度例数须多于',
    'trigger: last year’s cases of the group must exceed',
  ),
  'typing.type_cases': cases(
    '触发：分型上一年度例数须多于',
    'trigger: last year’s cases of the type must exceed',
  ),
  'typing.cv_drop': ratio('触发：变异系数至少下降', 'trigger: least drop of the coefficient of variation'),
  'typing.loose.disease_cases': cases(
    '触发（条件放宽的分型）：病种上一年度例数须多于',
    'trigger of types with looser limits: last year’s cases of the group must exceed',
  ),
  'typing.loose.type_cases': cases(
    '触发（条件放宽的分型）：分型上一年度例数须多于',
    'trigger of types with looser limits: last year’s cases of the type must exceed',
  ),
  'typing.loose.cv_drop': ratio(
    '触发（条件放宽的分型）：变异系数至少下降',
    'trigger of types with looser limits: least drop of the coefficient of variation',
  ),
  'typing.adjusted_share': ratio(
    '上一年度被调整病例的最高占比',
    'highest share of last year’s cases that may be adjusted',
  ),
  'typing.adjustment': {
    kind: 'choice',
    unit: 'choice',
    options: {
      'fitting-cases': {
        zh: '符合该分型的全部病例的均次费用',
        en: 'mean cost of all cases that fit the type',
      },
      'chosen-cases': {
        zh: '最终取该分型的病例的均次费用',
        en: 'mean cost of the cases whose type it finally is',
      },
    },
    title: { zh: '调整系数中的分型均次费用', en: 'mean cost of the type in the adjustment coefficient' },
    when: ON,
  },
  'typing.ratio_base': {
    kind: 'choice',
    unit: 'choice',
    options: {
      'without-type': { zh: '费用比的分母不乘调整系数', en: 'the base of the cost ratio is not adjusted' },
      'with-type': { zh: '费用比的分母乘调整系数', en: 'the base of the cost ratio is adjusted too' },
    },
    title: { zh: '辅助分型后费用与什么相比', en: 'what the cost of a typed case is compared with' },
    when: ON,
  },
} as const satisfies Readonly<Record<string, ParameterDefinition>>;
