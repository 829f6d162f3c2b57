import { CASE_TABLE_FILES, type CaseTableName, type CaseTables } from '#catalogue/case-tables.ts';
import { areaErrors } from '#catalogue/errors.ts';
import type { Engine } from '#engine/duckdb.ts';
import { makeTable, sourceFile } from '#engine/sql-file.ts';
import { type Problem, YibaoError } from '#kernel/errors.ts';
import { divide, type Fraction, fraction, roundTo } from '#kernel/fraction.ts';
import type { OptionOf, Policy } from '#policy/index.ts';
import { overQuota, reviewErrors } from '../review/errors.ts';
import { quotaCounts, quotaLines, quotaRule } from '../review/quota.ts';

export type AdjustmentStep = OptionOf<'adjustment.steps'>;

type StepDefinition = {
  readonly table: string;
  /** file without which the step has nothing to do */
  readonly needs?: CaseTableName;
  /** further files only this step reads */
  readonly reads?: readonly CaseTableName[];
  /** whether it reads `case_fact`: stay, disposition, person, dates */
  readonly readsCase: boolean;
};

/** What each step of `adjustment.steps` is made by. Rules: docs/domain/drg-payment.md#adjustments. */
const STEPS: Readonly<Record<AdjustmentStep, StepDefinition>> = {
  incomplete: { table: 'adjusted_incomplete', readsCase: true },
  'bed-day': { table: 'adjusted_bed_day', needs: 'bed_day', readsCase: true },
  tcm: {
    table: 'adjusted_tcm',
    needs: 'tcm_group',
    reads: ['tcm_operation', 'tcm_fee'],
    readsCase: true,
  },
  'outlier-cost': { table: 'adjusted_outlier_cost', readsCase: false },
  'high-share': { table: 'adjusted_high_share', readsCase: false },
  readmission: { table: 'adjusted_readmission', reads: ['readmission_reason'], readsCase: true },
  'special-case': { table: 'adjusted_special_case', needs: 'special_case', readsCase: false },
  'add-on': { table: 'adjusted_add_on', needs: 'add_on', readsCase: false },
};

/** The steps of the policy that have something to do in this area, in their order. */
export const adjustmentSteps = (policy: Policy, { rows }: CaseTables): readonly AdjustmentStep[] =>
  policy.steps('adjustment.steps').filter((name) => {
    const { needs } = STEPS[name];
    return needs === undefined || (rows.get(needs)?.length ?? 0) > 0;
  });

export const adjustmentsReadCase = (steps: readonly AdjustmentStep[]): boolean =>
  steps.some((name) => STEPS[name].readsCase);

/** Files of the area folder that no step of the policy reads: what somebody wrote there would be lost in silence. */
export function checkTablesAreUsed(policy: Policy, { rows, weights }: CaseTables): void {
  const problems: Problem[] = [];
  const report = (file: string, parameter: string, value: string, needed: string) =>
    problems.push({
      definition: areaErrors.tableNotUsed,
      file,
      field: parameter,
      value,
      parameters: { parameter, needed },
    });
  const used = policy.steps('adjustment.steps');
  for (const [name, { needs, reads = [] }] of Object.entries(STEPS)) {
    if (used.includes(name as AdjustmentStep)) continue;
    for (const table of [...(needs ? [needs] : []), ...reads]) {
      if (rows.has(table)) report(CASE_TABLE_FILES[table], 'adjustment.steps', used.join(' > '), name);
    }
  }
  if (weights.length > 0 && policy.choice('score.source') !== 'table') {
    report('weights.csv', 'score.source', policy.choice('score.source'), 'table');
  }
  if (problems.length > 0) throw new YibaoError(problems);
}

/**
 * Changes the points in `case_score` step by step and keeps what each step did in `case_adjustment`. Each step sees the
 * points that the one before has left.
 * @throws YibaoError for a case that takes no part, too many special cases, a TCM group that leads nowhere
 */
export async function adjustCases(
  engine: Engine,
  policy: Policy,
  steps: readonly AdjustmentStep[],
  year: number,
  pointValues8: ReadonlyMap<number, bigint>,
): Promise<void> {
  await engine.append('amount_point_value', pointValues8);
  if (steps.length > 0) {
    await checkCases(engine, policy, steps, year);
    for (const [index, name] of steps.entries()) {
      const { table } = STEPS[name];
      await makeTable(engine, sourceFile(`payment/adjustment/${table}.sql`));
      await engine.run(
        `INSERT INTO case_adjustment
         SELECT CAST(? AS INTEGER), ?, c.setl_id, c.points4, a.points4, a.amount_fen, a.reference
         FROM ${table} AS a JOIN case_score AS c ON c.setl_id = a.setl_id`,
        [index + 1, name],
      );
      await engine.run(
        `UPDATE case_score SET points4 = a.points4 FROM ${table} AS a WHERE case_score.setl_id = a.setl_id`,
      );
    }
  }
  await makeTable(engine, sourceFile('payment/adjustment/adjustment_result.sql'));
  await makeTable(engine, sourceFile('payment/adjustment/paid_apart_result.sql'));
}

/**
 * Yuan of an amount for one point by scheme, × 10^8, as `adjustment.amount_points` says.
 * @param startPointValues8 by scheme
 */
export function amountPointValues8(
  policy: Policy,
  startPointValues8: ReadonlyMap<number, bigint>,
  areaMeanFen: Fraction,
): ReadonlyMap<number, bigint> {
  if (policy.choice('adjustment.amount_points') === 'start-point-value') return startPointValues8;
  const fenPerPoint = divide(areaMeanFen, policy.fraction('score.mean_score'));
  const value8 = roundTo(divide(fenPerPoint, fraction(100n)), 8);
  return new Map([...startPointValues8.keys()].map((scheme) => [scheme, value8]));
}

async function checkCases(
  engine: Engine,
  policy: Policy,
  steps: readonly AdjustmentStep[],
  year: number,
): Promise<void> {
  const problems: Problem[] = [];
  for (const [step, table] of [
    ['special-case', 'special_case'],
    ['add-on', 'add_on'],
  ] as const) {
    if (!steps.includes(step)) continue;
    const unknown = await engine.rows(
      `SELECT t.row_no, t.setl_id FROM ${table} AS t ANTI JOIN case_score AS c ON c.setl_id = t.setl_id ORDER BY t.row_no`,
    );
    problems.push(...unknown.map((row) => unknownCase(CASE_TABLE_FILES[table], row, year)));
  }
  if (
    steps.includes('special-case') &&
    steps.includes('add-on') &&
    policy.choice('review.add_ons') === 'refused'
  )
    problems.push(...(await checkPaidOnce(engine)));
  if (steps.includes('tcm')) {
    const missing = await engine.rows(
      `SELECT t.row_no, t.fallback_group FROM tcm_group AS t
       JOIN group_score AS own ON own.group_code = t.group_code
       ANTI JOIN group_score AS g ON g.group_code = t.fallback_group ORDER BY t.row_no`,
    );
    problems.push(
      ...missing.map(
        (row): Problem => ({
          definition: areaErrors.tcmFallbackMissing,
          file: CASE_TABLE_FILES.tcm_group,
          row: Number(row.row_no),
          field: 'fallback_group',
          value: String(row.fallback_group),
        }),
      ),
    );
  }
  if (problems.length > 0) throw new YibaoError(problems);
  if (steps.includes('special-case')) await checkQuota(engine, policy);
}

/** Source: N18 article 20, G2025 article 21; docs/domain/review.md#quota. */
async function checkQuota(engine: Engine, policy: Policy): Promise<void> {
  const lines = quotaLines(quotaRule(policy), await quotaCounts(engine));
  const over = lines.filter(({ passed, quota }) => passed > quota);
  if (over.length > 0)
    throw new YibaoError(over.map((line) => overQuota(CASE_TABLE_FILES.special_case, line)));
}

/** A case is paid once: what a review granted stands for the whole case, an add-on on top would pay it again. */
async function checkPaidOnce(engine: Engine): Promise<Problem[]> {
  const twice = await engine.rows(
    `SELECT a.row_no, a.setl_id FROM add_on AS a JOIN special_case AS s ON s.setl_id = a.setl_id
     WHERE s.decision <> 'rejected' ORDER BY a.row_no`,
  );
  return twice.map((row) => ({
    definition: reviewErrors.paidTwice,
    file: CASE_TABLE_FILES.add_on,
    row: Number(row.row_no),
    field: 'setl_id',
    value: String(row.setl_id),
  }));
}

export const unknownCase = (
  file: string,
  row: { readonly [column: string]: unknown },
  year: number,
): Problem => ({
  definition: areaErrors.unknownCase,
  file,
  row: Number(row.row_no),
  field: 'setl_id',
  value: String(row.setl_id),
  parameters: { year },
});
