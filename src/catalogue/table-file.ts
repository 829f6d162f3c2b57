import { readFileSync, statSync } from 'node:fs';
import { extname } from 'node:path';
import { CsvError, parse } from 'csv-parse/sync';
import { Workbook } from '#kernel/workbook.ts';
import { ZipFault, ZipFile } from '#kernel/zip.ts';

/** A row with its line in the file (row of the sheet), from 1, and its cells as text. */
export type TableRow = { readonly row: number; readonly cells: readonly string[] };

/** Why a file is not a table; the reader of the file has the words for it. */
export type TableFault =
  | QuoteFault
  | { readonly kind: 'wrong-encoding' }
  | { readonly kind: 'damaged-workbook'; readonly cause: string }
  | { readonly kind: 'old-workbook' };

type QuoteFault = { readonly kind: 'unclosed-quote' | 'bad-quote'; readonly row: number };

/** UTF-8 or, failing that, GB18030; undefined when the bytes are neither, or hold NUL as UTF-16 does. */
export function decodeText(bytes: Buffer): string | undefined {
  for (const encoding of ['utf-8', 'gb18030']) {
    try {
      const text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
      return text.includes('\0') ? undefined : text;
    } catch {
      // the next encoding
    }
  }
  return undefined;
}

/** The records of a CSV text with the line each starts on, the header among them; or what is wrong with its quotes. */
export function csvRecords(text: string, delimiter = ','): TableRow[] | QuoteFault {
  // most tables have neither quotes nor carriage returns, and nothing to be parsed then
  if (!/["\r]/.test(text)) return plainRecords(text, delimiter);
  const records: TableRow[] = [];
  let nextRow = 1;
  try {
    parse(text, {
      bom: true,
      delimiter,
      relax_column_count: true,
      on_record: (cells: string[], { lines }) => {
        records.push({ row: nextRow, cells });
        nextRow = lines + 1;
        // kept above: csv-parse need not keep them too
        return null;
      },
    });
    return records;
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const unclosed = error.code === 'CSV_QUOTE_NOT_CLOSED';
    return { kind: unclosed ? 'unclosed-quote' : 'bad-quote', row: nextRow };
  }
}

function plainRecords(text: string, delimiter: string): TableRow[] {
  const lines = text.replace(/^\uFEFF/, '').split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines.map((line, index) => ({ row: index + 1, cells: line.split(delimiter) }));
}

/** OLE compound file: an encrypted workbook, or the old .xls format. */
const OLE_SIGNATURE = 'd0cf11e0';

/**
 * The rows of a CSV file (UTF-8, GB18030; comma, tab or semicolon, whichever its first line has most of) or of the first
 * sheet of an XLSX workbook, rows without content left out. For tables that fit into memory.
 * Throws what the operating system says of a file it cannot read.
 */
export async function readTableFile(path: string): Promise<TableRow[] | TableFault> {
  const rows = extname(path).toLowerCase() === '.xlsx' ? await readSheet(path) : readCsv(path);
  return Array.isArray(rows) ? rows.filter(({ cells }) => cells.some((cell) => cell.trim() !== '')) : rows;
}

function readCsv(path: string): TableRow[] | TableFault {
  const text = decodeText(readFileSync(path));
  if (text === undefined) return { kind: 'wrong-encoding' };
  const firstLine = text.slice(0, text.search(/[\r\n]|$/));
  const times = (delimiter: string) => firstLine.split(delimiter).length;
  const delimiter = [',', '\t', ';'].reduce((best, each) => (times(each) > times(best) ? each : best));
  return csvRecords(text, delimiter);
}

async function readSheet(path: string): Promise<TableRow[] | TableFault> {
  const { size } = statSync(path);
  if (readFileSync(path).subarray(0, 4).toString('hex') === OLE_SIGNATURE) return { kind: 'old-workbook' };
  try {
    const workbook = await Workbook.open(await ZipFile.open(path, size));
    const part = workbook.sheets[0]?.part;
    const rows: TableRow[] = [];
    if (part === undefined) return rows;
    for await (const batch of workbook.rows(part)) {
      for (const { number, cells } of batch) {
        rows.push({ row: number, cells: Array.from(cells, (cell) => cell ?? '') });
      }
    }
    return rows;
  } catch (error) {
    if (!(error instanceof ZipFault)) throw error;
    return { kind: 'damaged-workbook', cause: error.message };
  }
}
