import { z } from 'zod';
import { listQuery, pageOf, textFilter } from './list.ts';

const text = z.string();
const fen = z.int();
const number = z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER);
const file = z.int().positive().max(Number.MAX_SAFE_INTEGER);
const whole = z.coerce.number().int().optional();

/** What was paid for whom so far: a month counts once. */
export const contributionSummarySchema = z
  .object({
    file: z.int(),
    psn_name: text,
    insutype: text,
    paid_to: text.nullable().describe('yyyyMM'),
    months: z.int().describe('counted months: paid, deemed and transferred'),
    deemed_months: z.int(),
    local_months: z.int().describe('paid in this area'),
  })
  .meta({ id: 'ContributionSummary' });
export type ContributionSummary = z.infer<typeof contributionSummarySchema>;
export const contributionSummaryQuery = listQuery({ file: whole, insutype: textFilter, paid_to: textFilter });
export const contributionSummaryPage = pageOf(contributionSummarySchema);

export const bookParams = z.object({ file: number });
export const bookBody = z.object({
  areaCode: z
    .string()
    .regex(/^\d{6}$/)
    .describe('the pooling area whose policy holds'),
});
export const bookedSchema = z.object({
  booked: z.int(),
  leftOut: z.int().describe('booked before, of nobody known, or not readable'),
  spans: z.int(),
  spansRefused: z.int().describe('would overlap another span of the person'),
});
export type Booked = z.infer<typeof bookedSchema>;

export const reconciliationSchema = z
  .object({
    reconciliation_id: z.int(),
    paid_from: text,
    paid_to: text,
    receipts: z.int(),
    agreed: z.int(),
    tax_fen: fen,
    treasury_fen: fen,
    agency_fen: fen,
    refunds: z.int().describe('receipts of which something was given back'),
    tax_refunded_fen: fen,
    treasury_refunded_fen: fen,
    agency_refunded_fen: fen,
    differences: z.int(),
    made_by: text,
    made_at: text,
  })
  .meta({ id: 'ContributionReconciliation' });
export type ContributionReconciliation = z.infer<typeof reconciliationSchema>;
export const reconciliationQuery = listQuery({});
export const reconciliationPage = pageOf(reconciliationSchema);
export const reconcileBody = z
  .object({ paidFrom: z.iso.date(), paidTo: z.iso.date() })
  .refine(({ paidFrom, paidTo }) => paidFrom <= paidTo, {
    path: ['paidTo'],
    message: 'paidTo is no earlier than paidFrom',
  });
export const reconciledSchema = z.object({
  reconciliationId: z.int(),
  receipts: z.int(),
  agreed: z.int(),
  taxFen: fen,
  treasuryFen: fen,
  agencyFen: fen,
  refunds: z.int(),
  taxRefundedFen: fen,
  treasuryRefundedFen: fen,
  agencyRefundedFen: fen,
  differences: z.int(),
});
export const reconciliationParams = z.object({ reconciliation: number });
export const differenceSchema = z
  .object({
    number: z.int(),
    kind: text,
    receipt: text,
    insutype: text,
    file: z.int().nullable(),
    county: text,
    tax_fen: fen.nullable().describe('null: this side does not have it'),
    treasury_fen: fen.nullable(),
    agency_fen: fen.nullable(),
    detail: text,
  })
  .meta({ id: 'ContributionDifference' });
export type ContributionDifference = z.infer<typeof differenceSchema>;
export const differenceQuery = listQuery({ kind: textFilter, receipt: textFilter, county: textFilter });
export const differencePage = pageOf(differenceSchema);

const month = z.string().regex(/^[12]\d{3}(0[1-9]|1[0-2])$/);
export const transferSchema = z
  .object({
    transfer_id: z.int(),
    file: z.int(),
    psn_name: text,
    direction: z.enum(['in', 'out']),
    insutype: text,
    other_area: text,
    certificate: text,
    month_from: text,
    month_to: text,
    balance_fen: fen,
    state: z.enum(['requested', 'done', 'refused']),
    requested_on: text,
    ended_on: text.nullable(),
    note: text,
  })
  .meta({ id: 'InsuranceTransfer' });
export type InsuranceTransfer = z.infer<typeof transferSchema>;
export const transferQuery = listQuery({
  state: z.enum(['requested', 'done', 'refused']).optional(),
  direction: z.enum(['in', 'out']).optional(),
  file: whole,
});
export const transferPage = pageOf(transferSchema);
export const transferBody = z
  .object({
    file,
    direction: z.enum(['in', 'out']),
    insutype: z.enum(['310', '390']),
    otherArea: z.string().regex(/^\d{6}$/),
    certificate: z.string().trim().min(1).max(60),
    monthFrom: month,
    monthTo: month,
    balanceFen: z
      .int()
      .min(0)
      .max(10 ** 12)
      .default(0),
  })
  .refine(({ monthFrom, monthTo }) => monthFrom <= monthTo, {
    path: ['monthTo'],
    message: 'monthTo is no earlier than monthFrom',
  });
export const transferredSchema = z.object({ transferId: z.int() });
export const transferParams = z.object({ transfer: number });
export const endTransferBody = z.object({
  isDone: z.boolean().describe('false: refused'),
  on: z.iso.date(),
  note: z.string().trim().max(500).default(''),
});
