import { z } from 'zod';
import { listQuery, pageOf, textFilter } from './list.ts';

export const areaCode = z.string().regex(/^\d{6}$/);

/** A dated row of an area's list of items; what it does not say, '', an earlier row or the policy says. */
export const itemSchema = z
  .object({
    code: z.string(),
    name: z.string(),
    class: z.string(),
    kind: z.string(),
    restricted: z.string(),
    scheme: z.string(),
    level: z.string(),
    from: z.string(),
    to: z.string(),
    ceiling: z.string(),
    prior_type: z.string(),
    prior_ratio: z.string(),
    price_from: z.string(),
    document: z.string(),
    article: z.string(),
    state: z.enum(['in-force', 'to-come', 'past']).describe('on the day asked for'),
  })
  .meta({ id: 'ItemRow' });
export type ItemBody = z.infer<typeof itemSchema>;
export const itemQuery = listQuery({
  area_code: areaCode,
  date: z.iso.date().optional().describe('the day `state` is of; today unless given'),
  code: textFilter,
  name: textFilter,
  class: z.enum(['A', 'B', 'C']).optional(),
  state: z.enum(['in-force', 'to-come', 'past']).optional(),
});
export const itemPage = pageOf(itemSchema);

const cell = z.string().max(200).default('');
/** Rows to add, and the document and article that say so. */
export const itemChangeBody = z.object({
  area_code: areaCode,
  document: z.string().trim().min(1).max(200),
  article: z.string().trim().min(1).max(200),
  rows: z
    .array(
      z.object({
        code: z.string().trim().min(1).max(64),
        from: z.iso.date(),
        to: z.union([z.iso.date(), z.literal('')]).default(''),
        name: cell,
        class: z.enum(['A', 'B', 'C', '']).default(''),
        kind: cell,
        restricted: z.enum(['yes', 'no', '']).default(''),
        scheme: z.enum(['employee', 'resident', '']).default(''),
        level: cell,
        ceiling: cell,
        prior_type: z.enum(['10', '20', '30', '']).default(''),
        prior_ratio: cell,
        price_from: cell,
      }),
    )
    .min(1)
    .max(500),
});
export type ItemChangeBody = z.input<typeof itemChangeBody>;
export const insuredAreas = z.object({
  rows: z.array(z.object({ area_code: z.string(), persons: z.int() })),
});
