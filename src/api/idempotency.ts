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

type Answer = { readonly status: number; readonly body: unknown };

/**
 * Does `work` once for a key: the same request again gets the answer of the first, another request with the same key
 * is refused. A request that fails leaves the key free.
 */
export async function once(
  store: Store,
  login: string,
  request: FastifyRequest,
  work: () => Promise<Answer>,
): Promise<Answer & { readonly isReplayed: boolean }> {
  const key = request.headers['idempotency-key'];
  if (typeof key !== 'string' || key === '') return { ...(await work()), isReplayed: false };
  const hash = createHash('sha256')
    .update(JSON.stringify([request.method, request.url, request.body ?? null]))
    .digest('hex');
  const mine = { login, key: key.slice(0, 200) };
  await sql`DELETE FROM idempotent_answer WHERE created_at < now() - interval '2 days'
    OR (status IS NULL AND created_at < now() - interval '5 minutes')`.execute(store);
  const { numInsertedOrUpdatedRows } = await store
    .insertInto('idempotent_answer')
    .values({ ...mine, request_hash: hash })
    .onConflict((conflict) => conflict.columns(['login', 'key']).doNothing())
    .executeTakeFirst();
  const row = () =>
    store
      .selectFrom('idempotent_answer')
      .selectAll()
      .where('login', '=', mine.login)
      .where('key', '=', mine.key)
      .executeTakeFirst();
  if (numInsertedOrUpdatedRows === 0n) {
    const first = await row();
    if (first !== undefined && first.request_hash !== hash) {
      throw new YibaoError({ definition: apiErrors.keyReused, field: 'Idempotency-Key' });
    }
    if (first === undefined || first.status === null) {
      throw new YibaoError({ definition: apiErrors.keyInUse, field: 'Idempotency-Key' });
    }
    return { status: first.status, body: JSON.parse(first.body ?? 'null'), isReplayed: true };
  }
  try {
    const answer = await work();
    await store
      .updateTable('idempotent_answer')
      .set({ status: answer.status, body: JSON.stringify(answer.body ?? null) })
      .where('login', '=', mine.login)
      .where('key', '=', mine.key)
      .execute();
    return { ...answer, isReplayed: false };
  } catch (error) {
    await store
      .deleteFrom('idempotent_answer')
      .where('login', '=', mine.login)
      .where('key', '=', mine.key)
      .execute();
    throw error;
  }
}
