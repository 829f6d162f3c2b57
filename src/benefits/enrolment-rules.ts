import { employeeContribution, missingYears } from '#benefits/contribution.ts';
import { share } from '#benefits/exact.ts';
import { type BenefitPolicy, cellOf } from '#benefits/policy.ts';
import { type WaitingPeriod, waitingPeriod } from '#benefits/waiting-period.ts';
import type { TableContext } from '#policy/table.ts';

/** What was paid for a resident: the year it is for, and the day. Other insurance in a year counts as that year covered. */
export type YearPaid = { readonly year: number; readonly paidOn: string };

export type ResidentYear = {
  readonly isInWindow: boolean;
  readonly gapYears: number;
  readonly repairedYears: number;
  /** years of enrolment one after another, this one included; a repaired year joins them again */
  readonly continuousYears: number;
  readonly wait: WaitingPeriod;
  /** the span of the year: from payment, 1 January or birth to 31 December */
  readonly from: string;
  readonly to: string;
};

/**
 * The enrolment of a resident in a year (§2.12, §5.4): in the collection window from 1 January, outside from the day of payment, of a
 * newborn from birth; gap years are those before it without insurance, back to the last one with it.
 * @param paid everything paid, that of the year among it
 */
export function residentYear(
  policy: BenefitPolicy,
  facts: {
    readonly year: number;
    readonly paid: readonly YearPaid[];
    /** years insured in another scheme or area */
    readonly otherYears?: readonly number[];
    readonly birthDate?: string | undefined;
  },
  context: TableContext = {},
): ResidentYear {
  const { year, paid, otherYears = [], birthDate } = facts;
  const number = (name: Parameters<typeof cellOf>[1]) => cellOf(policy, name, context).number;
  const own = paid.filter((one) => one.year === year).map(({ paidOn }) => paidOn);
  const paidOn = own.toSorted()[0];
  if (paidOn === undefined) throw new RangeError(`nothing is paid for ${year}`);
  const window = collectionWindow(policy, year, context);
  const isInWindow = paidOn >= window.from && paidOn <= window.to;
  const inTime = new Set([
    ...otherYears,
    ...paid.filter((one) => one.paidOn <= `${one.year}-12-31`).map((one) => one.year),
  ]);
  const repaired = new Set(paid.map((one) => one.year).filter((each) => !inTime.has(each)));
  const first = Math.min(...inTime);
  const from = Math.max(first, number('waiting.gap_years_from'));
  let gapYears = 0;
  let repairedYears = 0;
  for (let before = year - 1; before >= from && !inTime.has(before); before--) {
    gapYears += 1;
    if (repaired.has(before)) repairedYears += 1;
  }
  const years = new Set([...inTime, ...repaired]);
  let continuousYears = 0;
  for (let each = year; years.has(each); each--) continuousYears += 1;
  const wait = waitingPeriod(
    policy,
    { year, paidOn, inWindow: isInWindow, gapYears, repairedYears, birthDate },
    context,
  );
  const begins = wait.reason === 'newborn' ? wait.entitledFrom : isInWindow ? `${year}-01-01` : paidOn;
  return { isInWindow, gapYears, repairedYears, continuousYears, wait, from: begins, to: `${year}-12-31` };
}

/** First and last day of the collection window of a year. */
export function collectionWindow(
  policy: BenefitPolicy,
  year: number,
  context: TableContext = {},
): { readonly from: string; readonly to: string } {
  const number = (name: Parameters<typeof cellOf>[1]) => cellOf(policy, name, context).number;
  const newYear = Temporal.PlainDate.from({ year, month: 1, day: 1 });
  const from = newYear.subtract({ months: number('waiting.window_opens_months_before') });
  const to = newYear.add({ months: number('waiting.window_closes_month') }).subtract({ days: 1 });
  return { from: from.toString(), to: to.toString() };
}

/** A month (yyyyMM) that was paid for, and the day. */
export type MonthPaid = { readonly month: string; readonly paidOn: string };

export type EmployeeSpan = {
  readonly from: string;
  /** the last day the contributions reach */
  readonly to: string;
  /** first day with benefits, where the span follows a gap; undefined: from its start */
  readonly waitingUntil: string | undefined;
};

/**
 * When an employee has benefits (§2.12, §5.4): each month paid in time gives one month of benefits some months later; arrears paid
 * soon are traced back; after a longer gap the new span waits. Arrears paid too late count as years and give no benefits.
 */
export function employeeSpans(
  policy: BenefitPolicy,
  paid: readonly MonthPaid[],
  context: TableContext = {},
): readonly EmployeeSpan[] {
  const number = (name: Parameters<typeof cellOf>[1]) => cellOf(policy, name, context).number;
  const retro = number('waiting.employee_retro_months');
  const start = number('waiting.employee_start_months');
  const inTime = paid.filter(({ month, paidOn }) => paidOn <= lastDayOf(after(month, retro)));
  const months = [...new Set(inTime.map(({ month }) => after(month, start)))].toSorted();
  const spans: { from: string; to: string }[] = [];
  for (const month of months) {
    const last = spans.at(-1);
    if (last !== undefined && after(last.to, 1) === month) last.to = month;
    else spans.push({ from: month, to: month });
  }
  return spans.map(({ from, to }, index) => {
    const before = spans[index - 1];
    const gap = before === undefined ? 0 : monthsBetween(before.to, from) - 1;
    const wait = gap > number('waiting.transfer_gap_months') ? number('waiting.employee_months') : 0;
    const first = Temporal.PlainDate.from(`${from.slice(0, 4)}-${from.slice(4)}-01`);
    return {
      from: first.toString(),
      to: lastDayOf(to),
      waitingUntil: wait > 0 ? first.add({ months: wait }).toString() : undefined,
    };
  });
}

/** A stretch of months (yyyyMM) that contributions were paid for. */
export type MonthStretch = { readonly monthFrom: string; readonly monthTo: string };

/** Each month once, however often it was paid. The same over all persons in SQL: `contribution_summary`. */
export function countedMonths(stretches: readonly MonthStretch[]): {
  readonly paidTo: string | undefined;
  readonly months: number;
} {
  const months = new Set(
    stretches.flatMap(({ monthFrom, monthTo }) =>
      Array.from({ length: monthsBetween(monthFrom, monthTo) + 1 }, (_, index) => after(monthFrom, index)),
    ),
  );
  return { paidTo: [...months].toSorted().at(-1), months: months.size };
}

export type RetirementYears = {
  readonly countedYears: number;
  readonly missingYears: number;
  readonly missingLocalYears: number;
  /** one payment that makes up the missing years: missing years × 12 × base × ratio */
  readonly payUpFen: number;
  readonly isFulfilled: boolean;
};

/**
 * Lifetime benefits at retirement (§2.12): counted years are those paid and those deemed, whole years of twelve months; some of them
 * have to be paid in this area. What is missing may be paid up.
 */
export function retirementYears(
  policy: BenefitPolicy,
  facts: {
    readonly actualMonths: number;
    readonly deemedMonths: number;
    readonly localMonths: number;
    readonly wageFen: number;
  },
  context: TableContext,
): RetirementYears {
  const countedYears = Math.floor((facts.actualMonths + facts.deemedMonths) / 12);
  const missing = missingYears(policy, countedYears, context);
  const localNeeded = cellOf(policy, 'contribution.local_years_needed', context).number;
  const missingLocalYears = Math.max(0, localNeeded - Math.floor(facts.localMonths / 12));
  const { baseFen } = employeeContribution(policy, facts.wageFen, context);
  const ratio = cellOf(policy, 'contribution.pay_up_ratio', context).number;
  const months = Math.max(missing, missingLocalYears) * 12;
  return {
    countedYears,
    missingYears: missing,
    missingLocalYears,
    payUpFen: share(baseFen, ratio, 'half-up').pay * months,
    isFulfilled: missing === 0 && missingLocalYears === 0,
  };
}

const indexOf = (month: string): number => Number(month.slice(0, 4)) * 12 + Number(month.slice(4)) - 1;
const monthOf = (index: number): string =>
  `${Math.floor(index / 12)}${String((index % 12) + 1).padStart(2, '0')}`;
const after = (month: string, months: number): string => monthOf(indexOf(month) + months);
const monthsBetween = (from: string, to: string): number => indexOf(to) - indexOf(from);
const lastDayOf = (month: string): string =>
  Temporal.PlainYearMonth.from({ year: Number(month.slice(0, 4)), month: Number(month.slice(4)) })
    .toPlainDate({ day: 31 })
    .toString();
