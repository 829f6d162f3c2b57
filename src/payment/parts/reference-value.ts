import { divide, type Fraction, fraction, multiply, roundTo } from '#kernel/fraction.ts';

/**
 * What money is counted in: `total-cost` all that a service costs, `fund` what the fund pays of it. The official point
 * value is yuan of total cost; capitation and the total of a community are yuan of the fund. The two never meet: a type
 * without the right basis does not compile, and a value without it is refused. Source: docs/domain/parts.md#reference.
 */
export type Basis = 'total-cost' | 'fund';
export type Amount<B extends Basis> = { readonly basis: B; readonly fen: bigint };
/** Money of one point; `perPoint` is fen per 10^−4 point. */
export type ReferenceValue<B extends Basis> = { readonly basis: B; readonly perPoint: Fraction };

export const amountOf = <B extends Basis>(basis: B, fen: bigint): Amount<B> => ({ basis, fen });

/** The reference value of total cost from yuan per point. */
export const referenceValue = (yuanPerPoint: Fraction): ReferenceValue<'total-cost'> => ({
  basis: 'total-cost',
  // 100 fen a yuan, 10^4 units a point
  perPoint: divide(yuanPerPoint, fraction(100n)),
});

/** The only way from total cost to fund money: × fund payment ÷ total cost. */
export const onFundBasis = (
  value: ReferenceValue<'total-cost'>,
  fundRatio: Fraction,
): ReferenceValue<'fund'> => ({ basis: 'fund', perPoint: multiply(value.perPoint, fundRatio) });

/**
 * Points × 10^4 of an amount, rounded half up.
 * @throws TypeError when amount and value are of different bases
 */
export function toPoints4<B extends Basis>(amount: Amount<B>, value: ReferenceValue<NoInfer<B>>): bigint {
  if (amount.basis !== value.basis) {
    throw new TypeError(`an amount of ${amount.basis} and a point value of ${value.basis} cannot be mixed`);
  }
  return roundTo(divide(fraction(amount.fen), value.perPoint), 0);
}

/** Yuan per point, for people and files. */
export const yuanPerPoint = (value: ReferenceValue<Basis>): Fraction =>
  multiply(value.perPoint, fraction(100n));
