import type { Text } from '#kernel/locale.ts';
import * as choose from './choose-steps.ts';
import type { CaseInput } from './dip-case.ts';
import type { Step } from './find-steps.ts';
import * as find from './find-steps.ts';

/**
 * `exclude` steps say what takes no part; `find` steps look for groups while there are none; `choose` steps narrow what was
 * found while there are several.
 */
export type StepFamily = 'exclude' | 'find' | 'choose';

export type StepDefinition = {
  readonly family: StepFamily;
  readonly run: Step;
  readonly title: Text;
  /** id of the document in policies/documents.yaml, and its article; null: what cities do, in no official text seen */
  readonly source: readonly [document: string, article: string] | null;
  /** inputs the step reads beside diagnosis, procedures and the conditions of the catalogue */
  readonly reads?: readonly CaseInput[];
};

const SPECIFICATION = 'dip-specification-3.0-draft';
const ordered = [SPECIFICATION, '§3.3'] as const;
const built = [SPECIFICATION, '第三章'] as const;

/** Every step a grouping profile may name, in `grouping.steps`. */
export const STEPS = {
  'excluded-diagnosis': {
    family: 'exclude',
    run: find.excludedDiagnosis,
    title: { zh: '不作主要诊断的编码', en: 'codes that may not be a principal diagnosis' },
    source: built,
  },
  'operation-lists': {
    family: 'exclude',
    run: find.operationLists,
    title: {
      zh: '不用于分组、视同无手术操作的编码',
      en: 'operations not used for grouping, or that count as none',
    },
    source: built,
  },
  'pre-group': {
    family: 'find',
    run: find.findKind('pre-group'),
    title: { zh: '先期分组', en: 'pre-groups' },
    source: ordered,
  },
  merged: {
    family: 'find',
    run: find.findKind('merged'),
    title: { zh: '并项', en: 'merged groups' },
    source: ordered,
  },
  'diagnosis-assisted': {
    family: 'find',
    run: find.findKind('diagnosis-assisted'),
    title: { zh: '诊断辅助细分', en: 'groups divided by further diagnoses' },
    source: ordered,
  },
  tcm: {
    family: 'find',
    run: find.findKind('tcm'),
    title: { zh: '中医优势病种', en: 'TCM-favoured groups' },
    source: built,
  },
  'day-surgery': {
    family: 'find',
    run: find.findKind('day-surgery'),
    title: { zh: '日间手术病种', en: 'day-surgery groups' },
    source: null,
    reads: ['day_surgery'],
  },
  core: {
    family: 'find',
    run: find.findCore,
    title: {
      zh: '核心病种：手术操作本例都有',
      en: 'core groups all of whose operations the case has',
    },
    source: ordered,
  },
  'core-by-principal': {
    family: 'find',
    run: find.findCoreByPrincipal,
    title: {
      zh: '核心病种：手术操作本例都有，且含主要手术操作',
      en: 'core groups all of whose operations the case has, the principal one among them',
    },
    source: ordered,
  },
  conservative: {
    family: 'find',
    run: find.findConservative,
    title: { zh: '核心病种：无手术操作', en: 'core groups without operations' },
    source: ordered,
  },
  comprehensive: {
    family: 'find',
    run: find.findComprehensive,
    title: { zh: '综合病种：类目与主要手术操作属性', en: 'comprehensive group of category and class' },
    source: ordered,
  },
  'comprehensive-by-grade': {
    family: 'find',
    run: find.findComprehensiveByGrade,
    title: {
      zh: '综合病种：类目与主要手术操作级别',
      en: 'comprehensive group of category and grade of operation',
    },
    source: null,
  },
  'comprehensive-range': {
    family: 'find',
    run: find.findComprehensiveRange,
    title: { zh: '综合病种：类目区间与属性', en: 'comprehensive group of a range of categories and class' },
    source: null,
  },
  'safety-group': {
    family: 'find',
    run: find.findSafetyGroup,
    title: { zh: '章节兜底病种', en: 'safety group of a chapter' },
    source: null,
  },
  'blank-group': {
    family: 'find',
    run: find.blankGroup,
    title: { zh: '空白病种', en: 'blank group' },
    source: null,
  },
  exact: {
    family: 'choose',
    run: choose.exact,
    title: { zh: '完全匹配优先', en: 'groups that name every operation of the case first' },
    source: ordered,
  },
  'most-parts': {
    family: 'choose',
    run: choose.mostParts,
    title: { zh: '“+”组合最多', en: 'most operations joined by +' },
    source: null,
  },
  'most-matched': {
    family: 'choose',
    run: choose.mostMatched,
    title: { zh: '匹配的手术操作最多', en: 'most operations of the case named' },
    source: ordered,
  },
  'nothing-absent': {
    family: 'choose',
    run: choose.nothingAbsent,
    title: { zh: '所列手术操作无一缺失优先', en: 'groups none of whose listed operations is absent first' },
    source: null,
  },
  'principal-operation': {
    family: 'choose',
    run: choose.principalOperation,
    title: { zh: '含主要手术操作优先', en: 'groups of the principal operation first' },
    source: ordered,
  },
  'whole-code': {
    family: 'choose',
    run: choose.wholeCode,
    title: { zh: '完整编码优先于编码前缀', en: 'whole codes before starts of codes' },
    source: null,
  },
  'narrower-diagnosis': {
    family: 'choose',
    run: choose.narrowerDiagnosis,
    title: { zh: '诊断较细优先', en: 'narrower diagnosis first' },
    source: null,
  },
  'more-conditions': {
    family: 'choose',
    run: choose.moreConditions,
    title: { zh: '条件较多优先', en: 'more conditions first' },
    source: null,
  },
  'nearest-cost': {
    family: 'choose',
    run: choose.nearestCost,
    title: { zh: '均次费用与本例费用最接近（由账单决定）', en: 'mean cost nearest to the bill' },
    source: null,
    reads: ['cost'],
  },
  'higher-score': {
    family: 'choose',
    run: choose.higherScore,
    title: { zh: '分值较高', en: 'higher score' },
    source: null,
  },
  'type-priority': {
    family: 'choose',
    run: choose.typePriority,
    title: { zh: '病种类型与手术类别的优先次序', en: 'order of kinds and classes of operation' },
    source: null,
  },
  'smaller-code': {
    family: 'choose',
    run: choose.smallerCode,
    title: { zh: '编码在前', en: 'code first in text order' },
    source: null,
  },
} as const satisfies Readonly<Record<string, StepDefinition>>;

export type StepName = keyof typeof STEPS;
export const STEP_NAMES = Object.keys(STEPS) as readonly StepName[];
export const isStepName = (text: string): text is StepName => Object.hasOwn(STEPS, text);
export const stepDefinition = (name: StepName): StepDefinition => STEPS[name];
