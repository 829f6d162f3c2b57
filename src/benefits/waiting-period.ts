import { firstDayOf, monthAfter, monthOfDay, monthsOf } from '#benefits/months.ts';
import { type BenefitPolicy, cellOf } from '#benefits/policy.ts';
import type { TableContext } from '#policy/table.ts';

/** What decides how long a resident waits for benefits. Dates YYYY-MM-DD. */
export type WaitingFacts = {
  /** year the contribution is for */
  readonly year: number;
  readonly paidOn: string;
  /** paid in the collection window of that year */
  readonly inWindow: boolean;
  /** whole years without insurance just before */
  readonly gapYears: number;
  /** of those, repaired by paying */
  readonly repairedYears: number;
  readonly birthDate?: string | undefined;
};

export type WaitingPeriod = {
  readonly months: number;
  readonly fixedMonths: number;
  readonly variableMonths: number;
  readonly repairedMonths: number;
  /** months added so that a long gap keeps its least wait */
  readonly raisedMonths: number;
  /** first day with benefits */
  readonly entitledFrom: string;
  readonly reason: 'none' | 'newborn' | 'late' | 'gap' | 'transfer';
};

/**
 * The waiting period (§2.12): a fixed part after a gap or outside the window, one part for each gap year after the
 * first, less what repair takes off the variable part; a long gap keeps a least sum. In the window it runs from 1 January, outside
 * from the day of payment.
 */
export function waitingPeriod(
  policy: BenefitPolicy,
  facts: WaitingFacts,
  context: TableContext = {},
): WaitingPeriod {
  const { year, paidOn, inWindow, gapYears, repairedYears, birthDate } = facts;
  const number = (name: Parameters<typeof cellOf>[1]) => cellOf(policy, name, context).number;
  const start = inWindow ? `${year}-01-01` : paidOn;
  const none = { months: 0, fixedMonths: 0, variableMonths: 0, repairedMonths: 0, raisedMonths: 0 };
  if (birthDate !== undefined && daysBetween(birthDate, paidOn) <= number('waiting.newborn_days')) {
    return { ...none, entitledFrom: birthDate, reason: 'newborn' };
  }
  if (gapYears === 0 && inWindow) return { ...none, entitledFrom: start, reason: 'none' };
  const fixedMonths = number('waiting.fixed_months');
  const variableMonths = Math.max(0, gapYears - 1) * number('waiting.months_per_further_gap_year');
  const repairedMonths = Math.min(variableMonths, repairedYears * number('waiting.months_per_repaired_year'));
  const sum = fixedMonths + variableMonths - repairedMonths;
  const longGap = number('waiting.long_gap_years');
  const least = longGap > 0 && gapYears >= longGap ? number('waiting.long_gap_minimum_months') : 0;
  const months = Math.max(sum, least);
  return {
    months,
    fixedMonths,
    variableMonths,
    repairedMonths,
    raisedMonths: months - sum,
    entitledFrom: Temporal.PlainDate.from(start).add({ months }).toString(),
    reason: gapYears > 0 ? 'gap' : 'late',
  };
}

/**
 * The wait of a transfer between areas or schemes: none, and traced back, after a short gap that was repaid; shorter after a long
 * one that was repaid, where the policy says so.
 */
export function transferWait(
  policy: BenefitPolicy,
  facts: { readonly gapMonths: number; readonly repaid: boolean; readonly joinedOn: string },
  context: TableContext = {},
): { readonly months: number; readonly tracedBack: boolean; readonly entitledFrom: string } {
  const number = (name: Parameters<typeof cellOf>[1]) => cellOf(policy, name, context).number;
  const short = facts.gapMonths <= number('waiting.transfer_gap_months');
  const joined = Temporal.PlainDate.from(facts.joinedOn);
  if (short && (facts.repaid || facts.gapMonths === 0)) {
    const entitledFrom = joined.subtract({ months: facts.gapMonths }).toString();
    return { months: 0, tracedBack: facts.gapMonths > 0, entitledFrom };
  }
  const off = facts.repaid ? number('waiting.transfer_months_off_repaid') : 0;
  const months = Math.max(0, number('waiting.transfer_months') - off);
  return { months, tracedBack: false, entitledFrom: joined.add({ months }).toString() };
}

/** Insurance in another area, or in the other scheme, that a span follows. */
export type InsuredBefore = {
  /** the last month paid for, yyyyMM */
  readonly coveredTo: string;
  readonly scheme: 'employee' | 'resident';
};

export type JoinedSpan = {
  /** whole months that nothing was paid for, between the insurance before and this one */
  readonly gapMonths: number;
  /** each of them was paid here */
  readonly isRepaid: boolean;
  readonly months: number;
  /** first day of the span: that given, or the day after the insurance before where it is traced back */
  readonly from: string;
  /** first day with benefits; undefined: from its start */
  readonly waitingUntil: string | undefined;
};

/**
 * How a span begins after insurance in another area or scheme: `transferWait`, with the gap counted in months of contributions.
 * @param joined.begins the first day of the span, which contributions begin some months before (§5.4)
 * @param joined.paid months paid for here, yyyyMM
 */
export function joinedSpan(
  policy: BenefitPolicy,
  joined: {
    readonly before: InsuredBefore;
    readonly scheme: 'employee' | 'resident';
    readonly begins: string;
    readonly paid: ReadonlySet<string>;
  },
  context: TableContext = {},
): JoinedSpan {
  const { before, scheme, begins, paid } = joined;
  const startOf = (whose: 'employee' | 'resident') =>
    whose === 'employee' ? cellOf(policy, 'waiting.employee_start_months', context).number : 0;
  const firstPaid = monthAfter(monthOfDay(begins), -startOf(scheme));
  const gap = monthsOf(monthAfter(before.coveredTo, 1), monthAfter(firstPaid, -1));
  const isRepaid = gap.every((month) => paid.has(month));
  const facts = { gapMonths: gap.length, repaid: isRepaid, joinedOn: begins };
  const { months, tracedBack, entitledFrom } = transferWait(policy, facts, context);
  const covered = firstDayOf(monthAfter(before.coveredTo, 1 + startOf(before.scheme)));
  return {
    gapMonths: gap.length,
    isRepaid,
    months,
    from: tracedBack && covered < begins ? covered : begins,
    waitingUntil: months > 0 ? entitledFrom : undefined,
  };
}

const daysBetween = (from: string, to: string): number =>
  Temporal.PlainDate.from(from).until(Temporal.PlainDate.from(to), { largestUnit: 'days' }).days;
