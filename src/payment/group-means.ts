import type { Engine } from '#engine/duckdb.ts';
import { divide, type Fraction, fraction, multiply } from '#kernel/fraction.ts';
import { weightedMean } from './points/weighted-mean.ts';
import type { Settlement } from './settle-year.ts';

/** Mean cost of every group as the settlement used it. */
export async function groupMeans(
  engine: Engine,
  { policy, weights, areaMeanFen }: Settlement,
): Promise<ReadonlyMap<string, Fraction>> {
  const isCatalogue = policy.choice('grouping.method') === 'dip-catalogue';
  const tables = isCatalogue ? ['catalogue_group_year'] : ['core_group_year', 'comprehensive_group_year'];
  const means = new Map<string, Fraction>();
  for (const table of tables) {
    const rows = await engine.rows(
      `SELECT group_code, year, cases, cost_fen FROM ${table} ORDER BY group_code, year`,
    );
    for (const [code, years] of Map.groupBy(rows, (row) => String(row.group_code))) {
      const costs = years.map((row) => ({
        year: Number(row.year),
        cases: BigInt(row.cases as bigint),
        costFen: BigInt(row.cost_fen as bigint),
      }));
      const mean = weightedMean(costs, weights);
      if (mean) means.set(code, mean);
    }
  }
  if (!isCatalogue) return means;
  const given = await engine.rows('SELECT group_code, score4, mean_fen FROM given_group ORDER BY group_code');
  for (const row of given) {
    const code = String(row.group_code);
    if (row.mean_fen !== null) means.set(code, fraction(row.mean_fen as bigint));
    else if (!means.has(code) && row.score4 !== 0n) {
      const score = fraction(row.score4 as bigint, 10_000n);
      means.set(code, divide(multiply(score, areaMeanFen), policy.fraction('score.mean_score')));
    }
  }
  return means;
}
