import type { Generated } from 'kysely';
import type { Role } from './permissions.ts';

declare module '#engine/postgres/store.ts' {
  interface StoreTables {
    user_account: {
      login: string;
      display_name: string;
      role: Role;
      institution_code: string | null;
      psn_no: string | null;
      password_hash: string | null;
      must_change_password: Generated<boolean>;
      failed_logins: Generated<number>;
      /** ISO time */
      locked_until: string | null;
      is_disabled: Generated<boolean>;
      oidc_subject: string | null;
      created_at: Generated<string>;
    };
    session: {
      token_hash: string;
      login: string;
      created_at: Generated<string>;
      seen_at: Generated<string>;
      expires_at: string;
    };
    audit_entry: AuditRow;
    audit_waiting: { id: Generated<number> } & Omit<AuditRow, 'number' | 'previous_hash' | 'hash'>;
  }
}

/** One line of the audit log as it is stored; see `audit.ts`. */
export type AuditRow = {
  number: number;
  at: string;
  login: string;
  role: string;
  action: string;
  subject: string;
  outcome: string;
  detail: string;
  previous_hash: string;
  hash: string;
};
