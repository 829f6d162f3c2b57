import { join } from 'node:path';
import { Engine } from '#engine/duckdb.ts';
import { explainCase, renderCaseExplanation, settleYear } from '#payment/index.ts';
import type { Work } from './work.ts';

/** Settles the year of the run again and explains the list <setlId>: as JSON and in words of both languages. */
export const explain: Work = async (input, { dataFolder, progress, language }) => {
  const engine = await Engine.open();
  try {
    const settlement = await settleYear(engine, {
      areaFolder: join(dataFolder, 'areas', String(input.areaId)),
      year: Number(input.year),
      keepList: String(input.setlId),
      language,
      progress,
    });
    const explanation = await explainCase(engine, settlement, String(input.setlId));
    return {
      explanation: JSON.parse(JSON.stringify(explanation)),
      text: { zh: renderCaseExplanation(explanation, 'zh'), en: renderCaseExplanation(explanation, 'en') },
    };
  } finally {
    engine.close();
  }
};
