import { YibaoError } from '#kernel/errors.ts';
import type { PageOf } from './contract/list.ts';
import { csvText } from './csv.ts';
import { apiErrors } from './errors.ts';
import type { Context } from './route.ts';

/** A list that can be paged, filtered, sorted and exported, in the SQL that DuckDB and PostgreSQL share. */
export type ListSource = {
  /** a table or `(SELECT …) AS t`; every column of `columns` is one of its columns */
  readonly from: string;
  readonly columns: Readonly<Record<string, Column>>;
  /** the order when none is asked for and behind the one asked for, such as `setl_id`; must be unique */
  readonly key: string;
};
export type Column = {
  readonly title: { readonly zh: string; readonly en: string };
  /** how it is written in workbooks; text unless given */
  readonly kind?: 'text' | 'count' | 'yuan' | 'scaled4' | 'scaled8';
  /** a filter `?column=`: the very value, what begins so (the very value where a `$` ends it), or what holds it */
  readonly filter?: 'equal' | 'begins' | 'contains';
};

type ListQuery = {
  readonly page: number;
  readonly size: number;
  readonly sort?: string | undefined;
  readonly format: 'json' | 'csv' | 'xlsx';
} & Readonly<Record<string, unknown>>;

export type RunQuery = (
  sql: string,
  parameters: readonly (string | number)[],
) => Promise<readonly Readonly<Record<string, unknown>>[]>;

/** Most rows of an export; a sheet of a workbook holds no more. */
const EXPORT_ROWS_MAX = 1_000_000;

/**
 * Answers a list: a page as JSON, or all of it as CSV or XLSX.
 * @param fixed conditions that hold whatever was asked for, such as the institution of the user
 */
export async function answerList(
  source: ListSource,
  query: ListQuery,
  run: RunQuery,
  context: Context,
  fixed: Readonly<Record<string, string | number | undefined>> = {},
): Promise<unknown> {
  const names = Object.keys(source.columns);
  const parameters: (string | number)[] = [];
  const conditions: string[] = [];
  const place = (value: string | number): string => `$${parameters.push(value)}`;
  for (const [name, value] of Object.entries(fixed)) {
    if (value !== undefined) conditions.push(`${quoted(name)} = ${place(value)}`);
  }
  for (const [name, { filter }] of Object.entries(source.columns)) {
    const value = query[name];
    if (filter === undefined || value === undefined) continue;
    if (filter === 'equal') conditions.push(`${quoted(name)} = ${place(value as string | number)}`);
    else if (filter === 'contains') {
      conditions.push(`position(${place(String(value))} IN ${quoted(name)}) > 0`);
    } else if (String(value).endsWith('$')) {
      conditions.push(`${quoted(name)} = ${place(String(value).slice(0, -1))}`);
    } else conditions.push(`starts_with(${quoted(name)}, ${place(String(value))})`);
  }
  const where = conditions.length > 0 ? ` WHERE ${conditions.join(' AND ')}` : '';
  const order = orderOf(source, query.sort, names);
  const select = `SELECT ${names.map(quoted).join(', ')} FROM ${source.from}${where} ORDER BY ${order}`;
  if (query.format !== 'json') {
    const rows = await run(`${select} LIMIT ${EXPORT_ROWS_MAX}`, parameters);
    return exportRows(source, rows, query.format, context);
  }
  const [count] = await run(`SELECT count(*) AS total FROM ${source.from}${where}`, parameters);
  const offset = (query.page - 1) * query.size;
  const rows = await run(`${select} LIMIT ${query.size} OFFSET ${offset}`, parameters);
  const page: PageOf<unknown> = {
    rows: rows.map(jsonRow),
    page: query.page,
    size: query.size,
    total: Number(count!.total),
  };
  return page;
}

function orderOf(source: ListSource, sort: string | undefined, names: readonly string[]): string {
  if (sort === undefined) return source.key;
  const column = sort.replace('-', '');
  if (!names.includes(column)) {
    throw new YibaoError({
      definition: apiErrors.unknownColumn,
      field: 'sort',
      value: sort,
      parameters: { columns: names.join(', ') },
    });
  }
  return `${quoted(column)} ${sort.startsWith('-') ? 'DESC' : 'ASC'} NULLS LAST, ${source.key}`;
}

const quoted = (name: string): string => `"${name}"`;

/** Integers within 2^53 become numbers, larger ones text: no amount is rounded. */
export const jsonRow = (row: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(row).map(([name, value]) => [name, jsonValue(value)]));

function jsonValue(value: unknown): unknown {
  if (typeof value !== 'bigint') return value;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : String(value);
}

async function exportRows(
  source: ListSource,
  rows: readonly Readonly<Record<string, unknown>>[],
  format: 'csv' | 'xlsx',
  context: Context,
): Promise<unknown> {
  const { reply } = context;
  const columns = Object.entries(source.columns);
  reply.header('content-disposition', `attachment; filename="list.${format}"`);
  if (format === 'csv') {
    reply.type('text/csv; charset=utf-8').serializer((text: unknown) => String(text));
    return reply.send(csvText(columns, rows));
  }
  const { listWorkbook } = await import('./workbook-export.ts');
  reply.type('application/vnd.openxmlformats-officedocument.spreadsheetml.sheet');
  return reply.send(await listWorkbook(columns, rows, context.language));
}
