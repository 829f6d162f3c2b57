import { z } from 'zod';
import { listQuery, pageOf, textFilter } from './list.ts';

export const DIALECT_NAMES = ['plain', 'csb', 'tif', 'sealed'] as const;

export const interfaceInstitutionSchema = z
  .object({
    code: z.string(),
    name: z.string(),
    areaId: z.string(),
    dialect: z.enum(DIALECT_NAMES),
    isSigned: z.boolean(),
    isEncrypted: z.boolean(),
    accessKey: z.string(),
    isOpen: z.boolean(),
  })
  .meta({ id: 'InterfaceInstitution' });
export const interfaceInstitutionQuery = listQuery({ code: textFilter, areaId: textFilter });
export const interfaceInstitutionPage = pageOf(interfaceInstitutionSchema);
export const interfaceInstitutionParams = z.object({ code: z.string().min(1).max(30) });
const key = z.string().min(1).max(200);
/** Keys that are not given are made. */
export const interfaceSecurityBody = z.object({
  dialect: z.enum(DIALECT_NAMES),
  isSigned: z.boolean().default(true),
  isEncrypted: z.boolean().default(true),
  accessKey: key.optional(),
  secret: key.optional(),
  publicKey: z
    .string()
    .regex(/^(04)?[0-9a-fA-F]{128}$|^0[23][0-9a-fA-F]{64}$/)
    .optional(),
});
/** Shown once, to be handed to the institution. */
export const interfaceKeysSchema = z.object({
  accessKey: z.string(),
  secret: z.string(),
  servicePublicKey: z.string(),
});
export const interfaceAreaParams = z.object({ areaId: z.string().min(1).max(64) });
export const interfaceAreaBody = z.object({
  overlay: z.string().max(64).optional(),
  isSignInRequired: z.boolean().optional(),
  mayWithdrawSubmitted: z.boolean().optional(),
  isReturnedRejected: z.boolean().optional(),
  signatureValidMinutes: z.number().int().min(1).max(1440).optional(),
});
export const doneSchema = z.object({ done: z.literal(true) });
