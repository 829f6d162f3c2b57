import { Engine, literal } from './duckdb.ts';

/**
 * Keeps the tables of an engine in a DuckDB file, which must not exist yet, so that they can be read when the engine
 * is gone. A view is kept as the table it shows; views not named are left out.
 */
export async function keepTables(engine: Engine, file: string, views: readonly string[]): Promise<void> {
  const tables = await engine.rows(
    `SELECT table_name AS name FROM duckdb_tables() WHERE database_name = current_database() AND NOT temporary
     ORDER BY table_name`,
  );
  await engine.run(`ATTACH ${literal(file)} AS kept`);
  try {
    for (const name of [...tables.map((row) => String(row.name)), ...views]) {
      await engine.run(`CREATE TABLE kept."${name}" AS SELECT * FROM "${name}"`);
    }
  } finally {
    await engine.run('DETACH kept');
  }
}

/** An engine that reads the tables kept in `file`, and cannot change them. */
export async function openKeptTables(file: string): Promise<Engine> {
  const engine = await Engine.open({ memoryLimitMib: 512, threads: 2 });
  try {
    await engine.run(`ATTACH ${literal(file)} AS kept (READ_ONLY)`);
    await engine.run('USE kept');
    return engine;
  } catch (error) {
    engine.close();
    throw error;
  }
}
