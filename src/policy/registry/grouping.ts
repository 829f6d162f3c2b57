import type { ParameterDefinition } from '#policy/parameters.ts';
import { DIP_STEPS } from '#policy/registry/dip-steps.ts';

const DIP_REFERENCE = { parameter: 'grouping.method', is: ['dip-reference'] } as const;
const DIP_CATALOGUE = { parameter: 'grouping.method', is: ['dip-catalogue'] } as const;
const DIP = { parameter: 'grouping.method', is: ['dip-reference', 'dip-catalogue'] } as const;
const DRG = { parameter: 'grouping.method', is: ['drg'] } as const;

const comprehensiveClass = (zh: string, en: string) =>
  ({
    kind: 'integer',
    unit: 'class',
    minimum: '1',
    maximum: '9',
    title: { zh, en },
    when: DIP,
  }) as const;

/** Parameters of grouping and the catalogue. What each kind may hold: `parameters.ts`. */
export const GROUPING_PARAMETERS = {
  'grouping.method': {
    kind: 'choice',
    unit: 'choice',
    options: {
      'dip-reference': {
        zh: '按病种分值付费：参考方案的核心与综合病种',
        en: 'DIP: core and comprehensive groups of the reference profile',
      },
      'dip-catalogue': {
        zh: '按病种分值付费：公布的病种目录，按步骤入组',
        en: 'DIP: a published group catalogue and an ordered list of steps',
      },
      drg: { zh: '按疾病诊断相关分组付费：一套 DRG 分组方案', en: 'DRG: the groups of a DRG scheme' },
    },
    title: { zh: '分组方法', en: 'how lists are grouped' },
  },
  'grouping.scheme': {
    kind: 'text',
    unit: 'name',
    title: {
      zh: 'DRG 分组方案：已导入或自带的名称，或地区文件夹中的文件夹',
      en: 'DRG scheme: a name imported or bundled, or a folder of the area folder',
    },
    when: DRG,
  },
  'grouping.ambiguous': {
    kind: 'choice',
    unit: 'choice',
    options: {
      ungrouped: { zh: '按未入组病例', en: 'as ungrouped cases' },
      group: { zh: '作为一个组计分', en: 'as a group with its own score' },
    },
    title: {
      zh: '诊断与手术操作不符（QY）的病例',
      en: 'cases whose procedures do not fit the diagnosis (QY)',
    },
    when: DRG,
  },
  'catalogue.minimum_cases': {
    kind: 'integer',
    unit: 'cases',
    minimum: '1',
    maximum: '1000000',
    title: { zh: '病组计分所需历史例数', en: 'history cases a DRG needs for a score' },
    when: DRG,
  },
  'catalogue.stability': {
    kind: 'choice',
    unit: 'choice',
    options: {
      none: { zh: '不看费用离散程度', en: 'the spread of the costs does not count' },
      cv: {
        zh: '历史费用的 CV 超过上限的病组不计分',
        en: 'groups whose costs vary above a limit have no score',
      },
    },
    title: { zh: '稳定病组的条件', en: 'what makes a DRG stable' },
    when: DRG,
  },
  'catalogue.maximum_cv': {
    kind: 'decimal',
    unit: 'ratio',
    minimum: '0',
    maximum: '100',
    title: { zh: '稳定病组历史费用的最大 CV', en: 'greatest coefficient of variation of a stable DRG' },
    when: { parameter: 'catalogue.stability', is: ['cv'] },
  },
  'grouping.steps': {
    kind: 'steps',
    unit: 'steps',
    options: DIP_STEPS,
    title: { zh: '入组步骤', en: 'steps of grouping' },
    when: DIP_CATALOGUE,
  },
  'grouping.operation_codes': {
    kind: 'choice',
    unit: 'choice',
    options: {
      whole: { zh: '目录中的手术操作编码是完整编码', en: 'the catalogue names whole operation codes' },
      start: {
        zh: '不足七位的手术操作编码代表其下全部细目',
        en: 'an operation code of fewer than seven characters stands for all finer codes',
      },
    },
    title: { zh: '目录中手术操作编码的含义', en: 'what an operation code of the catalogue stands for' },
    when: DIP_CATALOGUE,
  },
  'grouping.leftover': {
    kind: 'choice',
    unit: 'choice',
    options: {
      ungrouped: { zh: '未入组', en: 'ungrouped' },
      'blank-group': { zh: '进入空白病种', en: 'the blank group' },
    },
    title: { zh: '各步都没有病种的病例', en: 'what becomes of a case for which no step has a group' },
    when: DIP_CATALOGUE,
  },
  'grouping.blank_group': {
    kind: 'text',
    unit: 'name',
    title: { zh: '空白病种编码', en: 'code of the blank group' },
    when: { parameter: 'grouping.leftover', is: ['blank-group'] },
  },
  'grouping.catalogue': {
    kind: 'text',
    unit: 'name',
    title: {
      zh: '病种目录：已导入的名称，或地区文件夹中的文件',
      en: 'group catalogue: the name it was imported under, or a file of the area folder',
    },
    when: DIP_CATALOGUE,
  },
  'catalogue.core_threshold': {
    kind: 'integer',
    unit: 'cases',
    minimum: '1',
    maximum: '1000000',
    title: { zh: '核心病种例数门槛', en: 'history cases a core disease group needs' },
    when: DIP,
  },
  'catalogue.related_operation_increase': {
    kind: 'decimal',
    unit: 'ratio',
    minimum: '0',
    maximum: '10',
    title: {
      zh: '相关手术操作单独成组须提高的费用比例',
      en: 'share by which related operations must raise the cost to make a group of their own',
    },
    when: DIP_CATALOGUE,
  },
  'grouping.core_diagnosis_length': {
    kind: 'integer',
    unit: 'characters',
    minimum: '3',
    maximum: '10',
    title: { zh: '核心病种的主要诊断位数', en: 'characters of the principal diagnosis in a core group' },
    when: DIP_REFERENCE,
  },
  'grouping.comprehensive_diagnosis_length': {
    kind: 'integer',
    unit: 'characters',
    minimum: '1',
    maximum: '10',
    title: {
      zh: '综合病种的主要诊断位数',
      en: 'characters of the principal diagnosis in a comprehensive group',
    },
    when: DIP_REFERENCE,
  },
  'comprehensive.class.surgery': comprehensiveClass('综合病种类别：手术', 'comprehensive class: surgery'),
  'comprehensive.class.intervention': comprehensiveClass(
    '综合病种类别：介入治疗',
    'comprehensive class: intervention',
  ),
  'comprehensive.class.therapeutic': comprehensiveClass(
    '综合病种类别：治疗性操作',
    'comprehensive class: therapeutic procedure',
  ),
  'comprehensive.class.diagnostic': comprehensiveClass(
    '综合病种类别：诊断性操作',
    'comprehensive class: diagnostic procedure',
  ),
  'comprehensive.class.none': comprehensiveClass(
    '综合病种类别：无手术操作',
    'comprehensive class: no procedure',
  ),
} as const satisfies Readonly<Record<string, ParameterDefinition>>;
