import type { Engine } from '#engine/duckdb.ts';
import { makeTable, runScript, sourceFile } from '#engine/sql-file.ts';
import { YibaoError } from '#kernel/errors.ts';
import { type EvaluationFiles, loadEvaluationFiles } from './area-files.ts';
import { definitionRows } from './definitions.ts';
import { evaluationErrors } from './errors.ts';
import { makeSpread } from './spread.ts';

/** Tables of the cases and of what is counted of them, in the order they are made. */
const TABLES = [
  'tables/evaluation_group_mean',
  'tables/excepted_signature',
  'tables/evaluation_return',
  'tables/evaluation_signal',
  'tables/evaluation_cell',
  'tables/evaluation_total',
  'tables/evaluation_groups',
  'measures/case_measure',
  'measures/money_measure',
  'measures/other_measure',
];
const RESULTS = [
  'results/evaluation_scope',
  'results/indicator_value',
  'results/indicator_result',
  'results/peer_result',
  'results/alert_result',
  'results/signal_result',
];

/** No files beside the settlement. */
export const NO_FILES: EvaluationFiles = {
  charges: [],
  insured: [],
  qualityMonths: [],
  lastPointValues: [],
  hashes: new Map(),
};

/**
 * Makes the indicators of a settled year from the tables of the engine and leaves them as `indicator_result`,
 * `peer_result`, `alert_result` and `signal_result`. The settlement is only read. It must have been made with `keepFacts`;
 * an engine that holds `evaluation_case` already, as kept tables do, is evaluated from it.
 * Rules: docs/domain/evaluation.md.
 */
export async function evaluateYear(
  engine: Engine,
  files: EvaluationFiles = NO_FILES,
  report: (share: number) => void = () => {},
): Promise<void> {
  await runScript(engine, sourceFile('engine/macros/exact.sql'));
  const has = await tablesOf(engine);
  if (!has.has('evaluation_case')) {
    if (!has.has('evaluation_fact')) throw new YibaoError({ definition: evaluationErrors.factsNotKept });
    await makeTable(engine, sourceFile('evaluation/tables/evaluation_case.sql'));
  }
  await runScript(engine, sourceFile('evaluation/tables/evaluation_tables.sql'));
  const { families, definitions, scopes } = definitionRows();
  await engine.append('indicator_family', families);
  await engine.append('indicator_definition', definitions);
  await engine.append('indicator_scope', scopes);
  await loadEvaluationFiles(engine, files);
  for (const [index, table] of TABLES.entries()) {
    report((index / TABLES.length) * 0.7);
    await makeTable(engine, sourceFile(`evaluation/${table}.sql`));
  }
  await makeSpread(engine);
  for (const [index, table] of RESULTS.entries()) {
    report(0.8 + (index / RESULTS.length) * 0.2);
    await makeTable(engine, sourceFile(`evaluation/${table}.sql`));
  }
}

const tablesOf = async (engine: Engine): Promise<ReadonlySet<string>> =>
  new Set(
    (await engine.rows('SELECT table_name FROM information_schema.tables')).map((row) =>
      String(row.table_name),
    ),
  );
