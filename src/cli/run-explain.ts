import { codeMappingOf } from '#cli/code-mapping.ts';
import type { ExplainCommandOptions } from '#cli/explain.ts';
import { Engine } from '#engine/duckdb.ts';
import type { Language } from '#kernel/locale.ts';
import { createProgress } from '#kernel/progress.ts';
import { explainList, listText, settleYear } from '#payment/index.ts';
import { parsePolicyDate } from '#policy/index.ts';

/** Settles the year and prints the explanation of one list on stdout. */
export async function runExplain(
  areaFolder: string,
  options: ExplainCommandOptions,
  language: Language,
): Promise<void> {
  const progress = createProgress();
  const engine = await Engine.open();
  try {
    const settlement = await settleYear(engine, {
      areaFolder,
      year: options.year,
      skipBadFiles: options.skipBadFiles,
      knownAt: options.knownAt === undefined ? undefined : parsePolicyDate(options.knownAt),
      codeMapping: codeMappingOf(options),
      language,
      progress,
      keepList: options.case,
    });
    const explained = await explainList(engine, settlement, options.case);
    progress.done();
    process.stdout.write(
      options.json ? `${JSON.stringify(explained.json, null, 2)}\n` : listText(explained, language),
    );
  } finally {
    progress.done();
    engine.close();
  }
}
