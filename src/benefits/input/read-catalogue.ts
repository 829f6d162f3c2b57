import { parse } from 'csv-parse/sync';
import { type Catalogue, type CatalogueRow, catalogueOf } from '#benefits/catalogue.ts';
import { WRONG_CATALOGUE } from '#benefits/errors.ts';
import { type Problem, YibaoError } from '#kernel/errors.ts';
import type { Text } from '#kernel/locale.ts';
import { parseCell } from '#policy/table.ts';
import { scaledOf } from './reader.ts';

export const CATALOGUE_COLUMNS = [
  'code',
  'name',
  'class',
  'kind',
  'restricted',
  'scheme',
  'level',
  'from',
  'to',
  'ceiling',
  'prior_type',
  'prior_ratio',
  'price_from',
  'list_type',
  // on what authority the row stands
  'document',
  'article',
] as const;
export type CatalogueColumn = (typeof CATALOGUE_COLUMNS)[number];
type Column = CatalogueColumn;

const LIST_TYPES = ['101', '102', '103', '104', '105', '106', '201', '301'] as const;

/**
 * A catalogue CSV: `code` and `from` are needed, of the others those that a row says (CATALOGUE_COLUMNS). Throws one YibaoError with
 * every cell that is wrong.
 */
export const readCatalogue = (text: string, file: string): Catalogue =>
  catalogueOf(readTable(text, file, CATALOGUE_COLUMNS, readRow));

/** A disease, an operation or whatever else is downloaded as a list of codes. */
export type ListedCode = {
  readonly code: string;
  readonly name: string;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
};

const CODE_COLUMNS = ['code', 'name', 'from', 'to'] as const;

/** A CSV of codes: `code` and `name` are needed, the days may be left out; a code stands once. */
export function readListedCodes(text: string, file: string): ListedCode[] {
  const codes = new Set<string>();
  return readTable(text, file, CODE_COLUMNS, (record, report) => {
    const said = (column: Column): string | undefined => record[column] || undefined;
    const [code, name] = [said('code') ?? '', said('name') ?? ''];
    if (code === '') report('code', '', { zh: '编码', en: 'the code' });
    else if (codes.has(code))
      report('code', code, { zh: '没有出现过的编码', en: 'a code that stood nowhere before' });
    codes.add(code);
    if (name === '') report('name', '', { zh: '名称', en: 'the name' });
    const day = (column: 'from' | 'to') => {
      const value = said(column);
      if (value !== undefined && !DAY.test(value)) report(column, value, A_DAY);
      return value;
    };
    return { code, name, from: day('from'), to: day('to') };
  });
}

function readTable<Row>(
  text: string,
  file: string,
  columns: readonly Column[],
  readRow: (record: Record<string, string>, report: Report) => Row,
): Row[] {
  const problems: Problem[] = [];
  let records: { readonly record: Record<string, string>; readonly info: { readonly lines: number } }[] = [];
  try {
    records = parse(text, { columns: true, bom: true, trim: true, info: true, skip_empty_lines: true });
  } catch (error) {
    const reason = (error as Error).message;
    problems.push({
      definition: WRONG_CATALOGUE,
      file,
      parameters: { expectedZh: `正确的 CSV（${reason}）`, expectedEn: `correct CSV (${reason})` },
    });
  }
  const unknown = Object.keys(records[0]?.record ?? {}).filter((name) => !columns.includes(name as Column));
  for (const field of unknown) {
    const known = columns.join(', ');
    problems.push({
      definition: WRONG_CATALOGUE,
      file,
      row: 1,
      field,
      parameters: { expectedZh: `列名 ${known} 之一`, expectedEn: `one of the columns ${known}` },
    });
  }
  const rows = records.map(({ record, info }) =>
    readRow(record, (field, value, expected) => {
      problems.push({
        definition: WRONG_CATALOGUE,
        file,
        row: info.lines,
        field,
        value,
        parameters: { expectedZh: expected.zh, expectedEn: expected.en },
      });
    }),
  );
  if (problems.length > 0) throw new YibaoError(problems);
  return rows;
}

const DAY = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;
const A_DAY: Text = { zh: 'YYYY-MM-DD 的日期', en: 'a date YYYY-MM-DD' };

type Report = (field: Column, value: string, expected: Text) => void;

function readRow(record: Record<string, string>, report: Report): CatalogueRow {
  const said = (column: Column): string | undefined => record[column] || undefined;
  const read = <T>(column: Column, expected: Text, parse: (text: string) => T | undefined): T | undefined => {
    const text = said(column);
    if (text === undefined) return undefined;
    const value = parse(text);
    if (value === undefined) report(column, text, expected);
    return value;
  };
  const oneOf =
    <T extends string>(...names: readonly T[]) =>
    (text: string): T | undefined =>
      names.find((name) => name === text);
  const price = { zh: '元，最多六位小数', en: 'yuan with at most six decimals' };
  const isDay = (text: string) => (DAY.test(text) ? text : undefined);
  if (said('code') === undefined) report('code', '', { zh: '项目编码', en: 'the code of the item' });
  if (said('from') === undefined) report('from', '', A_DAY);
  const yes = read('restricted', { zh: 'yes 或 no', en: 'yes or no' }, oneOf('yes', 'no'));
  const type = read('prior_type', { zh: '10、20 或 30', en: '10, 20 or 30' }, oneOf('10', '20', '30'));
  return {
    code: said('code') ?? '',
    name: said('name'),
    listType: read(
      'list_type',
      { zh: '目录类别：101 至 106、201 或 301', en: 'a list type: 101 to 106, 201 or 301' },
      oneOf(...LIST_TYPES),
    ),
    from: read('from', A_DAY, isDay) ?? '',
    to: read('to', A_DAY, isDay),
    level: said('level'),
    scheme: said('scheme'),
    listClass: read('class', { zh: 'A、B 或 C', en: 'A, B or C' }, oneOf('A', 'B', 'C')),
    itemKind: said('kind'),
    restricted: yes === undefined ? undefined : yes === 'yes',
    ceiling6: read('ceiling', price, (text) => scaledOf(text, 6)),
    priorType: type === undefined ? undefined : (Number(type) as 10 | 20 | 30),
    priorRatio: read('prior_ratio', { zh: '0 至 1 的比例', en: 'a ratio from 0 to 1' }, (text) => {
      const cell = parseCell({ kind: 'ratio', minimum: '0', maximum: '1' }, text);
      return typeof cell === 'string' ? undefined : cell.number;
    }),
    priceFrom6: read('price_from', price, (text) => scaledOf(text, 6)),
  };
}
