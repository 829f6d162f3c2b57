import { type RawBuilder, sql } from 'kysely';
import type { Accumulators } from '#benefits/index.ts';
import { key, lockEach, type Reading, readEach } from '#engine/postgres/readings.ts';
import { type StoreTransaction, together } from '#engine/postgres/store.ts';
import { numberThatGoesOn } from '#enrolment/index.ts';

const OWN = 'balance:own';
const FAMILY = 'balance:family:';

/** Codes that outlive the year are kept under the year 0; balances are no accumulators but accounts. */
export const yearOfCode = (code: string, year: number): number => (code.startsWith('stay:') ? 0 : year);
export const isBalance = (code: string): boolean => code.startsWith('balance:');
/** The person whose account a balance code means. */
export const ownerOfBalance = (code: string, psnNo: string): string =>
  code === OWN ? psnNo : code.slice(FAMILY.length);

/** A value that is known, or that a statement finds. */
type Value = string | RawBuilder<string>;

/** The persons whose accounts may pay for a person on a day. */
const owners = (psnNo: Value, date: Value) => sql`SELECT ${psnNo}::text AS psn_no
  UNION SELECT coalesce(p.merged_into, p.psn_no) FROM account_sharing AS s JOIN person AS p ON p.psn_no = s.owner_psn_no
    WHERE s.user_psn_no = ${psnNo} AND s.begndate <= ${date}::date AND (s.enddate IS NULL OR s.enddate >= ${date}::date)`;

/**
 * What a person's year has used up under a scheme, and the balances of the own account and of those that may pay for the person on
 * the day: two statements for `accumulatorsOf`. With `isLocked` the accounts stay as they are until the transaction ends (in the order
 * of their owners, so that two families never wait for each other).
 */
export const usedUp = (psnNo: Value, scheme: Value, date: Value, isLocked: boolean) =>
  [
    sql<UsedRow>`SELECT code, value FROM accumulator
      WHERE psn_no = ${psnNo} AND scheme = ${scheme}
        AND year = ANY (ARRAY[0, extract(year FROM ${date}::date)::integer]) ORDER BY code`,
    sql<BalanceRow>`SELECT psn_no, balance_fen FROM personal_account
      WHERE psn_no IN (${owners(psnNo, date)}) ORDER BY psn_no ${sql.raw(isLocked ? 'FOR UPDATE' : '')}`,
  ] as const;

/** The same for all who ask, by the keys `names`, among them `psn_no` and `scheme`; `day`: the day each is about, from the keys. */
export const usedUpOfAll = (names: readonly string[], day: RawBuilder<string>) =>
  usedUp(numberThatGoesOn(key('psn_no')), key('scheme'), day, false).map(
    (statement): Reading => readEach(names, statement as RawBuilder<unknown>),
  );

/** The accounts whose balances these read stay as they are until the transaction ends. */
export const accountLocks = (names: readonly string[], day: RawBuilder<string>): Reading =>
  lockEach(
    names,
    owners(numberThatGoesOn(key('psn_no')), day),
    (owner) => sql`SELECT FROM personal_account WHERE psn_no = ${owner} FOR UPDATE`,
  );

export type UsedRow = { readonly code: string; readonly value: number };
export type BalanceRow = { readonly psn_no: string; readonly balance_fen: number };

export function accumulatorsOf(
  psnNo: string,
  date: string,
  [used, balances]: readonly [readonly UsedRow[], readonly BalanceRow[]],
): Accumulators {
  const values: Record<string, number> = Object.fromEntries(used.map(({ code, value }) => [code, value]));
  for (const { psn_no, balance_fen } of balances) {
    if (balance_fen !== 0) values[psn_no === psnNo ? OWN : `${FAMILY}${psn_no}`] = balance_fen;
  }
  return { year: Number(date.slice(0, 4)), values };
}

export async function readAccumulators(
  db: StoreTransaction,
  psnNo: string,
  scheme: string,
  date: string,
  isLocked: boolean,
): Promise<Accumulators> {
  return accumulatorsOf(psnNo, date, await together(db, usedUp(psnNo, scheme, date, isLocked)));
}
