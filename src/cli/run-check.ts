import { join } from 'node:path';
import {
  checkList,
  checkLists,
  explainCheck,
  LEVEL_TITLES,
  LEVELS,
  loadChecks,
  qualityErrors,
  writeCheckResults,
} from '#claims/quality/index.ts';
import type { CheckCommandOptions } from '#cli/check.ts';
import { codeMappingOf, mappedCodesText } from '#cli/code-mapping.ts';
import { Engine } from '#engine/duckdb.ts';
import { renderProblem, YibaoError } from '#kernel/errors.ts';
import type { Language } from '#kernel/locale.ts';
import { checkOutputFolder, writeFolder } from '#kernel/output-folder.ts';
import { createProgress } from '#kernel/progress.ts';

/** Checks the lists of an area and writes what was asked for; `--list` and `--explain` need no area. */
export async function runCheck(
  areaFolder: string | undefined,
  options: CheckCommandOptions,
  language: Language,
): Promise<void> {
  const zh = language === 'zh';
  if (options.list || options.explain !== undefined) {
    const set = loadChecks();
    const text =
      options.explain === undefined ? checkList(set, language) : explainCheck(set, options.explain, language);
    process.stdout.write(`${text}\n`);
    return;
  }
  if (areaFolder === undefined) throw new YibaoError({ definition: qualityErrors.noArea });
  if (options.month !== undefined && options.year === undefined) {
    throw new YibaoError({ definition: qualityErrors.monthWithoutYear, value: String(options.month) });
  }
  const { out } = options;
  if (out !== undefined) {
    const inputs = ['area.yaml', 'national_form', 'settlement_lists'].map((name) => join(areaFolder, name));
    checkOutputFolder(out, inputs);
  }
  const progress = createProgress(options.quiet ? { write() {} } : process.stderr);
  const engine = await Engine.open();
  try {
    const run = await checkLists(engine, {
      areaFolder,
      year: options.year,
      month: options.month,
      institution: options.institution,
      settlementFolder: options.settlement,
      skipBadFiles: options.skipBadFiles,
      codeMapping: codeMappingOf(options),
      language,
      progress,
    });
    if (out !== undefined) {
      const { writeCheckReport, writeCheckWorkbooks } = await import('#report/index.ts');
      await writeFolder(out, async (folder) => {
        progress.stage(zh ? '写结果' : 'writing results', 0.9);
        await writeCheckResults(engine, run, folder);
        await writeCheckReport(engine, join(folder, 'report.html'), language);
        if (!options.workbooks) return;
        progress.stage(zh ? '写工作簿' : 'writing workbooks', 0.93);
        const rest = {
          ...progress,
          update: (share: number, detail?: string) => progress.update(0.93 + share * 0.07, detail),
        };
        await writeCheckWorkbooks(engine, join(folder, 'workbooks'), language, rest);
      });
    }
    progress.done();
    if (options.json) process.stdout.write(`${JSON.stringify(await jsonSummary(engine), null, 2)}\n`);
    else if (!options.quiet) {
      const { checkSummaryLines } = await import('#report/index.ts');
      process.stdout.write(`${await checkSummaryLines(engine, language)}\n`);
      if (out !== undefined) process.stdout.write(zh ? `结果已写入 ${out}\n` : `Results written to ${out}\n`);
    }
    for (const { table, side, ...counts } of run.mapped) {
      process.stderr.write(`${mappedCodesText(side, table, counts, language)}\n`);
    }
    for (const problem of run.form.skipped) {
      process.stderr.write(
        `${zh ? '注意：已跳过 ' : 'Note: left out '}${renderProblem(problem, language)}\n`,
      );
    }
    if (options.failOn !== undefined) await failOn(engine, options.failOn);
  } finally {
    progress.done();
    engine.close();
  }
}

/** The tables of the summary, with numbers as numbers. */
async function jsonSummary(engine: Engine): Promise<object> {
  const rows = async (sql: string) =>
    (await engine.rows(sql)).map((row) =>
      Object.fromEntries(
        Object.entries(row).map(([name, value]) => [name, typeof value === 'bigint' ? Number(value) : value]),
      ),
    );
  const [area] = await rows('SELECT * FROM check_area');
  return {
    area,
    checks: await rows('SELECT * FROM check_result ORDER BY check_id'),
    institutions: await rows(
      `SELECT rank, fixmedins_code, name, lists, failing_lists, returned_lists, errors, warnings, notices,
         yuan_text(score2) AS score FROM institution_score_result ORDER BY rank, fixmedins_code`,
    ),
    trend: await rows(
      `SELECT fixmedins_code, month, lists, failing_lists, returned_lists, yuan_text(score2) AS score
       FROM institution_trend_result ORDER BY fixmedins_code, month`,
    ),
  };
}

async function failOn(engine: Engine, level: (typeof LEVELS)[number]): Promise<void> {
  const counted = LEVELS.slice(0, LEVELS.indexOf(level) + 1);
  const { count } = await engine.row(
    `SELECT count(*) AS count FROM finding_result WHERE level IN (${counted.map((each) => `'${each}'`).join(', ')})`,
  );
  if (Number(count) === 0) return;
  throw new YibaoError({
    definition: qualityErrors.failed,
    parameters: { count: String(count), level, levelZh: LEVEL_TITLES[level].zh },
  });
}
