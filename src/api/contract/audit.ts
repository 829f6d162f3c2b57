import { z } from 'zod';
import { listQuery, pageOf, textFilter } from './list.ts';

export const auditSchema = z
  .object({
    number: z.int(),
    at: z.string(),
    login: z.string(),
    role: z.string(),
    action: z.string(),
    subject: z.string(),
    outcome: z.enum(['done', 'refused', 'failed']),
    detail: z.string().describe('JSON'),
    hash: z.string().describe('SM3 of the entry and the hash before it'),
  })
  .meta({ id: 'AuditEntry' });
export type AuditBody = z.infer<typeof auditSchema>;
export const auditQuery = listQuery({
  login: textFilter,
  action: textFilter,
  outcome: auditSchema.shape.outcome.optional(),
});
export const auditPage = pageOf(auditSchema);
