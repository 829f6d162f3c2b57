import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EvaluateCommandOptions } from '#cli/evaluate.ts';
import { warn } from '#cli/run-settle.ts';
import { Engine } from '#engine/duckdb.ts';
import { evaluateYear, readEvaluationFiles, writeEvaluation } from '#evaluation/index.ts';
import type { Language } from '#kernel/locale.ts';
import { checkOutputFolder, writeFolder } from '#kernel/output-folder.ts';
import { createProgress, type Progress } from '#kernel/progress.ts';
import { settlementIdentity, settleYear } from '#payment/index.ts';

const SETTLED = 0.7;

/** Settles a year, makes its indicators and shows or writes them. */
export async function runEvaluate(
  areaFolder: string,
  options: EvaluateCommandOptions,
  language: Language,
): Promise<void> {
  const zh = language === 'zh';
  const { out, year } = options;
  const inputs = [join(areaFolder, 'area.yaml'), join(areaFolder, 'settlement_lists')];
  for (const folder of [options.quality, options.lastYear]) if (folder !== undefined) inputs.push(folder);
  if (out !== undefined) checkOutputFolder(out, inputs);
  const files = readEvaluationFiles({
    areaFolder,
    year,
    qualityFolder: options.quality,
    lastYearFolder: options.lastYear,
  });
  const progress = createProgress(options.quiet ? { write() {} } : process.stderr);
  const engine = await Engine.open();
  try {
    const settlement = await settleYear(engine, {
      areaFolder,
      year,
      profile: options.profile,
      skipBadFiles: options.skipBadFiles,
      keepFacts: true,
      language,
      progress: firstPart(progress),
    });
    progress.stage(zh ? '计算指标' : 'making indicators', SETTLED);
    await evaluateYear(engine, files, (share) => progress.update(SETTLED + share * 0.15));
    if (out !== undefined) {
      const { writeEvaluationReport } = await import('#report/index.ts');
      await writeFolder(out, async (folder) => {
        progress.stage(zh ? '写结果' : 'writing results', 0.85);
        const rows = {
          ...(await writeEvaluation(engine, folder, language)),
          ...(await writeEvaluationReport(engine, folder, language)),
        };
        const identity = settlementIdentity(settlement);
        const manifest = {
          ...identity,
          what: 'evaluation',
          inputs: [...identity.inputs, ...[...files.hashes].map(([file, sha256]) => ({ file, sha256 }))],
          rows,
        };
        writeFileSync(join(folder, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
      });
    }
    progress.done();
    if (options.json) process.stdout.write(`${JSON.stringify(await jsonSummary(engine), null, 2)}\n`);
    else if (!options.quiet) {
      const { evaluationSummaryLines } = await import('#report/index.ts');
      process.stdout.write(`${await evaluationSummaryLines(engine, language)}\n`);
    }
    if (out !== undefined && !options.json && !options.quiet) {
      process.stdout.write(zh ? `结果已写入 ${out}\n` : `Results written to ${out}\n`);
    }
    await warn(engine, settlement, language);
    await warnOfCharges(engine, zh);
  } finally {
    progress.done();
    engine.close();
  }
}

const firstPart = (progress: Progress): Progress => ({
  stage: (name, share) => progress.stage(name, share * SETTLED),
  update: (share, detail) => progress.update(share * SETTLED, detail),
  done: () => {},
});

/** Rows of case_charges.csv of no list in the two years: a mistyped id would be lost in silence. */
async function warnOfCharges(engine: Engine, zh: boolean): Promise<void> {
  const { rows } = await engine.row(
    `SELECT count(*) AS rows FROM case_charge AS h ANTI JOIN evaluation_case AS c ON c.setl_id = h.setl_id`,
  );
  if (Number(rows) === 0) return;
  process.stderr.write(
    zh
      ? `注意：case_charges.csv 有 ${rows} 行的 setl_id 不在今年和去年参加结算的清单中，没有用到\n`
      : `Note: ${rows} rows of case_charges.csv have a setl_id of no list of this year or the last that takes part; they are not used\n`,
  );
}

/** Indicators of the area, of schemes, levels and institutions for the year, the peers and the alerts. Values are exact texts. */
async function jsonSummary(engine: Engine): Promise<object> {
  const rows = async (sql: string) =>
    (await engine.rows(sql)).map((row) =>
      Object.fromEntries(
        Object.entries(row).map(([name, value]) => [name, typeof value === 'bigint' ? Number(value) : value]),
      ),
    );
  const [area] = await rows('SELECT code, name, year, profile FROM area_info');
  return {
    area,
    indicators: await rows(`
      SELECT r.scope, CASE r.scope WHEN 'area' THEN a.code ELSE r.id END AS id, r.indicator, d.title_zh, d.title_en, scaled_text(r.numerator, d.numerator_decimals) AS numerator
        , scaled_text(r.denominator, d.denominator_decimals) AS denominator, scaled_text(r.value, d.decimals) AS value, d.unit
        , scaled_text(r.last_year_value, d.decimals) AS last_year, r.status
        , CASE WHEN r.status = 'not-applicable' THEN d.needs_zh END AS needs_zh
        , CASE WHEN r.status = 'not-applicable' THEN d.needs_en END AS needs_en
      FROM indicator_result AS r JOIN indicator_definition AS d ON d.indicator = r.indicator CROSS JOIN area_info AS a
      WHERE r.scope <> 'group' AND r.month = 0 ORDER BY r.scope, r.id, r.position`),
    peers: await rows(`
      SELECT p.fixmedins_code, p.level, p.indicator, scaled_text(p.value, d.decimals) AS value, p.peers
        , scaled_text(p.percentile4, 4) AS percentile, scaled_text(p.median, d.decimals) AS median
      FROM peer_result AS p JOIN indicator_definition AS d ON d.indicator = p.indicator
      ORDER BY p.fixmedins_code, p.position`),
    alerts: await rows(`
      SELECT r.alert, r.scope, CASE r.scope WHEN 'area' THEN a.code ELSE r.id END AS id, r.month, r.indicator
        , scaled_text(r.value6, 6) AS value, scaled_text(r.limit6, 6) AS compared_with
      FROM alert_result AS r CROSS JOIN area_info AS a ORDER BY alert, scope, id, month, indicator`),
    signals: await rows(
      'SELECT signal, count(*) AS cases FROM signal_result GROUP BY signal ORDER BY signal',
    ),
  };
}
