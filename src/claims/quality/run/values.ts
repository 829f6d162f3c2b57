import type { Engine } from '#engine/duckdb.ts';
import { DERIVED, fieldsOf, fieldType, NODES, parsedColumn } from '../fields.ts';
import type { ReadField, Supply } from './load-checks.ts';

/** How values of a type are written, for those who wrote something else. */
const EXAMPLES = {
  number: '12.5',
  amount: '1234.56',
  date: '2025-03-01',
  time: '2025-03-01 08:30:00',
  duration: '1/13/24',
};

const NO_ROWS: Readonly<Record<string, string>> = {
  check_text: 'CAST(NULL AS VARCHAR) AS value',
  check_number: 'CAST(NULL AS BIGINT) AS value2',
  check_time: 'CAST(NULL AS TIMESTAMP) AS value, CAST(NULL AS BOOLEAN) AS has_clock',
};

/**
 * Makes the views the SQL of a type reads: its checks (`this_check`), their terms (`this_term`), and the values of the
 * fields these name, one row a field and list or item: as text, as number × 100, as time. A field no file supplies has no
 * rows. item_no is the place in the node's table, -1 for a field of the list itself.
 */
export async function defineValues(
  engine: Engine,
  type: string,
  fields: readonly ReadField[],
  supply: Supply,
): Promise<void> {
  await engine.run(
    `CREATE OR REPLACE TEMP VIEW this_check AS SELECT * FROM quality_check WHERE type = '${type}';
     CREATE OR REPLACE TEMP VIEW this_term AS
       SELECT t.* FROM quality_term AS t JOIN quality_check AS c ON c.check_no = t.check_no WHERE c.type = '${type}'`,
  );
  const used = await engine.rows('SELECT DISTINCT field_no FROM this_term WHERE field_no IS NOT NULL');
  const own = fields.filter(({ fieldNo }) => used.some((row) => Number(row.field_no) === fieldNo));
  const parts: Record<string, string[]> = { check_text: [], check_number: [], check_time: [] };
  for (const read of own) {
    const { node, field } = read;
    const files = supply.filesOf(`${node}.${field}`, read.form);
    if (files.length === 0) continue;
    const where =
      node === 'setlinfo' || node === 'stay' ? fileFilter(files, supply) : itemFilter(files, supply);
    const place = node === 'stay' ? DERIVED[field]!.of : `${node}.${field}`;
    const item = node === 'setlinfo' || node === 'stay' ? '-1' : 'rowid';
    const head = `SELECT CAST(${read.fieldNo} AS SMALLINT) AS field_no, list_no, CAST(${item} AS BIGINT) AS item_no, '${place}' AS place`;
    const parsed = node === 'stay' ? field : parsedColumn(node, field);
    parts.check_text!.push(`${head}, ${textColumn(node, field)} AS value FROM ${node} ${where}`);
    if (parsed !== undefined && isNumber(parsed)) {
      const value = parsed.endsWith('_minutes') ? `${parsed} * 100` : parsed;
      parts.check_number!.push(
        `${head}, CAST(${value} AS BIGINT) AS value2 FROM ${node} ${where || 'WHERE true'} AND ${parsed} IS NOT NULL`,
      );
    }
    if (parsed?.endsWith('_at')) {
      parts.check_time!.push(
        `${head}, ${parsed} AS value, length(trim(${field})) > 10 AS has_clock FROM ${node} ${where || 'WHERE true'} AND ${parsed} IS NOT NULL`,
      );
    }
  }
  for (const [view, selects] of Object.entries(parts)) {
    const empty = `SELECT CAST(NULL AS SMALLINT) AS field_no, CAST(NULL AS INTEGER) AS list_no, CAST(NULL AS BIGINT) AS item_no,
      CAST(NULL AS VARCHAR) AS place, ${NO_ROWS[view]} WHERE false`;
    await engine.run(
      `CREATE OR REPLACE TEMP VIEW ${view} AS ${(selects.length > 0 ? selects : [empty]).join(' UNION ALL ')}`,
    );
  }
  const nodes = [...new Set(own.map(({ node }) => node))].filter((node) => node !== 'stay');
  await engine.run(
    `CREATE OR REPLACE TEMP VIEW check_row AS ${
      nodes
        .map((node) => `SELECT '${node}' AS node, list_no FROM ${node === 'setlinfo' ? 'stay' : node}`)
        .join(' UNION ALL ') ||
      'SELECT CAST(NULL AS VARCHAR) AS node, CAST(NULL AS INTEGER) AS list_no WHERE false'
    }`,
  );
}

/** The view of every value that is there and cannot be read as its type. */
export async function defineUnreadable(engine: Engine): Promise<void> {
  const parts = NODES.flatMap((node) =>
    fieldsOf(node).flatMap((field) => {
      const parsed = parsedColumn(node, field);
      const type = fieldType(node, field);
      // durations have a check of their own
      if (parsed === undefined || type === 'text' || type === 'duration') return [];
      return `SELECT list_no, CAST(${node === 'setlinfo' ? '-1' : 'rowid'} AS BIGINT) AS item_no, '${node}.${field}' AS place, ${field} AS value,
        '${EXAMPLES[type]}' AS expected FROM ${node} WHERE ${field} IS NOT NULL AND ${parsed} IS NULL`;
    }),
  );
  await engine.run(`CREATE OR REPLACE VIEW check_unreadable AS ${parts.join(' UNION ALL ')}`);
}

const isNumber = (column: string): boolean => /(2|_fen|_minutes)$/.test(column);

/** Computed numbers are shown as people write them. */
function textColumn(node: string, field: string): string {
  if (node !== 'stay') return field;
  if (/(2|_fen)$/.test(field)) return `hundredths_text(${field})`;
  return `CAST(${field} AS VARCHAR)`;
}

const fileFilter = (files: readonly number[], supply: Supply): string =>
  files.length === supply.files.length ? '' : `WHERE file_no IN (${files.join(', ')})`;

/** Items stand in files of their own, or in the messages of their lists. */
const itemFilter = (files: readonly number[], supply: Supply): string =>
  files.length === supply.files.length
    ? ''
    : `WHERE list_no IN (SELECT list_no FROM stay WHERE file_no IN (${files.join(', ')}))`;
