import { z } from 'zod';
import { FAMILY_RELATIONS } from '#policy/titles.ts';
import { listQuery, pageOf, textFilter } from './list.ts';
import { whole } from './year.ts';

export const personSchema = z
  .object({
    file: z.int().describe('the number of the file, which addresses name a person by'),
    psn_no: z.string(),
    psn_name: z.string(),
    gend: z.string(),
    brdy: z.string().nullable(),
    certno: z.string().nullable(),
    insutypes: z.string(),
    area_code: z.string().nullable(),
  })
  .meta({ id: 'Person' });
export type PersonBody = z.infer<typeof personSchema>;
export const personQuery = listQuery({
  psn_no: z.string().min(1).max(30).optional().describe('the whole number'),
  certno: z.string().min(1).max(50).optional().describe('the whole number of a certificate'),
  file: z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER).optional(),
  psn_name: textFilter,
  area_code: textFilter,
});
export const personPage = pageOf(personSchema);
const file = z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER);
export const personParams = z.object({ file });

export const entitlementSchema = z.object({
  insutype: z.string(),
  scheme: z.string(),
  area_code: z.string(),
  state: z.enum(['entitled', 'waiting', 'not-yet', 'ended', 'paused']),
  from: z.string(),
  to: z.string().nullable(),
  waiting_until: z.string().nullable(),
  cap_fen: z.int().nullable(),
});
/** A person as the service shows one: without a reason the personal fields are masked. */
export const personFileSchema = z.object({
  file: z.int(),
  psn_no: z.string(),
  psn_name: z.string(),
  gend: z.string(),
  brdy: z.string().nullable(),
  death_date: z.string().nullable(),
  certificates: z.array(z.object({ psn_cert_type: z.string(), certno: z.string() })),
  other_files: z.int().describe('further numbers that were put together with this one'),
  balance_fen: whole,
  entitlements: z.array(entitlementSchema),
  year: z.int(),
  year_medfee_fen: whole,
  year_fund_fen: whole,
  year_person_fen: whole,
  masked: z.boolean(),
});
export type PersonFileBody = z.infer<typeof personFileSchema>;

/** The parts of a file, each a list of its own. */
export const PERSON_PARTS = [
  'certificates',
  'identities',
  'enrolments',
  'continuity',
  'contributions',
  'filings',
  'accumulators',
  'visits',
  'settlements',
  'movements',
  'sharing',
  'requests',
  'decisions',
] as const;
export type PersonPart = (typeof PERSON_PARTS)[number];
export const personPartParams = z.object({ file, part: z.enum(PERSON_PARTS) });
export const ownPartParams = z.object({ part: z.enum(PERSON_PARTS) });
export const partQuery = listQuery({
  year: z.coerce.number().int().min(1990).max(2100).optional(),
  insutype: textFilter,
  kind: textFilter,
  state: textFilter,
});
export const partPage = pageOf(z.record(z.string(), z.unknown()));

const text = z.object({ zh: z.string(), en: z.string() });
const reasonSchema = z.object({
  parameter: z.string(),
  title: text,
  row: z.string(),
  source: z.record(z.string(), z.unknown()).nullable(),
  effectiveFrom: z.string().nullable(),
  file: z.string().nullable(),
  line: z.int().nullable(),
});
/** One settlement in words: the recorded steps by the fourteen of the order of calculation. */
export const visitSettlementSchema = z.object({
  head: z.record(z.string(), z.unknown()).describe('the settlement, its person masked'),
  kind: z.enum(['settlement', 'reversal']),
  summary: text,
  eligibility_text: text,
  identity: z.string().nullable(),
  totals: z.record(z.string(), z.int()),
  policy_unchanged: z.boolean(),
  order: z.array(z.object({ number: z.int(), title: text })),
  steps: z.array(
    z.object({
      number: z.int(),
      code: z.string(),
      official: z.boolean(),
      title: text,
      base_fen: z.int(),
      ratio: z.string(),
      fund_pay_type: z.string().nullable(),
      fund_pay_fen: z.int(),
      self_pay_fen: z.int(),
      text,
      reasons: z.array(reasonSchema),
    }),
  ),
  funds: z.array(
    z.object({
      fund_pay_type: z.string(),
      fund_pay_type_name: text,
      fund_pay_fen: z.int(),
      limit_after_fen: z.int().nullable(),
    }),
  ),
  accounts: z.array(z.object({ account: z.string(), pay_fen: z.int() })),
  balance_fen: z.int(),
  alternatives: z.array(
    z.object({ change: z.string(), value: z.string(), fund_pay_fen: z.int(), person_fen: z.int(), text }),
  ),
});
export type VisitSettlement = z.infer<typeof visitSettlementSchema>;
export const visitSettlementParams = z.object({ setlId: z.string().min(1).max(64) });
export const settlementPartParams = visitSettlementParams.extend({
  part: z.enum(['lines', 'steps', 'changes']),
});
export const plainListQuery = listQuery({});

/** What is filed for a person: where, for which disease, from when. */
const filingKind = z.enum(['transfer', 'chronic', 'designated', 'accident', 'long-term-care']);
const filingFields = z.object({
  kind: filingKind,
  biz_appy_type: z.string().min(1).max(6),
  longterm_eval_lv: z
    .enum(['02', '03', '04', '05', '06'])
    .optional()
    .describe('of long-term care: level of disability that was assessed'),
  nurscare_way: z
    .enum(['01', '02', '03'])
    .optional()
    .describe(
      'of long-term care: 01 in an institution, 02 home visits, 03 at home by the family or self-organised',
    ),
  rels_nurscare_flag: z.enum(['0', '1']).optional().describe('of care at home: 1 by relatives'),
  insutype: z.string().max(6).default(''),
  dise_codg: z.string().max(30).default(''),
  fixmedins_code: z.string().max(30).default(''),
  begndate: z.iso.date(),
  enddate: z.iso.date().nullable().default(null),
  note: z.string().max(500).default(''),
});
export const filingBody = filingFields
  .refine((body) => body.kind !== 'long-term-care' || body.longterm_eval_lv !== undefined, {
    path: ['longterm_eval_lv'],
    message: '长期护理须写评估等级 / long-term care needs the level that was assessed',
  })
  .refine((body) => body.kind !== 'long-term-care' || body.nurscare_way !== undefined, {
    path: ['nurscare_way'],
    message: '长期护理须写护理方式 / long-term care needs the form of care',
  });
export const ownFilingBody = z.object({
  biz_appy_type: z.enum(['06', '08']).describe('06 treatment elsewhere, 08 living elsewhere'),
  begndate: z.iso.date(),
  enddate: z.iso.date().nullable().default(null),
  note: z.string().max(500).default(''),
});
export const filingParams = z.object({ number: z.string().regex(/^\d{30}$/) });
export const endFilingBody = z.object({ lastDay: z.iso.date(), reason: z.string().trim().min(1).max(500) });
export const filedSchema = z.object({ trt_dcla_detl_sn: z.string() });
export const filingQuery = listQuery({
  kind: filingKind.optional(),
  biz_appy_type: textFilter,
  state: z.enum(['in-force', 'to-come', 'past', 'withdrawn']).optional(),
  filed_by: textFilter,
});

/** With whom an account is shared; what the one who uses it is to its owner. */
const relation = z.enum(Object.keys(FAMILY_RELATIONS) as [keyof typeof FAMILY_RELATIONS]);
const sharingSpan = { relation, begndate: z.iso.date(), enddate: z.iso.date().nullable().default(null) };
/** Certificate and name have to fit one another: an address that told whether somebody is insured would be a leak. */
export const ownSharingBody = z.object({
  name: z.string().trim().min(1).max(50),
  certno: z.string().trim().min(1).max(50),
  ...sharingSpan,
});
export const sharingBody = z.object({
  userFile: z.int().positive().max(Number.MAX_SAFE_INTEGER),
  ...sharingSpan,
});
export const sharingParams = z.object({ sharing: file });
export const endSharingBody = z.object({ lastDay: z.iso.date(), reason: z.string().trim().min(1).max(500) });
export const sharedSchema = z.object({ sharing_id: z.int() });
