import type { DipStepName } from '#policy/index.ts';
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
  /** id of the document in policies/documents.yaml, and its article; null: what cities do, in no official text seen */
  readonly source: readonly [document: string, article: string] | null;
  /** inputs the step reads beside diagnosis, procedures and the conditions of the catalogue */
  readonly reads?: readonly CaseInput[];
};

const SPECIFICATION = 'dip-specification-3.0-draft';
const ordered = [SPECIFICATION, '§3.3'] as const;
const built = [SPECIFICATION, '第三章'] as const;

export type StepName = DipStepName;

/** Every step a grouping profile may name, in `grouping.steps`. */
export const STEPS: Readonly<Record<StepName, StepDefinition>> = {
  'excluded-diagnosis': {
    family: 'exclude',
    run: find.excludedDiagnosis,
    source: built,
  },
  'operation-lists': {
    family: 'exclude',
    run: find.operationLists,
    source: built,
  },
  'pre-group': {
    family: 'find',
    run: find.findKind('pre-group'),
    source: ordered,
  },
  merged: {
    family: 'find',
    run: find.findKind('merged'),
    source: ordered,
  },
  'diagnosis-assisted': {
    family: 'find',
    run: find.findKind('diagnosis-assisted'),
    source: ordered,
  },
  tcm: {
    family: 'find',
    run: find.findKind('tcm'),
    source: built,
  },
  'day-surgery': {
    family: 'find',
    run: find.findKind('day-surgery'),
    source: null,
    reads: ['day_surgery'],
  },
  core: {
    family: 'find',
    run: find.findCore,
    source: ordered,
  },
  'core-by-principal': {
    family: 'find',
    run: find.findCoreByPrincipal,
    source: ordered,
  },
  conservative: {
    family: 'find',
    run: find.findConservative,
    source: ordered,
  },
  comprehensive: {
    family: 'find',
    run: find.findComprehensive,
    source: ordered,
  },
  'comprehensive-by-grade': {
    family: 'find',
    run: find.findComprehensiveByGrade,
    source: null,
  },
  'comprehensive-range': {
    family: 'find',
    run: find.findComprehensiveRange,
    source: null,
  },
  'safety-group': {
    family: 'find',
    run: find.findSafetyGroup,
    source: null,
  },
  exact: {
    family: 'choose',
    run: choose.exact,
    source: ordered,
  },
  'most-parts': {
    family: 'choose',
    run: choose.mostParts,
    source: null,
  },
  'most-matched': {
    family: 'choose',
    run: choose.mostMatched,
    source: ordered,
  },
  'nothing-absent': {
    family: 'choose',
    run: choose.nothingAbsent,
    source: null,
  },
  'principal-operation': {
    family: 'choose',
    run: choose.principalOperation,
    source: ordered,
  },
  'whole-code': {
    family: 'choose',
    run: choose.wholeCode,
    source: null,
  },
  'narrower-diagnosis': {
    family: 'choose',
    run: choose.narrowerDiagnosis,
    source: null,
  },
  'more-conditions': {
    family: 'choose',
    run: choose.moreConditions,
    source: null,
  },
  'nearest-cost': {
    family: 'choose',
    run: choose.nearestCost,
    source: null,
    reads: ['cost'],
  },
  'higher-score': {
    family: 'choose',
    run: choose.higherScore,
    source: null,
  },
  'type-priority': {
    family: 'choose',
    run: choose.typePriority,
    source: null,
  },
  'kind-priority': {
    family: 'choose',
    run: choose.kindPriority,
    source: null,
  },
  'smaller-code': {
    family: 'choose',
    run: choose.smallerCode,
    source: null,
  },
};

export const STEP_NAMES = Object.keys(STEPS) as readonly StepName[];
