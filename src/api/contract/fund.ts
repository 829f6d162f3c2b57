import { z } from 'zod';
import { areaCode } from './item.ts';
import { listQuery, pageOf, textFilter } from './list.ts';
import { whole } from './year.ts';

export const monthParams = z.object({ month: z.string().regex(/^\d{4}(0[1-9]|1[0-2])$/) });
export const monthPartParams = monthParams.extend({ part: z.enum(['accounts', 'funds', 'days']) });
export const monthPartQuery = listQuery({
  fixmedins_code: textFilter,
  clr_optins: textFilter,
  clr_type: textFilter,
  clr_way: textFilter,
  insutype: textFilter,
  scheme: textFilter,
});
export const journalMonths = z.object({
  rows: z.array(z.object({ month: z.string(), entries: z.int(), fund_fen: whole, unsealed: z.int() })),
});
export type JournalMonths = z.infer<typeof journalMonths>;
export const anyPage = pageOf(z.record(z.string(), z.unknown()));

export const sealSchema = z.object({
  number: z.int(),
  first_entry_id: z.int(),
  last_entry_id: z.int(),
  entries: z.int(),
  hash: z.string(),
  sealed_at: z.string(),
});
export type SealBody = z.infer<typeof sealSchema>;
export const sealPage = pageOf(sealSchema);
export const sealedSchema = z.object({ sealed: z.int().describe('entries; 0: there was nothing to seal') });
export const verdictSchema = z.object({
  entries: z.int(),
  settlements: z.int(),
  accumulators: z.int(),
  seals: z.int(),
  unsealed: z.int(),
  hash: z.string(),
  faults: z.array(
    z.object({ check: z.string(), subject: z.string(), text: z.object({ zh: z.string(), en: z.string() }) }),
  ),
});
export type VerdictBody = z.infer<typeof verdictSchema>;

export const reconciliationQuery = listQuery({
  fixmedins_code: textFilter,
  kind: z.enum(['3201', '3202']).optional(),
  result: z.enum(['0', '1']).optional(),
});
export const reconciliationParams = z.object({
  code: z.string().min(1).max(30),
  id: z.string().regex(/^[0-9a-f]{30}$/),
});
export const reconciledQuery = listQuery({ result: z.enum(['0', '1']).optional() });

const yearOf = z.coerce.number().int().min(2000).max(2100);
export const warningQuery = listQuery({ area_code: areaCode, year: yearOf, insutype: textFilter });
export const warningSchema = z
  .object({
    file: z.int(),
    psn_no: z.string(),
    psn_name: z.string(),
    certno: z.string(),
    area_code: z.string(),
    insutype: z.string(),
    identities: z.string(),
    settlements: z.int(),
    medfee_fen: whole,
    fund_fen: whole,
    burden_fen: whole,
    line_fen: whole,
  })
  .meta({ id: 'WarnedPerson' });
export type WarningBody = z.infer<typeof warningSchema>;
export const warningPage = pageOf(warningSchema);
export const handOverBody = z.object({
  area_code: areaCode,
  year: z.int().min(2000).max(2100),
  format: z.enum(['csv', 'xlsx']),
  reason: z.string().trim().min(4).max(500),
});
export const handedOver = z.object({
  filename: z.string(),
  type: z.string(),
  content: z.string().describe('the file, Base64'),
});
export type HandedOver = z.infer<typeof handedOver>;
