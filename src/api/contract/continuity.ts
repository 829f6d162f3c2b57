import { z } from 'zod';
import { listQuery, pageOf, textFilter } from './list.ts';

const text = z.string();
const number = z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER);
const year = z.int().min(2000).max(2200);

/** A year closed for everybody: what it leaves to the next one, prepared by one and decided by another. */
export const closingSchema = z
  .object({
    closing_id: z.int(),
    year: z.int(),
    state: z.enum(['prepared', 'applied', 'refused', 'replaced']),
    persons: z.int(),
    zero_claim: z.int().describe('persons with one more year without a claim'),
    gaps: z.int(),
    differs: z.int().describe('rows that said something else than those that held'),
    prepared_by: text,
    prepared_at: text,
    decided_by: text.nullable(),
    decided_at: text.nullable(),
    reason: text,
    approval_id: text.nullable().describe('where it is decided'),
  })
  .meta({ id: 'ContinuityClosing' });
export type ContinuityClosing = z.infer<typeof closingSchema>;
export const closingQuery = listQuery({
  year: z.coerce.number().int().optional(),
  state: z.enum(['prepared', 'applied', 'refused', 'replaced']).optional(),
});
export const closingPage = pageOf(closingSchema);
export const prepareClosingBody = z.object({ year });
/** What the job that closed a year comes to. */
export const preparedClosingSchema = z.object({
  closingId: z.int(),
  persons: z.int(),
  zeroClaim: z.int(),
  gaps: z.int(),
  differs: z.int(),
  approvalId: text.describe('where somebody else decides'),
});
export type PreparedClosing = z.infer<typeof preparedClosingSchema>;
export const closingParams = z.object({ closing: number });
/** What a closing comes to, before and after it is decided. */
export const closingDetailSchema = z.object({
  closing: closingSchema,
  kinds: z.array(
    z.object({
      kind: text,
      change: z.enum(['gained', 'kept', 'lost', 'unknown']),
      persons: z.int(),
    }),
  ),
  years: z
    .array(
      z.object({
        measure: z.enum(['continuous', 'zero-claim']),
        years: z.int(),
        before: z.int(),
        after: z.int(),
      }),
    )
    .describe('how many persons have so many years, before and after'),
});
export type ClosingDetail = z.infer<typeof closingDetailSchema>;

export const closingRowSchema = z
  .object({
    file: z.int(),
    psn_name: text,
    kind: text,
    paid_funds: text,
    used_incentive: z.enum(['yes', 'no']),
    change: z
      .enum(['gained', 'kept', 'lost', 'unknown'])
      .describe('gained: a year without a claim more; lost: a gap, or years without a claim cleared'),
    continuous_before: z.int().nullable(),
    zero_claim_before: z.int().nullable(),
    continuous_years: z.int().describe('in the year after it, for whoever is insured in it'),
    zero_claim_years: z.int(),
    earned_before_gap_fen: z.int(),
  })
  .meta({ id: 'ContinuityClosingRow' });
export type ContinuityClosingRow = z.infer<typeof closingRowSchema>;
export const closingRowQuery = listQuery({
  kind: textFilter,
  file: z.coerce.number().int().optional(),
  used_incentive: z.enum(['yes', 'no']).optional(),
  change: z.enum(['gained', 'kept', 'lost', 'unknown']).optional(),
});
export const closingRowPage = pageOf(closingRowSchema);

export const stateContinuityBody = z
  .object({
    file: z.int().positive().max(Number.MAX_SAFE_INTEGER),
    year,
    continuousYears: z.int().min(0).max(100).optional(),
    zeroClaimYears: z.int().min(0).max(100).optional(),
    earnedBeforeGapFen: z
      .int()
      .min(0)
      .max(10 ** 12)
      .optional(),
    reason: z.string().trim().min(1).max(500).describe('on what evidence'),
  })
  .refine(
    (body) =>
      body.continuousYears !== undefined ||
      body.zeroClaimYears !== undefined ||
      body.earnedBeforeGapFen !== undefined,
    { message: 'nothing is stated' },
  );
export const statedContinuitySchema = z.object({ file: z.int() });

const title = z.object({ zh: text, en: text });
/** What a person's years earn: by how much the cap of catastrophic insurance rises in a year. */
export const incentiveSchema = z.object({
  years: z.array(
    z.object({
      year: z.int(),
      area_code: text,
      continuous_years: z.int(),
      zero_claim_years: z.int(),
      earned_before_gap_fen: z.int(),
      by_years_fen: z.int(),
      by_zero_claim_fen: z.int(),
      kept_fen: z.int(),
      incentive_fen: z.int().describe('of the three together, after the limits'),
    }),
  ),
  reasons: z
    .array(
      z.object({
        parameter: text,
        title,
        row: text,
        source: z.record(z.string(), z.unknown()).nullable(),
        effectiveFrom: text.nullable(),
        file: text.nullable(),
        line: z.int().nullable(),
      }),
    )
    .describe('the parameters of the latest year and where they stand'),
});
export type IncentiveOfPerson = z.infer<typeof incentiveSchema>;
