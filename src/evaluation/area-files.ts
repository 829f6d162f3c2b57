import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { amount, filled, type Reader, scheme, Table, year as yearOf } from '#catalogue/area-tables.ts';
import type { Engine } from '#engine/duckdb.ts';
import { type Problem, YibaoError } from '#kernel/errors.ts';
import { parseDecimal, roundTo } from '#kernel/fraction.ts';
import { evaluationErrors } from './errors.ts';

/** Files beside the area folder's own that an evaluation reads; each may be absent. */
export type EvaluationFiles = {
  /** setl_id and, in the order of `case_charge`, what the file has of each list */
  readonly charges: readonly (readonly (string | number | bigint | null)[])[];
  readonly insured: readonly (readonly [number, string, bigint])[];
  readonly qualityMonths: readonly (readonly (string | number | bigint)[])[];
  readonly lastPointValues: readonly (readonly [string, bigint])[];
  /** sha256 of each file read, by file name */
  readonly hashes: ReadonlyMap<string, string>;
};

export type EvaluationFolders = {
  readonly areaFolder: string;
  readonly year: number;
  /** a result folder of `yibao check`: what the checks say of the lists */
  readonly qualityFolder?: string | undefined;
  /** a result folder of `yibao settle` for the year before: its point values */
  readonly lastYearFolder?: string | undefined;
};

/** Columns of case_charges.csv, each optional; an empty cell or a missing column is unknown, not 0. */
export const CHARGE_COLUMNS = [
  'own_pay',
  'self_pay',
  'outside_insurance',
  'medical_service',
  'drug',
  'consumable',
] as const;

const orEmpty = <T>({ read, expected }: Reader<T>): Reader<T | null> => ({
  read: (text) => (text === '' ? null : read(text)),
  expected: { zh: `空或${expected.zh.trimStart()}`, en: `empty or ${expected.en}` },
});
const grade: Reader<number> = {
  read: (text) => (/^[0-4]$/.test(text) ? Number(text) : undefined),
  expected: { zh: '手术等级 0（没有手术）至 4', en: 'a grade of surgery from 0 (none) to 4' },
};
const persons: Reader<bigint> = {
  read: (text) => (/^[1-9]\d{0,9}$/.test(text) ? BigInt(text) : undefined),
  expected: { zh: '大于 0 的整数', en: 'a whole number above 0' },
};
const count: Reader<bigint> = {
  read: (text) => (/^\d{1,15}$/.test(text) ? BigInt(text) : undefined),
  expected: { zh: '非负整数', en: 'a whole number' },
};
const month: Reader<number> = {
  read: (text) =>
    text === '' ? 0 : /^\d{4}-(0[1-9]|1[0-2])$/.test(text) ? Number(text.slice(5)) : undefined,
  expected: { zh: '月份，如 2025-03', en: 'a month, such as 2025-03' },
};
const scaled = (decimals: number): Reader<bigint> => ({
  read: (text) => {
    const value = parseDecimal(text);
    return value === undefined ? undefined : roundTo(value, decimals);
  },
  expected: { zh: '小数', en: 'a decimal' },
});

/**
 * Reads the files; everything wrong with all of them is reported together.
 * @throws YibaoError with file, row, field, value and remedy of each problem
 */
export function readEvaluationFiles(folders: EvaluationFolders): EvaluationFiles {
  const { areaFolder, qualityFolder, lastYearFolder, year } = folders;
  const problems: Problem[] = [];
  const hashes = new Map<string, string>();
  const table = (folder: string, file: string, columns: readonly string[], required = false) =>
    new Table(folder, file, columns, required, problems, hashes);

  const charges = table(areaFolder, 'case_charges.csv', ['setl_id']).records(
    (field) => ({
      cells: [
        field('setl_id', filled),
        ...CHARGE_COLUMNS.map((column) => field(column, orEmpty(amount))),
        field('surgery_grade', orEmpty(grade)),
      ],
    }),
    { key: ['setl_id'] },
  );
  const insured = table(areaFolder, 'insured_persons.csv', ['year', 'insutype', 'persons']).records(
    (field) => ({
      cells: [field('year', yearOf), field('insutype', scheme), field('persons', persons)] as const,
    }),
    { key: ['year', 'insutype'] },
  );
  const quality =
    qualityFolder === undefined
      ? []
      : readResult(qualityFolder, 'yibao check', problems, () =>
          table(qualityFolder, 'institution_trend.csv', QUALITY_COLUMNS, true)
            .records((field) => ({
              month: field('month', { read: (text) => text, expected: { zh: '月份', en: 'a month' } }),
              cells: [
                field('fixmedins_code', filled),
                field('month', month),
                field('lists', count),
                field('failing_lists', count),
                // the score is a mean of the lists; Σ score is what adds up
                (field('score', scaled(2)) ?? 0n) * (field('lists', count) ?? 0n),
              ],
            }))
            .filter((row) => row.month.startsWith(`${year}-`)),
        );
  const last =
    lastYearFolder === undefined
      ? []
      : readResult(lastYearFolder, 'yibao settle', problems, (manifest) => {
          if (manifest.year !== year - 1) {
            const parameters = { found: String(manifest.year), expected: year - 1 };
            problems.push({
              definition: evaluationErrors.wrongYear,
              file: join(lastYearFolder, 'manifest.json'),
              field: 'year',
              parameters,
            });
          }
          return table(lastYearFolder, 'point_values.csv', ['insutype', 'settlement_point_value'], true)
            .records((field) => ({
              cells: [
                field('insutype', scheme),
                field('settlement_point_value', orEmpty(scaled(8))),
              ] as const,
            }))
            .filter(({ cells }) => cells[1] !== null);
        });
  if (problems.length > 0) throw new YibaoError(problems);
  return {
    charges: charges.map(({ cells }) => cells),
    insured: insured.map(({ cells }) => cells),
    qualityMonths: quality.map(({ cells }) => cells),
    lastPointValues: last.map(({ cells }) => [cells[0], cells[1]!] as const),
    hashes,
  };
}

const QUALITY_COLUMNS = ['fixmedins_code', 'month', 'lists', 'failing_lists', 'score'];

function readResult<T>(
  folder: string,
  command: string,
  problems: Problem[],
  read: (manifest: { readonly year?: number }) => T[],
): T[] {
  const path = join(folder, 'manifest.json');
  let manifest: { readonly yibao?: string; readonly year?: number } | undefined;
  try {
    manifest = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined;
  } catch {
    // not JSON: not a result of ours
  }
  if (manifest?.yibao === undefined) {
    const parameters = { folder, command, needed: 'manifest.json' };
    problems.push({ definition: evaluationErrors.notAResult, file: folder, parameters });
    return [];
  }
  return read(manifest);
}

/** Puts the files into the tables of `evaluation_tables.sql`. */
export async function loadEvaluationFiles(engine: Engine, files: EvaluationFiles): Promise<void> {
  await engine.append('case_charge', files.charges);
  await engine.append('insured_person', files.insured);
  await engine.append('quality_month', files.qualityMonths);
  await engine.append('last_point_value', files.lastPointValues);
}
