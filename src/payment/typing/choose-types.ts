import {
  compare,
  divide,
  type Fraction,
  fraction,
  multiply,
  ONE,
  roundTo,
  subtract,
} from '#kernel/fraction.ts';
import type { OptionOf, Policy } from '#policy/index.ts';
import type { CaseType } from './type-definition.ts';

/** Lists, Σ cost and Σ cost² in fen of last year’s cases of a group, or of those that fit one type. */
export type CostStatistic = { readonly cases: bigint; readonly costFen: bigint; readonly squareFen: bigint };

export type TriggerLimits = {
  readonly diseaseCases: bigint;
  readonly typeCases: bigint;
  readonly cvDrop: Fraction;
};

export type TypingPolicy = {
  readonly limits: TriggerLimits;
  readonly looseLimits: TriggerLimits;
  readonly adjustedShare: Fraction;
  readonly adjustment: OptionOf<'typing.adjustment'>;
};

/** Reads what decides types from the policy; undefined when it has no typing. */
export function typingPolicy(policy: Policy): TypingPolicy | undefined {
  if (policy.choice('typing.method') === 'none') return undefined;
  return {
    limits: {
      diseaseCases: policy.integer('typing.disease_cases'),
      typeCases: policy.integer('typing.type_cases'),
      cvDrop: policy.fraction('typing.cv_drop'),
    },
    looseLimits: {
      diseaseCases: policy.integer('typing.loose.disease_cases'),
      typeCases: policy.integer('typing.loose.type_cases'),
      cvDrop: policy.fraction('typing.loose.cv_drop'),
    },
    adjustedShare: policy.fraction('typing.adjusted_share'),
    adjustment: policy.choice('typing.adjustment'),
  };
}

export type TriggerVerdict =
  | 'triggered'
  | 'few-disease-cases'
  | 'few-type-cases'
  | 'small-cv-drop'
  | 'share-limit';

/** A type of a group: whether last year’s cases trigger it, and its trigger coefficient, mean of the type / mean of the group. */
export type TypeTrigger = {
  readonly groupNo: number;
  readonly type: CaseType;
  readonly disease: CostStatistic;
  readonly ofType: CostStatistic;
  readonly verdict: TriggerVerdict;
  readonly coefficient: Fraction;
};

/** (CV)², exact: (n · Σ cost² − (Σ cost)²) / (Σ cost)². */
export const squaredCv = ({ cases, costFen, squareFen }: CostStatistic): Fraction =>
  fraction(cases * squareFen - costFen * costFen, costFen * costFen);

/**
 * Whether the coefficient of variation drops by at least the share asked for, from that of the disease to that of the type:
 * CV_type ≤ (1 − drop) · CV_disease, compared as squares, so that no root is taken. A drop of 0 asks for nothing.
 * Source: DIP 3.0 draft §5.2.2.
 */
export function cvDropsEnough(disease: CostStatistic, ofType: CostStatistic, drop: Fraction): boolean {
  if (drop.numerator === 0n) return true;
  const before = squaredCv(disease);
  const left = subtract(ONE, drop);
  return before.numerator > 0n && compare(squaredCv(ofType), multiply(multiply(left, left), before)) <= 0;
}

/** The trigger test of one type of one group. Source: DIP 3.0 draft §5.2.2. */
export function triggerOf(
  groupNo: number,
  type: CaseType,
  disease: CostStatistic,
  ofType: CostStatistic,
  policy: TypingPolicy,
): TypeTrigger {
  const { diseaseCases, typeCases, cvDrop } = type.loose ? policy.looseLimits : policy.limits;
  const verdict =
    disease.cases <= diseaseCases
      ? 'few-disease-cases'
      : ofType.cases <= typeCases || ofType.cases === 0n
        ? 'few-type-cases'
        : cvDropsEnough(disease, ofType, cvDrop)
          ? 'triggered'
          : 'small-cv-drop';
  const coefficient =
    ofType.cases === 0n
      ? fraction(0n)
      : divide(fraction(ofType.costFen, ofType.cases), fraction(disease.costFen, disease.cases));
  return { groupNo, type, disease, ofType, verdict, coefficient };
}

/** Of triggers the higher coefficient first; equal ones by group and type. */
export const byCoefficient = (a: TypeTrigger, b: TypeTrigger): number =>
  compare(b.coefficient, a.coefficient) || a.groupNo - b.groupNo || a.type.typeNo - b.type.typeNo;

/**
 * Keeps the share of adjusted cases within its limit: triggers are taken from the highest coefficient down as long as their
 * cases of last year, added up, do not pass the share of all of last year’s lists; the rest get `share-limit`.
 * The draft asks for a limit and says no more: the order is a choice of the profile.
 */
export function limitShare(
  triggers: readonly TypeTrigger[],
  allCases: bigint,
  share: Fraction,
): readonly TypeTrigger[] {
  const limit = multiply(share, fraction(allCases));
  if (compare(share, ONE) >= 0) return triggers;
  let taken = 0n;
  let full = false;
  const beyond = new Set<TypeTrigger>();
  for (const trigger of triggers.filter(({ verdict }) => verdict === 'triggered').toSorted(byCoefficient)) {
    full ||= compare(fraction(taken + trigger.ofType.cases), limit) > 0;
    if (full) beyond.add(trigger);
    else taken += trigger.ofType.cases;
  }
  return triggers.map((each) => (beyond.has(each) ? { ...each, verdict: 'share-limit' } : each));
}

/** The adjustment coefficient m_j / M, rounded to 4, in units of 10^−4. */
export const adjustmentCoefficient4 = (
  ofType: Pick<CostStatistic, 'cases' | 'costFen'>,
  disease: Pick<CostStatistic, 'cases' | 'costFen'>,
): bigint =>
  roundTo(divide(fraction(ofType.costFen, ofType.cases), fraction(disease.costFen, disease.cases)), 4);
