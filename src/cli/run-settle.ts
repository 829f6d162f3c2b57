import { join } from 'node:path';
import { codeMappingOf, codeMappingSummary } from '#cli/code-mapping.ts';
import type { SettleCommandOptions } from '#cli/settle.ts';
import { Engine } from '#engine/duckdb.ts';
import { renderProblem } from '#kernel/errors.ts';
import type { Language } from '#kernel/locale.ts';
import { checkOutputFolder, writeFolder } from '#kernel/output-folder.ts';
import { createProgress, type Progress } from '#kernel/progress.ts';
import {
  findCliffCases,
  type Settlement,
  settlementWarnings,
  settleYear,
  writeResults,
} from '#payment/index.ts';
import { parsePolicyDate, policyChangesWithin } from '#policy/index.ts';

/** Settles a year and writes the results; prints the summary on stdout and notes on stderr. */
export async function runSettle(
  areaFolder: string,
  options: SettleCommandOptions,
  language: Language,
): Promise<void> {
  const zh = language === 'zh';
  checkOutputFolder(options.out, [join(areaFolder, 'area.yaml'), join(areaFolder, 'settlement_lists')]);
  const progress = createProgress(options.quiet ? { write() {} } : process.stderr);
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
    await writeFolder(options.out, (folder) =>
      writeAll(engine, settlement, folder, options, language, progress),
    );
    progress.done();
    if (!options.quiet) {
      const { summaryLines } = await import('#report/index.ts');
      process.stdout.write(`${await summaryLines(engine, language)}\n`);
      if (settlement.codeMapping !== undefined) {
        process.stdout.write(`${(await codeMappingSummary(engine, language)).join('\n')}\n`);
      }
      process.stdout.write(zh ? `结果已写入 ${options.out}\n` : `Results written to ${options.out}\n`);
    }
    await warn(engine, settlement, language);
  } finally {
    progress.done();
    engine.close();
  }
}

/** Writes the result files and, where asked for, the report and the workbooks. */
export async function writeAll(
  engine: Engine,
  settlement: Settlement,
  folder: string,
  wanted: { readonly report: boolean; readonly workbooks: boolean; readonly cliffs?: boolean },
  language: Language,
  progress: Progress,
): Promise<void> {
  const zh = language === 'zh';
  progress.stage(zh ? '写结果文件' : 'writing results', 0.92);
  await writeResults(engine, settlement, folder, { cliffs: wanted.cliffs ?? false });
  if (!wanted.report && !wanted.workbooks) return;
  if (!wanted.cliffs) await findCliffCases(engine, settlement);
  const { writeReport, writeWorkbooks } = await import('#report/index.ts');
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
    (problem) => `${zh ? '已跳过文件 ' : 'file left out: '}${renderProblem(problem, language)}`,
  );
  warnings.push(...(await settlementWarnings(engine, settlement)).map((text) => text[language]));
  warnings.push(...(await clearingNotes(engine, settlement, zh)));
  for (const change of policyChangesWithin(settlement.layers, settlement.year)) {
    warnings.push(
      zh
        ? `参数 ${change.parameter} 在 ${settlement.year} 年内变更；全年按 1 月 1 日的值结算`
        : `parameter ${change.parameter} changes during ${settlement.year}; the whole year is settled under the value of 1 January`,
    );
  }
  for (const warning of warnings) process.stderr.write(`${zh ? '注意：' : 'Note: '}${warning}\n`);
}

/** A share of trimmed cases outside its range, and residual accounts that a chosen policy overdraws. */
async function clearingNotes(engine: Engine, settlement: Settlement, zh: boolean): Promise<string[]> {
  const notes: string[] = [];
  const { trimming } = settlement.startPointValues;
  if (trimming && !trimming.isInside) {
    notes.push(
      zh
        ? `年初点值裁剪了 ${trimming.trimmed} 份历史清单（占 ${trimming.share}），超出 point_value.trim_share_* 的范围`
        : `trimming for the start-of-year point value left out ${trimming.trimmed} lists of the history (${trimming.share} of them), outside point_value.trim_share_*`,
    );
  }
  if (!settlement.clearingUse.steps) return notes;
  const overdrawn = await engine.rows(
    'SELECT insutype, yuan_text(residual_fen) AS residual FROM residual_result WHERE residual_fen < 0 ORDER BY insutype',
  );
  for (const row of overdrawn) {
    notes.push(
      zh
        ? `险种 ${row.insutype} 的清算结果超出预算，留存为 ${row.residual} 元；各步骤的来源见 residual_steps.csv`
        : `the results of scheme ${row.insutype} exceed its budget, the residual account is ${row.residual} yuan; residual_steps.csv tells from which steps`,
    );
  }
  return notes;
}
