import { z } from 'zod';
import { listQuery, pageOf, textFilter } from './list.ts';
import { ROLE_NAMES } from './session.ts';

const institutionCode = z.string().min(1).max(32).nullable();
const psnNo = z.string().min(1).max(30).nullable();

export const userSchema = z
  .object({
    login: z.string(),
    displayName: z.string(),
    role: z.enum(ROLE_NAMES),
    institutionCode: z.string().nullable(),
    psnNo: z.string().nullable().describe('of insured persons, masked'),
    mustChangePassword: z.boolean(),
    isDisabled: z.boolean(),
  })
  .meta({ id: 'User' });
export const userRowSchema = userSchema.extend({
  isLinked: z.boolean().describe('has a subject of the OpenID Connect provider'),
});
export type UserRow = z.infer<typeof userRowSchema>;
export const userQuery = listQuery({
  login: textFilter,
  role: z.enum(ROLE_NAMES).optional(),
  institutionCode: textFilter,
});
export const userPage = pageOf(userRowSchema);
export const userParams = z.object({ login: z.string().min(1).max(64) });
export const newUserBody = z.object({
  login: z.string().regex(/^[a-z0-9][a-z0-9._@-]{0,63}$/),
  displayName: z.string().min(1).max(64),
  role: z.enum(ROLE_NAMES),
  institutionCode: institutionCode.default(null),
  psnNo: psnNo.default(null),
});
export const changeUserBody = z.object({
  displayName: z.string().min(1).max(64).optional(),
  role: z.enum(ROLE_NAMES).optional(),
  institutionCode: institutionCode.optional(),
  psnNo: psnNo.optional(),
  isDisabled: z.boolean().optional(),
});
/** Shown once, to be handed to the user. */
export const oneTimePasswordSchema = z.object({ login: z.string(), oneTimePassword: z.string() });
