import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { indexKeptTables, materialiseViews } from '#engine/kept-tables.ts';
import { evaluateYear, readEvaluationFiles } from '#evaluation/index.ts';
import { writeFolder } from '#kernel/output-folder.ts';
import { ALL_LISTS, openBase, writeResults } from '#payment/index.ts';
import { keepOutcome, makeReportTables } from '#report/index.ts';
import { KEPT_FILE, runFolder, runInputs } from '../run-folder.ts';
import { addUploadedLists, uploadedListsFile } from '../uploaded-lists.ts';
import { snapshotArea } from './snapshot-area.ts';
import type { Work } from './work.ts';

/** Views that readers of a run ask for. */
const KEPT_VIEWS = ['case_result', 'group_result', 'adjustment_result', 'paid_apart_result'];

/** Tables of lists in which the explanation of a case looks for one. */
const ASKED_BY_LIST = ['kept_list', 'accepted_list', 'case_score', 'case_result', 'case_adjustment'];

/**
 * Settles a year of areas/<areaId>, as it is now and with the lists its institutions uploaded, into runs/<runId>: the result
 * files of `yibao settle` and the tables of the run, from which it can be shown, explained and simulated.
 */
export const settle: Work = async (input, { dataFolder, progress, language }) => {
  const runId = Number(input.runId);
  const folder = runFolder(dataFolder, runId);
  const areaFolder = runInputs(dataFolder, runId);
  snapshotArea(join(dataFolder, 'areas', String(input.areaId)), areaFolder);
  await addUploadedLists(areaFolder, uploadedListsFile(dataFolder, runId));
  const year = Number(input.year);
  await writeFolder(folder, async (partial) => {
    await openBase({
      areaFolder,
      year,
      language,
      progress,
      keepList: ALL_LISTS,
      keepFacts: true,
      file: join(partial, KEPT_FILE),
      whenSettled: async (engine, settlement) => {
        progress.stage(language === 'zh' ? '计算指标' : 'making the indicators', 0.88);
        await evaluateYear(engine, readEvaluationFiles({ areaFolder, year }));
        progress.stage(language === 'zh' ? '写结果' : 'writing the results', 0.92);
        await writeResults(engine, settlement, partial);
        await makeReportTables(engine);
        await keepOutcome(engine);
        await materialiseViews(engine, KEPT_VIEWS);
      },
    });
    await indexKeptTables(join(partial, KEPT_FILE), ASKED_BY_LIST, 'setl_id');
  });
  return { manifest: JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) };
};
