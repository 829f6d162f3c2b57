import {
  CatalogueIndex,
  type DipCase,
  type GroupCatalogue,
  type Grouping,
  type GroupingProfile,
  groupCase,
} from '#grouping/dip/index.ts';
import { type Fraction, fraction, multiply, roundTo, scaledText } from '#kernel/fraction.ts';
import { yuanText } from '#kernel/money.ts';
import { type PointsPolicy, scoreGroupedCase } from './points/score-case.ts';

/** What a case is paid with: the numbers of its institution and area. */
export type PaymentBasis = {
  readonly points: PointsPolicy;
  /** institution coefficient × 10^4; 10000 where none is known */
  readonly coefficient4: bigint;
  readonly primaryCareCoefficient4: bigint;
  readonly primaryCareGroups: ReadonlySet<string>;
  /** mean cost in fen of a group; undefined: points do not follow the cost */
  readonly meanFenOf: (groupCode: string) => Fraction | undefined;
  /** yuan per point × 10^8; undefined: points only */
  readonly pointValue8: bigint | undefined;
};

/** One group as the preview shows it. Money, scores and points are text. */
export type PreviewCandidate = {
  readonly group_code: string;
  readonly name: string;
  readonly kind: string;
  readonly state: 'chosen' | 'satisfied' | 'not-satisfied';
  readonly grouping: Grouping['candidates'][number]['verdict'];
  readonly score?: string;
  readonly coefficient?: string;
  readonly deviation?: string;
  readonly points?: string;
  /** points × point value, in yuan */
  readonly amount?: string;
};

export type CasePreview = {
  readonly diagnosis: string;
  readonly operations: readonly string[];
  readonly ignored: Grouping['ignored'];
  readonly cost: string | undefined;
  readonly status: Grouping['status'];
  readonly group_code: string | undefined;
  readonly kind: Grouping['kind'];
  readonly reason: Grouping['reason'];
  readonly point_value: string | undefined;
  readonly candidates: readonly PreviewCandidate[];
};

/**
 * What an institution must never read here is what a case would need for another group: groups that ask for a further
 * operation, diagnosis or day are left out, and of the others that are not satisfied only that is said.
 */
const isShown = ({ verdict }: Grouping['candidates'][number]): boolean => {
  if (verdict.outcome === 'chosen' || verdict.outcome === 'lost') return true;
  if (verdict.outcome !== 'not-satisfied') return false;
  const { unmet } = verdict;
  return unmet.what === 'other-class' || unmet.what === 'sex' || unmet.what === 'has-operations';
};

/**
 * The groups of one case with what each would pay, and why it is or is not chosen: those whose conditions the case satisfies
 * as it is. Source: docs/domain/dip.md#preview.
 */
export function previewCase(
  input: DipCase,
  catalogue: GroupCatalogue,
  profile: GroupingProfile,
  basis: PaymentBasis,
): CasePreview {
  const grouping = groupCase(input, new CatalogueIndex(catalogue), profile);
  const seen = new Set<string>();
  const candidates = grouping.candidates
    .filter(isShown)
    .toSorted((a, b) => placeOf(a) - placeOf(b))
    .flatMap((candidate): PreviewCandidate[] => {
      const { groupCode, name, kind } = candidate.entry;
      // a group of several rows is shown once, by its best one
      if (seen.has(groupCode)) return [];
      seen.add(groupCode);
      const shown = { group_code: groupCode, name, kind, grouping: candidate.verdict };
      if (candidate.verdict.outcome === 'not-satisfied') return [{ ...shown, state: 'not-satisfied' }];
      const state = candidate.verdict.outcome === 'chosen' ? 'chosen' : 'satisfied';
      return [{ ...shown, state, ...payment(candidate.entry, input, basis) }];
    });
  return {
    diagnosis: input.principalDiagnosis,
    operations: grouping.operations,
    ignored: grouping.ignored,
    cost: input.costFen === undefined ? undefined : yuanText(input.costFen),
    status: grouping.status,
    group_code: grouping.groupCode,
    kind: grouping.kind,
    reason: grouping.reason,
    point_value: basis.pointValue8 === undefined ? undefined : scaledText(basis.pointValue8, 8),
    candidates,
  };
}

const PLACES = { chosen: 0, lost: 1, 'not-satisfied': 2, 'later-step': 3, 'not-looked-for': 3 } as const;
const placeOf = ({ verdict }: Grouping['candidates'][number]): number => PLACES[verdict.outcome];

function payment(
  entry: Grouping['candidates'][number]['entry'],
  input: DipCase,
  basis: PaymentBasis,
): Pick<PreviewCandidate, 'score' | 'coefficient' | 'deviation' | 'points' | 'amount'> {
  const isPrimaryCare = entry.kind === 'primary-care' || basis.primaryCareGroups.has(entry.groupCode);
  const coefficient4 = isPrimaryCare ? basis.primaryCareCoefficient4 : basis.coefficient4;
  const meanFen =
    basis.meanFenOf(entry.groupCode) ?? (entry.meanFen === undefined ? undefined : fraction(entry.meanFen));
  const scored =
    input.costFen !== undefined && input.costFen > 0n && meanFen !== undefined
      ? scoreGroupedCase(input.costFen, { meanFen, score4: entry.score4 }, coefficient4, basis.points)
      : undefined;
  const points4 = scored?.points4 ?? roundTo(fraction(entry.score4 * coefficient4, 100_000_000n), 4);
  // points × 10^4 · yuan × 10^8 is fen × 10^10
  const amount =
    basis.pointValue8 === undefined
      ? undefined
      : roundTo(multiply(fraction(points4), fraction(basis.pointValue8, 10_000_000_000n)), 0);
  return {
    score: scaledText(entry.score4, 4),
    coefficient: scaledText(coefficient4, 4),
    ...(scored ? { deviation: scored.deviation } : {}),
    points: scaledText(points4, 4),
    ...(amount === undefined ? {} : { amount: yuanText(amount) }),
  };
}
