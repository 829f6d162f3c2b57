import type { Engine } from '#engine/duckdb.ts';
import { compare, type Fraction, fraction, roundTo } from '#kernel/fraction.ts';

/** Cases of one group, the sum of their costs and of the squares of them, in fen and fen². */
export type CostSums = { readonly cases: bigint; readonly cost: bigint; readonly squares: bigint };

const DECIMALS = 6;

/** ⌊√value⌋ of a bigint ≥ 0, exact. */
export function integerSquareRoot(value: bigint): bigint {
  if (value < 2n) return value;
  let root = 1n << (BigInt(value.toString(2).length + 1) / 2n);
  for (;;) {
    const next = (root + value / root) >> 1n;
    if (next >= root) return root;
    root = next;
  }
}

/**
 * Coefficient of variation × 10^6: population standard deviation ÷ mean, rounded half up. With n cases,
 * CV² = (n·Σx² − (Σx)²) ÷ (Σx)². Source: DIP 3.0 draft; docs/domain/evaluation.md#cv.
 */
export function variation6({ cases, cost, squares }: CostSums): bigint {
  if (cost === 0n) return 0n;
  const spread = cases * squares - cost * cost;
  // round(a) = ⌊a + ½⌋ = ⌊(⌊2a⌋ + 1) ÷ 2⌋, and 2a = √(4·spread·10^12 ÷ cost²)
  const doubled = integerSquareRoot((4n * spread * 10n ** BigInt(DECIMALS * 2)) / (cost * cost));
  return (doubled + 1n) / 2n;
}

/** Sum of squares between the groups and of all cases, as exact fractions of fen². Their quotient is the RIV. */
export function squaresOf(groups: readonly CostSums[]): {
  readonly between: Fraction;
  readonly total: Fraction;
} {
  const sum = (pick: (one: CostSums) => bigint) => groups.reduce((all, one) => all + pick(one), 0n);
  const [cases, cost, squares] = [sum((g) => g.cases), sum((g) => g.cost), sum((g) => g.squares)];
  if (cases === 0n) return { between: fraction(0n), total: fraction(0n) };
  // within = Σ (squares − cost²/cases); rounded per group to 10^-6 fen² so that thousands of denominators are not multiplied out
  const scale = 10n ** 6n;
  const within = groups.reduce(
    (all, one) => all + roundTo(fraction(one.cases * one.squares - one.cost * one.cost, one.cases), 6),
    0n,
  );
  const total = fraction(cases * squares - cost * cost, cases);
  return {
    between: fraction(total.numerator * scale - within * total.denominator, total.denominator * scale),
    total,
  };
}

/** What is counted of the CVs of the groups of a scope. `sum6` and the CVs are × 10^6. */
export function variationCounts(
  groups: readonly CostSums[],
  limits: {
    readonly minimumCases: bigint;
    readonly low: Fraction;
    readonly high: Fraction;
    readonly threshold: Fraction;
  },
) {
  const known = groups.filter(({ cases }) => cases >= limits.minimumCases);
  // a CV is compared through its square, so that rounding does not move it over a limit
  const against = ({ cases, cost, squares }: CostSums, limit: Fraction) =>
    compare(
      fraction((cases * squares - cost * cost) * limit.denominator ** 2n, cost * cost),
      fraction(limit.numerator ** 2n),
    );
  return {
    groups: BigInt(known.length),
    sum6: known.reduce((sum, one) => sum + variation6(one), 0n),
    low: BigInt(known.filter((one) => against(one, limits.low) < 0).length),
    high: BigInt(known.filter((one) => against(one, limits.high) > 0).length),
    above: BigInt(known.filter((one) => against(one, limits.threshold) > 0).length),
  };
}

const SPREAD_QUERY = `
  WITH placed AS (
    SELECT year, 'area' AS scope, '' AS id, group_no, cost_fen FROM evaluation_case WHERE group_no <> 0
    UNION ALL
    SELECT year, 'scheme', CAST(scheme AS VARCHAR), group_no, cost_fen FROM evaluation_case WHERE group_no <> 0
    UNION ALL
    SELECT year, 'level', CAST(level AS VARCHAR), group_no, cost_fen FROM evaluation_case WHERE group_no <> 0
    UNION ALL
    SELECT c.year, 'institution', i.fixmedins_code, c.group_no, c.cost_fen
    FROM evaluation_case AS c JOIN institution AS i ON i.institution_no = c.institution_no WHERE c.group_no <> 0
  )
  SELECT p.year, p.scope, p.id, g.group_code
    , CAST(count(*) AS HUGEINT) AS cases, CAST(sum(CAST(p.cost_fen AS HUGEINT)) AS HUGEINT) AS cost
    , CAST(sum(CAST(p.cost_fen AS HUGEINT) * p.cost_fen) AS HUGEINT) AS squares
  FROM placed AS p JOIN group_score AS g ON g.group_no = p.group_no
  GROUP BY p.year, p.scope, p.id, g.group_code
  ORDER BY p.year, p.scope, p.id, g.group_code`;

const parameterFraction = async (engine: Engine, name: string): Promise<Fraction> => {
  const { scaled, unit } = await engine.row('SELECT scaled, unit FROM policy_value WHERE parameter = ?', [
    name,
  ]);
  return fraction(BigInt(scaled as bigint), unit === 'cases' ? 1n : 10_000n);
};

/** Fills `spread_measure`: CV of each group and its counts and mean, and the squares that RIV is made of. */
export async function makeSpread(engine: Engine): Promise<void> {
  const limits = {
    minimumCases: (await parameterFraction(engine, 'evaluation.cv_minimum_cases')).numerator,
    low: await parameterFraction(engine, 'evaluation.cv_low'),
    high: await parameterFraction(engine, 'evaluation.cv_high'),
    threshold: await parameterFraction(engine, 'evaluation.cv_threshold'),
  };
  const rows = (await engine.rows(SPREAD_QUERY)).map((row) => ({
    year: Number(row.year),
    scope: String(row.scope),
    id: String(row.id),
    group: String(row.group_code),
    sums: { cases: row.cases as bigint, cost: row.cost as bigint, squares: row.squares as bigint },
  }));
  const measures: (string | number | bigint)[][] = [];
  const add = (year: number, scope: string, id: string, measure: string, amount: bigint) =>
    measures.push([year, 0, scope, id, measure, amount]);
  for (const own of Map.groupBy(rows, ({ year, scope, id }) => `${year}\n${scope}\n${id}`).values()) {
    const { year, scope, id } = own[0]!;
    const groups = own.map(({ sums }) => sums);
    const counts = variationCounts(groups, limits);
    add(year, scope, id, 'cv_groups', counts.groups);
    add(year, scope, id, 'cv_sum6', counts.sum6);
    add(year, scope, id, 'cv_low_groups', counts.low);
    add(year, scope, id, 'cv_high_groups', counts.high);
    add(year, scope, id, 'cv_above_groups', counts.above);
    if (scope === 'institution') continue;
    const { between, total } = squaresOf(groups);
    // both are shown as whole fen²; costs so large that a square leaves 128 bits have none
    const [shownBetween, shownTotal] = [roundTo(between, 0), roundTo(total, 0)];
    if (shownTotal < SQUARES_MAX) {
      add(year, scope, id, 'between_squares', shownBetween);
      add(year, scope, id, 'total_squares', shownTotal);
    }
    if (scope !== 'area') continue;
    for (const { group, sums } of own) {
      if (sums.cases >= limits.minimumCases) add(year, 'group', group, 'cv6', variation6(sums));
    }
  }
  await engine.append('spread_measure', measures);
}

/** A value with six decimals is made of the squares in 128 bits. */
const SQUARES_MAX = 10n ** 31n;
