import { z } from 'zod';

export const statementQuery = z.object({
  period: z
    .string()
    .regex(/^(\d{4}-(0[1-9]|1[0-2])|clearing)$/)
    .describe('YYYY-MM, or clearing'),
  format: z.enum(['pdf', 'xlsx']).default('pdf'),
  /** of the document; that of the caller unless given */
  language: z.enum(['zh', 'en']).optional(),
});
