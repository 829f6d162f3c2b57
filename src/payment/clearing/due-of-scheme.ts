import { compare, divide, type Fraction, fraction, multiply, roundTo } from '#kernel/fraction.ts';
import type { OptionOf, Policy } from '#policy/index.ts';
import { allocate } from './allocate.ts';

/** An institution's year in one scheme. Money in fen, points × 10^4. */
export type SchemeMember = {
  readonly code: string;
  readonly points4: bigint;
  readonly costFen: bigint;
  readonly nonFundFen: bigint;
  /** points that elastic values pay at the baseline value at most */
  readonly baselinePoints4: bigint;
};

/** How points become money: the parameters `point_value.*`. */
export type PointValueRule = {
  readonly method: OptionOf<'point_value.method'>;
  readonly mode: OptionOf<'point_value.mode'>;
  /** of fixed values, yuan × 10^8 */
  readonly fixedValue8?: bigint | undefined;
  /** of elastic values */
  readonly baselineShare?: Fraction | undefined;
  /** greatest increment value: a multiple of the baseline value, or yuan per point */
  readonly cap?: { readonly ratio: Fraction } | { readonly yuan: Fraction } | undefined;
  readonly unallocated?: OptionOf<'point_value.unallocated'> | undefined;
};

/** Money that a part of the points is paid from. `perPoint` is fen per 10^−4 point, on the basis of the method. */
export type Pot = {
  readonly pot: 'points' | 'baseline' | 'increment';
  readonly points4: bigint;
  readonly perPoint: Fraction;
  /** false: a value that is given and rounded for each institution */
  readonly isShare: boolean;
  readonly amounts: readonly bigint[];
};

export type SchemeDue = {
  /** in the order of the members */
  readonly due: readonly bigint[];
  readonly pots: readonly Pot[];
  /** budget − Σ due */
  readonly leftFen: bigint;
};

const sumOf = (values: readonly bigint[]): bigint => values.reduce((sum, value) => sum + value, 0n);
const ONE_PER_POINT = fraction(1n);

/**
 * What each institution of a scheme is due before the steps of the clearing. Members come in ascending order of their
 * codes: ties of the largest remainder go to the smaller code. Source: docs/domain/clearing.md#point-value-methods.
 */
export function dueOfScheme(
  budgetFen: bigint,
  members: readonly SchemeMember[],
  rule: PointValueRule,
): SchemeDue {
  const points4 = sumOf(members.map((member) => member.points4));
  const costFen = sumOf(members.map((member) => member.costFen));
  const nonFundFen = sumOf(members.map((member) => member.nonFundFen));
  const nothing = { due: members.map(() => 0n), pots: [], leftFen: budgetFen };
  if (points4 === 0n) return nothing;
  if (rule.method === 'ratio-own') {
    const due = ownRatioDue(budgetFen, members, rule);
    return { due, pots: [], leftFen: budgetFen - sumOf(due) };
  }
  const isDeduction = rule.method === 'deduction';
  // fund yuan for a yuan of the point value
  const fundPart = isDeduction || costFen === 0n ? ONE_PER_POINT : fraction(costFen - nonFundFen, costFen);
  const money = isDeduction ? budgetFen + nonFundFen : budgetFen;
  const pots = potsOf(money, points4, members, rule, fundPart);
  let due = members.map(
    (member, index) => sumOf(pots.map((pot) => pot.amounts[index]!)) - (isDeduction ? member.nonFundFen : 0n),
  );
  if (rule.mode === 'elastic' && rule.unallocated === 'institutions') {
    const rest = budgetFen - sumOf(due);
    const sign = rest < 0n ? -1n : 1n;
    const shares = allocate(
      rest * sign,
      members.map((member) => member.points4),
    );
    due = due.map((amount, index) => amount + sign * shares[index]!);
  }
  return { due, pots, leftFen: budgetFen - sumOf(due) };
}

function potsOf(
  money: bigint,
  points4: bigint,
  members: readonly SchemeMember[],
  rule: PointValueRule,
  fundPart: Fraction,
): Pot[] {
  const share = (pot: Pot['pot'], total: bigint, weights: readonly bigint[]): Pot => ({
    pot,
    points4: sumOf(weights),
    perPoint: fraction(total, sumOf(weights)),
    isShare: true,
    amounts: allocate(total, weights),
  });
  const given = (pot: Pot['pot'], perPoint: Fraction, weights: readonly bigint[]): Pot => ({
    pot,
    points4: sumOf(weights),
    perPoint,
    isShare: false,
    amounts: weights.map((weight) => roundTo(multiply(fraction(weight), perPoint), 0)),
  });
  const all = members.map((member) => member.points4);
  if (rule.mode === 'floating') return [share('points', money, all)];
  if (rule.mode === 'fixed') {
    // yuan × 10^8 per point is fen × 10^10 per 10^−4 point
    return [given('points', multiply(fraction(rule.fixedValue8!, 10_000_000_000n), fundPart), all)];
  }
  const baseline = members.map((member) => member.baselinePoints4);
  const increment = members.map((member) => member.points4 - member.baselinePoints4);
  const baselinePoints4 = sumOf(baseline);
  const baselineFen =
    baselinePoints4 === 0n ? 0n : roundTo(multiply(fraction(money), rule.baselineShare!), 0);
  const pots: Pot[] = [];
  if (baselinePoints4 > 0n) pots.push(share('baseline', baselineFen, baseline));
  if (points4 > baselinePoints4) {
    const rest = money - baselineFen;
    const cap = capPerPoint(rule.cap, pots[0]?.perPoint, fundPart);
    const isCapped = cap !== undefined && compare(fraction(rest, points4 - baselinePoints4), cap) > 0;
    pots.push(isCapped ? given('increment', cap, increment) : share('increment', rest, increment));
  }
  return pots;
}

function capPerPoint(
  cap: PointValueRule['cap'],
  baselinePerPoint: Fraction | undefined,
  fundPart: Fraction,
): Fraction | undefined {
  if (!cap) return undefined;
  if ('yuan' in cap) return multiply(divide(cap.yuan, fraction(100n)), fundPart);
  return baselinePerPoint && multiply(baselinePerPoint, cap.ratio);
}

/**
 * points × point value × the institution's own fund ratio, rounded to the fen; the point value is budget ÷ pooled fund
 * ratio ÷ points (floating) or the published one. The sum is not the budget: the difference goes to the residual account.
 */
export function ownRatioDue(
  budgetFen: bigint,
  members: readonly SchemeMember[],
  rule: PointValueRule,
): bigint[] {
  const points4 = sumOf(members.map((member) => member.points4));
  const costFen = sumOf(members.map((member) => member.costFen));
  const fundFen = costFen - sumOf(members.map((member) => member.nonFundFen));
  const perPoint =
    rule.mode === 'fixed'
      ? fraction(rule.fixedValue8!, 10_000_000_000n)
      : fundFen > 0n && points4 > 0n
        ? fraction(budgetFen * costFen, fundFen * points4)
        : undefined;
  return members.map((member) => {
    if (perPoint === undefined || member.costFen === 0n) return 0n;
    const ratio = fraction(member.costFen - member.nonFundFen, member.costFen);
    return roundTo(multiply(multiply(fraction(member.points4), perPoint), ratio), 0);
  });
}

/** Yuan of total cost per point under a ratio or deduction method with floating values; undefined without points. */
export function floatingPointValue(
  budgetFen: bigint,
  totals: { readonly points4: bigint; readonly costFen: bigint; readonly nonFundFen: bigint },
  method: PointValueRule['method'],
): Fraction | undefined {
  const { points4, costFen, nonFundFen } = totals;
  if (points4 === 0n) return undefined;
  // fen per 10^−4 point is 100 yuan per point
  if (method === 'deduction') return fraction((budgetFen + nonFundFen) * 100n, points4);
  return costFen === nonFundFen
    ? undefined
    : fraction(budgetFen * costFen * 100n, (costFen - nonFundFen) * points4);
}

/** The rule that a policy chooses; `fixedValue8` is the scheme's own. */
export function pointValueRule(policy: Policy, fixedValue8: bigint | undefined): PointValueRule {
  const mode = policy.choice('point_value.mode');
  const method = policy.choice('point_value.method');
  if (mode === 'floating') return { method, mode };
  if (mode === 'fixed') return { method, mode, fixedValue8 };
  const cap = policy.choice('point_value.increment_cap');
  return {
    method,
    mode,
    baselineShare: policy.fraction('point_value.baseline_share'),
    unallocated: policy.choice('point_value.unallocated'),
    cap:
      cap === 'ratio'
        ? { ratio: policy.fraction('point_value.increment_cap_ratio') }
        : cap === 'value'
          ? { yuan: policy.fraction('point_value.increment_cap_value') }
          : undefined,
  };
}
