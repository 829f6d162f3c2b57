import { closeSync, openSync, writeSync } from 'node:fs';
import { literal } from '#engine/duckdb.ts';
import { LIST_COLUMNS } from './columns.ts';
import type { ListSource } from './file.ts';

const FLUSH_CHARACTERS = 1024 * 1024;
const FIRST_LINES_CAPACITY = 4_096;

/**
 * Writes lists as a temporary CSV file with just the profile's columns, and remembers where in the original each came
 * from (4 bytes a list). Every format DuckDB cannot read faithfully by itself goes through here.
 */
export class NormalisedFile {
  readonly #path: string;
  readonly #descriptor: number;
  #text = `${LIST_COLUMNS.join(',')}\n`;
  #rows = 0;
  #places = new Uint32Array(FIRST_LINES_CAPACITY);
  #placesAreUsual = true;
  #valuesHoldLineEnds = false;

  constructor(path: string) {
    this.#path = path;
    this.#descriptor = openSync(path, 'w');
  }

  /** @param values the columns in the order of LIST_COLUMNS; @param place line, sheet row or array position, from 1 */
  write(values: readonly (string | null | undefined)[], place: number): void {
    let line = '';
    for (let i = 0; i < values.length; i++) {
      if (i > 0) line += ',';
      const value = values[i];
      if (value) line += this.#field(value);
    }
    this.#text += `${line}\n`;
    if (this.#text.length > FLUSH_CHARACTERS) this.#flush();
    if (this.#rows === this.#places.length) {
      const larger = new Uint32Array(this.#places.length * 2);
      larger.set(this.#places);
      this.#places = larger;
    }
    this.#places[this.#rows] = place;
    this.#placesAreUsual &&= place === this.#rows + 2;
    this.#rows++;
  }

  /** Closes the file; with it, the part of a ListSource that says how to read it. */
  finish(): Pick<ListSource, 'select' | 'rows' | 'lineOf'> {
    this.#flush();
    closeSync(this.#descriptor);
    const places = this.#places;
    return {
      rows: this.#rows,
      select: selectFromCsv({
        path: this.#path,
        header: LIST_COLUMNS,
        delimiter: ',',
        places: new Map(LIST_COLUMNS.map((column, place) => [column, place])),
        // A quoted line end may fall on the border between two threads' parts of the file.
        parallel: !this.#valuesHoldLineEnds,
      }),
      ...(this.#placesAreUsual
        ? {}
        : { lineOf: (ordinals: readonly number[]) => ordinals.map((ordinal) => places[ordinal]!) }),
    };
  }

  /** Closes the file without a use for it. */
  abandon(): void {
    closeSync(this.#descriptor);
  }

  #field(value: string): string {
    if (!/[",\r\n]/.test(value)) return value;
    if (/[\r\n]/.test(value)) this.#valuesHoldLineEnds = true;
    return `"${value.replaceAll('"', '""')}"`;
  }

  #flush(): void {
    writeSync(this.#descriptor, this.#text);
    this.#text = '';
  }
}

/** The name of one file for DuckDB's read functions, which take `*`, `?` and `[` for patterns. */
export const fileLiteral = (path: string): string => literal(path.replace(/[[*?]/g, '[$&]'));

/** SELECT of the profile's columns from a CSV file whose structure is known to be sound. */
export function selectFromCsv(csv: {
  readonly path: string;
  readonly header: readonly string[];
  readonly delimiter: string;
  readonly places: ReadonlyMap<string, number>;
  readonly parallel: boolean;
}): string {
  const types = csv.header.map((_, place) => `'c${place}': 'VARCHAR'`).join(', ');
  // Without new_line: naming it makes DuckDB 1.5 read a file with CRLF as empty.
  return (
    `SELECT ${selectedColumns((column) => csv.places.get(column))} FROM read_csv(${fileLiteral(csv.path)}, ` +
    `auto_detect = false, header = true, delim = ${literal(csv.delimiter)}, quote = '"', escape = '"', ` +
    `strict_mode = true, parallel = ${csv.parallel}, columns = {${types}})`
  );
}

const selectedColumns = (placeOf: (column: string) => number | undefined): string =>
  LIST_COLUMNS.map((column) => {
    const place = placeOf(column);
    return `${place === undefined ? 'CAST(NULL AS VARCHAR)' : `c${place}`} AS ${column}`;
  }).join(', ');
