import { mkdirSync } from 'node:fs';
import { PGlite } from '@electric-sql/pglite';
import {
  CompiledQuery,
  Kysely,
  PGliteAdapter,
  PGliteDialect,
  PostgresDialect,
  type RawBuilder,
  type Transaction,
} from 'kysely';
import pg from 'pg';
import { BatchClient, Together } from './client.ts';

/**
 * The tables of the store. Each module adds its own beside the code that uses them:
 * `declare module '#engine/postgres/store.ts' { interface StoreTables { … } }`.
 */
// biome-ignore lint/suspicious/noEmptyInterface: filled by the modules
export interface StoreTables {}

/** The store of the service, or a transaction on it. */
export type Store = Kysely<StoreTables>;
export type StoreTransaction = Transaction<StoreTables>;

/** A PostgreSQL server by its address, an embedded PostgreSQL (PGlite) in a folder, or one in memory. */
export type StorePlace = { readonly url: string } | { readonly folder: string } | { readonly memory: true };

const POOL_CONNECTIONS_MAX = 20;

/** How values of these types arrive, the same from a server and from PGlite (type numbers of pg_type). */
const PARSERS: Readonly<Record<number, (text: string) => unknown>> = {
  20: safeInteger, // bigint
  1082: (text) => text, // date, YYYY-MM-DD
  1114: (text) => text, // timestamp
  1184: (text) => new Date(text).toISOString(), // timestamptz
  1700: (text) => text, // numeric
};

/** Opens the store; the caller ends it with `destroy()`. Nothing is created but the folder. */
export async function openStore(place: StorePlace): Promise<Store> {
  if ('url' in place) {
    const pool = new pg.Pool({
      Client: BatchClient,
      connectionString: place.url,
      max: POOL_CONNECTIONS_MAX,
      types: {
        getTypeParser: ((type: number, format?: 'text' | 'binary') =>
          PARSERS[type] ?? pg.types.getTypeParser(type, format as 'text')) as typeof pg.types.getTypeParser,
      },
    });
    // a connection the server closed while idle: the next query opens another
    pool.on('error', () => {});
    return new Kysely<StoreTables>({ dialect: new PostgresDialect({ pool }) });
  }
  if ('folder' in place) mkdirSync(place.folder, { recursive: true });
  const pglite = await PGlite.create({
    ...('folder' in place ? { dataDir: place.folder } : {}),
    parsers: { ...PARSERS },
  });
  return new Kysely<StoreTables>({ dialect: new PGliteDialect({ pglite }) });
}

/**
 * Runs `work` in one transaction: everything it wrote is kept, or nothing. Inside, only `transaction` may be used:
 * PGlite has one connection, and the store itself would wait for ever.
 */
export const transaction = <T>(
  store: Store,
  work: (transaction: StoreTransaction) => Promise<T>,
): Promise<T> => (store.isTransaction ? work(store as StoreTransaction) : store.transaction().execute(work));

type RowsOf<Queries extends readonly unknown[]> = {
  [Index in keyof Queries]: Queries[Index] extends RawBuilder<infer Row> ? readonly Row[] : never;
};

/**
 * Carries out statements one after another that need nothing of each other's answers: to a server they travel together, and
 * their answers come back together. Each sees what those before it did, and what others committed while it waited for a lock.
 * @throws what the first that fails throws; none after it is carried out then
 */
export async function together<const Queries extends readonly RawBuilder<unknown>[]>(
  db: Store,
  queries: Queries,
): Promise<RowsOf<Queries>> {
  return sendTogether(db, queries, false);
}

/**
 * The last statements of a transaction, which is committed with them: nothing may follow but the end of the work. A constraint
 * checked at the end is thrown here.
 */
export async function togetherAtEnd<const Queries extends readonly RawBuilder<unknown>[]>(
  db: StoreTransaction,
  queries: Queries,
): Promise<RowsOf<Queries>> {
  return sendTogether(db, queries, true);
}

async function sendTogether<Queries extends readonly RawBuilder<unknown>[]>(
  db: Store,
  queries: Queries,
  isEnd: boolean,
): Promise<RowsOf<Queries>> {
  const compiled = queries.map((query) => query.compile(db));
  if (db.getExecutor().adapter instanceof PGliteAdapter) {
    const rows: unknown[] = [];
    for (const query of compiled) rows.push((await db.executeQuery(query)).rows);
    return rows as unknown as RowsOf<Queries>;
  }
  const one = CompiledQuery.raw('', [new Together(compiled, isEnd)]);
  return (await db.executeQuery(one)).rows as unknown as RowsOf<Queries>;
}

function safeInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`${text} is beyond the integers JSON can carry`);
  return value;
}
