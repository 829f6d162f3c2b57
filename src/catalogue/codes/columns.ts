import { statSync } from 'node:fs';
import { codesErrors } from '#catalogue/codes/errors.ts';
import { readTableFile, type TableFault, type TableRow } from '#catalogue/table-file.ts';
import { type ErrorDefinition, type Problem, YibaoError } from '#kernel/errors.ts';
import { systemReason } from '#kernel/system-errors.ts';

/** The columns of a code set and of a mapping, and the names under which files carry them. */
const SET_COLUMNS = {
  code: [
    ...['编码', '代码', '疾病编码', '疾病代码', '诊断编码', '诊断代码', '疾病诊断编码', '疾病诊断代码'],
    ...[
      '手术操作编码',
      '手术操作代码',
      '手术编码',
      '手术代码',
      '操作编码',
      'ICD编码',
      'ICD-10编码',
      'ICD-9-CM-3编码',
    ],
    ...['主要编码', '医保编码', '国临编码', '医保版编码', '国临版编码'],
  ],
  name: [
    ...[
      '名称',
      '疾病名称',
      '诊断名称',
      '疾病诊断名称',
      '手术操作名称',
      '手术名称',
      '操作名称',
      '中文名称',
      '编码名称',
    ],
    ...['医保名称', '国临名称', '医保版名称', '国临版名称'],
  ],
} as const;
const MAPPING_COLUMNS = {
  source_code: [
    ...['源编码', '原编码', '旧编码', '来源编码', '映射前编码', '国临编码', '国临版编码', '国家临床版编码'],
    ...['国临代码', '国临版代码', '临床编码', '临床版编码'],
  ],
  target_code: [
    ...[
      '目标编码',
      '新编码',
      '映射后编码',
      '对应编码',
      '医保编码',
      '医保版编码',
      '国家医保版编码',
      '医保代码',
    ],
    ...['医保版代码', '国家医保编码'],
  ],
  source_name: [
    '源名称',
    '原名称',
    '旧名称',
    '国临名称',
    '国临版名称',
    '国家临床版名称',
    '临床名称',
    '临床版名称',
  ],
  target_name: ['目标名称', '新名称', '对应名称', '医保名称', '医保版名称', '国家医保版名称'],
  preferred: ['首选', '优先', '默认', '是否首选'],
  note: ['备注', '说明', 'equivalence', '等价性', '对应关系', '映射关系'],
} as const;

export type SetColumn = keyof typeof SET_COLUMNS;
export type MappingColumn = keyof typeof MAPPING_COLUMNS;

const normalise = (name: string): string =>
  name
    .normalize('NFKC')
    .replace(/[\s\uFEFF\u200B]/g, '')
    .toLowerCase()
    // 国家临床版2.0疾病诊断编码 is 国家临床版编码
    .replace(/(版)?v?\d+(\.\d+)?(版)?(?=.*(编码|代码|名称)$)/u, '$1$3')
    .replace(/(?<=国临|临床|医保|版)(疾病诊断|疾病|诊断|手术操作|手术)(?=编码|代码|名称$)/u, '');

const fieldByName = (columns: Readonly<Record<string, readonly string[]>>): ReadonlyMap<string, string> =>
  new Map(
    Object.entries(columns).flatMap(([field, names]) =>
      [field, ...names].map((name) => [normalise(name), field] as const),
    ),
  );
const SET_FIELDS = fieldByName(SET_COLUMNS);
const MAPPING_FIELDS = fieldByName(MAPPING_COLUMNS);

/** A row of a file of codes: its line and its fields, without blanks at their ends; '' where the file lacks one. */
export type FieldRow<Field extends string> = {
  readonly row: number;
  readonly fields: Readonly<Record<Field, string>>;
};

/** A file of codes or of a mapping, its columns found by the names in its header. */
export type CodeFile =
  | { readonly layout: 'set'; readonly rows: readonly FieldRow<SetColumn>[] }
  | { readonly layout: 'mapping'; readonly rows: readonly FieldRow<MappingColumn>[] };

export type ColumnChoice = { readonly sourceColumn?: string; readonly targetColumn?: string };

/**
 * Reads a CSV or XLSX file of codes and finds out by its header whether it is a code set or a mapping.
 * @param layout what it must be, where that is known
 * @throws YibaoError with all that is wrong with file and header, and lines that have too many columns
 */
export async function readCodeFile(
  path: string,
  layout: CodeFile['layout'] | undefined,
  choice: ColumnChoice = {},
): Promise<CodeFile> {
  const rows = await readRows(path);
  const header = rows[0]!;
  const names = header.cells.map(normalise);
  const chosen = [choice.sourceColumn, choice.targetColumn].some((name) => name !== undefined);
  const has = (fields: ReadonlyMap<string, string>, field: string) =>
    names.some((name) => fields.get(name) === field);
  const isMapping =
    layout === undefined
      ? chosen || (has(MAPPING_FIELDS, 'source_code') && has(MAPPING_FIELDS, 'target_code'))
      : layout === 'mapping';
  if (isMapping) {
    const places = placeFields(
      path,
      header,
      MAPPING_FIELDS,
      MAPPING_COLUMNS,
      ['source_code', 'target_code'],
      {
        source_code: choice.sourceColumn,
        target_code: choice.targetColumn,
      },
    );
    return { layout: 'mapping', rows: fieldRows(path, rows, places, Object.keys(MAPPING_COLUMNS)) };
  }
  const places = placeFields(path, header, SET_FIELDS, SET_COLUMNS, ['code', 'name'], {});
  return { layout: 'set', rows: fieldRows(path, rows, places, Object.keys(SET_COLUMNS)) };
}

/** A text of JavaScript has half a billion characters at most. */
const MEGABYTES_MOST = 400;
const KINDS = ['.csv', '.txt', '.tsv', '.xlsx'];

/** The rows of a file with a header and at least one row below it. Throws YibaoError. */
export async function readRows(path: string): Promise<readonly TableRow[]> {
  const problem = (definition: ErrorDefinition, place: Partial<Problem> = {}) =>
    new YibaoError({ definition, file: path, ...place });
  if (!KINDS.some((kind) => path.toLowerCase().endsWith(kind))) throw problem(codesErrors.unsupportedFile);
  let rows: TableRow[] | TableFault;
  try {
    if (statSync(path).size > MEGABYTES_MOST * 1_000_000) {
      throw problem(codesErrors.tooLarge, { parameters: { most: MEGABYTES_MOST } });
    }
    rows = await readTableFile(path);
  } catch (error) {
    const reason = systemReason(error);
    if (reason === undefined) throw error;
    throw problem(codesErrors.unreadable, { parameters: { reason: reason.zh, reasonEn: reason.en } });
  }
  if (!Array.isArray(rows)) {
    if (rows.kind === 'wrong-encoding') throw problem(codesErrors.wrongEncoding);
    if (rows.kind === 'old-workbook') throw problem(codesErrors.oldWorkbook);
    if (rows.kind === 'damaged-workbook') {
      throw problem(codesErrors.damagedWorkbook, { parameters: { cause: rows.cause } });
    }
    const definition = rows.kind === 'unclosed-quote' ? codesErrors.unclosedQuote : codesErrors.badQuote;
    throw problem(definition, { row: rows.row });
  }
  if (rows.length === 0) throw problem(codesErrors.empty);
  return rows;
}

/** Where each field stands in the header. Throws YibaoError unless every required field stands there once. */
function placeFields(
  path: string,
  header: TableRow,
  fields: ReadonlyMap<string, string>,
  columns: Readonly<Record<string, readonly string[]>>,
  required: readonly string[],
  chosen: Readonly<Record<string, string | undefined>>,
): ReadonlyMap<string, number> {
  const taken = new Set<number>();
  const places = new Map<string, number>();
  const problems: Problem[] = [];
  const report = (definition: ErrorDefinition, place: Partial<Problem>) =>
    problems.push({ definition, file: path, row: header.row, ...place });
  for (const [field, name] of Object.entries(chosen)) {
    if (name === undefined) continue;
    const place = header.cells.findIndex((cell) => normalise(cell) === normalise(name));
    if (place < 0) {
      const shown = header.cells.map((cell) => cell.trim()).join('、');
      report(codesErrors.noSuchColumn, { field, value: name, parameters: { names: shown } });
      continue;
    }
    places.set(field, place);
    taken.add(place);
  }
  for (const field of Object.keys(columns)) {
    if (chosen[field] !== undefined) continue;
    const found = header.cells.flatMap((cell, place) =>
      !taken.has(place) && fields.get(normalise(cell)) === field ? [place] : [],
    );
    if (found.length > 1) {
      const names = found.map((place) => header.cells[place]!.trim()).join('、');
      report(codesErrors.repeatedColumn, { field, parameters: { names } });
    }
    if (found.length > 0) places.set(field, found[0]!);
  }
  const missing = required.filter((field) => !places.has(field) && chosen[field] === undefined);
  if (missing.length === required.length && problems.length === 0) {
    throw new YibaoError({
      definition: codesErrors.noHeader,
      file: path,
      row: header.row,
      value: header.cells.join(','),
    });
  }
  for (const field of missing) {
    report(codesErrors.missingColumn, { field, parameters: { names: columns[field]![0]! } });
  }
  if (problems.length > 0) throw new YibaoError(problems);
  return places;
}

function fieldRows<Field extends string>(
  path: string,
  rows: readonly TableRow[],
  places: ReadonlyMap<string, number>,
  fields: readonly string[],
): FieldRow<Field>[] {
  const header = rows[0]!.cells;
  if (rows.length === 1) throw new YibaoError({ definition: codesErrors.noRows, file: path });
  const problems: Problem[] = [];
  const result = rows.slice(1).map(({ row, cells }) => {
    if (cells.slice(header.length).some((cell) => cell.trim() !== '')) {
      const parameters = { found: cells.length, expected: header.length };
      problems.push({
        definition: codesErrors.tooManyCells,
        file: path,
        row,
        value: cells.join(','),
        parameters,
      });
    }
    const texts = fields.map((field) => {
      const place = places.get(field);
      return [field, place === undefined ? '' : (cells[place] ?? '').trim()];
    });
    return { row, fields: Object.fromEntries(texts) as Record<Field, string> };
  });
  if (problems.length > 0) throw new YibaoError(problems);
  return result;
}
