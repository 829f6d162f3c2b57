import { z } from 'zod';
import { mergeBody } from './enrolment.ts';
import { deemedBody, refundBody, retirementBody } from './enrolment-decision.ts';
import { itemChangeBody } from './item.ts';
import { listQuery, pageOf, textFilter } from './list.ts';
import { reimbursementBody } from './reimbursement.ts';
import { whole } from './year.ts';

export const approvalKind = z.enum([
  'month',
  'clearing',
  'policy',
  'special_case',
  'appeal',
  'reimbursement',
  'items',
  'refund',
  'deemed',
  'retirement',
  'closing_of_year',
  'merge',
]);

export const approvalSchema = z
  .object({
    id: z.string(),
    kind: approvalKind,
    subject: z.string().describe('what it is about, such as demo/2025/03'),
    state: z.string(),
    institutionCode: z.string().nullable(),
    createdBy: z.string(),
    createdAt: z.string(),
    updatedAt: z.string(),
  })
  .meta({ id: 'Approval' });
export type ApprovalBody = z.infer<typeof approvalSchema>;
export const approvalQuery = listQuery({
  kind: approvalKind.optional(),
  state: z.string().max(32).optional(),
  subject: textFilter,
  institutionCode: textFilter,
});
export const approvalPage = pageOf(approvalSchema);
export const approvalParams = z.object({ id: z.uuid() });

const stepText = z.string().max(4_000);
/** Parameter values with the document and article that set them, for a payment year of an area. */
export const policyDraftBody = z.object({
  areaId: z.string().min(1).max(64),
  year: z.int().min(1990).max(2100),
  sets: z
    .array(z.object({ parameter: z.string().min(1).max(100), value: z.string().min(1).max(2_000) }))
    .min(1)
    .max(100),
  document: z.string().trim().min(1).max(200),
  article: z.string().trim().min(1).max(200),
  effectiveFrom: z.iso.date(),
});
export type PolicyDraftBody = z.infer<typeof policyDraftBody>;
/** What an expert says of a case: how it is paid when it passes, `amount` in yuan, `points` with four decimals at most. */
export const opinionBody = z.object({
  vote: z.enum(['pass', 'reject', 'abstain']),
  grant: z.enum(['cost', 'amount', 'points']).optional(),
  amount: z
    .string()
    .regex(/^\d{1,12}(\.\d{1,2})?$/)
    .optional(),
  points: z
    .string()
    .regex(/^\d{1,7}(\.\d{1,4})?$/)
    .optional(),
  reason: stepText.min(1),
});
export type OpinionBody = z.infer<typeof opinionBody>;
export const expertsSchema = z.object({
  rows: z.array(
    z.object({ login: z.string(), displayName: z.string(), institutionCode: z.string().nullable() }),
  ),
});
export const quotaSchema = z.object({
  rows: z.array(
    z.object({
      fixmedins_code: z.string().nullable(),
      discharges: whole,
      share: z.string(),
      quota: whole,
      passed: whole,
    }),
  ),
});
export type QuotaBody = z.infer<typeof quotaSchema>;
/** What a new approval is about; the figures of a month and of a clearing are taken from the settlement by the service. */
export const newApprovalBody = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('month'),
    runId: z.int().positive(),
    month: z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/),
  }),
  z.object({ kind: z.literal('clearing'), runId: z.int().positive() }),
  z.object({
    kind: z.enum(['special_case', 'appeal']),
    runId: z.int().positive(),
    setlId: z.string().min(1).max(64),
    reason: stepText.min(1),
    evidence: z.array(z.string().max(500)).max(50).default([]),
  }),
  policyDraftBody.extend({ kind: z.literal('policy') }),
  reimbursementBody.extend({ kind: z.literal('reimbursement') }),
  itemChangeBody.extend({ kind: z.literal('items') }),
  refundBody.extend({ kind: z.literal('refund') }),
  deemedBody.safeExtend({ kind: z.literal('deemed') }),
  retirementBody.extend({ kind: z.literal('retirement') }),
  mergeBody.extend({ kind: z.literal('merge') }),
]);
/** What a decision on a person's enrolment would come to; nothing is kept. */
export const decisionPreviewBody = z.discriminatedUnion('kind', [
  refundBody.extend({ kind: z.literal('refund') }),
  deemedBody.safeExtend({ kind: z.literal('deemed') }),
  retirementBody.extend({ kind: z.literal('retirement') }),
]);
export const decisionPreviewSchema = z.object({
  content: z.record(z.string(), z.unknown()),
  isComplete: z
    .boolean()
    .describe('false: it cannot be submitted yet, such as a retirement with years missing'),
});
export type DecisionPreview = z.infer<typeof decisionPreviewSchema>;
/** Another run to prepare a month or clearing from that was sent back. */
export const settledRunBody = z.object({ runId: z.int().positive() });
export const approvalStepBody = z.object({
  action: z.string().min(1).max(32),
  reason: stepText.optional(),
  content: z.record(z.string(), z.unknown()).optional(),
});

export const approvalDetailSchema = z.object({
  approval: approvalSchema,
  content: z.record(z.string(), z.unknown()),
  steps: z.array(
    z.object({
      number: z.int(),
      action: z.string(),
      title: z.object({ zh: z.string(), en: z.string() }),
      fromState: z.string(),
      toState: z.string(),
      login: z.string(),
      at: z.string(),
      reason: z.string(),
    }),
  ),
  /** what the caller may do next; `blockedBy` names the own earlier step that the four eyes forbid to control */
  next: z.array(
    z.object({
      action: z.string(),
      title: z.object({ zh: z.string(), en: z.string() }),
      needsReason: z.boolean(),
      blockedBy: z.string().nullable(),
    }),
  ),
});
export type ApprovalDetail = z.infer<typeof approvalDetailSchema>;

/**
 * The months of a settlement and its clearing, each with its state in the workflow; null: not yet prepared. For an
 * institution: its own figures, of the run they were published from; null where they are not yet published.
 */
export const settlementStepsSchema = z.object({
  rows: z.array(
    z.object({
      subject: z.string(),
      kind: z.enum(['month', 'clearing']),
      period: z.string(),
      cases: whole.nullable(),
      points4: whole.nullable(),
      cost_fen: whole.nullable(),
      paid_fen: whole.nullable(),
      previous_paid_fen: whole.nullable(),
      approvalId: z.string().nullable(),
      state: z.string().nullable(),
      runId: z.int().nullable(),
    }),
  ),
});
export type SettlementSteps = z.infer<typeof settlementStepsSchema>;

/** What waits for the caller: approvals whose next step the role may take, by kind and state, and jobs that failed. */
export const openWorkSchema = z.object({
  approvals: z.array(z.object({ kind: approvalKind, state: z.string(), count: z.int() })),
  failedJobs: z.int(),
});
export type OpenWork = z.infer<typeof openWorkSchema>;
