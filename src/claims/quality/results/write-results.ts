import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Engine, literal } from '#engine/duckdb.ts';
import { renderProblem } from '#kernel/errors.ts';
import type { CheckRun } from '../run/run-checks.ts';

/** The result files and the queries that make them: docs/domain/quality.md#files. */
const OUTPUT_QUERIES: Readonly<Record<string, string>> = {
  'findings.csv': `SELECT file, "row", setl_id, fixmedins_code, check_id, level, field, value, reason, remedy FROM finding_result
    ORDER BY fixmedins_code, setl_id, check_id, field, value, reason, file, "row"`,
  'check_summary.csv': `SELECT check_id, rule, dimension, level, title_zh, title_en, lists, passed, failed, not_applicable, not_supplied,
      numerator, denominator, reason_not_supplied FROM check_result ORDER BY check_id`,
  'check_institution.csv': `SELECT check_id, fixmedins_code, month, lists, passed, failed, not_applicable, numerator, denominator
    FROM check_institution_result ORDER BY check_id, fixmedins_code, month`,
  'institution_score.csv': `SELECT rank, fixmedins_code, name, lists, failing_lists, returned_lists, errors, warnings, notices,
      yuan_text(score2) AS score FROM institution_score_result ORDER BY rank, fixmedins_code`,
  'institution_trend.csv': `SELECT fixmedins_code, name, month, lists, failing_lists, returned_lists, yuan_text(score2) AS score
    FROM institution_trend_result ORDER BY fixmedins_code, month`,
};

/** Writes the result files into `folder`, which exists. The same lists and checks give the same bytes. */
export async function writeCheckResults(engine: Engine, run: CheckRun, folder: string): Promise<void> {
  const rows: Record<string, number> = {};
  await engine.run(
    'CREATE OR REPLACE TABLE refused_record (file VARCHAR, "row" BIGINT, setl_id VARCHAR, reason VARCHAR)',
  );
  const language = run.options.language ?? 'zh';
  await engine.append(
    'refused_record',
    run.form.refused.map(({ fileName, row, setlId, reason }) => [fileName, row, setlId, reason[language]]),
  );
  const queries = { ...OUTPUT_QUERIES, 'refused.csv': 'SELECT * FROM refused_record ORDER BY file, "row"' };
  for (const [name, query] of Object.entries(queries)) {
    await engine.run(
      `COPY (${query}) TO ${literal(join(folder, name))} (FORMAT csv, HEADER true, DELIMITER ',')`,
    );
    rows[name] = Number((await engine.row(`SELECT count(*) AS n FROM (${query}) AS q`)).n);
  }
  const { area, form, hashes, options, lists, findings, loaded } = run;
  const manifest = {
    yibao: JSON.parse(readFileSync(new URL('../../../../package.json', import.meta.url), 'utf8')).version,
    what: 'check',
    area: { code: area.code, name: area.name },
    year: options.year ?? null,
    month: options.month ?? null,
    institution: options.institution ?? null,
    language,
    inputs: [
      ...[...hashes].map(([file, sha256]) => ({ file, sha256 })),
      ...form.files.map(({ fileName, form: kind, sha256 }) => ({ file: fileName, form: kind, sha256 })),
    ],
    ...(run.codeSets.size === 0
      ? {}
      : { code_sets: [...run.codeSets].map(([name, content_sha256]) => ({ name, content_sha256 })) }),
    ...(run.mapped.length === 0 ? {} : { code_mapping: run.mapped }),
    skipped_files: form.skipped.map((problem) => renderProblem(problem, 'zh')),
    checks: loaded.versions.map(({ check, values, until }) => ({
      check: check.id,
      from: values.from.toString(),
      until: until?.toString() ?? null,
      level: values.level,
      thresholds: Object.fromEntries(
        Object.entries(values.thresholds).map(([name, value]) => [name, String(value)]),
      ),
      source: values.layer,
      document: values.basis.document,
    })),
    lists,
    findings,
    rows,
  };
  writeFileSync(join(folder, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}
