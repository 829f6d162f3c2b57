import { z } from 'zod';
import { listQuery, pageOf, textFilter } from './list.ts';

/** Money is integer fen; `4` at the end of a name is × 10⁴, `8` is × 10⁸. */
export const runSchema = z
  .object({
    id: z.int(),
    areaId: z.string(),
    areaName: z.string(),
    year: z.int(),
    state: z.enum(['waiting', 'done', 'failed']),
    jobId: z.int().nullable(),
    createdBy: z.string(),
    createdAt: z.string(),
    settledAt: z.string().nullable(),
  })
  .meta({ id: 'Run' });
export type RunBody = z.infer<typeof runSchema>;
export const runParams = z.object({ id: z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER) });
export const runQuery = listQuery({
  areaId: z.string().max(64).optional(),
  year: z.coerce.number().int().min(1900).max(2999).optional(),
  state: runSchema.shape.state.optional(),
});
export const runPage = pageOf(runSchema);
export const startRunBody = z.object({
  areaId: z.string().min(1).max(64),
  year: z.int().min(1900).max(2999),
});

/** An amount beyond 2^53 comes as text. */
const whole = z.union([z.int(), z.string()]);

export const runInstitutionSchema = z.object({
  fixmedins_code: z.string(),
  name: z.string(),
  level: z.int(),
  insutype: z.string(),
  cases: whole,
  points4: whole,
  cost_fen: whole,
  due_fen: whole,
  result_fen: whole,
  monthly_paid_fen: whole,
  clearing_cash_fen: whole,
});
export const runInstitutionQuery = listQuery({
  fixmedins_code: textFilter,
  name: textFilter,
  insutype: z.string().max(8).optional(),
  level: z.coerce.number().int().min(1).max(3).optional(),
});
export const runInstitutionPage = pageOf(runInstitutionSchema);

export const runMonthSchema = z.object({
  month: z.string(),
  insutype: z.string(),
  fixmedins_code: z.string(),
  name: z.string(),
  cases: whole,
  points4: whole,
  cost_fen: whole,
  base_fen: whole,
  paid_fen: whole,
});
export const runMonthQuery = listQuery({
  month: z.string().max(7).optional(),
  insutype: z.string().max(8).optional(),
  fixmedins_code: textFilter,
});
export const runMonthPage = pageOf(runMonthSchema);

export const runCaseSchema = z.object({
  setl_id: z.string(),
  fixmedins_code: z.string(),
  insutype: z.string(),
  month: z.string(),
  diagnosis: z.string().nullable(),
  group_code: z.string().nullable(),
  kind: z.string().nullable(),
  deviation: z.string().nullable(),
  cost_fen: whole,
  fund_fen: whole,
  /** null: for an institution, the month that pays it is not yet published */
  points4: whole.nullable(),
});
export const runCaseQuery = listQuery({
  setl_id: textFilter,
  fixmedins_code: textFilter,
  insutype: z.string().max(8).optional(),
  month: z.string().max(7).optional(),
  group_code: textFilter,
  kind: z.string().max(32).optional(),
  deviation: z.string().max(32).optional(),
});
export const runCasePage = pageOf(runCaseSchema);

export const runCaseParams = runParams.extend({ setlId: z.string().min(1).max(64) });
/** A line of an explanation; what it rests on is a parameter of `explanation.parameters` or articles of documents, in words. */
const sectionLine = z.object({
  indent: z.int(),
  text: z.string(),
  cited: z
    .union([z.object({ parameter: z.string() }), z.object({ documents: z.array(z.string()) })])
    .optional(),
});
export const sectionSchema = z.object({ title: z.string(), lines: z.array(sectionLine) });
export type Section = z.infer<typeof sectionSchema>;
/** The chain of `yibao explain --json`; the same in words, section by section, and as the command prints it. */
export const caseExplanationSchema = z.object({
  explanation: z.record(z.string(), z.unknown()),
  sections: z.array(sectionSchema),
  text: z.string(),
});

/** One list as it was read, value by value as text; what tells who the person is comes masked. */
export const runListSchema = z.object({
  list: z.record(z.string(), z.string().nullable()),
  /** fields that are masked here */
  masked: z.array(z.string()),
});
export type RunList = z.infer<typeof runListSchema>;
export const revealBody = z.object({
  reason: z.string().trim().min(4).max(500).describe('why it has to be seen; kept in the audit log'),
});
