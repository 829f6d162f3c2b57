import { type IncentiveFacts, incentiveOf, incentiveTerms } from '#benefits/incentive.ts';
import { type BenefitPolicy, cellOf } from '#benefits/policy.ts';
import type { YearKind } from '#benefits/titles.ts';
import type { TableContext } from '#policy/table.ts';

export type YearPassed = {
  readonly kind: YearKind;
  /** codes of the funds that paid in the year, reversals taken off */
  readonly paidFunds: readonly string[];
  /** catastrophic insurance paid more than the cap without the incentive */
  readonly usedIncentive: boolean;
};

/**
 * What a year leaves to the next one (§2.7): a year without a claim adds one to those without; a payment that used the incentive
 * clears them; a gap starts everything again, and what had been earned is written down for the cities that keep it. A gap paid for
 * later, a year that ends in the waiting period and one in another scheme or area neither add nor end anything.
 * @param during the facts that held in the year
 * @returns the facts of the year after it, for whoever is insured in it
 */
export function continuityAfter(
  policy: BenefitPolicy,
  during: IncentiveFacts,
  { kind, paidFunds, usedIncentive }: YearPassed,
  context: TableContext,
): IncentiveFacts {
  const cell = (name: Parameters<typeof cellOf>[1]) => cellOf(policy, name, context);
  const { continuousYears, zeroClaimYears, earnedBeforeGapFen } = during;
  if (kind === 'gap') {
    const held = { ...during, continuousYears: Math.max(0, continuousYears - 1) };
    const { incentiveFen } = incentiveOf(incentiveTerms(cell), held);
    const keeps = cell('catastrophic.incentive_after_gap').text === 'keep';
    return { continuousYears: 1, zeroClaimYears: 0, earnedBeforeGapFen: keeps ? incentiveFen : 0 };
  }
  const counted = cell('catastrophic.zero_claim_funds').text.split(',');
  const hasClaim = paidFunds.some((fund) => counted.includes(fund));
  return {
    continuousYears: continuousYears + 1,
    zeroClaimYears: (usedIncentive ? 0 : zeroClaimYears) + (kind === 'insured' && !hasClaim ? 1 : 0),
    earnedBeforeGapFen,
  };
}
