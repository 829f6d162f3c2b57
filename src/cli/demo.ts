import { join, resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { integerArgument, yearArgument } from '#cli/arguments.ts';
import { warn, writeAll } from '#cli/settle.ts';
import { generateDemoArea } from '#demo/index.ts';
import { Engine } from '#engine/duckdb.ts';
import type { Language } from '#kernel/locale.ts';
import { checkReplaceable, writeFolder } from '#kernel/output-folder.ts';
import { createProgress } from '#kernel/progress.ts';
import { settleYear } from '#payment/index.ts';
import { summaryLines } from '#report/index.ts';

const LISTS_DEFAULT = 600_000;
/** Above this many lists CSV files get unwieldy and Parquet is the default. */
const CSV_LISTS_MOST = 2_000_000;
/** Share of the whole work that inventing the area takes. */
const GENERATION_SHARE = 0.4;

export function addDemoCommand(program: Command, language: Language): void {
  const zh = language === 'zh';
  program
    .command('demo')
    .description(
      zh
        ? '虚构一个统筹地区（约 60 家机构、110 万参保人、四年清单），结算其付费年度，生成报告与工作簿'
        : 'invent a pooling area (about 60 institutions, 1.1 million insured, four years of lists), settle its year and write report and workbooks',
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
      zh ? '四年清单总数，2000 到 10000000' : 'lists of all four years, 2000 to 10000000',
      integerArgument(language, '--lists', 2_000, 10_000_000),
      LISTS_DEFAULT,
    )
    .option(
      '--seed <n>',
      zh ? '随机种子；相同种子得到相同字节' : 'seed; the same seed gives the same bytes',
      integerArgument(language, '--seed', 0, 999_999_999),
      1,
    )
    .option('--year <year>', zh ? '付费年度' : 'payment year', yearArgument(language), 2025)
    .addOption(
      new Option(
        '--format <format>',
        zh
          ? '清单文件格式：csv 或 parquet（默认 csv，超过 200 万份时 parquet）'
          : 'format of the list files: csv or parquet (csv unless there are more than 2 million lists)',
      ).choices(['csv', 'parquet']),
    )
    .option('--no-workbooks', zh ? '不写 XLSX 工作簿' : 'leave out the XLSX workbooks')
    .addHelpText(
      'after',
      zh
        ? '\n之后可以试：yibao explain yibao-demo/area --year 2025 --case <setl_id>'
        : '\nThen try: yibao explain yibao-demo/area --year 2025 --case <setl_id>',
    )
    .action(async (options: DemoCommandOptions) => {
      const { out, lists, seed, year } = options;
      const areaFolder = join(out, 'area');
      const resultFolder = join(out, String(year));
      checkReplaceable(resolve(resultFolder), resultFolder);
      const started = performance.now();
      const progress = createProgress();
      const engine = await Engine.open();
      try {
        progress.stage(zh ? '虚构地区' : 'inventing the area', 0);
        const format = options.format ?? (lists > CSV_LISTS_MOST ? 'parquet' : 'csv');
        const demo = await generateDemoArea({
          engine,
          folder: areaFolder,
          lists,
          seed,
          year,
          format,
          progress,
          progressUntil: GENERATION_SHARE,
        });
        const rest = (share: number) => GENERATION_SHARE + share * (1 - GENERATION_SHARE);
        const later = {
          stage: (name: string, share: number) => progress.stage(name, rest(share)),
          update: (share: number, detail?: string) => progress.update(rest(share), detail),
          done: () => progress.done(),
        };
        const settlement = await settleYear(engine, { areaFolder, year, language, progress: later });
        await writeFolder(resultFolder, (folder) =>
          writeAll(
            engine,
            settlement,
            folder,
            { report: true, workbooks: options.workbooks },
            language,
            later,
          ),
        );
        progress.done();
        const seconds = ((performance.now() - started) / 1000).toFixed(1);
        const count = (value: number) => value.toLocaleString('en-US');
        process.stdout.write(
          zh
            ? `虚构地区 ${demo.areaName}：${demo.institutions} 家机构，职工 ${count(demo.employees)} 人、居民 ${count(demo.residents)} 人，四年清单 ${count(demo.lists)} 份\n\n`
            : `Invented area ${demo.areaName}: ${demo.institutions} institutions, ${count(demo.employees)} employees and ${count(demo.residents)} residents, ${count(demo.lists)} lists of four years\n\n`,
        );
        process.stdout.write(`${await summaryLines(engine, language)}\n\n`);
        const files = [
          [
            join(resultFolder, 'report.html'),
            zh ? '图表报告，用浏览器打开' : 'the report, open it in a browser',
          ],
          ...(options.workbooks
            ? [
                [
                  join(resultFolder, 'workbooks'),
                  zh ? '经办机构与各医疗机构的 XLSX' : 'XLSX for the agency and each institution',
                ],
              ]
            : []),
          [resultFolder, zh ? '全部结果文件（CSV、manifest.json）' : 'all result files (CSV, manifest.json)'],
          [
            areaFolder,
            zh
              ? '输入的样子：照此放入自己的数据，再运行 yibao settle'
              : 'what the input looks like: put your own data in this form and run yibao settle',
          ],
        ];
        for (const [path, what] of files) process.stdout.write(`${path}\n    ${what}\n`);
        process.stdout.write(zh ? `用时 ${seconds} 秒\n` : `${seconds} seconds\n`);
        await warn(engine, settlement, language);
      } finally {
        progress.done();
        engine.close();
      }
    });
}

type DemoCommandOptions = {
  readonly out: string;
  readonly lists: number;
  readonly seed: number;
  readonly year: number;
  readonly format?: 'csv' | 'parquet';
  readonly workbooks: boolean;
};
