import { scaledText } from '#kernel/fraction.ts';
import { byText } from '#kernel/text-order.ts';
import { bareDiagnosis, fixedCharacters, matchesDiagnosis } from '../catalogue/diagnosis-pattern.ts';
import type { Step } from './find-steps.ts';
import type { Candidate, GroupingState, StepContext, Verdict } from './grouping-state.ts';

type Rank = {
  /** higher is better; undefined: the step cannot tell for this candidate, which then comes last */
  readonly value: (candidate: Candidate, state: GroupingState, context: StepContext) => bigint | undefined;
  /** the rank in the words of the step */
  readonly shown?: (value: bigint) => string;
};

/** Keeps the candidates with the highest rank, when there are several. */
const keepBest =
  ({ value, shown = String }: Rank): Step =>
  (state, context, step) => {
    if (state.open.length < 2) return state;
    const ranked = state.open.map((candidate) => ({ candidate, rank: value(candidate, state, context) }));
    const best = ranked.reduce<bigint | undefined>(
      (most, { rank }) => (rank !== undefined && (most === undefined || rank > most) ? rank : most),
      undefined,
    );
    if (best === undefined) return state;
    const verdicts = new Map(state.verdicts);
    const open = ranked.flatMap(({ candidate, rank }) => {
      if (rank === best) return [candidate];
      const verdict: Verdict = {
        outcome: 'lost',
        step,
        rank: rank === undefined ? '-' : shown(rank),
        best: shown(best),
      };
      verdicts.set(candidate.entry, verdict);
      return [];
    });
    if (open.length === state.open.length) return state;
    return { ...state, open, verdicts, narrowedBy: [...state.narrowedBy, step] };
  };

const whether = (truth: boolean): bigint => (truth ? 1n : 0n);

/** Groups that name every operation of the case, before all others. */
export const exact = keepBest({ value: ({ match }) => whether(match.further.length === 0) });

/** Groups with the most parts joined by `+`. */
export const mostParts = keepBest({ value: ({ entry }) => BigInt(entry.operations.parts.length) });

/** Groups that name the most operations of the case. */
export const mostMatched = keepBest({ value: ({ match }) => BigInt(match.matched.length) });

/** Groups all of whose operations, alternatives included, the case has. */
export const nothingAbsent = keepBest({ value: ({ match }) => whether(match.absent === 0) });

/** Groups whose first operation is the principal one of the case, then groups that name it further on. */
export const principalOperation = keepBest({
  value: ({ match }) => whether(match.leadsWithPrincipal) + whether(match.namesPrincipal),
});

/** Groups that name operations by the whole code, before those that name the start of one. */
export const wholeCode = keepBest({ value: ({ match }) => BigInt(match.whole) });

/** Groups with the narrower diagnosis: a subcategory before its category, a category before a range. */
export const narrowerDiagnosis = keepBest({
  value: ({ entry }, { input }) => {
    const code = bareDiagnosis(input.principalDiagnosis);
    const fixed = entry.diagnoses.filter((each) => matchesDiagnosis(each, code)).map(fixedCharacters);
    return BigInt(Math.max(0, ...fixed));
  },
});

/** Groups that ask for more beside diagnosis and operations: other diagnosis, age, weight, sex, length of stay. */
export const moreConditions = keepBest({
  value: ({ entry }) =>
    BigInt(Object.keys(entry.numbers).length) +
    whether(entry.otherDiagnoses.length > 0) +
    whether(entry.sex !== undefined),
});

/** Groups whose mean cost is nearest to the cost of the case: the bill decides, which invites gaming. */
export const nearestCost = keepBest({
  value: ({ entry }, { input }) => {
    if (input.costFen === undefined || entry.meanFen === undefined) return undefined;
    const distance = input.costFen - entry.meanFen;
    return distance > 0n ? -distance : distance;
  },
  shown: (value) => scaledText(-value, 2),
});

/** Groups with the higher score. */
export const higherScore = keepBest({
  value: ({ entry }) => entry.score4,
  shown: (value) => scaledText(value, 4),
});

/** From first to last: core and primary-care groups by the class of their operations, comprehensive groups, groups without operations. */
export const TYPE_PRIORITY = [
  'core 4',
  'primary-care 4',
  'core 3',
  'primary-care 3',
  'core 2',
  'primary-care 2',
  'comprehensive 4',
  'comprehensive 3',
  'comprehensive 2',
  'core 1',
  'primary-care 1',
  'comprehensive 1',
] as const;

/** The order of cities: kind and class of operation together. */
export const typePriority = keepBest({
  value: ({ entry, match }, _state, context) => {
    const { catalogue, options } = context;
    const classes = match.matched.map((code) => {
      const attribute = catalogue.operations?.get(code)?.attribute;
      // an operation of unknown class comes after all others, before none
      return attribute === undefined || attribute === 'minor' ? '2' : options.comprehensiveClass[attribute];
    });
    const kind = entry.kind === 'comprehensive' || entry.kind === 'primary-care' ? entry.kind : 'core';
    const highest = entry.treatmentClass ?? classes.toSorted().at(-1) ?? '1';
    const place = (TYPE_PRIORITY as readonly string[]).indexOf(`${kind} ${highest}`);
    return BigInt(place < 0 ? -TYPE_PRIORITY.length : -place);
  },
  shown: (value) => TYPE_PRIORITY[Number(-value)] ?? '-',
});

/** From first to last, whatever the class of the operations; every other kind counts as core. */
const KIND_PRIORITY = ['core', 'primary-care', 'comprehensive'] as const;

/** Core groups, then those of primary care, then comprehensive ones. */
export const kindPriority = keepBest({
  value: ({ entry }) => -BigInt(Math.max(0, (KIND_PRIORITY as readonly string[]).indexOf(entry.kind))),
  shown: (value) => KIND_PRIORITY[Number(-value)] ?? '-',
});

/** The group whose code comes first in text order: always the last word, so that one group is left. */
export const smallerCode: Step = (state, _context, step) => {
  const [first, ...others] = state.open.toSorted(
    (a, b) => byText(a.entry.groupCode, b.entry.groupCode) || a.entry.row - b.entry.row,
  );
  if (first === undefined || others.length === 0) return state;
  const verdicts = new Map(state.verdicts);
  for (const { entry } of others) {
    verdicts.set(entry, {
      outcome: 'lost',
      step,
      rank: entry.groupCode,
      best: first.entry.groupCode,
    });
  }
  return { ...state, open: [first], verdicts, narrowedBy: [...state.narrowedBy, step] };
};
