import { existsSync, mkdirSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { readRows } from '#catalogue/codes/columns.ts';
import { codesErrors } from '#catalogue/codes/errors.ts';
import {
  MAPPING_STATUSES,
  type MappedCode,
  type Mapper,
  type MappingStatus,
  mapText,
} from '#catalogue/codes/mapping.ts';
import { type Problem, YibaoError } from '#kernel/errors.ts';
import { outputErrors } from '#kernel/output-folder.ts';
import { systemReason } from '#kernel/system-errors.ts';

export type MapFileOptions = {
  readonly file: string;
  /** header of the column that holds codes, joined by `|` where there are several */
  readonly column: string;
  readonly out: string;
  /** overwrite `out` */
  readonly replace: boolean;
  /** refuse to write anything when a code is ambiguous or unknown */
  readonly refuseUnmapped: boolean;
};

/** How often each status occurred, and each code that was not mapped with how often it stands there. */
export type MapFileResult = {
  readonly rows: number;
  readonly codes: Readonly<Record<MappingStatus, number>>;
  /** ambiguous and unknown codes, ascending */
  readonly left: readonly (MappedCode & { readonly times: number; readonly first_row: number })[];
};

/**
 * Maps the codes of one column of a CSV or XLSX file and writes a CSV file (UTF-8) with all its columns, the mapped
 * codes in place, and two more: `<column>_original` and `<column>_status`, one status for each code.
 * @throws YibaoError when the file, the column or the place for the output cannot be used
 */
export async function mapFile(mapper: Mapper, options: MapFileOptions): Promise<MapFileResult> {
  const { file, column, out } = options;
  checkTarget(options);
  const [header, ...rows] = await readRows(file);
  const names = header!.cells.map((cell) => cell.trim());
  const at = names.indexOf(column);
  const missing = (value: string) => ({
    definition: codesErrors.noSuchColumn,
    file,
    row: header!.row,
    value,
  });
  if (at < 0) throw new YibaoError({ ...missing(column), parameters: { names: names.join('、') } });
  for (const added of [`${column}_original`, `${column}_status`]) {
    if (names.includes(added))
      throw new YibaoError({ definition: codesErrors.columnTaken, file, value: added });
  }
  const counts = Object.fromEntries(MAPPING_STATUSES.map((status) => [status, 0])) as Record<
    MappingStatus,
    number
  >;
  const left = new Map<string, MappedCode & { times: number; readonly first_row: number }>();
  const known = new Map<string, ReturnType<typeof mapText>>();
  const problems: Problem[] = [];
  const lines = [csvLine([...names, `${column}_original`, `${column}_status`])];
  for (const { row, cells } of rows) {
    if (cells.slice(names.length).some((cell) => cell.trim() !== '')) {
      const parameters = { found: cells.length, expected: names.length };
      problems.push({ definition: codesErrors.tooManyCells, file, row, value: cells.join(','), parameters });
      continue;
    }
    const original = cells[at] ?? '';
    const mapped = known.get(original) ?? mapText(mapper, original);
    known.set(original, mapped);
    for (const code of mapped.codes) {
      counts[code.status]++;
      if (code.status !== 'ambiguous' && code.status !== 'unknown') continue;
      const earlier = left.get(code.original);
      if (earlier === undefined) left.set(code.original, { ...code, times: 1, first_row: row });
      else earlier.times++;
    }
    const full = names.map((_, index) => (index === at ? mapped.text : (cells[index] ?? '')));
    lines.push(csvLine([...full, original, mapped.codes.map(({ status }) => status).join('|')]));
  }
  const ordered = [...left.values()].toSorted((a, b) => (a.original < b.original ? -1 : 1));
  if (options.refuseUnmapped) {
    problems.push(...ordered.map((code) => notMapped(code, { file, row: code.first_row, field: column })));
  }
  if (problems.length > 0) throw new YibaoError(problems);
  write(out, `${lines.join('\n')}\n`);
  return { rows: rows.length, codes: counts, left: ordered };
}

/** Why a code was not mapped, for those who want that refused. */
export const notMapped = (code: MappedCode, place: Partial<Problem> = {}): Problem => ({
  definition: codesErrors.notMapped,
  ...place,
  value: code.original,
  parameters:
    code.status === 'ambiguous'
      ? {
          why: `有多个对应而没有首选：${code.targets.join('、')}`,
          whyEn: `has several targets and none is preferred: ${code.targets.join(', ')}`,
        }
      : { why: '不在映射表中', whyEn: 'is not in the mapping table' },
});

function checkTarget({ file, out, replace }: MapFileOptions): void {
  if (!existsSync(out)) return;
  if (existsSync(file) && realpathSync(file) === realpathSync(out)) {
    throw new YibaoError({ definition: codesErrors.outIsInput, file: out });
  }
  if (!replace) throw new YibaoError({ definition: codesErrors.fileExists, file: out });
}

/** Written beside, then renamed: the file is there whole or not at all. */
function write(out: string, text: string): void {
  const partial = `${out}.partial-${process.pid}`;
  try {
    mkdirSync(dirname(resolve(out)), { recursive: true });
    writeFileSync(partial, text);
    renameSync(partial, out);
  } catch (error) {
    const reason = systemReason(error);
    if (reason === undefined) throw error;
    const parameters = { reason: reason.zh, reasonEn: reason.en };
    throw new YibaoError({ definition: outputErrors.notWritable, file: out, parameters }, { cause: error });
  } finally {
    rmSync(partial, { force: true });
  }
}

const csvLine = (cells: readonly string[]): string =>
  cells.map((cell) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(',');
