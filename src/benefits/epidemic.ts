import { share } from '#benefits/exact.ts';
import { type BenefitPolicy, cellOf } from '#benefits/policy.ts';
import type { TableContext } from '#policy/table.ts';

/**
 * What is advanced to an institution that takes in patients of an epidemic: some months of what the funds pay it, on
 * days on which the policy says so; 0 otherwise. The lifted lists and limits are rows with the condition `epidemic`.
 */
export function epidemicAdvance(
  policy: BenefitPolicy,
  monthlyFundFen: number,
  context: TableContext = {},
): number {
  const months = cellOf(policy, 'epidemic.advance_months', context).number;
  const ratio = cellOf(policy, 'epidemic.advance_ratio', context).number;
  return share(monthlyFundFen * months, ratio, 'half-up').pay;
}
