import type { Language } from '#kernel/locale.ts';
import type { Progress } from '#kernel/progress.ts';

/** What a piece of long work is given. It runs in a process of its own and never sees the store. */
export type WorkContext = {
  readonly dataFolder: string;
  readonly language: Language;
  readonly progress: Progress;
};

type Json = Readonly<Record<string, unknown>>;
/** Reads files and writes files; what it returns is kept with the job and handed to `finish` of its kind. */
export type Work = (input: Json, context: WorkContext) => Promise<Json>;

/** The kinds of jobs by name; the code of each is loaded only in the process that does it. */
export const WORK: Readonly<Record<string, () => Promise<Work>>> = {
  'demo-area': async () => (await import('./demo-area.ts')).makeDemoArea,
  'import-area': async () => (await import('./import-area.ts')).importArea,
  'department-file': async () => (await import('./department-file.ts')).readDepartmentFiles,
  'assess-lists': async () => (await import('./assess-lists.ts')).assessLists,
  settlement: async () => (await import('./settlement.ts')).settle,
};
