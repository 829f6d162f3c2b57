import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { YibaoError } from '#kernel/errors.ts';
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
      : readCsv(textOf(bytes));
    if (table.header.length === 0 || table.rows.length === 0) {
      throw new Error('没有数据行 / no rows');
    }
    return table;
  } catch (error) {
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

function readCsv(text: string): DepartmentTable {
  const head = text.slice(0, text.indexOf('\n') + 1 || text.length);
  const delimiter = [',', '\t', ';'].toSorted((a, b) => head.split(b).length - head.split(a).length)[0]!;
  const records = parse(text, {
    bom: true,
    trim: true,
    info: true,
    skip_empty_lines: true,
    delimiter,
  }) as unknown as {
    readonly record: string[];
    readonly info: { readonly lines: number };
  }[];
  const [first, ...rest] = records;
  return {
    header: first?.record ?? [],
    rows: rest.map(({ record, info }) => ({ line: info.lines, cells: record })),
  };
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
