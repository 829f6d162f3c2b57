import type { Engine } from '#engine/duckdb.ts';
import { fraction, roundTo, scaledText } from '#kernel/fraction.ts';
import { yuanText } from '#kernel/money.ts';
import type { Policy } from '#policy/index.ts';

/** By when the year must be cleared, and how much of the fund is left for the clearing to pay. */
export type ClearingIndicators = {
  /** last day */
  readonly deadline: string;
  /** Σ |clearing cash| of the institutions, yuan */
  readonly clearing_money: string;
  /** money paid in the year: months, quarters, advances, yuan */
  readonly paid_in_year: string;
  /** clearing money ÷ Σ result (what the fund pays for the year), four decimals; empty when that is not above 0 */
  readonly cash_share: string;
  /** 1: the year has no target */
  readonly cash_share_target: string;
};

/** The last day for the clearing of a payment year. Source: docs/domain/clearing.md#deadlines. */
export function clearingDeadline(policy: Policy, year: number): string {
  const isPilot = policy.choice('clearing.is_pilot') === 'yes';
  const month = Number(policy.integer(isPilot ? 'clearing.pilot_deadline_month' : 'clearing.deadline_month'));
  const last = Temporal.PlainYearMonth.from({ year: year + 1, month });
  return last.toPlainDate({ day: last.daysInMonth }).toString();
}

export async function clearingIndicators(
  engine: Engine,
  policy: Policy,
  year: number,
): Promise<ClearingIndicators> {
  const row = await engine.row(`
    SELECT coalesce(sum(abs(clearing_cash_fen)), 0) AS clearing_fen, coalesce(sum(result_fen), 0) AS result_fen
      , coalesce(sum(monthly_paid_fen + quarter_paid_fen + advance_paid_fen), 0) AS paid_fen
    FROM clearing_result`);
  const [clearing, result, paid] = [row.clearing_fen, row.result_fen, row.paid_fen].map((value) =>
    BigInt(value as bigint),
  ) as [bigint, bigint, bigint];
  return {
    deadline: clearingDeadline(policy, year),
    clearing_money: yuanText(clearing),
    paid_in_year: yuanText(paid),
    cash_share: result > 0n ? scaledText(roundTo(fraction(clearing, result), 4), 4) : '',
    cash_share_target: policy.values['clearing.cash_share_target']!.value.text,
  };
}
