import { type RawBuilder, sql } from 'kysely';

/** What one of several askers knows, by name. */
export type Keys = Readonly<Record<string, string | null>>;

/** A row for the asker `n`, counted from 1. */
export type Numbered<Row> = Row & { readonly n: number };

/** One statement that reads for all who ask at once, or locks for them. */
export type Reading<Row = unknown> = (keys: readonly Keys[]) => RawBuilder<Numbered<Row>>;

/** What an asker knows by this name, as a value within the statement of a reading. */
export const key = (name: string): RawBuilder<string> => sql.ref(`k.${name}`);

/** As JSON: of an array the server knows the length, and would plan anew for every length. */
const asked = (names: readonly string[], keys: readonly Keys[]): RawBuilder<unknown> => {
  const rows = keys.map((each, index) => [
    ['n', index + 1] as const,
    ...names.map((name) => [name, each[name] ?? null] as const),
  ]);
  return sql`json_to_recordset(${JSON.stringify(rows.map((row) => Object.fromEntries(row)))}::json)
    AS k (n integer, ${sql.raw(names.map((name) => `${name} text`).join(', '))})`;
};

/** Carries out `statement`, which uses the keys of these names, for each asker in their order. */
export const readEach =
  <Row>(names: readonly string[], statement: RawBuilder<Row>): Reading<Row> =>
  (keys) =>
    // OFFSET 0: a look-up for each asker by index, whatever the server knows of the table
    sql`SELECT k.n, r.* FROM ${asked(names, keys)} CROSS JOIN LATERAL (${statement} OFFSET 0) AS r`;

/**
 * Locks what `ids` (one column of text, from the keys of these names) finds for all askers, in the order of the ids: two that lock
 * some of the same never wait for each other.
 */
export const lockEach =
  (
    names: readonly string[],
    ids: RawBuilder<unknown>,
    lock: (id: RawBuilder<string>) => RawBuilder<unknown>,
  ): Reading =>
  (keys) =>
    sql`SELECT 0 AS n FROM (
        SELECT DISTINCT i.id FROM ${asked(names, keys)} CROSS JOIN LATERAL (${ids} OFFSET 0) AS i (id) ORDER BY i.id) AS o
      CROSS JOIN LATERAL (${lock(sql.ref('o.id'))} OFFSET 0) AS l`;
