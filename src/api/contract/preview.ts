import { z } from 'zod';
import { runParams } from './run.ts';

const code = z
  .string()
  .trim()
  .min(1)
  .max(40)
  .regex(/^[\p{L}\p{N}.+*/-]+$/u);
/** A case as it is: nothing of it is kept. */
export const previewBody = z.object({
  fixmedinsCode: z.string().max(30).optional(),
  /** the principal one first */
  diagnoses: z.array(code).min(1).max(40),
  procedures: z.array(code).max(40),
  sex: z.enum(['1', '2']).optional(),
  ageYears: z.int().min(0).max(150).optional(),
  lengthOfStay: z.int().min(0).max(3_650).optional(),
  insutype: z.enum(['310', '390']).optional(),
  isDaySurgery: z.boolean().default(false),
  costFen: z.int().min(0).max(100_000_000_000).optional(),
});
export type PreviewBody = z.infer<typeof previewBody>;

const said = z.record(z.string(), z.unknown());
/** Money, scores and points are decimal text, amounts in yuan. */
export const previewAnswer = z.object({
  diagnosis: z.string(),
  operations: z.array(z.string()),
  cost: z.string().optional(),
  status: z.string(),
  group_code: z.string().optional(),
  point_value: z.string().optional(),
  /** in words, in the language of the caller */
  text: z.string(),
  candidates: z.array(
    z.looseObject({
      group_code: z.string(),
      name: z.string(),
      kind: z.string(),
      state: z.enum(['chosen', 'satisfied', 'not-satisfied']),
      score: z.string().optional(),
      coefficient: z.string().optional(),
      deviation: z.string().optional(),
      type: z.string().optional(),
      points: z.string().optional(),
      amount: z.string().optional(),
      adjustments: z.array(said).optional(),
    }),
  ),
});
export type PreviewAnswer = z.infer<typeof previewAnswer>;

export const codeQuery = z.object({
  kind: z.enum(['diagnosis', 'procedure']),
  text: z.string().min(1).max(60),
});
export const codesAnswer = z.object({
  rows: z.array(z.object({ code: z.string(), name: z.string(), match: z.string() })),
});
export const previewParams = runParams;
