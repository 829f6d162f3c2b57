import { z } from 'zod';
import { listQuery, pageOf, textFilter } from './list.ts';

export const areaSchema = z
  .object({
    id: z.string(),
    code: z.string(),
    name: z.string(),
    importedBy: z.string(),
    importedAt: z.string(),
  })
  .meta({ id: 'Area' });
export type AreaBody = z.infer<typeof areaSchema>;
export const areaQuery = listQuery({ name: textFilter, code: textFilter });
export const areaPage = pageOf(areaSchema);
export const importAreaBody = z.object({
  areaId: z.string().min(1).max(64),
  folder: z.string().min(1).max(255).describe('an area folder in inbox/ of the data folder'),
  settleYear: z.int().min(1900).max(2999).optional().describe('settle this year at once'),
});
export const demoAreaBody = z.object({
  areaId: z.string().min(1).max(64).default('demo'),
  lists: z.int().min(2_000).max(20_000_000).optional(),
  year: z.int().min(2000).max(2100).optional(),
});
export const uploadAreaQuery = z.object({
  areaId: z.string().min(1).max(64),
  settleYear: z.coerce.number().int().min(1900).max(2999).optional().describe('settle this year at once'),
});
