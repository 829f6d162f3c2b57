import { sql } from 'kysely';
import type { StoreTransaction } from '#engine/postgres/store.ts';
import { type Closing, finishClosing } from '#enrolment/index.ts';
import { advance, openApproval } from './approval/approval.ts';

/** The kind of approval by which a closed year comes into force. */
export const CLOSING_OF_YEAR = 'closing_of_year';
const closingSubject = (year: number, closingId: number): string => `${year}/closing/${closingId}`;

/**
 * Submits a closed year to somebody else than the one who asked for it. One of the same year that still waited is withdrawn: its rows
 * say less than these.
 * @returns the closing and the approval where it is decided
 */
export async function submitClosing(
  db: StoreTransaction,
  year: number,
  closing: Closing,
  login: string,
  now: Temporal.Instant,
): Promise<Closing & { readonly approvalId: string }> {
  const at = new Date(now.epochMilliseconds);
  // who may close a year was asked when it was asked for
  const actor = { login, may: () => true };
  await finishClosing(db, closing.closingId);
  const { rows: waiting } = await sql<{ id: string }>`SELECT id FROM approval WHERE kind = ${CLOSING_OF_YEAR}
    AND state = 'prepared' AND starts_with(subject, ${`${year}/`})`.execute(db);
  for (const { id } of waiting) {
    const reason = `→ ${closing.closingId}`;
    await advance(db, { id, action: 'withdraw', reason }, actor, at);
  }
  const subject = closingSubject(year, closing.closingId);
  const content = { year, ...closing };
  const opened = await openApproval(db, { kind: CLOSING_OF_YEAR, subject, content }, login, at);
  await advance(db, { id: opened.id, action: 'prepare' }, actor, at);
  return { ...closing, approvalId: opened.id };
}
