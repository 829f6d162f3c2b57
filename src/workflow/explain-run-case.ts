import type { Engine } from '#engine/duckdb.ts';
import type { Store } from '#engine/postgres/store.ts';
import { YibaoError } from '#kernel/errors.ts';
import type { Language } from '#kernel/locale.ts';
import type { RunAnswers } from './answers/run-answers.ts';
import { workflowErrors } from './errors.ts';
import { periodsOf } from './publication.ts';
import { findRun } from './runs.ts';

type Reader = {
  readonly store: Store;
  readonly runTables: { readonly of: (runId: number) => Promise<Engine> };
  readonly runAnswers: RunAnswers;
  readonly dataFolder: string;
  readonly language: Language;
};

/**
 * Why a list of a run was paid so. A list of another institution is not there for a reader of `institution`, nor is what
 * is not yet published.
 * @throws YibaoError workflow.no-such-run, .run-not-done, .no-such-case
 */
export async function explainRunCase(
  { store, runTables, runAnswers, dataFolder, language }: Reader,
  runId: number,
  setlId: string,
  institution: string | undefined,
): Promise<Readonly<Record<string, unknown>>> {
  const tables = await runTables.of(runId);
  // not case_result: a list may be paid by a part beside the points
  const found = await tables.rows(
    `SELECT i.fixmedins_code FROM case_score AS c JOIN institution AS i ON i.institution_no = c.institution_no
     WHERE c.setl_id = ?`,
    [setlId],
  );
  if (found.length === 0 || (institution !== undefined && found[0]!.fixmedins_code !== institution)) {
    throw new YibaoError({
      definition: workflowErrors.noSuchCase,
      value: setlId,
      parameters: { run: runId },
    });
  }
  const run = await findRun(store, runId);
  return runAnswers.ask({
    kind: 'explain',
    runId,
    year: run.year,
    dataFolder,
    language,
    setlId,
    published: institution === undefined ? undefined : await periodsOf(store, run),
  });
}

/** Has the run opened for explanations, so that the first need not wait for it. */
export function prepareExplanations(
  { store, runAnswers, dataFolder, language }: Reader,
  runId: number,
): void {
  findRun(store, runId)
    .then(({ year }) => runAnswers.ask({ kind: 'open', runId, year, dataFolder, language }))
    // whoever asks for an explanation is told what is wrong
    .catch(() => {});
}
