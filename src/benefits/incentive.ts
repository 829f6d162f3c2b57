import { share } from '#benefits/exact.ts';
import { type BenefitPolicy, cellOf } from '#benefits/policy.ts';
import type { TableContext } from '#policy/table.ts';

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

/** Incentives of continuous enrolment (§2.7). A payment that uses the reward clears the zero-claim part: `zeroClaimYears` starts again. */
export function continuityIncentive(
  policy: BenefitPolicy,
  facts: IncentiveFacts,
  context: TableContext = {},
): Incentive {
  const cell = (name: Parameters<typeof cellOf>[1]) => cellOf(policy, name, context);
  const after = cell('catastrophic.incentive_after_years').number;
  if (after === 0) return { byYearsFen: 0, byZeroClaimFen: 0, keptFen: 0, incentiveFen: 0 };
  const byYearsFen =
    Math.max(0, facts.continuousYears - after) * cell('catastrophic.incentive_per_year').number;
  const byZeroClaimFen = facts.zeroClaimYears * cell('catastrophic.incentive_per_zero_claim_year').number;
  const keeps = cell('catastrophic.incentive_after_gap').text === 'keep';
  const keptFen = keeps ? facts.earnedBeforeGapFen : 0;
  const cap = cell('catastrophic.cap').number;
  const byRatio = Number.isFinite(cap)
    ? share(cap, cell('catastrophic.incentive_limit_ratio').number, 'half-up').pay
    : Number.POSITIVE_INFINITY;
  const most = Math.min(byRatio, cell('catastrophic.incentive_limit').number);
  return {
    byYearsFen,
    byZeroClaimFen,
    keptFen,
    incentiveFen: Math.min(byYearsFen + byZeroClaimFen + keptFen, most),
  };
}
