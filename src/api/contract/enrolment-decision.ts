import { z } from 'zod';
import { listQuery, pageOf, textFilter } from './list.ts';

const text = z.string();
const number = z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER);
const file = z.int().positive().max(Number.MAX_SAFE_INTEGER);
const month = z.string().regex(/^[12]\d{3}(0[1-9]|1[0-2])$/);
const evidence = z.string().trim().min(1).max(500);

/** A resident's contribution to be given back; what it comes to is worked out from the file. */
export const refundBody = z.object({
  contributionId: z.int().positive().max(Number.MAX_SAFE_INTEGER),
  reason: z.enum(['both-schemes', 'twice', 'elsewhere', 'dead']),
});
/** Months that count as if they had been paid. */
export const deemedBody = z
  .object({
    file,
    monthFrom: month,
    monthTo: month,
    ground: z.enum(['before-scheme', 'military', 'public-service', 'other']),
    document: evidence.describe('the evidence'),
  })
  .refine(({ monthFrom, monthTo }) => monthFrom <= monthTo, {
    path: ['monthTo'],
    message: 'monthTo is no earlier than monthFrom',
  });
/** Retirement by years; missing ones are paid up first. */
export const retirementBody = z.object({
  file,
  retiresOn: z.iso.date(),
  wageFen: z
    .int()
    .min(0)
    .max(10 ** 10)
    .describe('the month’s wage missing years are paid up on'),
  document: evidence.describe('what the decision rests on'),
  ground: z
    .enum(['age', 'special-work', 'illness'])
    .default('age')
    .describe('by age, after special work, or unable to work; the latter two on evidence'),
  isManager: z.boolean().default(false).describe('a post in management, whose age may be another'),
  payUp: z
    .object({
      receipt: z.string().trim().min(1).max(60),
      paidOn: z.iso.date(),
      fen: z
        .int()
        .positive()
        .max(10 ** 12),
    })
    .optional(),
});

export const payableListSchema = z
  .object({
    list_id: z.int(),
    year: z.int(),
    area_code: text,
    as_of: text,
    persons: z.int(),
    person_fen: z.int(),
    subsidy_fen: z.int(),
    assistance_fen: z.int(),
    made_by: text,
    made_at: text,
    sent_by: text.nullable(),
    sent_at: text.nullable(),
  })
  .meta({ id: 'PayableList' });
export type PayableListRow = z.infer<typeof payableListSchema>;
export const payableListQuery = listQuery({
  area_code: textFilter,
  year: z.coerce.number().int().optional(),
});
export const payableListPage = pageOf(payableListSchema);
export const makePayablesBody = z.object({
  year: z.int().min(2000).max(2200),
  areaCode: z.string().regex(/^\d{6}$/),
  asOf: z.iso.date().describe('the day whose identities and insurance elsewhere hold'),
});
/** What the job that made a list comes to. */
export const madePayablesSchema = z.object({
  listId: z.int(),
  persons: z.int(),
  personFen: z.int(),
  subsidyFen: z.int(),
  assistanceFen: z.int(),
});
export type MadePayables = z.infer<typeof madePayablesSchema>;
export const payableParams = z.object({ list: number });
/** A list with how many of its rows are in each state, by county. */
export const payableListDetailSchema = z.object({
  list: payableListSchema,
  states: z.array(
    z.object({ county: text, state: text, persons: z.int(), person_fen: z.int(), paid_fen: z.int() }),
  ),
});
export type PayableListDetail = z.infer<typeof payableListDetailSchema>;
export const payableSchema = z
  .object({
    number: z.int(),
    file: z.int(),
    psn_name: text,
    certno: text,
    county: text,
    residence: text,
    identities: text,
    person_fen: z.int(),
    subsidy_fen: z.int(),
    assistance_fen: z.int(),
    state: z.enum(['made', 'sent', 'accepted', 'refused', 'paid', 'paid-otherwise']),
    reason: text,
    paid_fen: z.int(),
    difference_fen: z.int().describe('paid more or less than due; 0 where nothing was paid'),
    paid_on: text.nullable(),
    receipts: text,
  })
  .meta({ id: 'Payable' });
export type PayableRow = z.infer<typeof payableSchema>;
export const payableQuery = listQuery({
  state: z.enum(['made', 'sent', 'accepted', 'refused', 'paid', 'paid-otherwise']).optional(),
  county: textFilter,
  file: z.coerce.number().int().optional(),
});
export const payablePage = pageOf(payableSchema);
export const sendPayablesBody = z.object({
  format: z.enum(['csv', 'xlsx']).default('csv'),
  reason: evidence.describe('why the personal data leave the service, kept in the audit log'),
});
