import { hash } from 'node:crypto';
import { sql } from 'kysely';
import { key, lockEach, type Reading, readEach } from '#engine/postgres/readings.ts';
import type { StoreTransaction } from '#engine/postgres/store.ts';
import type { Header } from './envelope.ts';
import { rowVersionOf } from './institutions.ts';

/** What tells one message from every other. */
export type MessageKey = Pick<Header, 'fixmedins_code' | 'infno' | 'msgid'>;

const lockNumberOf = ({ fixmedins_code, infno, msgid }: MessageKey): string =>
  String(hash('sha256', `${fixmedins_code} ${infno} ${msgid}`, 'buffer').readBigInt64BE(0));

/** A second sender of the same message, and who wants to reverse it, wait here until the first has ended. */
export const messageLock = (message: MessageKey) =>
  sql`SELECT pg_advisory_xact_lock(${lockNumberOf(message)}::bigint)`;

const locksOfKeys = lockEach(
  ['lock_number'],
  sql`SELECT ${key('lock_number')}`,
  (id) => sql`SELECT pg_advisory_xact_lock(${id}::bigint)`,
);
export const messageLocks = (messages: readonly MessageKey[]) =>
  locksOfKeys(messages.map((message) => ({ lock_number: lockNumberOf(message) })));

export type StoredMessage = {
  readonly row_version: string | null;
  readonly may_send: boolean;
  readonly body_sha256: string | null;
  readonly answer: string | null;
  /** the msgid of the 2601 that came before the message */
  readonly reversed_by: string | null;
};

// a sign-in is good until its sign-out; sign_no may be empty when the operator is signed in
const storedOfKeys: Reading<StoredMessage> = readEach(
  ['fixmedins_code', 'infno', 'msgid', 'needs_sign_in', 'sign_no', 'opter'],
  sql`SELECT ${rowVersionOf(key('fixmedins_code'))} AS row_version,
      ${key('needs_sign_in')} = 'no' OR EXISTS (SELECT 1 FROM interface_sign_in AS i
        WHERE i.fixmedins_code = ${key('fixmedins_code')} AND i.signed_out_at IS NULL
          AND (i.sign_no = ${key('sign_no')} OR (${key('sign_no')} = '' AND i.opter_no = ${key('opter')}))) AS may_send,
      m.body_sha256, m.answer, m.reversed_by
    FROM (SELECT) AS one LEFT JOIN interface_message AS m
      ON m.fixmedins_code = ${key('fixmedins_code')} AND m.infno = ${key('infno')} AND m.msgid = ${key('msgid')}`,
);

/** One row for each, whether the message was carried out before or not. */
export const storedMessages = (
  messages: readonly { readonly header: Header; readonly needsSignIn: boolean }[],
) =>
  storedOfKeys(
    messages.map(({ header: { fixmedins_code, infno, msgid, sign_no, opter }, needsSignIn }) => {
      return { fixmedins_code, infno, msgid, needs_sign_in: needsSignIn ? 'yes' : 'no', sign_no, opter };
    }),
  );

/** Kept with the message: a copy of it is answered with this, whoever sends it. */
export type KeptAnswer = {
  readonly message: MessageKey;
  readonly bodySha256: string;
  readonly answer: string;
  readonly receivedAt: Temporal.Instant;
};

export const keepAnswers = (answers: readonly KeptAnswer[]) =>
  sql`INSERT INTO interface_message (fixmedins_code, infno, msgid, body_sha256, answer, received_at)
  VALUES ${sql.join(
    answers.map(
      ({ message: { fixmedins_code, infno, msgid }, bodySha256, answer, receivedAt }) =>
        sql`(${fixmedins_code}, ${infno}, ${msgid}, ${bodySha256}, ${answer}, ${receivedAt.toString()})`,
    ),
  )}`;

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
