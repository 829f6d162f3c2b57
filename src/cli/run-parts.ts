import { codeMappingOf } from '#cli/code-mapping.ts';
import type { PartsCommandOptions } from '#cli/parts.ts';
import { Engine } from '#engine/duckdb.ts';
import type { Language } from '#kernel/locale.ts';
import { createProgress } from '#kernel/progress.ts';
import { explainParts, renderParts, settleYear } from '#payment/index.ts';
import { parsePolicyDate } from '#policy/index.ts';

/** Settles the year and prints how its budget was split between the parts and the inpatient points. */
export async function runParts(
  areaFolder: string,
  options: PartsCommandOptions,
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
    });
    const explanation = await explainParts(engine, settlement);
    progress.done();
    process.stdout.write(
      options.json ? `${JSON.stringify(explanation, null, 2)}\n` : renderParts(explanation, language),
    );
  } finally {
    progress.done();
    engine.close();
  }
}
