import { sql } from 'kysely';
import type { Store } from '#engine/postgres/store.ts';

/** What one institution is owed of one month: by clearing office, class, way and insurance. Fen. */
export type MonthRow = {
  readonly fixmedins_code: string;
  readonly clr_optins: string;
  readonly clr_type: string;
  readonly clr_way: string;
  readonly insutype: string;
  readonly settlements: number;
  readonly reversals: number;
  readonly medfee_fen: number;
  readonly fund_fen: number;
  readonly account_fen: number;
  readonly cash_fen: number;
};

/** The accounts of a month (yyyyMM, Beijing time) from the journal, ordered by institution. */
export async function monthAccounts(db: Store, month: string, fixmedinsCode?: string): Promise<MonthRow[]> {
  const start = `${month.slice(0, 4)}-${month.slice(4, 6)}-01T00:00:00+08:00`;
  const { rows } =
    await sql<MonthRow>`SELECT s.fixmedins_code, s.clr_optins, s.clr_type, s.clr_way, s.insutype,
      count(*) FILTER (WHERE s.sign = 1) AS settlements, count(*) FILTER (WHERE s.sign = -1) AS reversals,
      sum(s.medfee_sumamt_fen)::bigint AS medfee_fen, coalesce(sum(l.funds), 0)::bigint AS fund_fen,
      coalesce(sum(l.accounts), 0)::bigint AS account_fen, sum(e.memo_cash_fen)::bigint AS cash_fen
    FROM journal_entry AS e JOIN settlement AS s ON s.setl_id = e.setl_id
      LEFT JOIN LATERAL (SELECT -sum(amount_fen) FILTER (WHERE fund_pay_type = '') AS funds,
          -sum(amount_fen) FILTER (WHERE fund_pay_type <> '') AS accounts
        FROM journal_leg WHERE entry_id = e.entry_id AND kind = 'payable') AS l ON true
    WHERE e.booked_at >= ${start}::timestamptz AND e.booked_at < (${start}::timestamptz AT TIME ZONE 'Asia/Shanghai'
        + interval '1 month') AT TIME ZONE 'Asia/Shanghai'
      AND (${fixmedinsCode ?? ''} = '' OR s.fixmedins_code = ${fixmedinsCode ?? ''})
    GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5`.execute(db);
  return rows;
}
