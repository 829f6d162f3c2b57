import {
  add,
  compare,
  divide,
  type Fraction,
  fraction,
  multiply,
  ONE,
  roundTo,
  ZERO,
} from '#kernel/fraction.ts';
import type { OptionOf, Policy } from '#policy/index.ts';

/** The parameters `parts.community_*`. */
export type CommunityRule = {
  readonly budget: OptionOf<'parts.community_budget'>;
  readonly growth: Fraction;
  readonly reserveRatio: Fraction;
  readonly keepRatio: Fraction;
  readonly fundShare: Fraction;
};

/** Fund money of one community and scheme, in fen. */
export type CommunityFigures = {
  readonly people: bigint;
  readonly perCapitaFen: bigint;
  readonly lastYearFundFen: bigint;
  readonly majorIllnessFen: bigint;
  readonly outOfAreaFen: bigint;
  readonly inCountyFen: bigint;
  readonly outOfCountyFen: bigint;
  readonly reasonableDeficitFen: bigint;
  /** 0 to 100 */
  readonly score: Fraction;
};

/** Every step of the account; `netFen` above zero is a surplus. */
export type CommunityAccount = {
  readonly grownFen: bigint;
  readonly reserveFen: bigint;
  readonly totalFen: bigint;
  readonly netFen: bigint;
  readonly keptFen: bigint;
  readonly unkeptFen: bigint;
  /** of the deficit, what the fund bears */
  readonly sharedFen: bigint;
  /** what the fund pays the community for its own services; never below zero */
  readonly dueFen: bigint;
};

const HUNDRED = fraction(100n);
const least = (a: bigint, b: bigint) => (a < b ? a : b);

/** The total, what is left of it, and what the community is due. Source: docs/domain/parts.md#community. */
export function communityAccount(figures: CommunityFigures, rule: CommunityRule): CommunityAccount {
  const base = rule.budget === 'per-capita' ? figures.people * figures.perCapitaFen : figures.lastYearFundFen;
  const grownFen = roundTo(multiply(fraction(base), add(ONE, rule.growth)), 0);
  const reserveFen = roundTo(multiply(fraction(grownFen), rule.reserveRatio), 0);
  const totalFen = grownFen - reserveFen - figures.majorIllnessFen - figures.outOfAreaFen;
  const netFen = totalFen - figures.inCountyFen - figures.outOfCountyFen;
  const surplus = netFen > 0n ? netFen : 0n;
  const deficit = netFen < 0n ? -netFen : 0n;
  const keptFen = roundTo(
    multiply(multiply(fraction(surplus), rule.keepRatio), divide(figures.score, HUNDRED)),
    0,
  );
  const reasonable = least(deficit, figures.reasonableDeficitFen);
  const sharedFen = roundTo(multiply(fraction(reasonable), rule.fundShare), 0);
  const due = figures.inCountyFen + keptFen - deficit + sharedFen;
  return {
    grownFen,
    reserveFen,
    totalFen,
    netFen,
    keptFen,
    unkeptFen: surplus - keptFen,
    sharedFen,
    dueFen: due > 0n ? due : 0n,
  };
}

/** Weighted mean of the indicators, 0 to 100. */
export function evaluationScore(
  indicators: readonly { readonly weight4: bigint; readonly score4: bigint }[],
): Fraction {
  const weights = indicators.reduce((sum, each) => sum + each.weight4, 0n);
  if (compare(fraction(weights), ZERO) === 0) throw new TypeError('an evaluation without weights');
  const sum = indicators.reduce((all, each) => all + each.weight4 * each.score4, 0n);
  return fraction(sum, weights * 10_000n);
}

/** people × per capita × risk factor in fen, rounded half up. Source: docs/domain/parts.md#capitation. */
export const capitationFen = (people: bigint, perCapitaFen: bigint, riskFactor4: bigint): bigint =>
  roundTo(fraction(people * perCapitaFen * riskFactor4, 10_000n), 0);

/** The rule that a policy chooses. */
export const communityRule = (policy: Policy): CommunityRule => ({
  budget: policy.choice('parts.community_budget'),
  growth: policy.fraction('parts.community_growth'),
  reserveRatio: policy.fraction('parts.community_reserve_ratio'),
  keepRatio: policy.fraction('parts.community_keep_ratio'),
  fundShare: policy.fraction('parts.community_fund_share'),
});
