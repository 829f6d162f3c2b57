import { sql } from 'kysely';
import type { Accumulators } from '#benefits/index.ts';
import type { StoreTransaction } from '#engine/postgres/store.ts';

const OWN = 'balance:own';
const FAMILY = 'balance:family:';

/** Codes that outlive the year are kept under the year 0; balances are no accumulators but accounts. */
export const yearOfCode = (code: string, year: number): number => (code.startsWith('stay:') ? 0 : year);
export const isBalance = (code: string): boolean => code.startsWith('balance:');
/** The person whose account a balance code means. */
export const ownerOfBalance = (code: string, psnNo: string): string =>
  code === OWN ? psnNo : code.slice(FAMILY.length);

/**
 * What a person's year has used up under a scheme, with the balances of the own account and of those that may pay for the person on
 * the day. With `isLocked` the accounts stay as they are until the transaction ends (in the order of their owners, so that two
 * families never wait for each other).
 */
export async function readAccumulators(
  db: StoreTransaction,
  psnNo: string,
  scheme: string,
  date: string,
  isLocked: boolean,
): Promise<Accumulators> {
  const year = Number(date.slice(0, 4));
  const { rows } = await sql<{ code: string; value: number }>`SELECT code, value FROM accumulator
    WHERE psn_no = ${psnNo} AND scheme = ${scheme} AND year IN (0, ${year}) ORDER BY code`.execute(db);
  const values: Record<string, number> = Object.fromEntries(rows.map(({ code, value }) => [code, value]));
  const { rows: accounts } = await sql<{
    psn_no: string;
    balance_fen: number;
  }>`SELECT psn_no, balance_fen FROM personal_account
    WHERE psn_no IN (SELECT ${psnNo}::text UNION SELECT coalesce(p.merged_into, p.psn_no)
      FROM account_sharing AS s JOIN person AS p ON p.psn_no = s.owner_psn_no
      WHERE s.user_psn_no = ${psnNo} AND s.begndate <= ${date}::date AND (s.enddate IS NULL OR s.enddate >= ${date}::date))
    ORDER BY psn_no ${sql.raw(isLocked ? 'FOR UPDATE' : '')}`.execute(db);
  for (const { psn_no, balance_fen } of accounts) {
    if (balance_fen !== 0) values[psn_no === psnNo ? OWN : `${FAMILY}${psn_no}`] = balance_fen;
  }
  return { year, values };
}
