import { sql } from 'kysely';
import type { Store } from '#engine/postgres/store.ts';

/** What one fund or the personal accounts paid in a month, by scheme. Fen. */
export type FundRow = {
  readonly scheme: string;
  readonly fund_pay_type: string;
  readonly entries: number;
  readonly paid_fen: number;
  readonly taken_back_fen: number;
  readonly amount_fen: number;
};

/** The first moment of a month (yyyyMM) in Beijing time. */
const startOf = (month: string): string => `${month.slice(0, 4)}-${month.slice(4, 6)}-01T00:00:00+08:00`;
const inMonth = (month: string) => sql`e.booked_at >= ${startOf(month)}::timestamptz
  AND e.booked_at < (${startOf(month)}::timestamptz AT TIME ZONE 'Asia/Shanghai' + interval '1 month') AT TIME ZONE 'Asia/Shanghai'`;

/** The expenses of a month (yyyyMM) by fund; of what is taken back the reversals' share stands apart. */
export async function monthFunds(store: Store, month: string): Promise<FundRow[]> {
  const { rows } = await sql<FundRow>`SELECT l.scheme, l.fund_pay_type, count(DISTINCT e.entry_id) AS entries,
      coalesce(sum(l.amount_fen) FILTER (WHERE s.sign = 1), 0)::bigint AS paid_fen,
      coalesce(sum(l.amount_fen) FILTER (WHERE s.sign = -1), 0)::bigint AS taken_back_fen, sum(l.amount_fen)::bigint AS amount_fen
    FROM journal_entry AS e JOIN journal_leg AS l ON l.entry_id = e.entry_id JOIN settlement AS s ON s.setl_id = e.setl_id
    WHERE l.kind <> 'payable' AND ${inMonth(month)} GROUP BY 1, 2 ORDER BY 1, 2`.execute(store);
  return rows;
}

/** One day of the journal and how much of it is sealed. */
export type DayRow = {
  readonly day: string;
  readonly entries: number;
  readonly reversals: number;
  readonly fund_fen: number;
  readonly account_fen: number;
  readonly cash_fen: number;
  readonly unsealed: number;
};

/** The days of a month (yyyyMM) with entries, Beijing time. */
export async function monthDays(store: Store, month: string): Promise<DayRow[]> {
  const { rows } =
    await sql<DayRow>`SELECT to_char(e.booked_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD') AS day,
      count(*) AS entries, count(*) FILTER (WHERE s.sign = -1) AS reversals,
      sum(s.fund_pay_sumamt_fen)::bigint AS fund_fen, sum(s.acct_pay_fen)::bigint AS account_fen,
      sum(e.memo_cash_fen)::bigint AS cash_fen,
      count(*) FILTER (WHERE e.entry_id > (SELECT coalesce(max(last_entry_id), 0) FROM journal_seal)) AS unsealed
    FROM journal_entry AS e JOIN settlement AS s ON s.setl_id = e.setl_id
    WHERE ${inMonth(month)} GROUP BY 1 ORDER BY 1`.execute(store);
  return rows;
}
