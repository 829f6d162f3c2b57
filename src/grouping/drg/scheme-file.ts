import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CsvFault, CsvRecords } from '#claims/intake/csv-records.ts';
import type { Problem } from '#kernel/errors.ts';
import { systemReason } from '#kernel/system-errors.ts';
import { drgErrors, drgWarnings } from './errors.ts';

/** One record: its line, from 1, and its cells without blanks at their ends, in the order of the columns asked for. */
export type SchemeRecord = { readonly row: number; readonly cells: readonly string[] };

export type SchemeFile = {
  readonly file: string;
  readonly bytes: Buffer;
  readonly sha256: string;
  readonly records: readonly SchemeRecord[];
};

/**
 * Reads one CSV file of a scheme (UTF-8 or GB18030, with or without BOM). What is wrong goes to `problems`, what is
 * odd to `warnings`; undefined when its records cannot be used.
 */
export function readSchemeFile(
  folder: string,
  file: string,
  columns: readonly string[],
  problems: Problem[],
  warnings: Problem[],
): SchemeFile | undefined {
  const path = join(folder, file);
  const wanted = columns.join(',');
  if (!existsSync(path)) {
    problems.push({ definition: drgErrors.fileMissing, file, parameters: { columns: wanted } });
    return undefined;
  }
  const bytes = readBytes(path, file, problems);
  const text = bytes && decode(bytes);
  if (bytes === undefined) return undefined;
  if (text === undefined) {
    problems.push({ definition: drgErrors.wrongEncoding, file });
    return undefined;
  }
  const all = splitRecords(text, file, problems);
  if (all === undefined) return undefined;
  const header = all[0]?.cells ?? [];
  const before = problems.length;
  for (const column of columns) {
    const times = header.filter((name) => name === column).length;
    if (times === 1) continue;
    const definition = times === 0 ? drgErrors.missingColumn : drgErrors.repeatedColumn;
    problems.push({ definition, file, row: 1, field: column, parameters: { columns: wanted } });
  }
  if (problems.length > before) return undefined;
  for (const column of header) {
    if (!columns.includes(column)) {
      warnings.push({ definition: drgWarnings.extraColumn, file, row: all[0]!.row, field: column });
    }
  }
  const places = columns.map((column) => header.indexOf(column));
  const records: SchemeRecord[] = [];
  for (const { row, cells } of all.slice(1)) {
    if (cells.every((cell) => cell === '')) continue;
    if (cells.length === header.length) records.push({ row, cells: places.map((place) => cells[place]!) });
    else {
      const parameters = { found: cells.length, expected: header.length };
      problems.push({ definition: drgErrors.cellCount, file, row, value: cells.join(','), parameters });
    }
  }
  return { file, bytes, sha256: createHash('sha256').update(bytes).digest('hex'), records };
}

function readBytes(path: string, file: string, problems: Problem[]): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    const reason = systemReason(error);
    if (reason === undefined) throw error;
    problems.push({
      definition: drgErrors.unreadable,
      file,
      parameters: { reason: reason.zh, reasonEn: reason.en },
    });
    return undefined;
  }
}

function splitRecords(text: string, file: string, problems: Problem[]): SchemeRecord[] | undefined {
  const records: SchemeRecord[] = [];
  const splitter = new CsvRecords(',', (cells, row) => {
    records.push({ row, cells: cells.map((cell) => cell.trim()) });
  });
  try {
    splitter.push(text);
    splitter.finish();
    return records;
  } catch (error) {
    if (!(error instanceof CsvFault)) throw error;
    problems.push({ definition: drgErrors.badCsv, file, row: error.line });
    return undefined;
  }
}

/** UTF-8 or, failing that, GB18030; undefined for neither, or for text that holds NUL as UTF-16 does. */
function decode(bytes: Buffer): string | undefined {
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
