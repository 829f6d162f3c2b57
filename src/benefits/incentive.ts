import { share } from '#benefits/exact.ts';
import { type BenefitPolicy, cellOf } from '#benefits/policy.ts';
import type { BenefitParameter } from '#policy/registry/benefits.ts';
import type { Cell, TableContext } from '#policy/table.ts';

/** What earns a higher cap of catastrophic insurance. */
export type IncentiveFacts = {
  /** years of enrolment since the last gap, this one included */
  readonly continuousYears: number;
  /** years without any claim since the reward was last used */
  readonly zeroClaimYears: number;
  /** earned before the last gap */
  readonly earnedBeforeGapFen: number;
};

export type Incentive = {
  readonly byYearsFen: number;
  readonly byZeroClaimFen: number;
  readonly keptFen: number;
  /** of the three together, after the limits: what the cap rises by */
  readonly incentiveFen: number;
};

/** What a policy says of the incentives for one kind of visit. */
export type IncentiveTerms = {
  readonly afterYears: number;
  readonly perYearFen: number;
  readonly perZeroClaimYearFen: number;
  readonly keepsAfterGap: boolean;
  /** the most they add, after both limits */
  readonly mostFen: number;
};

/** @returns undefined: the policy has none */
export function incentiveTerms(cell: (name: BenefitParameter) => Cell): IncentiveTerms | undefined {
  const afterYears = cell('catastrophic.incentive_after_years').number;
  if (afterYears === 0) return undefined;
  const cap = cell('catastrophic.cap').number;
  const byRatio = Number.isFinite(cap)
    ? share(cap, cell('catastrophic.incentive_limit_ratio').number, 'half-up').pay
    : Number.POSITIVE_INFINITY;
  return {
    afterYears,
    perYearFen: cell('catastrophic.incentive_per_year').number,
    perZeroClaimYearFen: cell('catastrophic.incentive_per_zero_claim_year').number,
    keepsAfterGap: cell('catastrophic.incentive_after_gap').text === 'keep',
    mostFen: Math.min(byRatio, cell('catastrophic.incentive_limit').number),
  };
}

const NONE: Incentive = { byYearsFen: 0, byZeroClaimFen: 0, keptFen: 0, incentiveFen: 0 };

export function incentiveOf(terms: IncentiveTerms | undefined, facts: IncentiveFacts): Incentive {
  if (terms === undefined) return NONE;
  const byYearsFen = Math.max(0, facts.continuousYears - terms.afterYears) * terms.perYearFen;
  const byZeroClaimFen = facts.zeroClaimYears * terms.perZeroClaimYearFen;
  const keptFen = terms.keepsAfterGap ? facts.earnedBeforeGapFen : 0;
  const incentiveFen = Math.min(byYearsFen + byZeroClaimFen + keptFen, terms.mostFen);
  return { byYearsFen, byZeroClaimFen, keptFen, incentiveFen };
}

/** Incentives of continuous enrolment (§2.7). How the facts go from year to year: `continuity.ts`. */
export const continuityIncentive = (
  policy: BenefitPolicy,
  facts: IncentiveFacts,
  context: TableContext = {},
): Incentive =>
  incentiveOf(
    incentiveTerms((name) => cellOf(policy, name, context)),
    facts,
  );
