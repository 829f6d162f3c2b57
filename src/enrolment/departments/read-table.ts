import { readFileSync } from 'node:fs';
import { CsvError, parse } from 'csv-parse/sync';
import { type Problem, YibaoError } from '#kernel/errors.ts';
import { Workbook } from '#kernel/workbook.ts';
import { ZipFile } from '#kernel/zip.ts';
import { enrolmentErrors } from '../errors.ts';

/** A table of a department as it stands: its header and its rows with their lines. */
export type DepartmentTable = {
  readonly header: readonly string[];
  readonly rows: readonly { readonly line: number; readonly cells: readonly string[] }[];
};

const ZIP_SIGNATURE = Buffer.from('PK\u0003\u0004');

/** Reads a CSV (UTF-8 or GB18030; comma, semicolon or tab) or the first sheet of a workbook. @throws YibaoError */
export async function readTable(path: string, shownAs: string): Promise<DepartmentTable> {
  const bytes = readFileSync(path);
  try {
    const table = bytes.subarray(0, 4).equals(ZIP_SIGNATURE)
      ? await readSheet(path, bytes.length)
      : readCsv(textOf(bytes), shownAs);
    if (table.header.length === 0 || table.rows.length === 0) {
      throw new Error('没有数据行 / no rows');
    }
    refuseNull(table, shownAs);
    return table;
  } catch (error) {
    if (error instanceof YibaoError) throw error;
    throw new YibaoError(
      {
        definition: enrolmentErrors.unreadableFile,
        file: shownAs,
        parameters: { reason: (error as Error).message },
      },
      { cause: error },
    );
  }
}

function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('gb18030', { fatal: true }).decode(bytes);
  }
}

/** The store cannot keep it. */
function refuseNull({ header, rows }: DepartmentTable, file: string): void {
  const problems: Problem[] = [];
  for (const { line, cells } of rows) {
    for (const [index, value] of cells.entries()) {
      if (!value.includes('\0')) continue;
      problems.push({
        ...{ definition: enrolmentErrors.unusableCharacter, file, row: line },
        ...{ field: header[index] ?? String(index + 1), value: value.replaceAll('\0', '␀') },
      });
    }
  }
  if (problems.length > 0) throw new YibaoError(problems.slice(0, PROBLEMS_MAX));
}

const PROBLEMS_MAX = 1_000;

function readCsv(text: string, file: string): DepartmentTable {
  const head = text.slice(0, text.indexOf('\n') + 1 || text.length);
  const delimiter = [',', '\t', ';'].toSorted((a, b) => head.split(b).length - head.split(a).length)[0]!;
  const records = recordsOf(text, delimiter, file);
  const [first, ...rest] = records;
  const header = first?.record ?? [];
  const broken = rest.filter(({ record }) => record.length !== header.length);
  if (broken.length > 0) {
    throw new YibaoError(
      broken.slice(0, PROBLEMS_MAX).map(({ record, info }) => ({
        ...{ definition: enrolmentErrors.brokenRow, file, row: info.lines },
        // where a cell is missing, the first column without one; else what stands beyond the last
        field: header[record.length] ?? header.at(-1),
        value: record.join(delimiter),
        parameters: { found: record.length, columns: header.length },
      })),
    );
  }
  return { header, rows: rest.map(({ record, info }) => ({ line: info.lines, cells: record })) };
}

type CsvRecord = { readonly record: string[]; readonly info: { readonly lines: number } };

function recordsOf(text: string, delimiter: string, file: string): readonly CsvRecord[] {
  try {
    return parse(text, {
      bom: true,
      trim: true,
      info: true,
      skip_empty_lines: true,
      relax_column_count: true,
      delimiter,
    }) as unknown as CsvRecord[];
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const { lines, column, message } = error as CsvError & { lines?: number; column?: number | string };
    const written = lines === undefined ? '' : (text.split('\n', lines)[lines - 1] ?? '').trim();
    throw new YibaoError(
      {
        ...{ definition: enrolmentErrors.brokenQuote, file, row: lines, value: written },
        ...(column === undefined ? {} : { field: columnName(text, delimiter, column) }),
        parameters: { reason: message },
      },
      { cause: error },
    );
  }
}

/** The name the header gives a column, where it can be read. */
function columnName(text: string, delimiter: string, column: number | string): string {
  if (typeof column === 'string') return column;
  const header = text.slice(0, Math.max(0, text.indexOf('\n'))).split(delimiter);
  return header[column]?.trim() || String(column + 1);
}

async function readSheet(path: string, bytes: number): Promise<DepartmentTable> {
  const workbook = await Workbook.open(await ZipFile.open(path, bytes));
  const [sheet] = workbook.sheets;
  const rows: { line: number; cells: string[] }[] = [];
  for await (const some of sheet === undefined ? [] : workbook.rows(sheet.part)) {
    for (const { number, cells } of some) {
      const texts = Array.from(cells, (cell) => cell ?? '');
      if (texts.some((text) => text !== '')) rows.push({ line: number, cells: texts });
    }
  }
  const [first, ...rest] = rows;
  return { header: first?.cells ?? [], rows: rest };
}
