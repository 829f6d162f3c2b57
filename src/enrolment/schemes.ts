import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { type RawBuilder, sql } from 'kysely';

/** An insurance that is enrolled in, by its insutype: a basic one, for whom; or a supplement, as the word of further coverage. */
type Scheme = {
  readonly insutype: string;
  readonly kind: 'basic' | 'supplement';
  readonly for: string;
  readonly zh: string;
  readonly en: string;
};

/** The one table of the schemes that enrolment, contributions and work lists speak of. */
export const SCHEMES = parse(readFileSync(join(import.meta.dirname, 'schemes.csv')), {
  columns: true,
  trim: true,
}) as readonly Scheme[];

const basic = (whose: string): string => {
  const scheme = SCHEMES.find((each) => each.kind === 'basic' && each.for === whose);
  if (scheme === undefined) throw new Error(`schemes.csv has no basic scheme for ${whose}`);
  return scheme.insutype;
};
export const EMPLOYEES = basic('employees');
export const RESIDENTS = basic('residents');
export const BASIC_SCHEMES: readonly string[] = SCHEMES.filter(({ kind }) => kind === 'basic').map(
  ({ insutype }) => insutype,
);
/** Further coverage by its insutype. */
export const MEMBERS: Readonly<Record<string, string>> = Object.fromEntries(
  SCHEMES.filter(({ kind }) => kind === 'supplement').map((each) => [each.insutype, each.for]),
);
/** As the list of `IN` in a statement. */
export const BASIC_LIST: RawBuilder<unknown> = sql`(${sql.join(BASIC_SCHEMES)})`;
/** The same in SQL that is a plain text. */
export const BASIC_TEXT = `(${BASIC_SCHEMES.map((insutype) => `'${insutype}'`).join(', ')})`;
