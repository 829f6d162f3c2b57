import type { ColumnType, Generated, JSONColumnType } from 'kysely';
import type { Language } from '#kernel/locale.ts';

export const JOB_STATES = ['waiting', 'running', 'done', 'failed', 'cancelled', 'interrupted'] as const;
export type JobState = (typeof JOB_STATES)[number];

/** What was wrong, in both languages, as a reader is told. */
export type JobProblem = { readonly zh: string; readonly en: string; readonly code: string };

type Json = Readonly<Record<string, unknown>>;
/** Written as text, read as what it says; may be left out. */
type NullableJson<Value> = ColumnType<Value | null, string | null | undefined, string | null>;

declare module '#engine/postgres/store.ts' {
  interface StoreTables {
    job: {
      id: Generated<number>;
      kind: string;
      input: JSONColumnType<Json>;
      state: Generated<JobState>;
      attempt: Generated<number>;
      stage: Generated<string>;
      share_permille: Generated<number>;
      result: NullableJson<Json>;
      problems: NullableJson<readonly JobProblem[]>;
      created_by: string;
      language: Language;
      created_at: Generated<string>;
      started_at: string | null;
      ended_at: string | null;
    };
    area: {
      id: string;
      code: string;
      name: string;
      imported_by: string;
      imported_at: Generated<string>;
    };
    run: {
      id: Generated<number>;
      area_id: string;
      year: number;
      state: Generated<'waiting' | 'done' | 'failed'>;
      job_id: number | null;
      manifest: NullableJson<Json>;
      created_by: string;
      created_at: Generated<string>;
      settled_at: string | null;
    };
    simulation: {
      id: Generated<number>;
      run_id: number;
      title: string;
      scenarios: JSONColumnType<readonly Json[]>;
      result: string;
      created_by: string;
      created_at: Generated<string>;
    };
  }
}
