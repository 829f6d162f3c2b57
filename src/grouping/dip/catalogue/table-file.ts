import { readFileSync, statSync } from 'node:fs';
import { extname } from 'node:path';
import { CsvError, parse } from 'csv-parse/sync';
import { type Problem, YibaoError } from '#kernel/errors.ts';
import { systemReason } from '#kernel/system-errors.ts';
import { Workbook } from '#kernel/workbook.ts';
import { ZipFault, ZipFile } from '#kernel/zip.ts';
import { catalogueErrors } from './errors.ts';

/** A column with the further names it goes by. */
export type ColumnNames = Readonly<
  Record<string, { readonly required: boolean; readonly names: readonly string[] }>
>;

/** One row of a table: its line in the file (or row of the sheet) and its trimmed cells by our column names. */
export type TableRow = { readonly row: number; readonly cells: Readonly<Record<string, string>> };

/** How names and words are compared: without white space, full-width or case. */
export const normaliseWord = (text: string): string =>
  text
    .normalize('NFKC')
    .replaceAll(/[\s\uFEFF\u200B]/g, '')
    .toLowerCase();

/**
 * Reads a small table from a CSV (UTF-8 or GB18030) or the first sheet of an XLSX file. Columns go by any of their names;
 * others are left alone, empty rows skipped.
 * @throws YibaoError with file, line and remedy
 */
export async function readTableFile(path: string, columns: ColumnNames): Promise<TableRow[]> {
  const records = await readRecords(path);
  const [header, ...rest] = records;
  if (header === undefined) throw noHeader(path, columns);
  const places = placeColumns(header, path, columns);
  const problems: Problem[] = [];
  const rows = rest.map(({ row, cells }): TableRow => {
    const extra = cells.slice(header.cells.length).some((cell) => cell.trim() !== '');
    if (extra) {
      const parameters = { found: cells.length, expected: header.cells.length };
      problems.push({
        definition: catalogueErrors.tooManyCells,
        file: path,
        row,
        value: cells.join(','),
        parameters,
      });
    }
    const named = Object.keys(columns).map((column) => {
      const place = places.get(column);
      return [column, place === undefined ? '' : (cells[place] ?? '').trim()] as const;
    });
    return { row, cells: Object.fromEntries(named) };
  });
  if (problems.length > 0) throw new YibaoError(problems);
  if (rows.length === 0) throw new YibaoError({ definition: catalogueErrors.noRows, file: path });
  return rows;
}

export type FileRow = { readonly row: number; readonly cells: readonly string[] };

async function readRecords(path: string): Promise<FileRow[]> {
  try {
    const rows = extname(path).toLowerCase() === '.xlsx' ? await readSheet(path) : readCsv(path);
    return rows.filter(({ cells }) => cells.some((cell) => cell.trim() !== ''));
  } catch (error) {
    if (error instanceof ZipFault) {
      throw new YibaoError({ definition: catalogueErrors.wrongFormat, file: path }, { cause: error });
    }
    const reason = systemReason(error);
    if (reason === undefined) throw error;
    const parameters = { reason: reason.zh, reasonEn: reason.en };
    throw new YibaoError(
      { definition: catalogueErrors.unreadable, file: path, parameters },
      { cause: error },
    );
  }
}

async function readSheet(path: string): Promise<FileRow[]> {
  const workbook = await Workbook.open(await ZipFile.open(path, statSync(path).size));
  const sheet = workbook.sheets[0];
  if (sheet === undefined) throw new ZipFault('no sheet');
  const rows: FileRow[] = [];
  for await (const batch of workbook.rows(sheet.part)) {
    for (const { number, cells } of batch) {
      rows.push({ row: number, cells: Array.from(cells, (cell) => cell ?? '') });
    }
  }
  return rows;
}

function readCsv(path: string): FileRow[] {
  const text = decode(readFileSync(path), path);
  const rows: FileRow[] = [];
  let nextRow = 1;
  try {
    parse(text, {
      bom: true,
      relax_column_count: true,
      on_record: (cells: string[], { lines }) => {
        rows.push({ row: nextRow, cells });
        nextRow = lines + 1;
      },
    });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw wrongText(path, nextRow, '双引号没有配对', 'quotes do not match');
  }
  return rows;
}

function decode(bytes: Buffer, path: string): string {
  for (const encoding of ['utf-8', 'gb18030']) {
    try {
      const text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
      if (!text.includes('\0')) return text;
    } catch {
      // the next encoding
    }
  }
  throw wrongText(path, 1, '不是 UTF-8 或 GB18030 编码', 'neither UTF-8 nor GB18030');
}

const wrongText = (file: string, row: number, reason: string, reasonEn: string): YibaoError =>
  new YibaoError({ definition: catalogueErrors.wrongText, file, row, parameters: { reason, reasonEn } });

const noHeader = (file: string, columns: ColumnNames): YibaoError => {
  const required = Object.keys(columns).filter((column) => columns[column]!.required);
  const parameters = { columns: required.join(', ') };
  return new YibaoError({ definition: catalogueErrors.noHeader, file, row: 1, parameters });
};

/**
 * The place of each column in a header.
 * @throws YibaoError group-catalogue.no-header, .repeated-column, .missing-column
 */
export function placeColumns(header: FileRow, file: string, columns: ColumnNames): Map<string, number> {
  const places = new Map<string, number>();
  const problems: Problem[] = [];
  const { row } = header;
  for (const [place, cell] of header.cells.entries()) {
    const name = normaliseWord(cell);
    const column = Object.keys(columns).find((each) =>
      [each, ...columns[each]!.names].some((known) => normaliseWord(known) === name),
    );
    if (column === undefined) continue;
    if (places.has(column)) {
      problems.push({ definition: catalogueErrors.repeatedColumn, file, row, field: column, value: cell });
    }
    places.set(column, place);
  }
  if (places.size === 0) throw noHeader(file, columns);
  for (const [column, { required, names }] of Object.entries(columns)) {
    if (!required || places.has(column)) continue;
    const parameters = { names: names.join('、') };
    problems.push({ definition: catalogueErrors.missingColumn, file, row, field: column, parameters });
  }
  if (problems.length > 0) throw new YibaoError(problems);
  return places;
}
