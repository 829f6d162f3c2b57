import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Engine } from '#engine/duckdb.ts';

/** A file below `src`, such as `grouping/dip/core_group.sql`. */
export const sourceFile = (path: string): string => join(import.meta.dirname, '..', path);

/**
 * Makes the table a SQL file is named after: `…/core_group.sql` holds one SELECT, and `core_group` becomes its
 * result. A header line `-- as: view` makes a view instead. The file is static text that can be pasted into the
 * DuckDB shell as it is.
 */
export async function makeTable(engine: Engine, file: string): Promise<void> {
  const sql = readFileSync(file, 'utf8');
  const kind = /^-- as: view$/m.test(sql) ? 'VIEW' : 'TABLE';
  await engine.run(`CREATE OR REPLACE ${kind} ${basename(file, '.sql')} AS ${sql}`);
}

/** Runs a SQL file as it stands: macros and table definitions. */
export async function runScript(engine: Engine, file: string): Promise<void> {
  await engine.run(readFileSync(file, 'utf8'));
}
