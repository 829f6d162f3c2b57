import { employeeContribution, missingYears } from '#benefits/contribution.ts';
import { share } from '#benefits/exact.ts';
import { firstDayOf, lastDayOf, monthAfter, monthOfDay, monthsBetween, monthsOf } from '#benefits/months.ts';
import { type BenefitPolicy, cellOf } from '#benefits/policy.ts';
import {
  type InsuredBefore,
  joinedSpan,
  type WaitingPeriod,
  waitingPeriod,
} from '#benefits/waiting-period.ts';
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
  /** months between insurance elsewhere or in another scheme and this one, where it decides that there is no wait */
  readonly gapMonths: number | undefined;
  /** the span of the year: from payment, 1 January, birth or the end of insurance elsewhere to 31 December */
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
    /** months (yyyyMM) of residents’ insurance in another area, and of employees’ insurance: after a short gap nobody waits */
    readonly elsewhere?: readonly string[];
    readonly employed?: readonly string[];
    readonly birthDate?: string | undefined;
  },
  context: TableContext = {},
): ResidentYear {
  const { year, paid, otherYears = [], elsewhere = [], employed = [], birthDate } = facts;
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
  const newYear = `${year}-01-01`;
  const begins = wait.reason === 'newborn' ? wait.entitledFrom : isInWindow ? newYear : paidOn;
  const counted = { isInWindow, gapYears, repairedYears, continuousYears, to: `${year}-12-31` };
  const monthsPaid = (of: Iterable<number>) => [...of].flatMap((each) => monthsOf(`${each}01`, `${each}12`));
  const earlier = monthsPaid([...years].filter((each) => each < year && !otherYears.includes(each)));
  const joins = insuredBefore(policy, { begins, elsewhere, employed, earlier }, context);
  if (joins !== undefined && wait.reason !== 'newborn') {
    const repaid = new Set(monthsPaid(paid.map((one) => one.year)));
    const joined = joinedSpan(policy, { before: joins, scheme: 'resident', begins, paid: repaid }, context);
    if (joined.months === 0) {
      const from = joined.from < newYear ? newYear : joined.from;
      const none = { months: 0, fixedMonths: 0, variableMonths: 0, repairedMonths: 0, raisedMonths: 0 };
      const { gapMonths } = joined;
      return { ...counted, gapMonths, wait: { ...none, entitledFrom: from, reason: 'transfer' }, from };
    }
  }
  return { ...counted, gapMonths: undefined, wait, from: begins };
}

/**
 * What a resident was insured by before: in another area; or as an employee, where the months without a gap up to then are the years
 * that a switch of the scheme needs.
 */
function insuredBefore(
  policy: BenefitPolicy,
  of: {
    readonly begins: string;
    readonly elsewhere: readonly string[];
    readonly employed: readonly string[];
    /** months paid for here as a resident in years before */
    readonly earlier: readonly string[];
  },
  context: TableContext,
): InsuredBefore | undefined {
  const last = (months: readonly string[]) =>
    months
      .filter((month) => month <= monthOfDay(of.begins))
      .toSorted()
      .at(-1);
  const [there, employed] = [last(of.elsewhere), last(of.employed)];
  if (employed === undefined || (there !== undefined && there > employed)) {
    return there === undefined ? undefined : { coveredTo: there, scheme: 'resident' };
  }
  const insured = new Set([...of.elsewhere, ...of.employed, ...of.earlier]);
  let months = 0;
  while (insured.has(monthAfter(employed, -months))) months += 1;
  const years = cellOf(policy, 'waiting.switch_years', context).number;
  return years > 0 && months >= years * 12 ? { coveredTo: employed, scheme: 'employee' } : undefined;
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

/** A month (yyyyMM) that was paid for, and the day; or one brought from another area, which begins no span here. */
export type MonthPaid = {
  readonly month: string;
  readonly paidOn: string;
  readonly isElsewhere?: boolean | undefined;
};

export type EmployeeSpan = {
  readonly from: string;
  /** the last day the contributions reach */
  readonly to: string;
  /** first day with benefits, where the span follows a gap; undefined: from its start */
  readonly waitingUntil: string | undefined;
  /** what it follows: insurance here before a gap that makes it wait, or insurance in another area */
  readonly follows: 'gap' | 'transfer' | undefined;
  /** months of that gap */
  readonly gapMonths: number | undefined;
};

/**
 * When an employee has benefits (§2.12, §5.4): each month paid in time gives one month of benefits some months later; arrears paid
 * soon are traced back; after a longer gap the new span waits. Arrears paid too late count as years and give no benefits. A span that
 * follows months of another area begins as a transfer does.
 */
export function employeeSpans(
  policy: BenefitPolicy,
  paid: readonly MonthPaid[],
  context: TableContext = {},
): readonly EmployeeSpan[] {
  const number = (name: Parameters<typeof cellOf>[1]) => cellOf(policy, name, context).number;
  const retro = number('waiting.employee_retro_months');
  const start = number('waiting.employee_start_months');
  const here = paid.filter(({ isElsewhere }) => isElsewhere !== true);
  const paidHere = new Set(here.map(({ month }) => month));
  const elsewhere = paid.filter(({ isElsewhere }) => isElsewhere === true).map(({ month }) => month);
  const inTime = here.filter(({ month, paidOn }) => paidOn <= lastDayOf(monthAfter(month, retro)));
  const months = [...new Set(inTime.map(({ month }) => monthAfter(month, start)))].toSorted();
  const spans: { from: string; to: string }[] = [];
  for (const month of months) {
    const last = spans.at(-1);
    if (last !== undefined && monthAfter(last.to, 1) === month) last.to = month;
    else spans.push({ from: month, to: month });
  }
  return spans.map(({ from, to }, index) => {
    const before = spans[index - 1];
    const first = firstDayOf(from);
    const paidBefore = before === undefined ? '' : monthAfter(before.to, -start);
    const coveredTo = elsewhere
      .filter((month) => month < monthAfter(from, -start))
      .toSorted()
      .at(-1);
    if (coveredTo !== undefined && coveredTo > paidBefore) {
      const joins = { coveredTo, scheme: 'employee' } as const;
      const joined = joinedSpan(
        policy,
        { before: joins, scheme: 'employee', begins: first, paid: paidHere },
        context,
      );
      const { gapMonths, waitingUntil } = joined;
      return { from: joined.from, to: lastDayOf(to), waitingUntil, follows: 'transfer', gapMonths };
    }
    const gap = before === undefined ? 0 : monthsBetween(before.to, from) - 1;
    const wait = gap > number('waiting.transfer_gap_months') ? number('waiting.employee_months') : 0;
    const waits = wait > 0 ? { follows: 'gap' as const, gapMonths: gap } : undefined;
    return {
      from: first,
      to: lastDayOf(to),
      waitingUntil: wait > 0 ? Temporal.PlainDate.from(first).add({ months: wait }).toString() : undefined,
      follows: waits?.follows,
      gapMonths: waits?.gapMonths,
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
  const months = new Set(stretches.flatMap(({ monthFrom, monthTo }) => monthsOf(monthFrom, monthTo)));
  return { paidTo: [...months].toSorted().at(-1), months: months.size };
}

export type RetirementYears = {
  /** share of residents’ months that counts, in millionths, and the whole months it makes */
  readonly residentYearsRatio: number;
  readonly convertedMonths: number;
  readonly countedYears: number;
  readonly missingYears: number;
  readonly missingLocalYears: number;
  /** one payment that makes up the missing years: missing years × 12 × base × ratio */
  readonly payUpFen: number;
  readonly isFulfilled: boolean;
};

/**
 * Lifetime benefits at retirement (§2.12): counted years are those paid, those deemed and, where the policy says so, a share of those
 * paid as a resident, whole years of twelve months; some of them have to be paid as an employee in this area. What is missing may be paid up.
 */
export function retirementYears(
  policy: BenefitPolicy,
  facts: {
    readonly actualMonths: number;
    readonly deemedMonths: number;
    readonly localMonths: number;
    /** months paid as a resident that none of the others is */
    readonly residentMonths?: number;
    readonly wageFen: number;
  },
  context: TableContext,
): RetirementYears {
  const residentYearsRatio = cellOf(policy, 'contribution.resident_years_ratio', context).number;
  const convertedMonths = share(facts.residentMonths ?? 0, residentYearsRatio, 'down').pay;
  const countedYears = Math.floor((facts.actualMonths + facts.deemedMonths + convertedMonths) / 12);
  const missing = missingYears(policy, countedYears, context);
  const localNeeded = cellOf(policy, 'contribution.local_years_needed', context).number;
  const missingLocalYears = Math.max(0, localNeeded - Math.floor(facts.localMonths / 12));
  const { baseFen } = employeeContribution(policy, facts.wageFen, context);
  const ratio = cellOf(policy, 'contribution.pay_up_ratio', context).number;
  const months = Math.max(missing, missingLocalYears) * 12;
  return {
    residentYearsRatio,
    convertedMonths,
    countedYears,
    missingYears: missing,
    missingLocalYears,
    payUpFen: share(baseFen, ratio, 'half-up').pay * months,
    isFulfilled: missing === 0 && missingLocalYears === 0,
  };
}
