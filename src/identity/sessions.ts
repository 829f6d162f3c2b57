import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { sql } from 'kysely';
import type { Store } from '#engine/postgres/store.ts';
import { type User, userOf } from './users.ts';

/** A signed-in user. `csrfToken` must come back in the header X-CSRF-Token of every write. */
export type Session = { readonly user: User; readonly csrfToken: string };

const TOKEN_BYTES = 32;
/** However active the user is. */
export const SESSION_HOURS_MAX = 12;
const IDLE_MINUTES_MAX = 60;

/** Starts a session and returns the token for the cookie, which is kept nowhere else. */
export async function startSession(store: Store, login: string): Promise<string> {
  const token = randomBytes(TOKEN_BYTES).toString('base64url');
  await sql`DELETE FROM session WHERE expires_at < now()`.execute(store);
  await sql`INSERT INTO session (token_hash, login, expires_at)
    VALUES (${hashOf(token)}, ${login}, now() + make_interval(hours => ${sql.lit(SESSION_HOURS_MAX)}))`.execute(
    store,
  );
  return token;
}

/** The session of a cookie; undefined when it is unknown, ended, idle too long, or its user is disabled. */
export async function findSession(store: Store, token: string): Promise<Session | undefined> {
  const row = await store
    .selectFrom('session')
    .innerJoin('user_account', 'user_account.login', 'session.login')
    .selectAll('user_account')
    .select(sql<boolean>`seen_at < now() - interval '1 minute'`.as('is_stale'))
    .where('token_hash', '=', hashOf(token))
    .where('is_disabled', '=', false)
    .where(
      sql<boolean>`expires_at > now() AND seen_at > now() - make_interval(mins => ${sql.lit(IDLE_MINUTES_MAX)})`,
    )
    .executeTakeFirst();
  if (row === undefined) return undefined;
  if (row.is_stale)
    await sql`UPDATE session SET seen_at = now() WHERE token_hash = ${hashOf(token)}`.execute(store);
  return { user: userOf(row), csrfToken: csrfTokenOf(token) };
}

export async function endSession(store: Store, token: string): Promise<void> {
  await store.deleteFrom('session').where('token_hash', '=', hashOf(token)).execute();
}

/** Of a session alone and not to be guessed without it, so that it need not be stored. */
export const csrfTokenOf = (token: string): string =>
  createHmac('sha256', token).update('csrf').digest('base64url');

export function isCsrfToken(session: Session, given: string | undefined): boolean {
  const expected = Buffer.from(session.csrfToken);
  const actual = Buffer.from(given ?? '');
  return expected.length === actual.length && timingSafeEqual(expected, actual);
}

const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex');
