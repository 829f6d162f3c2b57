import { bareDiagnosis, matchesDiagnosis } from '../catalogue/diagnosis-pattern.ts';
import {
  CONDITION_FIELDS,
  type GroupKind,
  isRangeEntry,
  type TreatmentClass,
} from '../catalogue/group-catalogue.ts';
import { isInRange, rangeText } from '../catalogue/number-range.ts';
import {
  type Candidate,
  type GroupingState,
  type StepContext,
  treatmentClass,
  type Unmet,
  type Verdict,
  withOperations,
} from './grouping-state.ts';
import type { StepName } from './steps.ts';

/** Takes one state and gives the next; pure. */
export type Step = (state: GroupingState, context: StepContext, name: StepName) => GroupingState;

/** A principal diagnosis on the exclusion list ends the grouping. */
export const excludedDiagnosis: Step = (state, { catalogue }, step) => {
  const code = bareDiagnosis(state.input.principalDiagnosis);
  const isExcluded = catalogue.excludedDiagnoses.some((pattern) => matchesDiagnosis(pattern, code));
  return isExcluded ? { ...state, excludedBy: step } : state;
};

/** Operations that do not count are left out: minor, on a list of the catalogue, or in no list at all. */
export const operationLists: Step = (state, { catalogue, options }) => {
  const whyNot = (code: string) => {
    if (catalogue.noOperations.has(code)) return 'no-operation';
    if (catalogue.unusedOperations.has(code)) return 'unused';
    if (catalogue.operations === undefined) return undefined;
    const known = catalogue.operations.get(code);
    if (known === undefined) return 'unknown';
    return known.attribute === 'minor' ? 'minor' : undefined;
  };
  const ignored = state.operations.flatMap((code) => {
    const why = whyNot(code);
    return why === undefined ? [] : [{ code, why } as const];
  });
  const operations = state.operations.filter((code) => whyNot(code) === undefined);
  return withOperations(state, operations, ignored, options);
};

/** What a candidate asks for that the case does not satisfy, operations and class apart. */
function unmetCondition({ entry }: Candidate, { input }: GroupingState): Unmet | undefined {
  for (const field of CONDITION_FIELDS) {
    const range = entry.numbers[field];
    if (range && !isInRange(range, input[field])) return { what: 'number', field, range: rangeText(range) };
  }
  if (entry.sex !== undefined && entry.sex !== input.sex) return { what: 'sex' };
  if (entry.kind === 'day-surgery' && input.isDaySurgery !== true) return { what: 'not-day-surgery' };
  const { otherDiagnoses } = entry;
  const hasOther = input.otherDiagnoses.some((code) =>
    otherDiagnoses.some((pattern) => matchesDiagnosis(pattern, bareDiagnosis(code))),
  );
  return otherDiagnoses.length === 0 || hasOther ? undefined : { what: 'other-diagnosis' };
}

function unmetOperations({ entry, match }: Candidate, { operations }: GroupingState): Unmet | undefined {
  if (match.missing.length > 0) return { what: 'operation-missing', missing: match.missing };
  // a group without operations is for cases without them; pre-groups do not look at operations they do not name
  const isForNone = entry.operations.parts.length === 0 && entry.kind !== 'pre-group';
  return isForNone && operations.length > 0 ? { what: 'has-operations' } : undefined;
}

/** Looks for candidates while there are none. `unmet` says why one that is looked for is not satisfied. */
const find =
  (
    looksFor: (candidate: Candidate) => boolean,
    unmet: (candidate: Candidate, state: GroupingState, context: StepContext) => Unmet | undefined,
  ): Step =>
  (state, context, step) => {
    if (state.open.length > 0) return state;
    const verdicts = new Map(state.verdicts);
    const open: Candidate[] = [];
    for (const candidate of state.candidates.filter(looksFor)) {
      const missing = unmet(candidate, state, context) ?? unmetCondition(candidate, state);
      if (missing === undefined) open.push(candidate);
      else
        verdicts.set(candidate.entry, { outcome: 'not-satisfied', step, unmet: missing } satisfies Verdict);
    }
    return { ...state, verdicts, open, foundBy: open.length > 0 ? step : undefined };
  };

const isOf =
  (...kinds: readonly GroupKind[]) =>
  ({ entry }: Candidate): boolean =>
    kinds.includes(entry.kind);
const hasOperations = ({ entry }: Candidate): boolean => entry.operations.parts.length > 0;

/** Groups of one kind whose operations and conditions the case has. */
export const findKind = (kind: GroupKind): Step => find(isOf(kind), unmetOperations);

/** Core groups with operations, all of which the case has. */
export const findCore: Step = find(
  (each) => isOf('core', 'primary-care')(each) && hasOperations(each),
  unmetOperations,
);

/** The same, and the principal operation of the case must be among those of the group. */
export const findCoreByPrincipal: Step = find(
  (each) => isOf('core', 'primary-care')(each) && hasOperations(each),
  (candidate, state) =>
    unmetOperations(candidate, state) ??
    (candidate.match.namesPrincipal ? undefined : { what: 'principal-not-named' }),
);

/** Core groups without operations, for a case without any that counts. */
export const findConservative: Step = find(
  (each) => isOf('core', 'primary-care')(each) && !hasOperations(each),
  unmetOperations,
);

const ofClass =
  (classOf: (state: GroupingState, context: StepContext) => TreatmentClass | undefined) =>
  (candidate: Candidate, state: GroupingState, context: StepContext): Unmet | undefined => {
    const wanted = candidate.entry.treatmentClass;
    if (candidate.match.missing.length > 0) {
      return { what: 'operation-missing', missing: candidate.match.missing };
    }
    if (wanted === undefined) return undefined;
    const own = classOf(state, context);
    if (own === undefined) return { what: 'class-unknown' };
    return own === wanted ? undefined : { what: 'other-class' };
  };
const byAttribute = ofClass((state, context) => treatmentClass(state.operations, context));

/** Class by the grade of the principal operation: grades 3 and 4 give 3, 2 gives 2, 1 gives 1. */
const byGrade = ofClass(({ operations }, { catalogue }) => {
  const grade = operations[0] === undefined ? undefined : catalogue.operations?.get(operations[0])?.grade;
  return grade === undefined ? undefined : (String(Math.min(grade, 3)) as TreatmentClass);
});

const isComprehensive = isOf('comprehensive');
const isRange = ({ entry }: Candidate): boolean => isRangeEntry(entry);

/** The comprehensive group of the category and the class of the principal operation. */
export const findComprehensive: Step = find((each) => isComprehensive(each) && !isRange(each), byAttribute);

/** The same with classes by grade. */
export const findComprehensiveByGrade: Step = find(
  (each) => isComprehensive(each) && !isRange(each),
  byGrade,
);

/** The comprehensive group of a range of categories, with a class. */
export const findComprehensiveRange: Step = find(
  (each) => isComprehensive(each) && isRange(each) && each.entry.treatmentClass !== undefined,
  byAttribute,
);

/** The group of a chapter or range that takes what nothing else took, whatever the class. */
export const findSafetyGroup: Step = find(
  (each) => isComprehensive(each) && isRange(each) && each.entry.treatmentClass === undefined,
  byAttribute,
);
