import type { Command } from 'commander';
import { dateArgument, yearArgument } from '#cli/arguments.ts';
import { addCodeMappingOptions, type CodeMappingOptions } from '#cli/code-mapping.ts';
import type { Language } from '#kernel/locale.ts';

export type ExplainCommandOptions = CodeMappingOptions & {
  readonly year: number;
  readonly case: string;
  readonly json: boolean;
  readonly skipBadFiles: boolean;
  readonly knownAt?: string;
};

export function addExplainCommand(program: Command, language: Language): void {
  const zh = language === 'zh';
  const command = program
    .command('explain')
    .description(
      zh
        ? '逐步说明一份清单如何入组、得多少分值或权重、付多少钱，并列出所用参数、文件与条款'
        : 'say step by step how one list was grouped, scored and paid, with parameter, document and article',
    )
    .argument(zh ? '<地区文件夹>' : '<area-folder>', zh ? '与 settle 相同' : 'as for settle')
    .requiredOption(
      '--year <year>',
      zh ? '支付年度，如 2025' : 'payment year, such as 2025',
      yearArgument('--year'),
    )
    .requiredOption('--case <setl_id>', zh ? '清单的结算ID' : 'setl_id of the list')
    .option('--json', zh ? '输出 JSON' : 'print JSON', false)
    .option(
      '--skip-bad-files',
      zh
        ? '跳过无法读取的清单文件（不加此项：报错并停止）'
        : 'go on without list files that cannot be read (otherwise: report them and stop)',
      false,
    )
    .option(
      '--known-at <date>',
      zh ? '只用该日（YYYY-MM-DD）以前登记的政策' : 'use the policies recorded by that day (YYYY-MM-DD)',
      dateArgument('--known-at'),
    )
    .addHelpText(
      'after',
      zh
        ? '\n例: yibao explain yibao-demo/area --year 2025 --case <结算ID>\n结算ID 见结果中的 cases.csv。'
        : '\nExample: yibao explain yibao-demo/area --year 2025 --case <setl_id>\nThe setl_ids are in cases.csv of the results.',
    );
  addCodeMappingOptions(command, language).action(
    async (areaFolder: string, options: ExplainCommandOptions) => {
      const { runExplain } = await import('#cli/run-explain.ts');
      await runExplain(areaFolder, options, language);
    },
  );
}
