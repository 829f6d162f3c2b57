import { z } from 'zod';

export const ROLE_NAMES = [
  'clerk',
  'reviewer',
  'head',
  'hospital',
  'expert',
  'bureau',
  'administrator',
  'person',
] as const;

export const loginBody = z.object({
  login: z.string().min(1).max(64),
  password: z.string().min(1).max(256),
});
export const passwordBody = z.object({
  oldPassword: z.string().min(1).max(256),
  newPassword: z.string().min(1).max(256),
});
export const sessionSchema = z
  .object({
    login: z.string(),
    displayName: z.string(),
    role: z.enum(ROLE_NAMES),
    institutionCode: z.string().nullable(),
    mustChangePassword: z.boolean(),
    csrfToken: z.string().describe('to be sent as X-CSRF-Token with every write'),
    actions: z.array(z.string()).describe('what the role may do, of permissions.csv'),
  })
  .meta({ id: 'Session' });
export type SessionBody = z.infer<typeof sessionSchema>;
