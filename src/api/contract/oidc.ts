import { z } from 'zod';

/** Whether the sign-in page offers the login of the provider. */
export const oidcInfo = z.object({ isAvailable: z.boolean(), issuer: z.string().nullable() });
export type OidcInfo = z.infer<typeof oidcInfo>;
/** `iss`, `code`, `state`, or `error`: whatever the provider adds. */
export const oidcCallbackQuery = z.record(z.string(), z.unknown());
export const oidcSubjectBody = z.object({
  subject: z.string().min(1).max(255).nullable().describe('`sub` at the provider; null takes it away'),
});
