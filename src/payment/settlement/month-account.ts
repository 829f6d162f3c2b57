import { type Fraction, fraction, multiply, roundTo, subtract } from '#kernel/fraction.ts';
import type { OptionOf, Policy } from '#policy/index.ts';

/** What a month is paid from. Money in fen, points × 10^4. */
export type MonthInput = {
  readonly points4: bigint;
  readonly costFen: bigint;
  /** patient payments, in the definition of the policy */
  readonly nonFundFen: bigint;
  readonly deductionFen: bigint;
};

export type MonthRule = {
  readonly base: OptionOf<'payment.month_base'>;
  readonly negative: OptionOf<'payment.negative_month'>;
  readonly ratio: Fraction;
  /** 0 where the policy keeps no deposit */
  readonly depositRatio: Fraction;
};

/** paid + retained + deduction = base; the deposit is part of what is retained. */
export type MonthAccount = {
  readonly baseFen: bigint;
  readonly paidFen: bigint;
  readonly depositFen: bigint;
  readonly retainedFen: bigint;
};

/**
 * The interim settlement of one institution, month and scheme at a point value in yuan × 10^8:
 * (points × value − patient payments) × ratio − audit withholding. Source: docs/domain/clearing.md#months.
 */
export function monthAccount(input: MonthInput, pointValue8: bigint, rule: MonthRule): MonthAccount {
  const { points4, costFen, nonFundFen, deductionFen } = input;
  // points4 / 10^4 · value8 / 10^8 yuan, in fen
  const baseFen =
    rule.base === 'declared'
      ? costFen - nonFundFen
      : roundTo(subtract(fraction(points4 * pointValue8, 10_000_000_000n), fraction(nonFundFen)), 0);
  const share = (ratio: Fraction) => roundTo(multiply(fraction(baseFen), ratio), 0);
  const isSigned = rule.negative === 'signed';
  const payable = baseFen > 0n || isSigned ? share(rule.ratio) : 0n;
  const paidFen = payable > deductionFen || isSigned ? payable - deductionFen : 0n;
  const kept = share(rule.depositRatio);
  const depositFen = baseFen <= 0n ? 0n : kept < baseFen - payable ? kept : baseFen - payable;
  return { baseFen, paidFen, depositFen, retainedFen: baseFen - deductionFen - paidFen };
}

/** The rule that a policy chooses. */
export function monthRule(policy: Policy): MonthRule {
  return {
    base: policy.choice('payment.month_base'),
    negative: policy.choice('payment.negative_month'),
    ratio: policy.fraction('payment.monthly_ratio'),
    depositRatio:
      policy.choice('deposit.mode') === 'assessed' ? policy.fraction('deposit.ratio') : fraction(0n),
  };
}
