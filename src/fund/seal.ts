import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import { type Store, transaction } from '#engine/postgres/store.ts';

/** The hash before the first batch. */
export const START = '0'.repeat(64);
const ENTRIES_AT_ONCE = 2_000;
/** Columns of a settlement whose content enters the hash in another place: old seals hold. */
const COUNTED_ELSEWHERE = [
  'fund_layer',
  'fund_pay_type',
  'fund_pay_column',
  'fund_pay_fen',
  'fund_limit_fen',
  'change_code',
  'change_before',
  'change_by',
  'invono',
  'line_sn',
];

export type Seal = {
  readonly number: number;
  readonly first_entry_id: number;
  readonly last_entry_id: number;
  readonly entries: number;
  readonly previous_hash: string;
  readonly hash: string;
};

/**
 * Closes the entries that no seal covers yet into one batch, chained to the batch before; undefined when there is none. Waits
 * for the settlements under way; those that begin meanwhile belong to the next batch and do not wait while this one is hashed.
 */
export async function sealJournal(store: Store, now: Temporal.Instant): Promise<Seal | undefined> {
  const last = await lastWholeEntry(store);
  if (last === undefined) return undefined;
  return transaction(store, async (db) => {
    await sql`LOCK TABLE journal_seal IN EXCLUSIVE MODE`.execute(db);
    const { rows } = await sql<{
      number: number;
      last_entry_id: number;
      hash: string;
    }>`SELECT number, last_entry_id, hash
      FROM journal_seal ORDER BY number DESC LIMIT 1`.execute(db);
    const before = rows[0] ?? { number: 0, last_entry_id: 0, hash: START };
    const batch = await hashOfEntries(db, before.last_entry_id, last, before.hash);
    if (batch === undefined) return undefined;
    const seal = { number: before.number + 1, ...batch, previous_hash: before.hash };
    await sql`INSERT INTO journal_seal (number, first_entry_id, last_entry_id, entries, previous_hash, hash, sealed_at)
      VALUES (${seal.number}, ${seal.first_entry_id}, ${seal.last_entry_id}, ${seal.entries}, ${seal.previous_hash},
        ${seal.hash}, ${now.toString()})`.execute(db);
    return seal;
  });
}

/** The last entry before which none can still come: nothing is being written while the lock is held, and that is but a moment. */
async function lastWholeEntry(store: Store): Promise<number | undefined> {
  return transaction(store, async (db) => {
    await sql`LOCK TABLE journal_entry IN SHARE MODE`.execute(db);
    const { rows } = await sql<{
      last: number | null;
    }>`SELECT max(entry_id) AS last FROM journal_entry`.execute(db);
    return rows[0]?.last ?? undefined;
  });
}

/**
 * SM3 over the entries after one up to another, each with its legs, its settlement and what that changed, as
 * the store writes them.
 */
export async function hashOfEntries(
  db: Store,
  after: number,
  last: number,
  previousHash: string,
): Promise<Pick<Seal, 'first_entry_id' | 'last_entry_id' | 'entries' | 'hash'> | undefined> {
  const hash = createHash('sm3').update(previousHash);
  let first: number | undefined;
  let entries = 0;
  let at = after;
  for (;;) {
    const { rows } = await sql<{ entry_id: number; content: string }>`SELECT e.entry_id,
        jsonb_build_array(e.entry_id, e.setl_id, e.scheme, extract(epoch FROM e.booked_at), e.memo_cash_fen, e.memo_hospital_fen,
          (SELECT jsonb_agg(to_jsonb(l) ORDER BY l.number) FROM journal_leg AS l WHERE l.entry_id = e.entry_id),
          (SELECT to_jsonb(s) - 'setl_time' - ${COUNTED_ELSEWHERE}::text[] || jsonb_build_object('at', extract(epoch FROM s.setl_time))
            FROM settlement AS s WHERE s.setl_id = e.setl_id),
          (SELECT jsonb_agg(to_jsonb(f) ORDER BY f.number) FROM settlement_fund AS f WHERE f.setl_id = e.setl_id),
          (SELECT jsonb_agg(to_jsonb(c) ORDER BY c.code) FROM settlement_change AS c WHERE c.setl_id = e.setl_id)
        )::text AS content
      FROM journal_entry AS e WHERE e.entry_id > ${at} AND e.entry_id <= ${last}
      ORDER BY e.entry_id LIMIT ${ENTRIES_AT_ONCE}`.execute(db);
    for (const { entry_id, content } of rows) {
      hash.update(`${content}\n`);
      first ??= entry_id;
      at = entry_id;
      entries += 1;
    }
    if (rows.length < ENTRIES_AT_ONCE) break;
  }
  if (first === undefined) return undefined;
  return { first_entry_id: first, last_entry_id: at, entries, hash: hash.digest('hex') };
}
