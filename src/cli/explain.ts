import type { Command } from 'commander';
import { yearArgument } from '#cli/arguments.ts';
import { Engine } from '#engine/duckdb.ts';
import type { Language } from '#kernel/locale.ts';
import { createProgress } from '#kernel/progress.ts';
import { explainCase, renderCaseExplanation, settleYear } from '#payment/index.ts';

export function addExplainCommand(program: Command, language: Language): void {
  const zh = language === 'zh';
  program
    .command('explain')
    .description(
      zh
        ? '说明一份清单如何入组、得多少点、付多少钱，逐步列出参数、文件与条款'
        : 'say how one list was grouped, scored and paid, step by step with parameter, document and article',
    )
    .argument(zh ? '<地区文件夹>' : '<area-folder>', zh ? '与 settle 相同' : 'as for settle')
    .requiredOption(
      '--year <year>',
      zh ? '付费年度，如 2025' : 'payment year, such as 2025',
      yearArgument(language),
    )
    .requiredOption('--case <setl_id>', zh ? '结算ID' : 'setl_id of the list')
    .option('--json', zh ? '输出 JSON' : 'print JSON', false)
    .option(
      '--skip-bad-files',
      zh ? '跳过无法读取的清单文件' : 'go on without list files that cannot be read',
      false,
    )
    .addHelpText(
      'after',
      zh
        ? '\n例：yibao explain yibao-demo/area --year 2025 --case 2025000000001'
        : '\nExample: yibao explain yibao-demo/area --year 2025 --case 2025000000001',
    )
    .action(
      async (
        areaFolder: string,
        options: { year: number; case: string; json: boolean; skipBadFiles: boolean },
      ) => {
        const progress = createProgress();
        const engine = await Engine.open();
        try {
          const settlement = await settleYear(engine, {
            areaFolder,
            year: options.year,
            skipBadFiles: options.skipBadFiles,
            language,
            progress,
          });
          const explanation = await explainCase(engine, settlement, options.case);
          progress.done();
          process.stdout.write(
            options.json
              ? `${JSON.stringify(explanation, null, 2)}\n`
              : `${renderCaseExplanation(explanation, language)}\n`,
          );
        } finally {
          progress.done();
          engine.close();
        }
      },
    );
}
