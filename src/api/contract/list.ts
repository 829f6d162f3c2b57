import { z } from 'zod';

export const PAGE_SIZE_MAX = 500;

/** The part of every list's query that is the same: `?page=1&size=50&sort=-cost_fen&format=csv`. */
export const listQuery = <F extends z.ZodRawShape>(filters: F) =>
  z.object({
    page: z.coerce.number().int().min(1).max(1_000_000).default(1),
    size: z.coerce.number().int().min(1).max(PAGE_SIZE_MAX).default(50),
    sort: z
      .string()
      .max(65)
      .regex(/^-?[a-z][A-Za-z0-9_]*$/)
      .optional()
      .describe('a column; with - before it, descending'),
    format: z.enum(['json', 'csv', 'xlsx']).default('json').describe('csv and xlsx: the whole list'),
    ...filters,
  });

export const pageOf = <T extends z.ZodType>(row: T) =>
  z.object({ rows: z.array(row), page: z.int(), size: z.int(), total: z.int() });

export type PageOf<T> = { rows: T[]; page: number; size: number; total: number };

/** Text filters match a beginning, or with `$` at their end the whole value; `%` and `_` mean themselves. */
export const textFilter = z.string().min(1).max(200).optional();
