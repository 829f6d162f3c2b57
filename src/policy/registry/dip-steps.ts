import type { Text } from '#kernel/locale.ts';

/**
 * The steps a DIP grouping may be made of, in `grouping.steps`: what takes no part, then where to look for groups (each only
 * while there are none), then how to choose between several (each only while there are several).
 * What each does: src/grouping/dip/steps; its rule: docs/domain/dip.md#grouping-steps.
 */
export const DIP_STEPS = {
  'excluded-diagnosis': { zh: '不作主要诊断的编码', en: 'codes that may not be a principal diagnosis' },
  'operation-lists': {
    zh: '不用于分组、视同无手术操作的编码',
    en: 'operations not used for grouping, or that count as none',
  },
  'pre-group': { zh: '先期分组', en: 'pre-groups' },
  merged: { zh: '并项', en: 'merged groups' },
  'diagnosis-assisted': { zh: '诊断辅助细分', en: 'groups divided by further diagnoses' },
  tcm: { zh: '中医优势病种', en: 'TCM-favoured groups' },
  'day-surgery': { zh: '日间手术病种', en: 'day-surgery groups' },
  core: {
    zh: '核心病种：手术操作本例都有',
    en: 'core groups all of whose operations the case has',
  },
  'core-by-principal': {
    zh: '核心病种：手术操作本例都有，且含主要手术操作',
    en: 'core groups all of whose operations the case has, the principal one among them',
  },
  conservative: { zh: '核心病种：无手术操作', en: 'core groups without operations' },
  comprehensive: { zh: '综合病种：类目与主要手术操作属性', en: 'comprehensive group of category and class' },
  'comprehensive-by-grade': {
    zh: '综合病种：类目与主要手术操作级别',
    en: 'comprehensive group of category and grade of operation',
  },
  'comprehensive-range': {
    zh: '综合病种：类目区间与属性',
    en: 'comprehensive group of a range of categories and class',
  },
  'safety-group': { zh: '章节兜底病种', en: 'safety group of a chapter' },
  exact: { zh: '完全匹配优先', en: 'groups that name every operation of the case first' },
  'most-parts': { zh: '“+”组合最多', en: 'most operations joined by +' },
  'most-matched': { zh: '匹配的手术操作最多', en: 'most operations of the case named' },
  'nothing-absent': {
    zh: '所列手术操作无一缺失优先',
    en: 'groups none of whose listed operations is absent first',
  },
  'principal-operation': { zh: '含主要手术操作优先', en: 'groups of the principal operation first' },
  'whole-code': { zh: '完整编码优先于编码前缀', en: 'whole codes before starts of codes' },
  'narrower-diagnosis': { zh: '诊断较细优先', en: 'narrower diagnosis first' },
  'more-conditions': { zh: '条件较多优先', en: 'more conditions first' },
  'nearest-cost': { zh: '均次费用与本例费用最接近（由账单决定）', en: 'mean cost nearest to the bill' },
  'higher-score': { zh: '分值较高', en: 'higher score' },
  'type-priority': { zh: '病种类型与手术类别的优先次序', en: 'order of kinds and classes of operation' },
  'kind-priority': {
    zh: '核心先于基层，基层先于综合',
    en: 'core groups before primary-care groups, these before comprehensive ones',
  },
  'smaller-code': { zh: '编码在前', en: 'code first in text order' },
} as const satisfies Readonly<Record<string, Text>>;

export type DipStepName = keyof typeof DIP_STEPS;
