import { z } from 'zod';
import { listQuery, pageOf, textFilter } from './list.ts';

const text = z.string();
/** A settlement list as an institution uploaded it, in its present state. */
export const uploadedListSchema = z
  .object({
    setl_list_id: z.int(),
    area_id: text,
    fixmedins_code: text,
    setl_id: text,
    setl_ym: text,
    version: z.int(),
    state: z.int().describe('0 not submitted, 1 submitted, 2 approved, 3 rejected'),
    quality: z.string().nullable().describe('1 no error found, 0 at least one; null: not checked yet'),
    findings: z.int(),
    group_code: z.string().nullable(),
    changed_at: text,
  })
  .meta({ id: 'UploadedList' });
export type UploadedList = z.infer<typeof uploadedListSchema>;
export const uploadedListQuery = listQuery({
  setl_id: textFilter,
  fixmedins_code: textFilter,
  setl_ym: textFilter,
  state: z.coerce.number().int().min(0).max(3).optional(),
  quality: z.enum(['0', '1']).optional(),
});
export const uploadedListPage = pageOf(uploadedListSchema);
export const uploadedListParams = z.object({
  list: z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER),
});
/** What the agency decides of a submitted list; a rejection says why, as the institution reads it. */
export const listDecisionBody = z.discriminatedUnion('decision', [
  z.object({ decision: z.literal('approve') }),
  z.object({ decision: z.literal('reject'), reason: z.string().trim().min(2).max(500) }),
]);
export const listDecision = z.object({ state: z.int() });

const field = z.object({ key: text, name: text, value: text, meaning: text.nullable() });
export const uploadedListDetail = z.object({
  list: uploadedListSchema,
  /** personal data are shown as they are */
  isRevealed: z.boolean(),
  form: text,
  received_at: text,
  /** nodes of the national form in its order; a list node has one row of fields for each item */
  nodes: z.array(z.object({ key: text, name: text, rows: z.array(z.array(field)) })),
  quality: z
    .object({
      passed: text,
      returned: text,
      details: z.array(z.object({ field: text, finding: text, level: text, returned: text, value: text })),
    })
    .nullable(),
  grouping: z.record(z.string(), z.unknown()).nullable(),
  changes: z.array(
    z.object({
      version: z.int(),
      from_state: z.int().nullable(),
      to_state: z.int(),
      changed_by: text,
      reason: text,
      changed_at: text,
    }),
  ),
});
export type UploadedListDetail = z.infer<typeof uploadedListDetail>;
