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

/**
 * One row of a list by columns that name it.
 * @throws YibaoError api.not-found
 */
export async function rowOf(
  source: ListSource,
  named: Readonly<Record<string, string | number>>,
  run: RunQuery,
): Promise<Record<string, unknown>> {
  const names = Object.keys(source.columns);
  const conditions = Object.keys(named).map((name, index) => `${quoted(name)} = $${index + 1}`);
  const [row] = await run(
    `SELECT ${names.map(quoted).join(', ')} FROM ${source.from} WHERE ${conditions.join(' AND ')}`,
    Object.values(named),
  );
  if (row === undefined) {
    throw new YibaoError({
      definition: apiErrors.notFound,
      field: Object.keys(named)[0]!,
      value: Object.values(named).join('-'),
    });
  }
  return jsonRow(row);
}

/** Answers a list whose rows are worked out here: filtered, sorted and paged as one of a table. */
export async function answerRows(
  columns: ListSource['columns'],
  all: readonly object[],
  query: ListQuery,
  context: Context,
): Promise<unknown> {
  const names = Object.keys(columns);
  const cellOf = (row: object, name: string) => (row as Record<string, unknown>)[name] ?? null;
  let rows = all.filter((row) =>
    Object.entries(columns).every(([name, { filter }]) => {
      const wanted = query[name];
      if (filter === undefined || wanted === undefined) return true;
      const [said, text] = [String(cellOf(row, name) ?? ''), String(wanted)];
      if (filter === 'equal') return said === text;
      if (filter === 'contains') return said.includes(text);
      return text.endsWith('$') ? said === text.slice(0, -1) : said.startsWith(text);
    }),
  );
  if (query.sort !== undefined) {
    const column = query.sort.replace('-', '');
    if (!names.includes(column)) throw unknownColumn(query.sort, names);
    const sign = query.sort.startsWith('-') ? -1 : 1;
    // what has no value comes last, in either direction
    rows = rows.toSorted((one, other) => {
      const [a, b] = [cellOf(one, column), cellOf(other, column)];
      if (a === null || b === null) return (a === null ? 1 : 0) - (b === null ? 1 : 0);
      return a === b ? 0 : (a as number) < (b as number) ? -sign : sign;
    });
  }
  const shown = rows.map((row) => Object.fromEntries(names.map((name) => [name, cellOf(row, name)])));
  if (query.format !== 'json') return exportRows({ columns }, shown, query.format, context);
  const start = (query.page - 1) * query.size;
  return {
    rows: shown.slice(start, start + query.size),
    page: query.page,
    size: query.size,
    total: shown.length,
  };
}

function orderOf(source: ListSource, sort: string | undefined, names: readonly string[]): string {
  if (sort === undefined) return source.key;
  const column = sort.replace('-', '');
  if (!names.includes(column)) {
    throw unknownColumn(sort, names);
  }
  return `${quoted(column)} ${sort.startsWith('-') ? 'DESC' : 'ASC'} NULLS LAST, ${source.key}`;
}

const unknownColumn = (sort: string, names: readonly string[]): YibaoError =>
  new YibaoError({
    definition: apiErrors.unknownColumn,
    field: 'sort',
    value: sort,
    parameters: { columns: names.join(', ') },
  });

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
  source: Pick<ListSource, 'columns'>,
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
