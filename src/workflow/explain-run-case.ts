import type { Store } from '#engine/postgres/store.ts';
import { YibaoError } from '#kernel/errors.ts';
import type { Language, Text } from '#kernel/locale.ts';
import { workflowErrors } from './errors.ts';
import { startWork } from './jobs/process.ts';
import { findRun, type RunTables } from './runs.ts';

type Reader = {
  readonly store: Store;
  readonly runTables: Pick<RunTables, 'of'>;
  readonly dataFolder: string;
  readonly language: Language;
};

/** One at a time: each settles the year again. */
let last: Promise<unknown> = Promise.resolve();

/**
 * Why a list of a run was paid so. A list of another institution is not there for a reader of `institution`.
 * @throws YibaoError workflow.no-such-run, .run-not-done, .no-such-case
 */
export async function explainRunCase(
  { store, runTables, dataFolder, language }: Reader,
  runId: number,
  setlId: string,
  institution: string | undefined,
): Promise<{ explanation: unknown; text: string }> {
  const tables = await runTables.of(runId);
  const found = await tables.rows('SELECT fixmedins_code FROM case_result WHERE setl_id = ?', [setlId]);
  if (found.length === 0 || (institution !== undefined && found[0]!.fixmedins_code !== institution)) {
    throw new YibaoError({
      definition: workflowErrors.noSuchCase,
      value: setlId,
      parameters: { run: runId },
    });
  }
  const { areaId, year } = await findRun(store, runId);
  const work = last
    .catch(() => {})
    .then(() => startWork({ kind: 'explain', input: { areaId, year, setlId }, dataFolder, language }).end);
  last = work;
  const message = await work;
  if (message?.type !== 'done')
    throw new Error(`explanation of ${setlId} failed: ${JSON.stringify(message)}`);
  const { explanation, text } = message.result as { explanation: unknown; text: Text };
  return { explanation, text: text[language] };
}
