import { sql } from 'kysely';
import { migrate, readMigrations } from './migrate.ts';
import { type Store, type StoreTransaction, transaction } from './store.ts';

/** A table of the store and its rows, each a line of JSON. */
export type DumpedTable = { readonly name: string; readonly lines: AsyncGenerator<string> };

const ROWS_AT_ONCE = 1_000;
/** Of these only the table is kept: who restores a backup signs in anew. */
const WITHOUT_ROWS = ['session'];

/** The tables of the store, those before which others refer to. */
async function tablesInOrder(db: Store): Promise<string[]> {
  const { rows } = await sql<{ name: string; refers_to: string[] }>`
    SELECT c.relname AS name
      , coalesce(array_agg(DISTINCT r.relname::text) FILTER (WHERE r.oid IS NOT NULL AND r.oid <> c.oid), '{}') AS refers_to
    FROM pg_class AS c
    JOIN pg_namespace AS n ON n.oid = c.relnamespace AND n.nspname = 'public'
    LEFT JOIN (
      SELECT conrelid AS relation, confrelid AS refers_to FROM pg_constraint WHERE contype = 'f'
      UNION ALL
      -- triggers that stand for foreign keys name the table as their argument
      SELECT tgrelid, to_regclass(split_part(encode(tgargs, 'escape'), '\\000', 1)) FROM pg_trigger WHERE tgnargs = 1
    ) AS f ON f.relation = c.oid
    LEFT JOIN pg_class AS r ON r.oid = f.refers_to
    WHERE c.relkind = 'r'
    GROUP BY c.oid, c.relname ORDER BY c.relname`.execute(db);
  const left = new Map(rows.map((row) => [row.name, row.refers_to]));
  const ordered: string[] = [];
  while (left.size > 0) {
    const next = [...left].find(([, refersTo]) => refersTo.every((name) => !left.has(name)));
    if (next === undefined) throw new Error(`tables refer to one another in a circle: ${[...left.keys()]}`);
    ordered.push(next[0]);
    left.delete(next[0]);
  }
  return ordered;
}

/** Lets `use` read every table as it stands at one moment. */
export async function dumpStore(store: Store, use: (table: DumpedTable) => Promise<void>): Promise<void> {
  await transaction(store, async (db) => {
    await sql`SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY`.execute(db);
    for (const name of await tablesInOrder(db)) {
      await use({ name, lines: WITHOUT_ROWS.includes(name) ? noLines() : linesOf(db, name) });
    }
  });
}

async function* noLines(): AsyncGenerator<string> {}

/** The columns of a table's key in their order; none where it has none. */
async function keyOf(db: StoreTransaction, name: string): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`SELECT a.attname AS name
    FROM pg_index AS i CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY AS k (number, place)
    JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = k.number
    WHERE i.indisprimary AND i.indrelid = to_regclass(${name}) ORDER BY k.place`.execute(db);
  return rows.map((row) => row.name);
}

async function* linesOf(db: StoreTransaction, name: string): AsyncGenerator<string> {
  const key = await keyOf(db, name);
  const order = key.length > 0 ? sql.join(key.map((column) => sql.ref(column))) : sql`t`;
  await sql`DECLARE dumped CURSOR FOR SELECT to_json(t)::text AS line FROM ${sql.table(name)} AS t ORDER BY ${order}`.execute(
    db,
  );
  for (;;) {
    const { rows } = await sql<{ line: string }>`FETCH ${sql.lit(ROWS_AT_ONCE)} FROM dumped`.execute(db);
    if (rows.length === 0) break;
    // a line feed within a text is written as \\n: a row is always one line
    for (const { line } of rows) yield line;
  }
  await sql`CLOSE dumped`.execute(db);
}

/** The store has no table yet. */
export async function isEmptyStore(store: Store): Promise<boolean> {
  const { rows } = await sql`SELECT 1 FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE n.nspname = 'public' AND c.relkind = 'r' LIMIT 1`.execute(store);
  return rows.length === 0;
}

/**
 * Makes the tables of a store as they were when it was dumped, with the migrations it had then, and fills them, all or
 * nothing. Later migrations are applied when the service starts.
 * @param migrations names of those it had
 * @throws YibaoError store.migration-changed, store.newer
 */
export async function loadStore(
  store: Store,
  migrations: readonly { readonly name: string; readonly sha256: string }[],
  tables: AsyncIterable<{ readonly name: string; readonly lines: AsyncIterable<string> }>,
): Promise<void> {
  const had = new Set(migrations.map(({ name }) => name));
  await transaction(store, async (db) => {
    await migrate(
      db,
      readMigrations().filter(({ module, name }) => had.has(`${module}/${name}`)),
    );
    await sql`DELETE FROM migration`.execute(db);
    for await (const { name, lines } of tables) {
      let batch: string[] = [];
      const load = async () => {
        if (batch.length === 0) return;
        await sql`INSERT INTO ${sql.table(name)} OVERRIDING SYSTEM VALUE
          SELECT * FROM json_populate_recordset(NULL::${sql.table(name)}, ${`[${batch.join(',')}]`}::json)`.execute(
          db,
        );
        batch = [];
      };
      for await (const line of lines) {
        batch.push(line);
        if (batch.length === ROWS_AT_ONCE) await load();
      }
      await load();
    }
    await continueSequences(db);
    // refuses what this version does not know or has changed
    await migrate(
      db,
      readMigrations().filter(({ module, name }) => had.has(`${module}/${name}`)),
    );
  });
}

/** Numbers given from now on follow the highest that was loaded. */
async function continueSequences(db: StoreTransaction): Promise<void> {
  const { rows } = await sql<{ table_name: string; column_name: string }>`
    SELECT table_name, column_name FROM information_schema.columns
    WHERE table_schema = 'public' AND is_identity = 'YES' ORDER BY table_name`.execute(db);
  for (const { table_name, column_name } of rows) {
    await sql`SELECT setval(pg_get_serial_sequence(${`"${table_name}"`}, ${column_name}),
      greatest(coalesce(max(${sql.ref(column_name)}), 0), 1), max(${sql.ref(column_name)}) IS NOT NULL)
      FROM ${sql.table(table_name)}`.execute(db);
  }
}
