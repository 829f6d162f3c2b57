import type { OptionOf } from '#policy/index.ts';

/** What the policy says of bed-days: `parts.bed_day_pay`, `parts.bed_day_tiers`. */
export type BedDayRule = {
  readonly pay: OptionOf<'parts.bed_day_pay'>;
  readonly tiers: OptionOf<'parts.bed_day_tiers'>;
};

/** Fen per day from `firstDay` of the stay on; ascending, the first from day 1. */
export type BedDayTier = { readonly firstDay: number; readonly fenPerDay: bigint };

export type BedDayAccount = {
  readonly lines: readonly { readonly days: number; readonly fenPerDay: bigint; readonly fen: bigint }[];
  readonly standardFen: bigint;
  readonly amountFen: bigint;
};

/** Days from admission to discharge, at least one; both days without their clock times. */
export const bedDays = (admission: Temporal.PlainDate, discharge: Temporal.PlainDate): number =>
  Math.max(1, admission.until(discharge, { largestUnit: 'day' }).days);

/** What a stay is worth by its bed-days. Source: docs/domain/parts.md#bed-day. */
export function bedDayAccount(
  stay: { readonly days: number; readonly costFen: bigint },
  tiers: readonly BedDayTier[],
  rule: BedDayRule,
): BedDayAccount {
  const reached = tiers.filter((tier) => tier.firstDay <= stay.days);
  const line = (days: number, fenPerDay: bigint) => ({ days, fenPerDay, fen: BigInt(days) * fenPerDay });
  const lines =
    rule.tiers === 'whole-stay'
      ? [line(stay.days, reached.at(-1)!.fenPerDay)]
      : reached.map((tier, index) => {
          const end = reached[index + 1]?.firstDay ?? stay.days + 1;
          return line(end - tier.firstDay, tier.fenPerDay);
        });
  const standardFen = lines.reduce((sum, each) => sum + each.fen, 0n);
  const isCapped = rule.pay === 'at-most-cost' && stay.costFen < standardFen;
  return { lines, standardFen, amountFen: isCapped ? stay.costFen : standardFen };
}

/** A row of bed_day_classes.csv as the choosing reads it. */
export type ClassRow = {
  readonly diagnosisStart: string;
  readonly fixmedinsCode: string | null;
  readonly minimumStay: number;
};

/**
 * The row that takes a list: of those that fit, one for the institution goes first, then the longer start of the diagnosis,
 * then the longer minimum stay. Source: docs/domain/parts.md#bed-day.
 */
export function chooseBedDayClass<Row extends ClassRow>(
  list: { readonly diagnosis: string; readonly fixmedinsCode: string; readonly days: number },
  rows: readonly Row[],
): Row | undefined {
  return rows
    .filter(
      (row) =>
        list.diagnosis.startsWith(row.diagnosisStart) &&
        (row.fixmedinsCode === null || row.fixmedinsCode === list.fixmedinsCode) &&
        list.days >= row.minimumStay,
    )
    .toSorted(
      (a, b) =>
        Number(a.fixmedinsCode === null) - Number(b.fixmedinsCode === null) ||
        b.diagnosisStart.length - a.diagnosisStart.length ||
        b.minimumStay - a.minimumStay,
    )[0];
}
