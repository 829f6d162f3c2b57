import { z } from 'zod';
import { listQuery, pageOf, textFilter } from './list.ts';
import { whole } from './year.ts';

const yuanText = z.string().regex(/^\d{1,12}(\.\d{1,2})?$/);
/** An invoice that a person paid in full and brings to the agency; amounts in yuan as they stand on it. */
export const reimbursementBody = z.object({
  file: z.int().positive(),
  insutype: z.string().min(1).max(6),
  med_type: z.string().min(1).max(6),
  dise_codg: z.string().max(30).default(''),
  fixmedins_code: z.string().trim().min(1).max(30),
  fixmedins_name: z.string().trim().max(200).default(''),
  hosp_lv: z.string().max(3).default(''),
  area_code: z.string().regex(/^\d{6}$/),
  begndate: z.iso.date(),
  enddate: z.iso.date(),
  invoice_code: z.string().trim().max(30).default(''),
  invoice_number: z.string().trim().min(1).max(30),
  medfee_sumamt: yuanText,
  lines: z
    .array(
      z.object({
        med_list_codg: z.string().trim().min(1).max(64),
        name: z.string().trim().max(200).default(''),
        cnt: z.string().regex(/^\d{1,8}(\.\d{1,4})?$/),
        pric: z.string().regex(/^\d{1,10}(\.\d{1,6})?$/),
        det_item_fee_sumamt: yuanText,
      }),
    )
    .min(1)
    .max(500),
});
export type ReimbursementBody = z.input<typeof reimbursementBody>;
/** What the settlement would be today; nothing is kept. */
export const trialSchema = z.object({
  medfee_sumamt: z.string(),
  fund_pay_sumamt: z.string(),
  psn_part_amt: z.string(),
  funds: z.array(z.object({ fund_pay_type: z.string(), name: z.string(), fund_payamt: z.string() })),
});
export type TrialBody = z.infer<typeof trialSchema>;

export const reimbursementSchema = z
  .object({
    id: z.string(),
    invoice: z.string(),
    file: z.int().nullable(),
    psn_name: z.string(),
    fixmedins_name: z.string(),
    begndate: z.string(),
    state: z.string(),
    medfee_fen: whole.nullable(),
    fund_fen: whole.nullable(),
    setl_id: z.string().nullable(),
    createdBy: z.string(),
    updatedAt: z.string(),
  })
  .meta({ id: 'Reimbursement' });
export type ReimbursementRow = z.infer<typeof reimbursementSchema>;
export const reimbursementQuery = listQuery({ invoice: textFilter, state: z.string().max(32).optional() });
export const reimbursementPage = pageOf(reimbursementSchema);
