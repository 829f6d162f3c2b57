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
    insutype: text.describe('the scheme that was compared; empty: all of them'),
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
export const reconciliationQuery = listQuery({ insutype: textFilter });
export const reconciliationPage = pageOf(reconciliationSchema);
const kindsSchema = z.array(
  z.object({ kind: text, differences: z.int(), tax_fen: fen, treasury_fen: fen, agency_fen: fen }),
);
/** One reconciliation with how much of each kind differs. */
export const reconciliationDetailSchema = z.object({
  reconciliation: reconciliationSchema,
  kinds: kindsSchema,
});
export type ReconciliationDetail = z.infer<typeof reconciliationDetailSchema>;
export const reconcileBody = z
  .object({
    paidFrom: z.iso.date(),
    paidTo: z.iso.date(),
    insutype: z.enum(['310', '390']).optional().describe('one scheme; all of them when left out'),
  })
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
export const differenceQuery = listQuery({
  kind: textFilter,
  receipt: textFilter,
  insutype: textFilter,
  county: textFilter,
});
export const differencePage = pageOf(differenceSchema);
export const differenceParams = reconciliationParams.extend({ number });
const told = {
  file: z.int().nullable(),
  psn_name: text,
  receipt: text,
  paid_on: text.nullable(),
  month_from: text.nullable(),
  month_to: text.nullable(),
  fen,
  granted_fen: fen.describe('subsidy and assistance'),
};
/** What the sides say now of a difference: rows of files, contributions as booked; names are masked. */
export const differenceDetailSchema = z.object({
  difference: differenceSchema,
  landed: z.array(
    z.object({
      ...told,
      side: z.enum(['tax', 'treasury']),
      file_id: z.int(),
      file_name: text,
      line: z.int(),
    }),
  ),
  booked: z.array(z.object({ ...told, contribution_id: z.int(), kind: text, booked_from: text.nullable() })),
});
export type DifferenceDetail = z.infer<typeof differenceDetailSchema>;

/** What each side has of a month by now. */
export const sideSchema = z
  .object({
    month: text.describe('the month it was paid in, yyyy-MM'),
    insutype: text,
    tax_receipts: z.int(),
    tax_fen: fen,
    treasury_receipts: z.int(),
    treasury_fen: fen,
    agency_receipts: z.int(),
    agency_fen: fen,
    treasury_granted_fen: fen,
    agency_granted_fen: fen,
  })
  .meta({ id: 'ContributionSide' });
export type ContributionSide = z.infer<typeof sideSchema>;
export const sideQuery = listQuery({
  year: z.coerce.number().int().min(1990).max(2200),
  insutype: textFilter,
  month: textFilter,
});
export const sidePage = pageOf(sideSchema);

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
  insutype: textFilter,
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
  })
  .refine(({ direction, balanceFen }) => direction === 'in' || balanceFen === 0, {
    path: ['balanceFen'],
    message: 'a transfer out takes the balance the account has on the day it ends: none is given',
  });
export const transferredSchema = z.object({ transferId: z.int() });
export const transferParams = z.object({ transfer: number });
export const endTransferBody = z
  .object({
    isDone: z.boolean().describe('false: refused'),
    on: z.iso.date(),
    note: z.string().trim().max(500).default(''),
  })
  .refine(({ isDone, note }) => isDone || note !== '', {
    path: ['note'],
    message: 'the reason of a refusal is said',
  });
export const transferDetailQuery = z.object({
  on: z.iso.date().optional().describe('the day it would end on; today when left out'),
});
/** A transfer and what follows, or followed, from it. */
export const transferDetailSchema = z.object({
  transfer: transferSchema,
  on: text,
  months: z.object({ covered: z.int(), counted: z.int(), added: z.int() }),
  months_after: z.int().describe('counted months of the scheme with it'),
  spans: z.array(z.object({ begndate: text, enddate: text.nullable() })).describe('spans that end with it'),
  account: z.object({ change_fen: fen, balance_fen: fen.describe('now') }),
  wait: z
    .object({
      begndate: text,
      waiting_until: text.nullable().describe('first day with benefits; null: from its start'),
      gap_months: z.int(),
      is_repaid: z.boolean(),
      settled_in_wait: z.int().describe('settlements in force within the wait'),
    })
    .nullable()
    .describe('how the span after a transfer in begins; null: none follows, or the scheme’s own rules hold'),
  settled_later: z.int().describe('settlements after the day it ends on'),
});
export type TransferDetail = z.infer<typeof transferDetailSchema>;
