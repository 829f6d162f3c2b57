import {
  type CatalogueEntry,
  CatalogueIndex,
  type DipCase,
  type GroupCatalogue,
  type Grouping,
  type GroupingProfile,
  groupCase,
} from '#grouping/dip/index.ts';
import { type Fraction, fraction, multiply, roundTo, scaledText } from '#kernel/fraction.ts';
import { yuanText } from '#kernel/money.ts';
import type { Policy } from '#policy/index.ts';
import { highRatioOf } from './points/high-limit.ts';
import {
  type GroupStandard,
  type PointsPolicy,
  pointsPolicy,
  scoreGroupedCase,
} from './points/score-case.ts';
import type { AdjustedPoints, PreviewType } from './preview-adjust.ts';

/** What a group pays at the institution of a case. */
export type GroupPayment = {
  /** institution coefficient × 10^4 */
  readonly coefficient4: bigint;
  readonly score4: bigint;
  /** undefined: no mean cost is known, points do not follow the cost */
  readonly standard: GroupStandard | undefined;
  readonly points: PointsPolicy;
  /** the auxiliary type of the case in this group, and what adjustments make of its points */
  readonly ofCase?: (costFen: bigint) => {
    readonly type: PreviewType | undefined;
    readonly scored: ReturnType<typeof scoreGroupedCase>;
    readonly adjusted: AdjustedPoints;
  };
};

/** What a case is paid with: the numbers of its institution and area. */
export type PaymentBasis = {
  readonly paymentOf: (entry: CatalogueEntry) => GroupPayment;
  /** yuan per point × 10^8; undefined: points only */
  readonly pointValue8: bigint | undefined;
};

/** The payment of a group by the policy alone, where no institution of a settled area is known. */
export function plainPayment(
  policy: Policy,
  entry: CatalogueEntry,
  institutionCoefficient4: bigint,
  meanFen: Fraction | undefined,
): GroupPayment {
  const { score4 } = entry;
  const coefficient4 =
    entry.kind === 'primary-care'
      ? roundTo(policy.fraction('coefficient.primary_care'), 4)
      : institutionCoefficient4;
  const standard = meanFen && { meanFen, score4 };
  const points = pointsPolicy(policy);
  if (!standard) return { coefficient4, score4, standard, points };
  const highRatio = highRatioOf(policy, points, { ...standard, coefficient4, percentileFen: undefined });
  return { coefficient4, score4, standard, points: { ...points, highRatio } };
}

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
  /** the auxiliary type of the case in this group, where it has one, and its coefficient */
  readonly type?: string;
  readonly type_coefficient?: string;
  /** points before the adjustments, where there are any */
  readonly points_before?: string;
  readonly adjustments?: readonly {
    readonly adjustment: string;
    readonly points: string;
    readonly reference: string;
  }[];
  /** adjustments that hang on other cases and are not in the points */
  readonly not_worked_out?: readonly string[];
  /** what the case would be paid by, all adjustments included */
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

function payment(entry: CatalogueEntry, input: DipCase, basis: PaymentBasis): Partial<PreviewCandidate> {
  const { coefficient4, score4, standard, points, ofCase } = basis.paymentOf(entry);
  const costFen = input.costFen;
  const own = costFen !== undefined && costFen > 0n ? ofCase?.(costFen) : undefined;
  const scored =
    own?.scored ??
    (input.costFen !== undefined && input.costFen > 0n && standard !== undefined
      ? scoreGroupedCase(input.costFen, standard, coefficient4, points)
      : undefined);
  const before4 = scored?.points4 ?? roundTo(fraction(score4 * coefficient4, 100_000_000n), 4);
  const points4 = own?.adjusted.points4 ?? before4;
  // points × 10^4 · yuan × 10^8 is fen × 10^10
  const amount =
    basis.pointValue8 === undefined
      ? undefined
      : roundTo(multiply(fraction(points4), fraction(basis.pointValue8, 10_000_000_000n)), 0);
  return {
    score: scaledText(score4, 4),
    coefficient: scaledText(coefficient4, 4),
    ...(scored ? { deviation: scored.deviation } : {}),
    ...(own?.type ? { type: own.type.code, type_coefficient: scaledText(own.type.coefficient4, 4) } : {}),
    ...(own && own.adjusted.steps.length > 0
      ? {
          points_before: scaledText(before4, 4),
          adjustments: own.adjusted.steps.map((step) => ({
            adjustment: step.adjustment,
            points: scaledText(step.points4, 4),
            reference: step.reference,
          })),
        }
      : {}),
    ...(own && own.adjusted.notWorkedOut.length > 0 ? { not_worked_out: own.adjusted.notWorkedOut } : {}),
    points: scaledText(points4, 4),
    ...(amount === undefined ? {} : { amount: yuanText(amount) }),
  };
}
