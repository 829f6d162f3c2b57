import { hash } from 'node:crypto';
import { sql } from 'kysely';
import type { StoreTransaction } from '#engine/postgres/store.ts';
import type { Header } from './envelope.ts';
import { rowVersionOf } from './institutions.ts';

/** What tells one message from every other. */
export type MessageKey = Pick<Header, 'fixmedins_code' | 'infno' | 'msgid'>;

/** A second sender of the same message, and who wants to reverse it, wait here until the first has ended. */
export function messageLock({ fixmedins_code, infno, msgid }: MessageKey) {
  const key = hash('sha256', `${fixmedins_code} ${infno} ${msgid}`, 'buffer');
  return sql`SELECT pg_advisory_xact_lock(${key.readInt32BE(0)}::integer, ${key.readInt32BE(4)}::integer)`;
}

type StoredMessage = {
  readonly row_version: string | null;
  readonly may_send: boolean;
  readonly body_sha256: string | null;
  readonly answer: string | null;
  /** the msgid of the 2601 that came before the message */
  readonly reversed_by: string | null;
};

/** One row, whether the message was carried out before or not. */
export function messageOf(header: Header, needsSignIn: boolean) {
  const { fixmedins_code, infno, msgid } = header;
  const maySend = needsSignIn ? isSignedIn(header) : sql`true`;
  return sql<StoredMessage>`SELECT ${rowVersionOf(fixmedins_code)} AS row_version, ${maySend} AS may_send,
      m.body_sha256, m.answer, m.reversed_by
    FROM (SELECT) AS one LEFT JOIN interface_message AS m
      ON m.fixmedins_code = ${fixmedins_code} AND m.infno = ${infno} AND m.msgid = ${msgid}`;
}

/** A sign-in is good until its sign-out; sign_no may be empty when the operator is signed in. */
const isSignedIn = ({ fixmedins_code, sign_no, opter }: Header) =>
  sql<boolean>`EXISTS (SELECT 1 FROM interface_sign_in WHERE fixmedins_code = ${fixmedins_code} AND signed_out_at IS NULL
    AND (sign_no = ${sign_no} OR (${sign_no} = '' AND opter_no = ${opter})))`;

/** Kept with the message: a copy of it is answered with this, whoever sends it. */
export const keptAnswer = (
  { fixmedins_code, infno, msgid }: MessageKey,
  bodySha256: string,
  answer: string,
  receivedAt: Temporal.Instant,
) => sql`INSERT INTO interface_message (fixmedins_code, infno, msgid, body_sha256, answer, received_at)
  VALUES (${fixmedins_code}, ${infno}, ${msgid}, ${bodySha256}, ${answer}, ${receivedAt.toString()})`;

/**
 * Leaves a mark for a message that has not been carried out: it will be refused when it still arrives, for its sender counts on
 * its being undone. Its lock must be held.
 * @returns false where the message was carried out
 */
export async function refuseFromNowOn(
  db: StoreTransaction,
  { fixmedins_code, infno, msgid }: MessageKey,
  by: { readonly msgid: string; readonly at: Temporal.Instant },
): Promise<boolean> {
  const key = sql`fixmedins_code = ${fixmedins_code} AND infno = ${infno} AND msgid = ${msgid}`;
  const { rows } = await sql<{ is_marked: boolean }>`WITH mark AS (
      INSERT INTO interface_message (fixmedins_code, infno, msgid, body_sha256, reversed_by, received_at)
      VALUES (${fixmedins_code}, ${infno}, ${msgid}, '', ${by.msgid}, ${by.at.toString()})
      ON CONFLICT DO NOTHING RETURNING 1)
    SELECT EXISTS (SELECT FROM mark)
      OR EXISTS (SELECT FROM interface_message WHERE ${key} AND reversed_by IS NOT NULL) AS is_marked`.execute(
    db,
  );
  return rows[0]!.is_marked;
}
