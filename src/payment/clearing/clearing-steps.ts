import { compare, type Fraction, fraction, multiply, roundTo } from '#kernel/fraction.ts';
import type { Band, OptionOf, Policy } from '#policy/index.ts';
import { allocate } from './allocate.ts';

export type ClearingStep = OptionOf<'clearing.steps'>;

/** What the steps read of an institution in one scheme. Money in fen, points × 10^4. */
export type ClearingMember = {
  readonly code: string;
  readonly points4: bigint;
  /** fund money booked on its lists */
  readonly bookedFen: bigint;
  readonly dueFen: bigint;
  /** as given for the year; undefined where there is none */
  readonly assessmentCoefficient: Fraction | undefined;
  /** 0 to 100; undefined where there is none */
  readonly assessmentScore: Fraction | undefined;
  readonly auditFen: bigint;
  readonly depositFen: bigint;
};

/** The parameters of the steps that a policy uses. */
export type ClearingRule = {
  readonly steps: readonly ClearingStep[];
  readonly defaultAssessment: Fraction;
  /** undefined: the coefficient as given */
  readonly assessmentBands: readonly Band[] | undefined;
  readonly depositBands: readonly Band[] | undefined;
  readonly bands: BandsRule | undefined;
  readonly area: { readonly surplusShare: Fraction; readonly deficitShare: Fraction } | undefined;
};

export type BandsRule = {
  readonly booked: OptionOf<'clearing.booked'>;
  readonly lowRatio: Fraction;
  readonly surplusShare: Fraction;
  readonly overspend: readonly Band[];
};

export type SurplusBand = 'nothing-due' | 'below-low' | 'surplus' | 'overspend-shared' | 'overspend-capped';

/** What one step did to one institution; `quantity` and `factor` say with what. */
export type ClearingLine = {
  readonly step: ClearingStep;
  readonly band: string | undefined;
  readonly quantityFen: bigint | undefined;
  readonly factor: Fraction | undefined;
  readonly changeFen: bigint;
  readonly amountFen: bigint;
};

type Change = Pick<ClearingLine, 'band' | 'quantityFen' | 'factor' | 'amountFen'>;

const rounded = (amount: bigint, factor: Fraction): bigint => roundTo(multiply(fraction(amount), factor), 0);
const sumOf = (values: readonly bigint[]): bigint => values.reduce((sum, value) => sum + value, 0n);
const largest = (a: bigint, b: bigint): bigint => (a > b ? a : b);
const smallest = (a: bigint, b: bigint): bigint => (a < b ? a : b);

/** The value of the first band whose limit is not below the quantity. */
export const valueOfBand = (bands: readonly Band[], quantity: Fraction): Fraction =>
  bands.find(({ upTo }) => upTo === undefined || compare(quantity, upTo) <= 0)!.value;

/** amount × coefficient, rounded to the fen. */
export function assess(amount: bigint, member: ClearingMember, rule: ClearingRule): Change {
  const given = rule.assessmentBands
    ? member.assessmentScore && valueOfBand(rule.assessmentBands, member.assessmentScore)
    : member.assessmentCoefficient;
  const factor = given ?? rule.defaultAssessment;
  return { band: undefined, quantityFen: undefined, factor, amountFen: rounded(amount, factor) };
}

/** The deposit kept over the months is returned in the share of the score's band; without a score in full. */
export function returnDeposit(amount: bigint, member: ClearingMember, bands: readonly Band[]): Change {
  const factor = member.assessmentScore ? valueOfBand(bands, member.assessmentScore) : fraction(1n);
  const returned = rounded(member.depositFen, factor);
  return {
    band: undefined,
    quantityFen: member.depositFen,
    factor,
    amountFen: amount - member.depositFen + returned,
  };
}

/**
 * Retained surplus and shared overspend of one institution: what is booked against the amount it is due.
 * Source: docs/domain/clearing.md#bands.
 */
export function applyBands(
  amount: bigint,
  bookedFen: bigint,
  rule: BandsRule,
): Change & { band: SurplusBand } {
  const line = (band: SurplusBand, factor: Fraction | undefined, amountFen: bigint) => ({
    band,
    quantityFen: bookedFen,
    factor,
    amountFen,
  });
  if (amount <= 0n) return line('nothing-due', undefined, amount);
  const ratio = fraction(bookedFen, amount);
  if (compare(ratio, rule.lowRatio) < 0) return line('below-low', undefined, bookedFen);
  if (bookedFen <= amount) {
    return line('surplus', rule.surplusShare, bookedFen + rounded(amount - bookedFen, rule.surplusShare));
  }
  // amounts × 10^4, shares × 10^4
  const scaled = (value: Fraction) => roundTo(value, 4);
  let from = amount * 10_000n;
  let shared = 0n;
  for (const { upTo, value } of rule.overspend) {
    const to =
      upTo === undefined ? bookedFen * 10_000n : smallest(bookedFen * 10_000n, amount * scaled(upTo));
    shared += scaled(value) * largest(to - from, 0n);
    from = largest(from, upTo === undefined ? to : amount * scaled(upTo));
  }
  const factor = valueOfBand(rule.overspend, ratio);
  return line(
    factor.numerator > 0n ? 'overspend-shared' : 'overspend-capped',
    factor,
    amount + roundTo(fraction(shared, 100_000_000n), 0),
  );
}

/** The institutions' part of what the area has left (or lacks), by points. */
export function balanceArea(
  budgetFen: bigint,
  amounts: readonly bigint[],
  members: readonly ClearingMember[],
  rule: NonNullable<ClearingRule['area']>,
): Change[] {
  const surplus = budgetFen - sumOf(amounts);
  const sign = surplus < 0n ? -1n : 1n;
  const factor = surplus < 0n ? rule.deficitShare : rule.surplusShare;
  const shares = allocate(
    rounded(surplus * sign, factor),
    members.map((member) => member.points4),
  );
  return amounts.map((amount, index) => ({
    band: surplus < 0n ? 'deficit' : 'surplus',
    quantityFen: surplus,
    factor,
    amountFen: amount + sign * shares[index]!,
  }));
}

/** What exceeds budget and adjustment fund is taken off the overspend paid, in proportion to it. */
export function drawFund(
  budgetFen: bigint,
  availableFen: bigint,
  amounts: readonly bigint[],
  added: readonly bigint[],
): Change[] {
  const over = sumOf(amounts) - budgetFen;
  const cut = smallest(largest(over - availableFen, 0n), sumOf(added));
  const cuts = allocate(cut, added);
  return amounts.map((amount, index) => ({
    band: over <= 0n ? 'not-needed' : cut > 0n ? 'cut' : 'covered',
    quantityFen: availableFen,
    factor: undefined,
    amountFen: amount - cuts[index]!,
  }));
}

/**
 * The annual clearing of one scheme: the lines of each institution, in the order of the steps. Members come in ascending
 * order of their codes. Σ of the last amounts + residual = budget, whatever the steps. Source: docs/domain/clearing.md.
 */
export function clearScheme(
  budgetFen: bigint,
  adjustmentFundFen: bigint,
  members: readonly ClearingMember[],
  rule: ClearingRule,
): ClearingLine[][] {
  const lines: ClearingLine[][] = members.map(() => []);
  let amounts = members.map((member) => member.dueFen);
  for (const step of rule.steps) {
    const changes = changesOf(step, amounts);
    for (const [index, change] of changes.entries()) {
      lines[index]!.push({ step, ...change, changeFen: change.amountFen - amounts[index]! });
    }
    amounts = changes.map((change) => change.amountFen);
  }
  return lines;

  function changesOf(step: ClearingStep, before: readonly bigint[]): Change[] {
    const each = (change: (amount: bigint, member: ClearingMember) => Change) =>
      before.map((amount, index) => change(amount, members[index]!));
    switch (step) {
      case 'assessment':
        return each((amount, member) => assess(amount, member, rule));
      case 'audit':
        return each((amount, { auditFen }) => ({
          band: undefined,
          quantityFen: auditFen,
          factor: undefined,
          amountFen: amount - auditFen,
        }));
      case 'deposit':
        return each((amount, member) => returnDeposit(amount, member, rule.depositBands!));
      case 'bands':
        return each((amount, { bookedFen, auditFen }) =>
          applyBands(
            amount,
            rule.bands!.booked === 'after-audit' ? bookedFen - auditFen : bookedFen,
            rule.bands!,
          ),
        );
      case 'area-balance':
        return balanceArea(budgetFen, before, members, rule.area!);
      case 'adjustment-fund':
        return drawFund(
          budgetFen,
          adjustmentFundFen,
          before,
          lines.map((own) => largest(own.find((line) => line.step === 'bands')?.changeFen ?? 0n, 0n)),
        );
    }
  }
}

/** The rule that a policy chooses. */
export function clearingRule(policy: Policy): ClearingRule {
  const steps = policy.steps('clearing.steps');
  return {
    steps,
    defaultAssessment: policy.fraction('clearing.default_assessment'),
    assessmentBands:
      policy.choice('clearing.assessment') === 'score-bands'
        ? policy.bands('clearing.assessment_bands')
        : undefined,
    depositBands:
      policy.choice('deposit.mode') === 'assessed' ? policy.bands('deposit.return_bands') : undefined,
    bands: steps.includes('bands')
      ? {
          booked: policy.choice('clearing.booked'),
          lowRatio: policy.fraction('clearing.surplus_low_ratio'),
          surplusShare: policy.fraction('clearing.surplus_share'),
          overspend: policy.bands('clearing.overspend_bands'),
        }
      : undefined,
    area: steps.includes('area-balance')
      ? {
          surplusShare: policy.fraction('clearing.area_surplus_share'),
          deficitShare: policy.fraction('clearing.area_deficit_share'),
        }
      : undefined,
  };
}
