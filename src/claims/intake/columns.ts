import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { INTAKE_ERRORS, refuseFile } from './errors.ts';

type ColumnNames = { readonly required: boolean; readonly names: readonly string[] };

const { columns } = parse(readFileSync(new URL('columns.yaml', import.meta.url), 'utf8')) as {
  columns: Record<string, ColumnNames>;
};

/** The field codes of a settlement list: the 15 of the reference profile in its order, then what other methods read. */
export const LIST_COLUMNS: readonly string[] = Object.keys(columns);
export const REQUIRED_COLUMNS: readonly string[] = LIST_COLUMNS.filter((column) => columns[column]!.required);

/** With fewer names than this on it, a first line is data or a title, not a header. */
const HEADER_NAMES_MIN = 3;

/** `setl_id（结算ID）`: how messages name columns. */
export const columnLabels = (list: readonly string[]): string =>
  list.map((column) => `${column}（${columns[column]!.names[0]}）`).join('、');

const normalise = (name: string): string =>
  name
    .normalize('NFKC')
    .replace(/[\s\uFEFF\u200B]/g, '')
    .toLowerCase();

const columnByName = new Map<string, string>();
for (const [column, { names }] of Object.entries(columns)) {
  for (const name of [column, ...names].map(normalise)) {
    const other = columnByName.get(name);
    if (other !== undefined) throw new Error(`columns.yaml: ${name} is both ${other} and ${column}`);
    columnByName.set(name, column);
  }
}

/** The field code a header cell or JSON key stands for; undefined for a column we do not read. */
export const columnOf = (name: string): string | undefined => columnByName.get(normalise(name));

/** Field code → 0-based place in a header. */
export type ColumnPlaces = ReadonlyMap<string, number>;

export const recognisedColumns = (header: readonly string[]): number =>
  header.filter((name) => columnOf(name) !== undefined).length;

/**
 * Finds the columns of a list in a header. Columns we do not read are ignored.
 * Throws YibaoError `intake.no-header`, `.duplicate-column` or `.missing-column`; `row` is the header's line.
 */
export function placeColumns(header: readonly string[], file: string, row?: number): ColumnPlaces {
  if (recognisedColumns(header) < HEADER_NAMES_MIN) {
    refuseFile(INTAKE_ERRORS.noHeader, file, {
      row,
      parameters: { columns: columnLabels(REQUIRED_COLUMNS) },
    });
  }
  const places = new Map<string, number>();
  for (const [place, name] of header.entries()) {
    const column = columnOf(name);
    if (column === undefined) continue;
    const earlier = places.get(column);
    if (earlier !== undefined) {
      const names = [header[earlier]!, name].map((text) => text.trim()).join('、');
      refuseFile(INTAKE_ERRORS.duplicateColumn, file, { row, field: column, parameters: { names } });
    }
    places.set(column, place);
  }
  refuseMissing(
    REQUIRED_COLUMNS.filter((column) => !places.has(column)),
    file,
    row,
  );
  return places;
}

/** Throws YibaoError `intake.missing-column` naming all of them, unless there are none. */
export function refuseMissing(missing: readonly string[], file: string, row?: number): void {
  if (missing.length === 0) return;
  refuseFile(INTAKE_ERRORS.missingColumn, file, {
    row,
    field: missing.join(','),
    parameters: { columns: columnLabels(missing) },
  });
}
