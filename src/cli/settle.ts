import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { yearArgument } from '#cli/arguments.ts';
import { Engine } from '#engine/duckdb.ts';
import { renderProblem } from '#kernel/errors.ts';
import type { Language } from '#kernel/locale.ts';
import { checkReplaceable, writeFolder } from '#kernel/output-folder.ts';
import { createProgress, type Progress } from '#kernel/progress.ts';
import { type Settlement, settleYear, writeResults } from '#payment/index.ts';
import { parsePolicyDate, policyChangesWithin } from '#policy/index.ts';
import { summaryLines, writeReport, writeWorkbooks } from '#report/index.ts';

export function addSettleCommand(program: Command, language: Language): void {
  const zh = language === 'zh';
  program
    .command('settle')
    .description(
      zh
        ? '结算一个地区的一个 DIP 付费年度：从结算清单到病种目录、分值、点值、月结算和年度清算'
        : 'settle one DIP payment year of an area: from settlement lists to catalogue, scores, point values, months and annual clearing',
    )
    .argument(
      zh ? '<地区文件夹>' : '<area-folder>',
      zh
        ? '含 area.yaml、institutions.csv、settlement_lists/ 等'
        : 'holds area.yaml, institutions.csv, settlement_lists/ and so on',
    )
    .requiredOption(
      '--year <year>',
      zh ? '付费年度，如 2025' : 'payment year, such as 2025',
      yearArgument(language),
    )
    .requiredOption(
      '--out <folder>',
      zh
        ? '结果文件夹（新建，或替换上次的结果）'
        : 'folder for the results (new, or replaced if it holds an earlier result)',
    )
    .option(
      '--skip-bad-files',
      zh
        ? '跳过无法读取的清单文件（默认：报错并停止）'
        : 'go on without list files that cannot be read (default: report them and stop)',
      false,
    )
    .option('--report', zh ? '另写 report.html（图表报告）' : 'also write report.html, with charts', false)
    .option(
      '--workbooks',
      zh
        ? '另写 workbooks/：经办机构与每家医疗机构各一份 XLSX'
        : 'also write workbooks/: one XLSX for the agency and one per institution',
      false,
    )
    .option(
      '--known-at <date>',
      zh
        ? '按该日已登记的政策结算（YYYY-MM-DD），用于重现过去的结果'
        : 'settle with the policies recorded by that day (YYYY-MM-DD), to reproduce an earlier result',
    )
    .option('--quiet', zh ? '不显示进度与摘要' : 'no progress and no summary', false)
    .addHelpText(
      'after',
      zh
        ? `
结果文件：groups.csv 病种目录、coefficients.csv 等级系数、cases.csv 病例点数、point_values.csv 点值、
monthly.csv 月结算、clearing.csv 年度清算、residual.csv 留存账户、refused.csv 拒收清单、manifest.json 运行清单。

例：yibao settle 我的地区 --year 2025 --out 结果 --report --workbooks

退出码：2 用法错误，3 输入有误，4 拒绝执行，5 环境问题。`
        : `
Result files: groups.csv catalogue, coefficients.csv, cases.csv points of each list, point_values.csv, monthly.csv,
clearing.csv, residual.csv, refused.csv and manifest.json.

Example: yibao settle my-area --year 2025 --out result --report --workbooks

Exit codes: 2 wrong usage, 3 input, 4 refused, 5 environment.`,
    )
    .action(async (areaFolder: string, options: SettleCommandOptions) => {
      checkReplaceable(resolve(options.out), options.out);
      const progress = createProgress(options.quiet ? { write() {} } : process.stderr);
      const engine = await Engine.open();
      try {
        const settlement = await settleYear(engine, {
          areaFolder,
          year: options.year,
          skipBadFiles: options.skipBadFiles,
          knownAt: options.knownAt === undefined ? undefined : parsePolicyDate(options.knownAt),
          language,
          progress,
        });
        await writeFolder(options.out, (folder) =>
          writeAll(engine, settlement, folder, options, language, progress),
        );
        progress.done();
        if (!options.quiet) {
          process.stdout.write(`${await summaryLines(engine, language)}\n`);
          process.stdout.write(zh ? `结果已写入 ${options.out}\n` : `Results written to ${options.out}\n`);
        }
        await warn(engine, settlement, language);
      } finally {
        progress.done();
        engine.close();
      }
    });
}

type SettleCommandOptions = {
  readonly year: number;
  readonly out: string;
  readonly skipBadFiles: boolean;
  readonly report: boolean;
  readonly workbooks: boolean;
  readonly knownAt?: string;
  readonly quiet: boolean;
};

/** Writes the result files and, where asked for, the report and the workbooks. */
export async function writeAll(
  engine: Engine,
  settlement: Settlement,
  folder: string,
  wanted: { readonly report: boolean; readonly workbooks: boolean },
  language: Language,
  progress: Progress,
): Promise<void> {
  const zh = language === 'zh';
  progress.stage(zh ? '写结果文件' : 'writing results', 0.92);
  await writeResults(engine, settlement, folder);
  if (wanted.report) {
    progress.stage(zh ? '写报告' : 'writing the report', 0.94);
    await writeReport({ engine, file: join(folder, 'report.html'), language });
  }
  if (wanted.workbooks) {
    progress.stage(zh ? '写工作簿' : 'writing workbooks', 0.95);
    await writeWorkbooks({
      engine,
      folder: join(folder, 'workbooks'),
      language,
      progress: { ...progress, update: (share, detail) => progress.update(0.95 + share * 0.05, detail) },
    });
  }
}

/** What the user should know although nothing failed; to stderr. */
export async function warn(engine: Engine, settlement: Settlement, language: Language): Promise<void> {
  const zh = language === 'zh';
  const warnings: string[] = settlement.skipped.map(
    (problem) => `${zh ? '跳过文件：' : 'File left out: '}${renderProblem(problem, language)}`,
  );
  const unknown = await engine.rows(
    'SELECT code, count(*) AS n FROM procedure_code WHERE attribute IS NULL GROUP BY code ORDER BY code',
  );
  if (unknown.length > 0) {
    const shown = unknown
      .slice(0, 5)
      .map((row) => row.code)
      .join(zh ? '、' : ', ');
    warnings.push(
      zh
        ? `procedures.csv 没有 ${unknown.length} 个手术操作编码，不参与分组（${shown}${unknown.length > 5 ? ' 等' : ''}）；全部列在 manifest.json`
        : `procedures.csv lacks ${unknown.length} procedure codes, which take no part in grouping (${shown}${unknown.length > 5 ? ' …' : ''}); manifest.json lists them all`,
    );
  }
  for (const change of policyChangesWithin(settlement.layers, settlement.year)) {
    warnings.push(
      zh
        ? `参数 ${change.parameter} 在 ${settlement.year} 年内变更；全年按 1 月 1 日的值结算`
        : `parameter ${change.parameter} changes during ${settlement.year}; the whole year is settled under the value of 1 January`,
    );
  }
  for (const warning of warnings) process.stderr.write(`${zh ? '注意：' : 'Note: '}${warning}\n`);
}
