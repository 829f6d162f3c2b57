import { z } from 'zod';
import { listQuery, pageOf } from './list.ts';

export const jobSchema = z
  .object({
    id: z.int(),
    kind: z.string(),
    state: z.enum(['waiting', 'running', 'done', 'failed', 'cancelled', 'interrupted']),
    attempt: z.int(),
    stage: z.string(),
    sharePermille: z.int().describe('thousandths of the work that are done'),
    input: z.record(z.string(), z.unknown()),
    result: z.record(z.string(), z.unknown()).nullable(),
    problems: z.array(z.object({ code: z.string(), text: z.string() })),
    createdBy: z.string(),
    createdAt: z.string(),
    startedAt: z.string().nullable(),
    endedAt: z.string().nullable(),
  })
  .meta({ id: 'Job' });
export type JobBody = z.infer<typeof jobSchema>;

export const jobParams = z.object({ id: z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER) });
export const jobQuery = listQuery({
  state: jobSchema.shape.state.optional(),
  kind: z.string().max(64).optional(),
});
/** A row of the list; input, result and problems come with the job itself. */
export const jobRowSchema = jobSchema.omit({ input: true, result: true, problems: true });
export type JobRow = z.infer<typeof jobRowSchema>;
export const jobPage = pageOf(jobRowSchema);
/** The answer to what takes long. */
export const jobStarted = z.object({ jobId: z.int(), runId: z.int().optional() });
export type JobStarted = z.infer<typeof jobStarted>;
