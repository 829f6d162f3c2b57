import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CsvError, parse } from 'csv-parse/sync';
import { parse as parseYaml } from 'yaml';
import type { Engine } from '#engine/duckdb.ts';
import { type Problem, YibaoError } from '#kernel/errors.ts';
import { parseYuan } from '#kernel/money.ts';
import { dateOfText } from '#policy/dates.ts';
import type { CodeSets } from '#policy/index.ts';
import { qualityErrors } from '../errors.ts';
import { loadCodeSets } from './code-sets.ts';

type Reference = {
  readonly file: string;
  readonly table: string;
  /** columns of the table in order, with those of the file; required ones must be there */
  readonly columns: readonly string[];
  readonly required: readonly string[];
  /** columns that hold a day */
  readonly days: readonly string[];
  /** columns that hold yuan; the table has them in fen */
  readonly amounts?: readonly string[];
  readonly constants?: Readonly<Record<string, string>>;
};

const REFERENCES: readonly Reference[] = [
  {
    file: 'institutions.csv',
    table: 'known_institution',
    columns: ['fixmedins_code', 'name', 'active_from', 'active_to'],
    required: ['fixmedins_code'],
    days: ['active_from', 'active_to'],
  },
  {
    file: 'procedures.csv',
    table: 'known_procedure',
    columns: ['oprn_oprt_code', 'attribute'],
    required: ['oprn_oprt_code', 'attribute'],
    days: [],
  },
  {
    file: 'diagnosis_codes.csv',
    table: 'known_code',
    columns: [
      'catalogue',
      'code',
      'name',
      'valid_from',
      'valid_to',
      'principal',
      'day_surgery',
      'attribute',
      'replaced_by',
    ],
    required: ['code'],
    days: ['valid_from', 'valid_to'],
    constants: { catalogue: 'diagnosis' },
  },
  {
    file: 'procedure_codes.csv',
    table: 'known_code',
    columns: [
      'catalogue',
      'code',
      'name',
      'valid_from',
      'valid_to',
      'principal',
      'day_surgery',
      'attribute',
      'replaced_by',
    ],
    required: ['code'],
    days: ['valid_from', 'valid_to'],
    constants: { catalogue: 'procedure' },
  },
  {
    file: 'bed_prices.csv',
    table: 'bed_price',
    columns: ['fixmedins_code', 'lowest', 'highest'],
    required: ['fixmedins_code', 'lowest', 'highest'],
    days: [],
    amounts: ['lowest', 'highest'],
  },
  {
    file: 'code_lists.csv',
    table: 'code_list',
    columns: ['list', 'code', 'valid_from', 'valid_to'],
    required: ['list', 'code'],
    days: ['valid_from', 'valid_to'],
  },
  {
    file: 'grouping.csv',
    table: 'grouped_list',
    columns: ['setl_id', 'kind'],
    required: ['setl_id', 'kind'],
    days: [],
  },
];

export type AreaReference = {
  /** what the checks may rely on: file names, `grouping`, `settled`, and `<file> <column>` */
  readonly supplied: ReadonlySet<string>;
  /** sha256 of each file read, by file name */
  readonly hashes: ReadonlyMap<string, string>;
  /** content hash of each code set used, by name */
  readonly codeSets: ReadonlyMap<string, string>;
};

/**
 * Fills the small tables of the checks from the area folder and, if given, from the cases.csv of a settlement. All of them
 * may be missing: what needs them does not apply then. Throws YibaoError naming every bad row.
 */
export async function loadAreaReference(
  engine: Engine,
  areaFolder: string,
  settlementFolder: string | undefined,
  codeSets: CodeSets,
): Promise<AreaReference> {
  const supplied = new Set<string>();
  const hashes = new Map<string, string>();
  const problems: Problem[] = [];
  const codeLists = new Map<string, readonly (string | null)[][]>();
  const { lists } = parseYaml(readFileSync(new URL('../code-lists.yaml', import.meta.url), 'utf8')) as {
    lists: Record<string, { codes: (string | number)[] }>;
  };
  for (const [list, { codes }] of Object.entries(lists)) {
    codeLists.set(
      list,
      codes.flatMap(spelledOut).map((code) => [list, code, null, null]),
    );
  }
  for (const reference of REFERENCES) {
    const rows = readReference(areaFolder, reference, supplied, problems);
    const path = join(areaFolder, reference.file);
    if (existsSync(path))
      hashes.set(reference.file, createHash('sha256').update(readFileSync(path)).digest('hex'));
    if (rows === undefined) continue;
    if (reference.table === 'code_list') {
      for (const [list, own] of Map.groupBy(rows, (row) => row[0]!)) {
        codeLists.set(list, own);
        supplied.add(`${reference.file} ${['cc', 'mcc'].includes(list) ? 'cc' : list}`);
      }
    } else await engine.append(reference.table, rows);
    if (reference.file === 'grouping.csv') supplied.add('grouping');
  }
  if (settlementFolder !== undefined) {
    const reference = {
      file: 'cases.csv',
      table: 'grouped_list',
      columns: ['setl_id', 'kind'],
      required: ['setl_id', 'kind'],
      days: [],
    };
    const rows = readReference(settlementFolder, reference, supplied, problems);
    if (rows === undefined) {
      problems.push({
        definition: qualityErrors.badReference,
        file: join(settlementFolder, 'cases.csv'),
        parameters: { reasonZh: '没有 cases.csv', reason: 'there is no cases.csv', columns: 'setl_id,kind' },
      });
    } else {
      await engine.run('DELETE FROM grouped_list');
      await engine.append('grouped_list', rows);
      supplied.add('grouping');
    }
  }
  if (problems.length > 0) throw new YibaoError(problems);
  // what is said of codes in a file: which codes may be principal, and the kinds of procedures
  if (supplied.has('diagnosis_codes.csv')) supplied.add('diagnosis_codes.csv principal');
  if (supplied.has('procedure_codes.csv') || (codeSets.procedures && supplied.has('procedures.csv'))) {
    supplied.add('procedure_codes.csv attribute');
  }
  const setHashes = await loadCodeSets(engine, codeSets, supplied);
  await engine.append('code_list', [...codeLists.values()].flat());
  // what a code is in procedures.csv counts in the catalogue too
  await engine.run(
    `UPDATE known_code SET attribute = p.attribute FROM known_procedure AS p
     WHERE known_code.catalogue = 'procedure' AND known_code.attribute IS NULL AND p.code = known_code.code`,
  );
  return { supplied, hashes, codeSets: setHashes };
}

/** A code, or with `A03.01..A03.11` all of a range: the digits at the end count up, as wide as they are written. */
function spelledOut(code: string | number): string[] {
  const text = String(code);
  const range = /^(.*?)(\d+)\.\.\1(\d+)$/.exec(text);
  if (!range) return [text];
  const [, prefix, first, last] = range;
  return Array.from(
    { length: Number(last) - Number(first) + 1 },
    (_, index) => `${prefix}${String(Number(first) + index).padStart(first!.length, '0')}`,
  );
}

function readReference(
  folder: string,
  reference: Reference,
  supplied: Set<string>,
  problems: Problem[],
): (string | null)[][] | undefined {
  const path = join(folder, reference.file);
  if (!existsSync(path)) return undefined;
  const columns = reference.required.join(',');
  const report = (
    row: number | undefined,
    field: string | undefined,
    value: string | undefined,
    zh: string,
    en: string,
  ) =>
    problems.push({
      definition: qualityErrors.badReference,
      file: reference.file,
      row,
      field,
      value,
      parameters: { reasonZh: zh, reason: en, columns },
    });
  let records: string[][];
  const lines: number[] = [];
  try {
    let next = 1;
    records = parse(decode(readFileSync(path)), {
      bom: true,
      relax_column_count: true,
      skip_empty_lines: true,
      on_record: (cells: string[], { lines: read }) => {
        lines.push(next);
        next = read + 1;
        return cells;
      },
    });
  } catch (error) {
    if (!(error instanceof CsvError) && !(error instanceof TypeError)) throw error;
    report(undefined, undefined, undefined, 'CSV 写法或编码不对', 'not a CSV text in UTF-8 or GB18030');
    return undefined;
  }
  const header = (records[0] ?? []).map((cell) => cell.trim());
  const missing = reference.required.filter((column) => !header.includes(column));
  if (missing.length > 0) {
    report(
      1,
      missing.join(','),
      undefined,
      `缺少列 ${missing.join('、')}`,
      `columns are missing: ${missing.join(', ')}`,
    );
    return undefined;
  }
  supplied.add(reference.file);
  for (const column of header) supplied.add(`${reference.file} ${column}`);
  const seen = new Set<string>();
  return records.slice(1).flatMap((cells, index) => {
    const row = lines[index + 1] ?? index + 2;
    const value = (column: string) => cells[header.indexOf(column)]?.trim() || null;
    const empty = reference.required.find((column) => value(column) === null);
    if (empty !== undefined) {
      report(row, empty, '', '该字段不能为空', 'this field must not be empty');
      return [];
    }
    for (const column of reference.days) {
      const text = value(column);
      if (text !== null && dateOfText(text) === undefined) {
        report(row, column, text, '日期应写成 2025-01-01', 'a day is written 2025-01-01');
        return [];
      }
    }
    const amounts = new Map<string, string>();
    for (const column of reference.amounts ?? []) {
      const fen = parseYuan(value(column) ?? '');
      if (fen === undefined || fen < 0n) {
        report(row, column, value(column) ?? '', '应是元，至多两位小数', 'yuan with at most two decimals');
        return [];
      }
      amounts.set(column, String(fen));
    }
    const key = `${value('list') ?? ''} ${value(reference.required.at(reference.required.includes('list') ? 1 : 0)!)}`;
    if (seen.has(key)) {
      report(row, reference.required[0], key.trim(), '出现两次', 'stands twice');
      return [];
    }
    seen.add(key);
    return [
      reference.columns.map(
        (column) => reference.constants?.[column] ?? amounts.get(column) ?? value(column),
      ),
    ];
  });
}

/** UTF-8 or, failing that, GB18030. Throws TypeError when it is neither. */
function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('gb18030', { fatal: true }).decode(bytes);
  }
}
