import type { ProcedureAttribute } from '#catalogue/area-tables.ts';
import type {
  CatalogueEntry,
  CatalogueIndex,
  GroupCatalogue,
  TreatmentClass,
} from '../catalogue/group-catalogue.ts';
import { matchOperations, type OperationMatch } from '../catalogue/operation-pattern.ts';
import type { DipCase } from './dip-case.ts';
import type { StepName } from './steps.ts';

/** The numbers and booleans of a grouping profile; its steps stand beside them. */
export type GroupingOptions = {
  /** class of a comprehensive group by the attribute of the principal operation, `none` without one */
  readonly comprehensiveClass: Readonly<
    Record<Exclude<ProcedureAttribute, 'minor'> | 'none', TreatmentClass>
  >;
  /** a catalogue's operation code of fewer than seven characters stands for all finer codes */
  readonly operationByStart: boolean;
  /** code of the group for cases no step has a group for; undefined: they are ungrouped */
  readonly blankGroup: string | undefined;
};

export type GroupingProfile = { readonly steps: readonly StepName[]; readonly options: GroupingOptions };

/** Why an operation of the case does not count. */
export type IgnoredReason = 'minor' | 'unused' | 'no-operation' | 'unknown';

/** What a case lacks, or has too much, for a group. */
export type Unmet =
  | { readonly what: 'operation-missing'; readonly missing: readonly string[] }
  | { readonly what: 'has-operations' | 'other-diagnosis' | 'sex' | 'not-day-surgery' | 'other-class' }
  | { readonly what: 'class-unknown' | 'principal-not-named' }
  | { readonly what: 'number'; readonly field: string; readonly range: string };

/** Why a group was or was not chosen. */
export type Verdict =
  | { readonly outcome: 'chosen'; readonly step: StepName }
  /** the step that looks for its kind found a condition unmet */
  | { readonly outcome: 'not-satisfied'; readonly step: StepName; readonly unmet: Unmet }
  /** satisfied, but another one ranked higher in this step: own rank and best rank in the step's words */
  | { readonly outcome: 'lost'; readonly step: StepName; readonly rank: string; readonly best: string }
  /** a group was found before the step that looks for its kind */
  | { readonly outcome: 'later-step' }
  /** no step of the profile looks for its kind */
  | { readonly outcome: 'not-looked-for' };

export type Candidate = { readonly entry: CatalogueEntry; readonly match: OperationMatch };

/** Where the grouping of one case stands. A step takes one and returns the next. */
export type GroupingState = {
  readonly input: DipCase;
  /** operations that count, distinct, in the order of the list */
  readonly operations: readonly string[];
  readonly ignored: readonly { readonly code: string; readonly why: IgnoredReason }[];
  /** every row of the catalogue whose diagnosis the case has */
  readonly candidates: readonly Candidate[];
  /** found and not yet out */
  readonly open: readonly Candidate[];
  readonly verdicts: ReadonlyMap<CatalogueEntry, Verdict>;
  /** the step that found that the case takes no part */
  readonly excludedBy: StepName | undefined;
  /** the step that found the open candidates, and those that narrowed them */
  readonly foundBy: StepName | undefined;
  readonly narrowedBy: readonly StepName[];
};

export type StepContext = { readonly catalogue: GroupCatalogue; readonly options: GroupingOptions };

export function startState(input: DipCase, index: CatalogueIndex, options: GroupingOptions): GroupingState {
  const operations = [...new Set(input.procedures.map((code) => code.trim()))].filter((code) => code !== '');
  return withOperations(
    {
      input,
      operations,
      ignored: [],
      candidates: index.entriesOf(input.principalDiagnosis).map((entry) => ({ entry, match: NO_MATCH })),
      open: [],
      verdicts: new Map(),
      excludedBy: undefined,
      foundBy: undefined,
      narrowedBy: [],
    },
    operations,
    [],
    options,
  );
}

const NO_MATCH: OperationMatch = {
  missing: [],
  matched: [],
  further: [],
  absent: 0,
  whole: 0,
  namesPrincipal: false,
  leadsWithPrincipal: false,
};

/** The state with other operations: every candidate is compared with them anew. */
export function withOperations(
  state: GroupingState,
  operations: readonly string[],
  ignored: GroupingState['ignored'],
  options: GroupingOptions,
): GroupingState {
  const candidates = state.candidates.map(({ entry }) => ({
    entry,
    match: matchOperations(entry.operations, operations, options.operationByStart),
  }));
  return { ...state, operations, ignored: [...state.ignored, ...ignored], candidates };
}

/** Class of the comprehensive group of the case: by its principal operation; undefined when nothing says. */
export function treatmentClass(
  operations: readonly string[],
  { catalogue, options }: StepContext,
): TreatmentClass | undefined {
  const principal = operations[0];
  if (principal === undefined) return options.comprehensiveClass.none;
  const attribute = catalogue.operations?.get(principal)?.attribute;
  return attribute === undefined || attribute === 'minor' ? undefined : options.comprehensiveClass[attribute];
}
