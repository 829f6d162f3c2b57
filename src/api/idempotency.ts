import { createHash } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import type { Generated } from 'kysely';
import { sql } from 'kysely';
import type { Store } from '#engine/postgres/store.ts';
import { YibaoError } from '#kernel/errors.ts';
import { apiErrors } from './errors.ts';

declare module '#engine/postgres/store.ts' {
  interface StoreTables {
    idempotent_answer: {
      login: string;
      key: string;
      request_hash: string;
      status: number | null;
      body: string | null;
      created_at: Generated<string>;
    };
  }
}

export type Answer = { readonly status: number; readonly body: unknown };

/** A write that carries an Idempotency-Key. */
export type Claim = { readonly login: string; readonly key: string; readonly hash: string };

export function claimOf(login: string, request: FastifyRequest): Claim | undefined {
  const key = request.headers['idempotency-key'];
  if (typeof key !== 'string' || key === '') return undefined;
  const hash = createHash('sha256')
    .update(JSON.stringify([request.method, request.url, request.body ?? null]))
    .digest('hex');
  return { login, key: key.slice(0, 200), hash };
}

/**
 * Takes the key for this request, or finds what the same request was answered before. In a transaction the key is taken
 * for good only with it, and the same request at the same time waits for its end; outside one it is taken at once.
 * @returns undefined: the key is taken, the work is to be done
 * @throws YibaoError api.idempotency-key-reused, .idempotency-key-in-use
 */
export async function takeKey(db: Store, claim: Claim): Promise<Answer | undefined> {
  const { login, key, hash } = claim;
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('idempotent_answer')
    .values({ login, key, request_hash: hash })
    .onConflict((conflict) => conflict.columns(['login', 'key']).doNothing())
    .executeTakeFirst();
  if (numInsertedOrUpdatedRows !== 0n) return undefined;
  const first = await db
    .selectFrom('idempotent_answer')
    .selectAll()
    .where('login', '=', login)
    .where('key', '=', key)
    .executeTakeFirst();
  if (first !== undefined && first.request_hash !== hash) {
    throw new YibaoError({ definition: apiErrors.keyReused, field: 'Idempotency-Key' });
  }
  if (first === undefined || first.status === null) {
    throw new YibaoError({ definition: apiErrors.keyInUse, field: 'Idempotency-Key' });
  }
  return { status: first.status, body: JSON.parse(first.body ?? 'null') };
}

/** Keeps the answer for the same request to come. */
export async function keepAnswer(db: Store, { login, key }: Claim, answer: Answer): Promise<void> {
  await db
    .updateTable('idempotent_answer')
    .set({ status: answer.status, body: JSON.stringify(answer.body ?? null) })
    .where('login', '=', login)
    .where('key', '=', key)
    .execute();
}

/** A request that failed leaves its key free. */
export async function freeKey(db: Store, { login, key }: Claim): Promise<void> {
  await db.deleteFrom('idempotent_answer').where('login', '=', login).where('key', '=', key).execute();
}

const FORGET_INTERVAL_MS = 60_000;
let forgottenAt = Number.NEGATIVE_INFINITY;

/** Now and then: forgets answers of two days ago, and keys whose request never came to its end. */
export async function forgetOldKeys(store: Store): Promise<void> {
  if (performance.now() - forgottenAt < FORGET_INTERVAL_MS) return;
  forgottenAt = performance.now();
  await sql`DELETE FROM idempotent_answer WHERE created_at < now() - interval '2 days'
    OR (status IS NULL AND created_at < now() - interval '5 minutes')`.execute(store);
}
