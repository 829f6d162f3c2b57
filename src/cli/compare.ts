import type { Command } from 'commander';
import { yearArgument } from '#cli/arguments.ts';
import type { Language } from '#kernel/locale.ts';

export type CompareCommandOptions = {
  readonly year: number;
  readonly with: readonly string[];
  readonly out?: string;
  readonly quiet: boolean;
};

export function addCompareCommand(program: Command, language: Language): void {
  const zh = language === 'zh';
  program
    .command('compare')
    .description(
      zh
        ? '同一年度按不同支付方案结算并对比：按机构、按专业，如 DIP 与 DRG'
        : 'settle one year under several profiles side by side, such as DIP and DRG: by institution and by speciality',
    )
    .argument(zh ? '<地区文件夹>' : '<area-folder>', zh ? '与 settle 相同' : 'as for settle')
    .requiredOption(
      '--year <year>',
      zh ? '支付年度，如 2025' : 'payment year, such as 2025',
      yearArgument('--year'),
    )
    .requiredOption(
      '--with <profile...>',
      zh
        ? '与之对比的支付方案名（如 drg-reference），或另一个地区文件夹；可写多个'
        : 'profiles to compare with, such as drg-reference, or other area folders',
    )
    .option(
      '--out <folder>',
      zh
        ? '写 compare.html、compare.xlsx、institutions.csv、specialities.csv（有 DRG 方案时另有 mdcs.csv）的文件夹'
        : 'folder for compare.html, compare.xlsx, institutions.csv, specialities.csv and, of DRG profiles, mdcs.csv',
    )
    .option('--quiet', zh ? '不显示进度与摘要' : 'no progress and no summary', false)
    .addHelpText(
      'after',
      zh
        ? `
地区文件夹的清单、预算、机构不变，只换支付方案；area.yaml 中自己写的参数在各方案下都有效。

例:
  yibao compare yibao-demo/area --year 2025 --with drg-reference --out 对比`
        : `
Lists, budgets and institutions of the area stay as they are, only the profile changes; what area.yaml says itself
holds under each profile.

Example:
  yibao compare yibao-demo/area --year 2025 --with drg-reference --out comparison`,
    )
    .action(async (areaFolder: string, options: CompareCommandOptions) => {
      const { runCompare } = await import('#cli/run-compare.ts');
      await runCompare(areaFolder, options, language);
    });
}
