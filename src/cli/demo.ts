import { type Command, Option } from 'commander';
import { choiceArgument, integerArgument, yearArgument } from '#cli/arguments.ts';
import type { Language } from '#kernel/locale.ts';

const LISTS_DEFAULT = 600_000;
const LISTS_LEAST = 2_000;
const LISTS_MOST = 10_000_000;
const SEED_MOST = 999_999_999;

export type DemoCommandOptions = {
  readonly out: string;
  readonly lists: number;
  readonly seed: number;
  readonly year: number;
  readonly format?: 'csv' | 'parquet';
  readonly workbooks: boolean;
  readonly scheme: 'dip' | 'drg';
  readonly nationalForm?: number;
};

export function addDemoCommand(program: Command, language: Language): void {
  const zh = language === 'zh';
  program
    .command('demo')
    .description(
      zh
        ? '虚构一个统筹地区（约 60 家机构、110 万参保人、四年清单），结算支付年度，写出报告与工作簿'
        : 'invent a pooling area (about 60 institutions, 1.1 million insured, four years of lists), settle its payment year and write report and workbooks',
    )
    .option(
      '--out <folder>',
      zh
        ? '写到这个文件夹：area/ 为地区文件夹，<年度>/ 为结果'
        : 'folder to write to: area/ is the area folder, <year>/ the results',
      'yibao-demo',
    )
    .option(
      '--lists <n>',
      zh
        ? `四年清单总数，${LISTS_LEAST} 到 ${LISTS_MOST}`
        : `lists of all four years, ${LISTS_LEAST} to ${LISTS_MOST}`,
      integerArgument('--lists', LISTS_LEAST, LISTS_MOST),
      LISTS_DEFAULT,
    )
    .option(
      '--seed <n>',
      zh ? '随机种子；种子相同，结果逐字节相同' : 'seed; the same seed gives the same bytes',
      integerArgument('--seed', 0, SEED_MOST),
      1,
    )
    .option('--year <year>', zh ? '支付年度' : 'payment year', yearArgument('--year'), 2025)
    .addOption(
      new Option(
        '--format <format>',
        zh
          ? '清单文件格式 csv 或 parquet（默认 csv；超过 200 万份时为 parquet）'
          : 'format of the list files, csv or parquet (default: csv, parquet above 2 million lists)',
      ).argParser(choiceArgument('--format', ['csv', 'parquet'])),
    )
    .addOption(
      new Option(
        '--scheme <scheme>',
        zh
          ? '付费方式：dip 按病种分值付费，drg 按疾病诊断相关分组付费（自带的教学分组方案）'
          : 'way of payment: dip, or drg with the bundled teaching scheme',
      )
        .argParser(choiceArgument('--scheme', ['dip', 'drg']))
        .default('dip'),
    )
    .option(
      '--national-form <n>',
      zh
        ? '另把最近的 n 份清单写成国家清单的全部节点（national_form/，含各种填报错误），供 yibao check 检查'
        : 'also write the latest n lists in the national form with all its nodes (national_form/, mistakes included), for yibao check',
      integerArgument('--national-form', 1, LISTS_MOST),
    )
    .option('--no-workbooks', zh ? '不写 XLSX 工作簿' : 'leave out the XLSX workbooks')
    .addHelpText(
      'after',
      zh
        ? '\n之后可以试：yibao explain yibao-demo/area --year 2025 --case <结算ID>'
        : '\nThen try: yibao explain yibao-demo/area --year 2025 --case <setl_id>',
    )
    .action(async (options: DemoCommandOptions) => {
      const { runDemo } = await import('#cli/run-demo.ts');
      await runDemo(options, language);
    });
}
