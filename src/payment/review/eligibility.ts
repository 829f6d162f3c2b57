import { compare, divide, type Fraction, fraction, multiply } from '#kernel/fraction.ts';
import type { OptionOf, Policy } from '#policy/index.ts';

/** What a review reads of one case of the payment year, before the review changes anything. */
export type ReviewedCase = {
  readonly setlId: string;
  readonly fixmedinsCode: string;
  readonly level: number;
  readonly scheme: string;
  readonly month: number;
  readonly dischargeDate: Temporal.PlainDate;
  readonly lengthOfStay: number;
  readonly costFen: bigint;
  readonly fundFen: bigint;
  /** undefined for an ungrouped case */
  readonly groupCode: string | undefined;
  /** cases of its group in the area and payment year */
  readonly groupCases: bigint | undefined;
  /** points without review, × 10^4 */
  readonly points4: bigint;
  /** normal points × start-of-year point value; undefined for an ungrouped case */
  readonly standardFen: bigint | undefined;
  /** yuan of an amount for one point, × 10^8 */
  readonly amountPointValue8: bigint;
};

export type Application = {
  readonly row: number;
  readonly setlId: string;
  readonly appliedAt: Temporal.PlainDate;
  readonly reasons: readonly string[];
  readonly specialties: readonly string[];
  readonly text: string;
  readonly evidence: readonly string[];
};

export type Ground = OptionOf<'review.grounds'>;

/** What the policy asks of an application. `undefined` where no ground or need reads it. */
export type EligibilityRules = {
  readonly grounds: readonly Ground[];
  readonly reasons: readonly string[];
  readonly highRatio: Fraction | undefined;
  readonly ratioReasons: readonly string[];
  readonly lowRatio: Fraction | undefined;
  readonly smallGroup: bigint | undefined;
  readonly stayReasons: readonly string[];
  readonly minimumStay: bigint;
  readonly evidenceMinimum: bigint;
  readonly applyDays: bigint;
};

/** Why an application is not heard. */
export type Shortcoming =
  | 'no-ground'
  | 'unknown-reason'
  | 'cost-not-high'
  | 'stay-too-short'
  | 'too-little-evidence'
  | 'evidence-missing'
  | 'before-discharge'
  | 'too-late';

export type Eligibility = {
  readonly eligible: boolean;
  /** the grounds of the policy that hold, in its order */
  readonly grounds: readonly Ground[];
  readonly shortcomings: readonly Shortcoming[];
  /** cost over standard; undefined for an ungrouped case */
  readonly ratio: Fraction | undefined;
};

/** Codes of a text parameter or a cell, joined by |. */
export const codesOf = (text: string): readonly string[] =>
  text
    .split('|')
    .map((code) => code.trim())
    .filter((code) => code !== '');

export function eligibilityRules(policy: Policy): EligibilityRules {
  const grounds = policy.steps('review.grounds');
  const has = (ground: Ground) => grounds.includes(ground);
  return {
    grounds,
    reasons: codesOf(policy.text('review.reasons')),
    highRatio: policy.fraction('review.high_ratio'),
    ratioReasons: codesOf(policy.text('review.ratio_reasons')),
    lowRatio: has('low-cost') ? policy.fraction('review.low_ratio') : undefined,
    smallGroup: has('small-group') ? policy.integer('review.small_group') : undefined,
    stayReasons: codesOf(policy.text('review.stay_reasons')),
    minimumStay: policy.integer('review.minimum_stay'),
    evidenceMinimum: policy.integer('review.evidence_minimum'),
    applyDays: policy.integer('review.apply_days'),
  };
}

/** The cost is above ratio × standard; never for an ungrouped case, which has no standard. */
const isAbove = (of: ReviewedCase, ratio: Fraction | undefined): boolean =>
  ratio !== undefined &&
  of.standardFen !== undefined &&
  compare(fraction(of.costFen), multiply(fraction(of.standardFen), ratio)) > 0;

const isBelow = (of: ReviewedCase, ratio: Fraction | undefined): boolean =>
  ratio !== undefined &&
  of.standardFen !== undefined &&
  compare(fraction(of.costFen), multiply(fraction(of.standardFen), ratio)) < 0;

/**
 * Whether an application is heard: at least one ground of the policy holds and nothing it needs is missing.
 * Source: interim measures chapter 5, docs/domain/review.md#eligibility.
 * @param evidenceMissing evidence files the application names that are not in the area folder
 */
export function eligibility(
  of: ReviewedCase,
  application: Application,
  rules: EligibilityRules,
  evidenceMissing: readonly string[] = [],
): Eligibility {
  const { reasons } = application;
  const named = (codes: readonly string[]) => reasons.some((reason) => codes.includes(reason));
  const holds: Readonly<Record<Ground, boolean>> = {
    reason: named(rules.reasons),
    'high-cost': isAbove(of, rules.highRatio),
    'low-cost': isBelow(of, rules.lowRatio),
    'small-group':
      rules.smallGroup !== undefined && of.groupCases !== undefined && of.groupCases < rules.smallGroup,
    ungrouped: of.groupCode === undefined,
  };
  const grounds = rules.grounds.filter((ground) => holds[ground]);
  const days = application.appliedAt.since(of.dischargeDate, { largestUnit: 'day' }).days;
  const shortcomings: Shortcoming[] = [];
  const fails = (is: boolean, shortcoming: Shortcoming) => {
    if (is) shortcomings.push(shortcoming);
  };
  fails(grounds.length === 0, 'no-ground');
  fails(
    reasons.some((reason) => !rules.reasons.includes(reason)),
    'unknown-reason',
  );
  // an ungrouped case has no standard that its cost could be held against
  fails(
    named(rules.ratioReasons) && of.standardFen !== undefined && !isAbove(of, rules.highRatio),
    'cost-not-high',
  );
  fails(named(rules.stayReasons) && BigInt(of.lengthOfStay) < rules.minimumStay, 'stay-too-short');
  fails(BigInt(application.evidence.length) < rules.evidenceMinimum, 'too-little-evidence');
  fails(evidenceMissing.length > 0, 'evidence-missing');
  fails(days < 0, 'before-discharge');
  fails(BigInt(days) > rules.applyDays, 'too-late');
  return {
    eligible: shortcomings.length === 0,
    grounds,
    shortcomings,
    ratio: of.standardFen ? divide(fraction(of.costFen), fraction(of.standardFen)) : undefined,
  };
}
