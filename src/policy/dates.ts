import { YibaoError } from '#kernel/errors.ts';
import { WRONG_DATE_ASKED } from '#policy/errors.ts';

/** A mistyped 2205 must not become a value that never starts. */
const YEAR_MIN = 1990;
const YEAR_MAX = 2100;

/** A date written YYYY-MM-DD; undefined when the text is anything else. */
export function dateOfText(text: string): Temporal.PlainDate | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return undefined;
  try {
    const date = Temporal.PlainDate.from(text);
    return date.year >= YEAR_MIN && date.year <= YEAR_MAX ? date : undefined;
  } catch {
    return undefined;
  }
}

/** A date the user gave as an argument. Throws `policy.wrong-date-asked`. */
export function parsePolicyDate(text: string): Temporal.PlainDate {
  const date = dateOfText(text);
  if (date === undefined) throw new YibaoError({ definition: WRONG_DATE_ASKED, value: text });
  return date;
}

/** A payment year is settled under the policy in force on its first of January. */
export const policyDateOfYear = (year: number): Temporal.PlainDate =>
  Temporal.PlainDate.from({ year, month: 1, day: 1 });
