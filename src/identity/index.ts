export {
  type AuditEntry,
  type AuditOutcome,
  type AuditVerdict,
  appendAudit,
  chainAudit,
  verifyAudit,
} from './audit.ts';
export { identityErrors } from './errors.ts';
export {
  OidcLogin,
  type OidcSettings,
  oidcOfEnvironment,
  setOidcSubject,
  userOfSubject,
} from './oidc.ts';
export {
  type Permissions,
  type Reach,
  ROLE_TITLES,
  ROLES,
  type Role,
  type RoleOrNobody,
  readPermissions,
} from './permissions.ts';
export {
  csrfTokenOf,
  endSession,
  findSession,
  isCsrfToken,
  SESSION_HOURS_MAX,
  type Session,
  startSession,
} from './sessions.ts';
export {
  changeUser,
  checkLogin,
  findUser,
  freshPassword,
  makeFirstAdministrator,
  makeUser,
  type NewUser,
  resetPassword,
  setPassword,
  type User,
  userOf,
} from './users.ts';
