import { join } from 'node:path';
import type { DemoCommandOptions } from '#cli/demo.ts';
import { warn, writeAll } from '#cli/run-settle.ts';
import { generateDemoArea, generateNationalForm } from '#demo/index.ts';
import { Engine } from '#engine/duckdb.ts';
import type { Language } from '#kernel/locale.ts';
import { checkOutputFolder, writeFolder } from '#kernel/output-folder.ts';
import { createProgress, type Progress } from '#kernel/progress.ts';
import { settleYear } from '#payment/index.ts';

/** Above this many lists CSV files get unwieldy and Parquet is the default. */
const CSV_LISTS_MOST = 2_000_000;
/** Share of the whole work that inventing the area takes. */
const GENERATION_SHARE = 0.4;

/** Invents an area, settles its year with report and workbooks, and prints where everything is. */
export async function runDemo(options: DemoCommandOptions, language: Language): Promise<void> {
  const zh = language === 'zh';
  const { out, lists, seed, year } = options;
  const areaFolder = join(out, 'area');
  const resultFolder = join(out, String(year));
  checkOutputFolder(resultFolder, [areaFolder]);
  const started = performance.now();
  const progress = createProgress();
  const engine = await Engine.open();
  try {
    progress.stage(zh ? '虚构地区' : 'inventing the area', 0);
    const demo = await generateDemoArea({
      engine,
      folder: areaFolder,
      lists,
      seed,
      year,
      profile: options.scheme === 'drg' ? 'drg-reference' : 'reference',
      format: options.format ?? (lists > CSV_LISTS_MOST ? 'parquet' : 'csv'),
      progress,
      progressUntil: GENERATION_SHARE,
    });
    let nationalLists = 0;
    if (options.nationalForm !== undefined) {
      progress.stage(zh ? '写国家清单' : 'writing the national form', GENERATION_SHARE);
      const lists = options.nationalForm;
      nationalLists = await generateNationalForm({ engine, folder: areaFolder, lists, seed, progress });
    }
    const later = afterGeneration(progress);
    const settlement = await settleYear(engine, { areaFolder, year, language, progress: later });
    await writeFolder(resultFolder, (folder) =>
      writeAll(engine, settlement, folder, { report: true, workbooks: options.workbooks }, language, later),
    );
    progress.done();
    const count = (value: number) => value.toLocaleString('en-US');
    process.stdout.write(
      zh
        ? `虚构地区 ${demo.areaName}：${demo.institutions} 家机构，职工 ${count(demo.employees)} 人、居民 ${count(demo.residents)} 人，四年清单 ${count(demo.lists)} 份\n\n`
        : `Invented area ${demo.areaName}: ${demo.institutions} institutions, ${count(demo.employees)} employees and ${count(demo.residents)} residents, ${count(demo.lists)} lists of four years\n\n`,
    );
    const { summaryLines } = await import('#report/index.ts');
    process.stdout.write(`${await summaryLines(engine, language)}\n`);
    const files = [
      [join(resultFolder, 'report.html'), zh ? '图表报告，用浏览器打开' : 'the report, open it in a browser'],
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
    if (nationalLists > 0) {
      files.push([
        join(areaFolder, 'national_form'),
        zh
          ? `国家清单 ${count(nationalLists)} 份，试试：yibao check ${areaFolder} --out ${join(out, 'check')}`
          : `${count(nationalLists)} lists in the national form; try: yibao check ${areaFolder} --out ${join(out, 'check')}`,
      ]);
    }
    for (const [path, what] of files) process.stdout.write(`${path}\n    ${what}\n`);
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    process.stdout.write(zh ? `用时 ${seconds} 秒\n` : `${seconds} seconds\n`);
    await warn(engine, settlement, language);
  } finally {
    progress.done();
    engine.close();
  }
}

/** The part of the progress that is left when the area is there. */
function afterGeneration(progress: Progress): Progress {
  const rest = (share: number) => GENERATION_SHARE + share * (1 - GENERATION_SHARE);
  return {
    stage: (name, share) => progress.stage(name, rest(share)),
    update: (share, detail) => progress.update(rest(share), detail),
    done: () => progress.done(),
  };
}
