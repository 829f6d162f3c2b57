import type { Command } from 'commander';
import { dateArgument, yearArgument } from '#cli/arguments.ts';
import type { Language } from '#kernel/locale.ts';

export type BudgetCommandOptions = {
  readonly year: number;
  readonly out?: string;
  readonly json: boolean;
  readonly knownAt?: string;
};

export function addBudgetCommand(program: Command, language: Language): void {
  const zh = language === 'zh';
  program
    .command('budget')
    .description(
      zh
        ? '一个年度各险种的预算：逐步算式、增长因素及其提出人、协商纪要、清算期限'
        : 'the budgets of a year: every step, growth factors with who proposed them, the minutes of the talks, the deadline',
    )
    .argument(zh ? '<地区文件夹>' : '<area-folder>', zh ? '与 settle 相同' : 'as for settle')
    .requiredOption(
      '--year <year>',
      zh ? '支付年度，如 2025' : 'payment year, such as 2025',
      yearArgument('--year'),
    )
    .option(
      '--out <folder>',
      zh
        ? '另写 budget.csv、budget_steps.csv 到此文件夹'
        : 'also write budget.csv and budget_steps.csv there',
    )
    .option('--json', zh ? '输出 JSON' : 'print JSON', false)
    .option(
      '--known-at <date>',
      zh ? '只用该日（YYYY-MM-DD）以前登记的政策' : 'use the policies recorded by that day (YYYY-MM-DD)',
      dateArgument('--known-at'),
    )
    .addHelpText('after', zh ? CHINESE_HELP : ENGLISH_HELP)
    .action(async (areaFolder: string, options: BudgetCommandOptions) => {
      const { runBudget } = await import('#cli/run-budget.ts');
      await runBudget(areaFolder, options, language);
    });
}

const CHINESE_HELP = `
地区文件夹里可有:
  budget.csv         year,insutype,budget：直接给出的预算
  budget_plan.yaml   算出预算的办法：subtract 扣减、proportion 比例、growth 增长
  negotiation.yaml   协商纪要；确定的数与采用的不同即报错
格式见 docs/domain/clearing.md

例: yibao budget 我的地区 --year 2025 --out 预算`;

const ENGLISH_HELP = `
The area folder may hold:
  budget.csv         year,insutype,budget: budgets as given
  budget_plan.yaml   how they are computed: subtract, proportion or growth
  negotiation.yaml   minutes; a number in use that differs is an error
Formats: docs/domain/clearing.md

Example: yibao budget my-area --year 2025 --out budget`;
