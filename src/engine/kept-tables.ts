import { Engine, literal } from './duckdb.ts';

/** A view of this name behind it is kept as a table, so that its readers need not work it out again. */
const SHOWN = 'shown_';

/** Makes tables of views, under names by which `openKeptTables` knows them. */
export async function materialiseViews(engine: Engine, views: readonly string[]): Promise<void> {
  for (const view of views) {
    await engine.run(`CREATE OR REPLACE TABLE ${SHOWN}${view} AS SELECT * FROM ${view}`);
  }
}

/** Makes those of the tables that the file has quick to ask for one value of `column`. */
export async function indexKeptTables(
  file: string,
  tables: readonly string[],
  column: string,
): Promise<void> {
  const engine = await Engine.open({ threads: 2 });
  try {
    await engine.run(`ATTACH ${literal(file)} AS kept`);
    const rows = await engine.rows(
      `SELECT table_name AS name FROM duckdb_tables() WHERE database_name = 'kept' ORDER BY table_oid`,
    );
    const there = new Set(rows.map(({ name }) => String(name)));
    for (const table of tables.flatMap((name) => [name, SHOWN + name])) {
      if (there.has(table)) await engine.run(`CREATE INDEX ${table}_${column} ON kept.${table} (${column})`);
    }
    await engine.run('DETACH kept');
  } finally {
    engine.close();
  }
}

/** An engine that reads the tables kept in `file`, and cannot change them; what it makes itself is in memory. */
export async function openKeptTables(file: string): Promise<Engine> {
  const engine = await Engine.open({ memoryLimitMib: 512, threads: 2 });
  try {
    await engine.run(`ATTACH ${literal(file)} AS kept (READ_ONLY)`);
    await engine.run("SET search_path = 'memory,kept'");
    const shown = await engine.rows(
      `SELECT table_name AS name FROM duckdb_tables() WHERE database_name = 'kept' AND starts_with(table_name, '${SHOWN}')`,
    );
    for (const { name } of shown) {
      await engine.run(`CREATE VIEW ${String(name).slice(SHOWN.length)} AS SELECT * FROM kept.${name}`);
    }
    return engine;
  } catch (error) {
    engine.close();
    throw error;
  }
}
