import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import { type Store, transaction } from '#engine/postgres/store.ts';
import type { AuditRow } from './tables.ts';

/** `done`; `refused`: not allowed to; `failed`: allowed, but the request was wrong or something broke. */
export type AuditOutcome = 'done' | 'refused' | 'failed';

export type AuditEntry = {
  /** '' for nobody */
  readonly login: string;
  readonly role: string;
  /** an action of permissions.csv */
  readonly action: string;
  /** what it was done to, such as /api/runs/7 */
  readonly subject: string;
  readonly outcome: AuditOutcome;
  readonly detail?: Readonly<Record<string, unknown>>;
};

/** A number without meaning that whoever chains locks: the chain has one end. */
const AUDIT_LOCK = 7_140_002;
/** The hash before the first entry. */
const START = '0'.repeat(64);

/** Appends one entry; inside a transaction it stands and falls with it. It waits to be chained: see `chainAudit`. */
export async function appendAudit(store: Store, entry: AuditEntry, at = new Date()): Promise<void> {
  await store
    .insertInto('audit_waiting')
    .values({
      at: at.toISOString(),
      login: entry.login,
      role: entry.role,
      action: entry.action,
      subject: entry.subject,
      outcome: entry.outcome,
      detail: JSON.stringify(entry.detail ?? {}),
    })
    .execute();
}

const CHAINED_AT_ONCE = 2_000;

/** Puts the entries that wait at the end of the chain, each with its number and hash; returns how many. */
export async function chainAudit(store: Store): Promise<number> {
  let chained = 0;
  for (;;) {
    const moved = await transaction(store, async (db) => {
      await sql`SELECT pg_advisory_xact_lock(${sql.lit(AUDIT_LOCK)})`.execute(db);
      const waiting = await db
        .selectFrom('audit_waiting')
        .selectAll()
        .orderBy('id')
        .limit(CHAINED_AT_ONCE)
        .execute();
      if (waiting.length === 0) return 0;
      const last = await db
        .selectFrom('audit_entry')
        .select(['number', 'hash'])
        .orderBy('number', 'desc')
        .limit(1)
        .executeTakeFirst();
      let number = last?.number ?? 0;
      let hash = last?.hash ?? START;
      const rows = waiting.map(({ id: _, ...entry }): AuditRow => {
        const row = { number: ++number, ...entry, previous_hash: hash };
        hash = hashOf(row);
        return { ...row, hash };
      });
      await db.insertInto('audit_entry').values(rows).execute();
      await db
        .deleteFrom('audit_waiting')
        .where(
          'id',
          'in',
          waiting.map(({ id }) => id),
        )
        .execute();
      return rows.length;
    });
    chained += moved;
    if (moved < CHAINED_AT_ONCE) return chained;
  }
}

/** What `yibao audit verify` finds: the first entry that does not fit, or the end of a whole chain. */
export type AuditVerdict =
  | { readonly isWhole: true; readonly entries: number; readonly hash: string }
  | {
      readonly isWhole: false;
      readonly number: number;
      readonly reason: 'missing' | 'changed' | 'unchained';
    };

const VERIFIED_AT_ONCE = 5_000;

/** Chains what waits, reads the whole log and checks number, hash and chain of every entry. */
export async function verifyAudit(store: Store): Promise<AuditVerdict> {
  await chainAudit(store);
  let number = 0;
  let hash = START;
  for (;;) {
    const rows = await store
      .selectFrom('audit_entry')
      .selectAll()
      .where('number', '>', number)
      .orderBy('number')
      .limit(VERIFIED_AT_ONCE)
      .execute();
    if (rows.length === 0) return { isWhole: true, entries: number, hash };
    for (const row of rows) {
      if (row.number !== number + 1) return { isWhole: false, number: number + 1, reason: 'missing' };
      if (row.hash !== hashOf(row)) return { isWhole: false, number: row.number, reason: 'changed' };
      if (row.previous_hash !== hash) return { isWhole: false, number: row.number, reason: 'unchained' };
      number = row.number;
      hash = row.hash;
    }
  }
}

/** SM3 over a JSON array, so that no two different entries give the same text. */
const hashOf = (row: Omit<AuditRow, 'hash'>): string =>
  createHash('sm3')
    .update(
      JSON.stringify([
        row.previous_hash,
        row.number,
        row.at,
        row.login,
        row.role,
        row.action,
        row.subject,
        row.outcome,
        row.detail,
      ]),
    )
    .digest('hex');
