import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Engine } from '#engine/duckdb.ts';
import { keepTables } from '#engine/kept-tables.ts';
import { writeFolder } from '#kernel/output-folder.ts';
import { settleYear, writeResults } from '#payment/index.ts';
import { makeReportTables } from '#report/index.ts';
import { KEPT_FILE, runFolder } from '../run-folder.ts';
import { uploadedListsFile, withUploadedLists } from '../uploaded-lists.ts';
import type { Work } from './work.ts';

/** Views that readers of a run ask for. */
const KEPT_VIEWS = ['case_result', 'group_result', 'adjustment_result', 'paid_apart_result'];

/**
 * Settles a year of areas/<areaId>, with the lists its institutions uploaded, into runs/<runId>: the result files of `yibao settle`
 * and the tables of the run.
 */
export const settle: Work = async (input, { dataFolder, progress, language }) => {
  const engine = await Engine.open();
  const folder = runFolder(dataFolder, Number(input.runId));
  try {
    const area = join(dataFolder, 'areas', String(input.areaId));
    await withUploadedLists(area, uploadedListsFile(dataFolder, Number(input.runId)), async (areaFolder) => {
      const year = Number(input.year);
      const settlement = await settleYear(engine, { areaFolder, year, language, progress });
      progress.stage(language === 'zh' ? '写结果' : 'writing the results', 0.92);
      await writeFolder(folder, async (partial) => {
        await writeResults(engine, settlement, partial);
        await makeReportTables(engine);
        await keepTables(engine, join(partial, KEPT_FILE), KEPT_VIEWS);
      });
    });
    return { manifest: JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) };
  } finally {
    engine.close();
  }
};
