import { join } from 'node:path';
import { Engine } from '#engine/duckdb.ts';
import { explainCase, renderCaseExplanation, settleYear } from '#payment/index.ts';
import { uploadedListsFile, withUploadedLists } from '../uploaded-lists.ts';
import type { Work } from './work.ts';

/** Settles the year of the run again and explains the list <setlId>: as JSON and in words of both languages. */
export const explain: Work = async (input, { dataFolder, progress, language }) => {
  const engine = await Engine.open();
  try {
    const area = join(dataFolder, 'areas', String(input.areaId));
    return await withUploadedLists(
      area,
      uploadedListsFile(dataFolder, Number(input.runId)),
      async (areaFolder) => {
        const keepList = String(input.setlId);
        const year = Number(input.year);
        const settlement = await settleYear(engine, { areaFolder, year, keepList, language, progress });
        const explanation = await explainCase(engine, settlement, keepList);
        return {
          explanation: JSON.parse(JSON.stringify(explanation)),
          text: {
            zh: renderCaseExplanation(explanation, 'zh'),
            en: renderCaseExplanation(explanation, 'en'),
          },
        };
      },
    );
  } finally {
    engine.close();
  }
};
