/** Months as text yyyyMM, which sorts as they follow one another. */
export const monthAfter = (month: string, months: number): string => monthOf(indexOf(month) + months);
export const monthsBetween = (from: string, to: string): number => indexOf(to) - indexOf(from);
export const monthOfDay = (day: string): string => `${day.slice(0, 4)}${day.slice(5, 7)}`;
export const firstDayOf = (month: string): string => `${month.slice(0, 4)}-${month.slice(4)}-01`;
export const lastDayOf = (month: string): string =>
  Temporal.PlainYearMonth.from({ year: Number(month.slice(0, 4)), month: Number(month.slice(4)) })
    .toPlainDate({ day: 31 })
    .toString();
/** Each month from the first to the last. */
export const monthsOf = (from: string, to: string): string[] =>
  Array.from({ length: Math.max(0, monthsBetween(from, to) + 1) }, (_, index) => monthAfter(from, index));

const indexOf = (month: string): number => Number(month.slice(0, 4)) * 12 + Number(month.slice(4)) - 1;
const monthOf = (index: number): string =>
  `${Math.floor(index / 12)}${String((index % 12) + 1).padStart(2, '0')}`;
