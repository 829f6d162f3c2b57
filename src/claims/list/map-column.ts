import { type Mapper, mapText } from '#catalogue/codes/index.ts';
import type { Engine } from '#engine/duckdb.ts';

/** Distinct codes of a column by what became of them. */
export type ColumnMapping = Readonly<Record<'mapped' | 'unchanged' | 'ambiguous' | 'unknown', number>>;

/**
 * Maps the codes of a text column (joined by `|`) in place, every distinct text once. Leaves the table `column_mapping`
 * (written, mapped), the texts that changed, for whoever shows what was written.
 */
export async function mapColumn(
  engine: Engine,
  mapper: Mapper,
  table: string,
  column: string,
): Promise<ColumnMapping> {
  const rows = await engine.rows(
    `SELECT DISTINCT ${column} AS written FROM ${table} WHERE ${column} <> '' ORDER BY written`,
  );
  const statuses = new Map<string, keyof ColumnMapping>();
  const changed: [string, string][] = [];
  for (const { written } of rows) {
    const { text, codes } = mapText(mapper, String(written));
    for (const { original, status } of codes) statuses.set(original, status);
    if (text !== written) changed.push([String(written), text]);
  }
  await engine.run('CREATE OR REPLACE TABLE column_mapping (written VARCHAR, mapped VARCHAR)');
  await engine.append('column_mapping', changed);
  await engine.run(
    `UPDATE ${table} SET ${column} = m.mapped FROM column_mapping AS m WHERE m.written = ${table}.${column}`,
  );
  const counts = { mapped: 0, unchanged: 0, ambiguous: 0, unknown: 0 };
  for (const status of statuses.values()) counts[status] += 1;
  return counts;
}
