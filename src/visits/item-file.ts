import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { CATALOGUE_COLUMNS, type CatalogueColumn, readCatalogue } from '#benefits/index.ts';
import { refuse } from '#interface/index.ts';

/** A row of an area's list of items as it is written; what it does not say is ''. */
export type ItemRow = Readonly<Record<CatalogueColumn, string>>;

/** What tells one row of an item from another that begins on the same day. */
const KEY = ['code', 'from', 'scheme', 'level', 'price_from'] as const;
const keyOf = (row: ItemRow): string => KEY.map((name) => row[name]).join('\u0001');

const wholeOf = (row: ItemRow): string => CATALOGUE_COLUMNS.map((name) => row[name]).join('\u0001');

/** The rows of a list in the order of the file; none where there is no file. */
export function readItems(path: string): ItemRow[] {
  if (!existsSync(path)) return [];
  const records = parse(readFileSync(path, 'utf8'), {
    columns: true,
    bom: true,
    trim: true,
    skip_empty_lines: true,
  }) as Record<string, string>[];
  return records.map(rowOf);
}

const rowOf = (given: Readonly<Record<string, string>>): ItemRow =>
  Object.fromEntries(CATALOGUE_COLUMNS.map((name) => [name, given[name] ?? ''])) as ItemRow;

/**
 * The text of a list with rows added at its end: what stood before stays, and holds until the day the new rows begin.
 * @param areThere what is done with rows that stand already, cell for cell: a publication that is carried out again leaves them
 * @throws Refusal for a row that stands already; YibaoError for cells that are wrong
 */
export function withItems(
  path: string,
  added: readonly Partial<ItemRow>[],
  areThere: 'refused' | 'left' = 'refused',
): string {
  const before = readItems(path);
  const known = new Set(before.map(keyOf));
  const written = new Set(before.map(wholeOf));
  const rows = added
    .map((row) => rowOf(row as Record<string, string>))
    .filter((row) => areThere === 'refused' || !written.has(wholeOf(row)));
  for (const [index, row] of rows.entries()) {
    if (known.has(keyOf(row))) {
      throw refuse('同一天已有这一项的变更', 'the list has a change of this item from this day', {
        node: `rows[${index + 1}]`,
        field: 'code',
        value: `${row.code} ${row.from}`,
      });
    }
    known.add(keyOf(row));
    if (row.to !== '' && row.to < row.from) {
      throw refuse('结束日期早于开始日期', 'the end is before the beginning', {
        node: `rows[${index + 1}]`,
        field: 'to',
        value: row.to,
      });
    }
  }
  const cell = (text: string) => (/[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const lines = [...before, ...rows].map((row) => CATALOGUE_COLUMNS.map((name) => cell(row[name])).join(','));
  const text = `${[CATALOGUE_COLUMNS.join(','), ...lines].join('\n')}\n`;
  readCatalogue(text, path.split(/[\\/]/).at(-1)!);
  return text;
}

/** Written beside, then renamed: a reader sees the list before or after. */
export function writeItems(path: string, text: string): void {
  writeFileSync(`${path}.new`, text);
  renameSync(`${path}.new`, path);
}
