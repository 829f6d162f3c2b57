import { mkdirSync } from 'node:fs';
import { PGlite } from '@electric-sql/pglite';
import { Kysely, PGliteDialect, PostgresDialect, type Transaction } from 'kysely';
import pg from 'pg';

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

/** Texts a connection keeps a plan of; what comes after them is planned each time. */
const PREPARED_MAX = 300;

/** A connection that plans each statement once: most of a short transaction would be planning. */
class PreparingClient extends pg.Client {
  readonly #names = new Map<string, string>();

  override query(...given: unknown[]): never {
    const [text, values] = given;
    const isPrepared = typeof text === 'string' && Array.isArray(values) && values.length > 0;
    const name = isPrepared ? this.#nameOf(text) : undefined;
    const query = super.query as unknown as (...parts: unknown[]) => never;
    return name === undefined ? query.apply(this, given) : query.call(this, { name, text, values });
  }

  #nameOf(text: string): string | undefined {
    const known = this.#names.get(text);
    if (known !== undefined || this.#names.size >= PREPARED_MAX) return known;
    const name = `s${this.#names.size + 1}`;
    this.#names.set(text, name);
    return name;
  }
}

/** Opens the store; the caller ends it with `destroy()`. Nothing is created but the folder. */
export async function openStore(place: StorePlace): Promise<Store> {
  if ('url' in place) {
    const pool = new pg.Pool({
      Client: PreparingClient,
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

function safeInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`${text} is beyond the integers JSON can carry`);
  return value;
}
