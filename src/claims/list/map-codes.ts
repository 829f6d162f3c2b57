import { createMapper, type ListMapping, MAPPED_SIDES, mapCode } from '#catalogue/codes/index.ts';
import type { Engine } from '#engine/duckdb.ts';
import { makeTable, sourceFile } from '#engine/sql-file.ts';

/** The columns of `list` that hold codes. */
const CODE_COLUMNS = ['diagnosis', 'diagnoses', 'procedures'] as const;

/**
 * Maps the codes of all lists read, in place: every distinct text once, each code of it by itself. Leaves the tables
 * `code_mapping_result` (what became of each code) and `written_code` (lists of the payment year as they were written).
 * To be called when refused lists have been reported, as they show what was written, and before anything is grouped.
 */
export async function mapListCodes(engine: Engine, mapping: ListMapping): Promise<void> {
  await engine.run(`
    CREATE TABLE code_mapping_table (side VARCHAR, name VARCHAR, content_sha256 VARCHAR);
    CREATE TABLE code_mapping (side VARCHAR, code VARCHAR, mapped VARCHAR, status VARCHAR, targets VARCHAR);
  `);
  for (const side of MAPPED_SIDES) {
    const table = mapping[side];
    if (table === undefined) continue;
    await engine.append('code_mapping_table', [[side, table.name, table.content_sha256]]);
    const mapper = createMapper(table.pairs);
    await engine.append(
      'code_mapping',
      Array.from(mapper.keys(), (original) => {
        const { code, status, targets } = mapCode(mapper, original);
        return [side, original, code, status, targets.join('|')];
      }),
    );
  }
  for (const table of [
    'code_text',
    'code_text_part',
    'code_text_mapping',
    'code_mapping_result',
    'written_code',
  ]) {
    await makeTable(engine, sourceFile(`claims/list/${table}.sql`));
  }
  for (const column of CODE_COLUMNS) {
    await engine.run(
      `UPDATE list SET ${column} = m.mapped FROM code_text_mapping AS m
       WHERE m.list_column = '${column}' AND m.written = list.${column}`,
    );
  }
  await engine.run('DROP TABLE code_text_part; DROP TABLE code_text');
}
