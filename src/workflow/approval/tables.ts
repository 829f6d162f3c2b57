import type { ColumnType } from 'kysely';

/** What is approved: the form of each kind is checked by the module that opens it. */
export type ApprovalContent = Readonly<Record<string, unknown>>;

type Json = ColumnType<ApprovalContent, string, string>;

declare module '#engine/postgres/store.ts' {
  interface StoreTables {
    approval: {
      id: string;
      kind: string;
      subject: string;
      state: string;
      institution_code: string | null;
      content: Json;
      created_by: string;
      created_at: string;
      updated_at: string;
    };
    approval_step: {
      approval_id: string;
      number: number;
      action: string;
      from_state: string;
      to_state: string;
      login: string;
      at: string;
      reason: string;
      content: Json;
    };
  }
}

export type ApprovalRow = {
  readonly id: string;
  readonly kind: string;
  readonly subject: string;
  readonly state: string;
  readonly institution_code: string | null;
  readonly content: ApprovalContent;
  readonly created_by: string;
  readonly created_at: string;
  readonly updated_at: string;
};

export type ApprovalStepRow = {
  readonly approval_id: string;
  readonly number: number;
  readonly action: string;
  readonly from_state: string;
  readonly to_state: string;
  readonly login: string;
  readonly at: string;
  readonly reason: string;
  readonly content: ApprovalContent;
};
