import { type Engine, literal } from '#engine/duckdb.ts';
import type { Term } from '../definitions/check.ts';
import { DERIVED, fieldsOf, fieldType, ITEM_NODES, parsedColumn, parsedExpression } from '../fields.ts';
import { listFields } from '../form/read-form.ts';
import type { NumberedVersion, Supply } from './load-checks.ts';

/** How values of a type are written, for those who wrote something else. */
const EXAMPLES = { number: '12.5', amount: '1234.56', date: '2025-03-01', time: '2025-03-01 08:30:00' };

/** The views of values and their columns, for the case that nothing is supplied. */
const VIEWS = {
  check_text:
    'check_no SMALLINT, role VARCHAR, number SMALLINT, list_no INTEGER, item_no BIGINT, place VARCHAR, value VARCHAR, list VARCHAR, separator VARCHAR, matches BOOLEAN',
  check_number:
    'check_no SMALLINT, role VARCHAR, number SMALLINT, list_no INTEGER, item_no BIGINT, place VARCHAR, value2 BIGINT, low2 BIGINT, high2 BIGINT, step2 BIGINT',
  check_time:
    'check_no SMALLINT, list_no INTEGER, item_no BIGINT, place VARCHAR, value TIMESTAMP, has_clock BOOLEAN',
  check_pair:
    'check_no SMALLINT, list_no INTEGER, item_no BIGINT, first_place VARCHAR, first TIMESTAMP, second_place VARCHAR, second TIMESTAMP, have_clock BOOLEAN',
  check_condition:
    'check_no SMALLINT, list_no INTEGER, item_no BIGINT, place VARCHAR, value VARCHAR, is_met BOOLEAN, is_kept BOOLEAN',
  check_sum: 'check_no SMALLINT, list_no INTEGER, place VARCHAR, left2 BIGINT, right2 BIGINT',
} as const;
type View = keyof typeof VIEWS;

/**
 * Makes the views the SQL of a type reads: its checks (`this_check`), their terms (`this_term`), and the values of the
 * fields these name with what the term says of them, one row a term and list or item:
 * - `check_text`, `check_number` (× 100), `check_time`: a field alone;
 * - `check_pair`: two times of one list or item;
 * - `check_condition`: a field, whether the condition on another is met, and whether its demand is kept;
 * - `check_sum`: the sums of both sides of a comparison.
 * A field no file supplies has no rows. item_no is -1 for a field of the list itself.
 */
export async function defineValues(
  engine: Engine,
  type: string,
  versions: readonly NumberedVersion[],
  supply: Supply,
): Promise<void> {
  await engine.run(
    `CREATE OR REPLACE TEMP VIEW this_check AS SELECT * FROM quality_check WHERE type = '${type}';
     CREATE OR REPLACE TEMP VIEW this_term AS
       SELECT t.* FROM quality_term AS t JOIN quality_check AS c ON c.check_no = t.check_no WHERE c.type = '${type}'`,
  );
  const selects: Record<View, string[]> = {
    check_text: [],
    check_number: [],
    check_time: [],
    check_pair: [],
    check_condition: [],
    check_sum: [],
  };
  for (const { checkNo, check } of versions.filter((version) => version.check.type.name === type)) {
    const terms = check.terms.filter((term) => term.field !== null && filesOf(term, supply).length > 0);
    const of = (role: string) => terms.filter((term) => term.role === role);
    const head = `SELECT CAST(${checkNo} AS SMALLINT) AS check_no`;
    for (const role of check.type.roles) {
      // the first field that is supplied has number 0
      for (const [number, term] of of(role).entries()) addAlone(selects, head, { ...term, number }, supply);
    }
    for (const [first, second] of pairs(of('earlier'), of('later')))
      selects.check_pair.push(pair(head, first, second));
    for (const [first, second] of pairs(of('from'), of('to')))
      selects.check_pair.push(pair(head, first, second));
    for (const when of of('when')) {
      for (const then of of('then')) selects.check_condition.push(condition(head, when, then, supply));
    }
    const [left, right] = [of('left'), of('right')];
    if (left.length > 0 && terms.length === check.terms.length)
      selects.check_sum.push(sum(head, left, right));
  }
  for (const [view, parts] of Object.entries(selects) as [View, string[]][]) {
    const columns = VIEWS[view].split(', ').map((column) => {
      const [name, kind] = column.split(' ');
      return `CAST(NULL AS ${kind}) AS ${name}`;
    });
    await engine.run(
      `CREATE OR REPLACE TEMP VIEW ${view} AS ${
        parts.length > 0 ? parts.join(' UNION ALL ') : `SELECT ${columns.join(', ')} WHERE false`
      }`,
    );
  }
}

const filesOf = (term: Term, supply: Supply): readonly number[] =>
  supply.filesOf(`${term.node}.${term.field}`, term.form);

/** Terms of two roles that stand for one thing. */
const pairs = (first: readonly Term[], second: readonly Term[]): [Term, Term][] =>
  first.flatMap((each): [Term, Term][] => {
    const other = second.find(({ number }) => number === each.number);
    return other ? [[each, other]] : [];
  });

const isOfList = (node: string): boolean => node === 'setlinfo' || node === 'stay';
const itemNo = (node: string): string => `CAST(${isOfList(node) ? '-1' : 'rowid'} AS BIGINT) AS item_no`;
/** What holds the text of fields of a node; the view of a node would take long to plan. */
const tableOf = (node: string, fields: readonly string[], supply: Supply): string =>
  node === 'stay' ? 'stay' : node === 'setlinfo' ? `(${listFields(supply.sources, fields)})` : `${node}_item`;
const viewItemNo = (node: string): string =>
  `CAST(${isOfList(node) ? '-1' : 'item_no'} AS BIGINT) AS item_no`;
/** What a finding calls the place of a term. */
const placeOf = ({ node, field }: Term): string =>
  node === 'stay' ? DERIVED[field!]!.of : `${node}.${field}`;
const orNull = (text: string | null): string => (text === null ? 'CAST(NULL AS VARCHAR)' : literal(text));
const bigOrNull = (value: bigint | null): string => `CAST(${value ?? 'NULL'} AS BIGINT)`;

/** The parsed value of a field: the numbers and times of setlinfo stand in `stay`. */
function parsedOf(term: Term): { table: string; column: string } | undefined {
  const column = term.node === 'stay' ? term.field! : parsedColumn(term.node!, term.field!);
  return column === undefined ? undefined : { table: isOfList(term.node!) ? 'stay' : term.node!, column };
}

/** SQL of a number × 100; undefined when the field is none. */
function numberOf(term: Term): { table: string; value2: string } | undefined {
  const parsed = parsedOf(term);
  if (parsed === undefined || !/(2|_fen|_minutes)$/.test(parsed.column)) return undefined;
  const { table, column } = parsed;
  return { table, value2: column.endsWith('_minutes') ? `${column} * 100` : column };
}

/** SQL of the text of a field: computed values as people write them. */
function textOf({ node, field }: Term): string {
  if (node !== 'stay') return `CAST(${field} AS VARCHAR)`;
  return /(2|_fen)$/.test(field!) ? `hundredths_text(${field})` : `CAST(${field} AS VARCHAR)`;
}

function addAlone(selects: Record<View, string[]>, head: string, term: Term, supply: Supply): void {
  const node = term.node!;
  const files = filesOf(term, supply);
  const all = files.length === supply.files.length;
  const filter = (table: string) =>
    all
      ? 'true'
      : isOfList(table)
        ? `file_no IN (${files.join(', ')})`
        : `list_no IN (SELECT list_no FROM stay WHERE file_no IN (${files.join(', ')}))`;
  const place = `${literal(placeOf(term))} AS place`;
  const named = `${head}, ${literal(term.role)} AS role, CAST(${term.number} AS SMALLINT) AS number, list_no`;
  selects.check_text.push(
    `${named}, ${itemNo(node)}, ${place}, ${textOf(term)} AS value, ${orNull(term.list)} AS list, ${orNull(term.separator)} AS separator, ${term.pattern === null ? 'CAST(NULL AS BOOLEAN)' : `regexp_full_match(CAST(${term.field} AS VARCHAR), ${literal(term.pattern)})`} AS matches
     FROM ${tableOf(node, [term.field!], supply)} AS t WHERE ${filter(node)}`,
  );
  const number = numberOf(term);
  if (number !== undefined) {
    selects.check_number.push(
      `${named}, ${viewItemNo(node)}, ${place}, CAST(${number.value2} AS BIGINT) AS value2, ${bigOrNull(term.low2)} AS low2, ${bigOrNull(term.high2)} AS high2, ${bigOrNull(term.step2)} AS step2
       FROM ${number.table} WHERE ${number.value2} IS NOT NULL AND ${filter(number.table)}`,
    );
  }
  const parsed = parsedOf(term);
  if (parsed?.column.endsWith('_at')) {
    selects.check_time.push(
      `${head}, list_no, ${viewItemNo(node)}, ${place}, ${parsed.column} AS value, ${clockOf(term)} AS has_clock
       FROM ${parsed.table} WHERE ${parsed.column} IS NOT NULL AND ${filter(parsed.table)}`,
    );
  }
}

/** Whether a time says more than a day. */
function clockOf({ node, field }: Term): string {
  if (fieldType(node!, field!) === 'date') return 'false';
  return isOfList(node!) ? `${field}_has_clock` : `length(${field}) > 10`;
}

function pair(head: string, first: Term, second: Term): string {
  const [a, b] = [parsedOf(first)!, parsedOf(second)!];
  return `${head}, list_no, ${viewItemNo(first.node!)}, ${literal(placeOf(first))} AS first_place, ${a.column} AS first,
    ${literal(placeOf(second))} AS second_place, ${b.column} AS second, ${clockOf(first)} AND ${clockOf(second)} AS have_clock
    FROM ${a.table} WHERE ${a.column} IS NOT NULL AND ${b.column} IS NOT NULL`;
}

const holds = (term: Term, value: string): string =>
  `term_holds(${orNull(term.op ?? 'between')}, ${value}, ${orNull(term.texts.length > 0 ? `|${term.texts.join('|')}|` : null)}, ${bigOrNull(term.low2)}, ${bigOrNull(term.high2)})`;

/** The demand of `then` on a list or item where `when` is met. */
function condition(head: string, when: Term, then: Term, supply: Supply): string {
  const [a, b] = [when.node!, then.node!];
  const from =
    a === b
      ? `${tableOf(a, [...new Set([when.field!, then.field!])], supply)} AS a`
      : `${tableOf(a, [when.field!], supply)} AS a JOIN ${tableOf(b, [then.field!], supply)} AS b ON b.list_no = a.list_no`;
  const qualified = (term: Term, alias: string) =>
    textOf(term).replace(`(${term.field}`, `(${alias}.${term.field}`);
  const value = qualified(then, a === b ? 'a' : 'b');
  return `${head}, a.list_no, CAST(${isOfList(a) ? '-1' : 'a.rowid'} AS BIGINT) AS item_no, ${literal(placeOf(then))} AS place,
    ${value} AS value, true AS is_met, ${holds(then, value)} AS is_kept FROM ${from} WHERE ${holds(when, qualified(when, 'a'))}`;
}

/** Both sides of a comparison of lists; a list where one term is missing has no row. */
function sum(head: string, left: readonly Term[], right: readonly Term[]): string {
  const side = (terms: readonly Term[]) => terms.map((term) => numberOf(term)!.value2).join(' + ');
  return `${head}, list_no, ${literal(placeOf(left[0]!))} AS place, CAST(${side(left)} AS BIGINT) AS left2, CAST(${side(right)} AS BIGINT) AS right2
    FROM stay WHERE ${side(left)} IS NOT NULL AND ${side(right)} IS NOT NULL`;
}

/**
 * The view of every value that is there and cannot be read as its type; durations have a check of their own. The lists that
 * hold such a value are flagged in `stay`: only theirs are looked at again.
 */
export async function defineUnreadable(engine: Engine, supply: Supply): Promise<void> {
  const parsed = (node: string) =>
    fieldsOf(node).flatMap((field) => {
      const type = fieldType(node, field);
      return type === 'text' || type === 'duration' ? [] : [{ field, example: EXAMPLES[type] }];
    });
  const fields = parsed('setlinfo').map(({ field }) => field);
  await engine.run(
    `CREATE OR REPLACE TABLE unreadable_list AS SELECT * FROM (${listFields(supply.sources, fields)}) AS l
     WHERE l.list_no IN (SELECT list_no FROM stay WHERE has_unreadable)`,
  );
  const parts = ['setlinfo', ...ITEM_NODES].flatMap((node) =>
    parsed(node).map(({ field, example }) => {
      const table = node === 'setlinfo' ? 'unreadable_list' : node;
      const value = node === 'setlinfo' ? parsedExpression(node, field, field) : parsedColumn(node, field);
      return `SELECT list_no, ${viewItemNo(node)}, '${node}.${field}' AS place, ${field} AS value, '${example}' AS expected
        FROM ${table} WHERE ${field} IS NOT NULL AND ${value} IS NULL`;
    }),
  );
  await engine.run(`CREATE OR REPLACE VIEW check_unreadable AS ${parts.join(' UNION ALL ')}`);
}
