import { z } from 'zod';
import { listQuery, pageOf, textFilter } from './list.ts';

export const serviceItemSchema = z
  .object({
    code: z.string(),
    group_zh: z.string(),
    group_en: z.string(),
    zh: z.string(),
    en: z.string(),
    for: z.string(),
    limit_working_days: z.int().nullable(),
    limit_basis: z
      .enum(['confirmed', 'unconfirmed'])
      .describe('unconfirmed: a local parameter without a published text'),
    received: z.int(),
    open: z.int(),
    overdue: z.int(),
    in_time: z.int(),
    closed: z.int(),
    rated: z.int(),
    rating4: z.int().nullable().describe('mean of the ratings × 10⁴'),
  })
  .meta({ id: 'ServiceItem' });
export type ServiceItemBody = z.infer<typeof serviceItemSchema>;
export const serviceItemQuery = listQuery({ for: z.enum(['person', 'unit', 'institution']).optional() });
export const serviceItemPage = pageOf(serviceItemSchema);

export const serviceRequestQuery = listQuery({
  item: textFilter,
  state: z.enum(['received', 'done', 'refused']).optional(),
  overdue: z.enum(['yes', 'no']).optional(),
  channel: z.enum(['counter', 'online']).optional(),
});
const code = z.string().min(1).max(10);
const note = z.string().max(1_000).default('');
export const newServiceRequest = z.object({
  item: code,
  file: z.int().positive().nullable().default(null),
  applicant: z.string().trim().max(200).default(''),
  note,
});
export const ownServiceRequest = z.object({ item: code, note });
export const serviceRequestParams = z.object({ id: z.coerce.number().int().positive().max(2_000_000_000) });
export const closeRequestBody = z.object({
  state: z.enum(['done', 'refused']),
  outcome: z.string().trim().min(1).max(1_000),
});
export const ratingBody = z.object({
  rating: z.int().min(1).max(5),
  comment: z.string().max(1_000).default(''),
});
export const requestMade = z.object({ id: z.int() });
export const anyRequestPage = pageOf(z.record(z.string(), z.unknown()));
