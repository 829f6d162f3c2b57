import {
  type CatalogueEntry,
  type CatalogueIndex,
  CONDITION_FIELDS,
  type GroupCatalogue,
  type GroupKind,
  type TreatmentClass,
} from './catalogue/group-catalogue.ts';
import type { CaseInput, DipCase } from './steps/dip-case.ts';
import {
  type Candidate,
  type GroupingProfile,
  type GroupingState,
  startState,
  treatmentClass,
  type Verdict,
} from './steps/grouping-state.ts';
import { STEPS, type StepName } from './steps/steps.ts';

/** Why a case has no group, or the blank one. */
export type UngroupedReason = 'diagnosis-excluded' | 'no-diagnosis' | 'class-unknown' | 'no-group';

/** What grouping says of one case, with every group it looked at. */
export type Grouping = {
  readonly status: 'grouped' | 'blank' | 'ungrouped';
  readonly groupCode: string | undefined;
  readonly kind: GroupKind | 'blank' | 'ungrouped';
  readonly entry: CatalogueEntry | undefined;
  readonly reason: UngroupedReason | undefined;
  /** the steps that found the group and that decided between several */
  readonly decidedBy: readonly StepName[];
  readonly operations: readonly string[];
  readonly ignored: GroupingState['ignored'];
  readonly treatmentClass: TreatmentClass | undefined;
  readonly candidates: readonly (Candidate & { readonly verdict: Verdict })[];
};

/**
 * The group of one case under a profile: its steps in order, each narrowing what the one before left, and `smaller-code`
 * after all of them so that one group remains. Pure. Source: docs/domain/dip.md#grouping-steps.
 */
export function groupCase(input: DipCase, index: CatalogueIndex, profile: GroupingProfile): Grouping {
  const { options } = profile;
  const context = { catalogue: index.catalogue, options };
  let state = startState(input, index, options);
  const steps = input.principalDiagnosis.trim() === '' ? [] : [...profile.steps, 'smaller-code' as const];
  for (const name of steps) {
    state = STEPS[name].run(state, context, name);
    if (state.excludedBy) break;
  }
  const ownClass = treatmentClass(state.operations, context);
  const chosen = state.open[0];
  const facts = {
    operations: state.operations,
    ignored: state.ignored,
    treatmentClass: ownClass,
    candidates: state.candidates.map((candidate) => ({
      ...candidate,
      verdict: verdictOf(candidate, chosen, state),
    })),
  };
  if (chosen) {
    const { entry } = chosen;
    const decidedBy = [state.foundBy!, ...state.narrowedBy];
    const { groupCode, kind } = entry;
    return { status: 'grouped', groupCode, kind, entry, reason: undefined, decidedBy, ...facts };
  }
  const reason = reasonOf(state, steps.length === 0);
  if (options.blankGroup !== undefined && (reason === 'no-group' || reason === 'class-unknown')) {
    const blank = { status: 'blank', groupCode: options.blankGroup, kind: 'blank' } as const;
    const entry = index.blankEntry(options.blankGroup);
    return { ...blank, entry, reason, decidedBy: [], ...facts };
  }
  const ungrouped = { status: 'ungrouped', groupCode: undefined, kind: 'ungrouped' } as const;
  const decidedBy = state.excludedBy ? [state.excludedBy] : [];
  return { ...ungrouped, entry: undefined, reason, decidedBy, ...facts };
}

function reasonOf(state: GroupingState, hasNoDiagnosis: boolean): UngroupedReason {
  if (hasNoDiagnosis) return 'no-diagnosis';
  if (state.excludedBy) return 'diagnosis-excluded';
  const lacksClass = [...state.verdicts.values()].some(
    (verdict) => verdict.outcome === 'not-satisfied' && verdict.unmet.what === 'class-unknown',
  );
  return lacksClass ? 'class-unknown' : 'no-group';
}

function verdictOf(candidate: Candidate, chosen: Candidate | undefined, state: GroupingState): Verdict {
  if (candidate === chosen) return { outcome: 'chosen', step: state.foundBy! };
  const said = state.verdicts.get(candidate.entry);
  if (said) return said;
  return state.foundBy === undefined ? { outcome: 'not-looked-for' } : { outcome: 'later-step' };
}

/** Whether the bill of a case may decide its group: to be said aloud, as it invites gaming. */
export const readsTheBill = (profile: GroupingProfile): boolean => profile.steps.includes('nearest-cost');

/**
 * What decides the group beside principal diagnosis and procedures: cases with equal values of these, and of those two,
 * are grouped once.
 */
export function inputsRead(catalogue: GroupCatalogue, profile: GroupingProfile): readonly CaseInput[] {
  const { entries } = catalogue;
  const read = new Set<CaseInput>(profile.steps.flatMap((name) => STEPS[name].reads ?? []));
  if (!entries.some(({ kind }) => kind === 'day-surgery')) read.delete('day_surgery');
  if (entries.some(({ otherDiagnoses }) => otherDiagnoses.length > 0)) read.add('other_diagnoses');
  if (entries.some(({ sex }) => sex !== undefined)) read.add('sex');
  for (const field of CONDITION_FIELDS) {
    if (entries.some(({ numbers }) => numbers[field] !== undefined)) read.add(field);
  }
  return [...read].toSorted();
}
