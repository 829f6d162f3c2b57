import { z } from 'zod';

/** RFC 9457, with every problem found; texts in the language of the caller. */
export const problemSchema = z
  .object({
    type: z.string().describe('urn:yibao:problem:<code>'),
    title: z.string(),
    status: z.int(),
    code: z.string(),
    detail: z.string().optional(),
    /** id of the request, for the log of the service */
    instance: z.string().optional(),
    problems: z.array(
      z.object({
        code: z.string(),
        file: z.string().optional(),
        row: z.int().optional(),
        field: z.string().optional(),
        value: z.string().optional(),
        message: z.string(),
        remedy: z.string(),
      }),
    ),
  })
  .meta({ id: 'Problem' });
export type ProblemBody = z.infer<typeof problemSchema>;
