import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { type Engine, literal } from '#engine/duckdb.ts';
import { type Problem, YibaoError } from '#kernel/errors.ts';
import { readChunks, readHead } from '../../intake/bytes.ts';
import { CsvFault, CsvRecords } from '../../intake/csv-records.ts';
import { CsvScan } from '../../intake/csv-scan.ts';
import { INTAKE_ERRORS, refuseFile } from '../../intake/errors.ts';
import type { ListFile } from '../../intake/file.ts';
import { fileLiteral } from '../../intake/normalised.ts';
import { BYTE_ORDER_MARK, decodeHead, openText } from '../../intake/text.ts';
import { qualityErrors } from '../errors.ts';
import { fieldOf } from '../fields.ts';

const HEAD_BYTES = 256 * 1024;
const DELIMITERS = [',', '\t', ';'];
const PROBLEMS_MAX = 50;

/** The part of a NodeSource that opening the file gives. */
export type OpenedNode = {
  readonly fields: ReadonlySet<string>;
  readonly columns: ReadonlySet<string>;
  /** columns that are numbers in the file, with their type; the others are text */
  readonly types?: ReadonlyMap<string, string>;
  readonly select: string;
  readonly rows: number;
  readonly sha256: string;
};

/**
 * Opens a CSV file of one node (UTF-8 or GB18030; comma, tab or semicolon). It becomes a temporary Parquet file, where a
 * row keeps its place. Throws YibaoError: a file with one bad line is refused whole, all bad lines named.
 */
export async function openNodeCsv(engine: Engine, file: ListFile, node: string): Promise<OpenedNode> {
  const head = decodeHead(file, readHead(file.path, HEAD_BYTES));
  const header = bestHeader(head.text, file, node);
  const places = placeFields(header.cells, file.fileName, node);
  const skipBytes = head.byteOrderMark ? BYTE_ORDER_MARK.length : 0;
  const scan = new CsvScan(header.delimiter, header.cells.length, skipBytes);
  const text = await openText(engine, file, { reader: scan, provenUtf8: head.provenUtf8 });
  const target = join(engine.workFolder, `${file.key}.parquet`);
  const plainRows = scan.rows();
  if (plainRows !== undefined && header.line === 1 && !header.cells.some((cell) => cell.includes('\n'))) {
    await engine.run(
      `COPY (SELECT ${selected(places, (place) => `c${place}`)} FROM read_csv(${fileLiteral(text.path)}, ` +
        `auto_detect = false, header = true, delim = ${literal(header.delimiter)}, quote = '"', escape = '"', ` +
        `strict_mode = true, columns = {${header.cells.map((_, place) => `'c${place}': 'VARCHAR'`).join(', ')}})) ` +
        `TO ${literal(target)} (FORMAT parquet)`,
    );
    return {
      fields: new Set(places.keys()),
      columns: new Set(places.keys()),
      select: `SELECT file_row_number + 2 AS row_no, file_row_number AS position, ${[...places.keys()].join(', ')} FROM read_parquet(${fileLiteral(target)}, file_row_number = true)`,
      rows: plainRows,
      sha256: text.sha256,
    };
  }
  const copy = join(engine.workFolder, `${file.key}.csv`);
  const rows = await copyCarefully(file, text.path, header, places, copy);
  const columns = ['row_no', ...places.keys()];
  await engine.run(
    `COPY (SELECT * FROM read_csv(${fileLiteral(copy)}, auto_detect = false, header = false, delim = ',', quote = '"', ` +
      `escape = '"', parallel = false, columns = {${columns.map((name) => `'${name}': 'VARCHAR'`).join(', ')}})) ` +
      `TO ${literal(target)} (FORMAT parquet)`,
  );
  return {
    fields: new Set(places.keys()),
    columns: new Set(places.keys()),
    select: `SELECT CAST(row_no AS BIGINT) AS row_no, file_row_number AS position, ${[...places.keys()].join(', ')} FROM read_parquet(${fileLiteral(target)}, file_row_number = true)`,
    rows,
    sha256: text.sha256,
  };
}

const selected = (places: ReadonlyMap<string, number>, column: (place: number) => string): string =>
  [...places].map(([field, place]) => `${column(place)} AS ${field}`).join(', ');

type Header = { readonly cells: readonly string[]; readonly delimiter: string; readonly line: number };

/** The first record under the delimiter that finds most fields of the node. */
function bestHeader(text: string, file: ListFile, node: string): Header {
  let best: (Header & { known: number }) | undefined;
  let fault: CsvFault | undefined;
  for (const delimiter of DELIMITERS) {
    let first: Header | undefined;
    const records = new CsvRecords(delimiter, (cells, line) => {
      first ??= { cells, line, delimiter };
    });
    try {
      records.push(text);
      if (first === undefined) records.finish();
    } catch (error) {
      if (!(error instanceof CsvFault)) throw error;
      fault ??= error;
    }
    if (first === undefined) continue;
    const known = first.cells.filter((cell) => fieldOf(node, cell) !== undefined).length;
    if (best === undefined || known > best.known) best = { ...first, known };
  }
  if (best === undefined) {
    if (fault) refuseFault(file, fault);
    refuseFile(INTAKE_ERRORS.noHeader, file.fileName, { row: 1, parameters: { columns: 'setl_id' } });
  }
  return best;
}

/** Field → place in the header. Throws YibaoError when setl_id is missing or a field stands twice. */
export function placeFields(
  header: readonly string[],
  fileName: string,
  node: string,
  row?: number,
): ReadonlyMap<string, number> {
  const places = new Map<string, number>();
  for (const [place, name] of header.entries()) {
    const field = fieldOf(node, name);
    if (field === undefined) continue;
    const earlier = places.get(field);
    if (earlier !== undefined) {
      const names = [header[earlier]!, name].map((text) => text.trim()).join('、');
      refuseFile(INTAKE_ERRORS.duplicateColumn, fileName, { row: row ?? 1, field, parameters: { names } });
    }
    places.set(field, place);
  }
  if (!places.has('setl_id')) {
    throw new YibaoError({
      definition: qualityErrors.noSetlId,
      file: fileName,
      row: row ?? 1,
      field: 'setl_id',
    });
  }
  return places;
}

async function copyCarefully(
  file: ListFile,
  path: string,
  header: Header,
  places: ReadonlyMap<string, number>,
  copy: string,
): Promise<number> {
  const problems: Problem[] = [];
  const order = [...places.values()];
  const descriptor = openSync(copy, 'w');
  let rows = 0;
  let pending = '';
  const records = new CsvRecords(header.delimiter, (fields, line) => {
    if (line <= header.line) return;
    if (fields.length !== header.cells.length) {
      if (problems.length < PROBLEMS_MAX) {
        const parameters = { found: fields.length, expected: header.cells.length };
        problems.push({ definition: qualityErrors.ragged, file: file.fileName, row: line, parameters });
      }
      return;
    }
    rows += 1;
    pending += `${line},${order.map((place) => csvField(fields[place]!)).join(',')}\n`;
    if (pending.length > 1_000_000) {
      writeSync(descriptor, pending);
      pending = '';
    }
  });
  const decoder = new TextDecoder();
  try {
    for await (const chunk of readChunks(path)) records.push(decoder.decode(chunk, { stream: true }));
    records.finish();
    writeSync(descriptor, pending);
  } catch (error) {
    if (error instanceof CsvFault) refuseFault(file, error);
    throw error;
  } finally {
    closeSync(descriptor);
  }
  if (problems.length > 0) throw new YibaoError(problems);
  return rows;
}

export const csvField = (value: string | null): string =>
  value === null || value === '' ? '' : /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;

const FAULTS = {
  'unclosed-quote': INTAKE_ERRORS.unclosedQuote,
  'bad-quote': INTAKE_ERRORS.badQuote,
  'too-long': INTAKE_ERRORS.recordTooLong,
};

function refuseFault(file: ListFile, fault: CsvFault): never {
  refuseFile(FAULTS[fault.kind], file.fileName, { row: fault.line }, fault);
}
