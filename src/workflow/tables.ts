import type { Generated, JSONColumnType } from 'kysely';
import type { Language } from '#kernel/locale.ts';

export const JOB_STATES = ['waiting', 'running', 'done', 'failed', 'cancelled', 'interrupted'] as const;
export type JobState = (typeof JOB_STATES)[number];

/** What was wrong, in both languages, as a reader is told. */
export type JobProblem = { readonly zh: string; readonly en: string; readonly code: string };

type Json = Readonly<Record<string, unknown>>;

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
      result: JSONColumnType<Json | null>;
      problems: JSONColumnType<readonly JobProblem[] | null>;
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
      manifest: JSONColumnType<Json | null>;
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
