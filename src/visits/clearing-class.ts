import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';

/** How a visit's money is cleared with its institution: class (clr_type) and way (clr_way). */
export type ClearingClass = { readonly clrType: string; readonly clrWay: string };

const CLASSES: ReadonlyMap<string, ClearingClass> = new Map(
  (
    parse(readFileSync(join(import.meta.dirname, 'clearing-classes.csv'), 'utf8'), {
      columns: true,
    }) as { care: string; clr_type: string; clr_way: string }[]
  ).map(({ care, clr_type, clr_way }) => [care, { clrType: clr_type, clrWay: clr_way }]),
);

/** By kind of care, from `clearing-classes.csv`. */
export const clearingClassOf = (care: string): ClearingClass =>
  CLASSES.get(care) ?? { clrType: '99', clrWay: '9' };
