import type { AreaTables } from '#catalogue/area-tables.ts';
import type { GroupWeight } from '#catalogue/case-tables.ts';
import { areaErrors } from '#catalogue/errors.ts';
import type { Engine, Row } from '#engine/duckdb.ts';
import { makeTable, sourceFile } from '#engine/sql-file.ts';
import type { GroupingMethod } from '#grouping/method.ts';
import { type Problem, YibaoError } from '#kernel/errors.ts';
import { divide, type Fraction, fraction, multiply, roundTo } from '#kernel/fraction.ts';
import type { Policy } from '#policy/index.ts';
import { highRatioOf } from './points/high-limit.ts';
import { groupedRule, type PointsRule, pointsPolicy, ungroupedRule } from './points/score-case.ts';
import {
  diseaseScore4,
  levelCoefficient4,
  weightedMean,
  type YearCost,
  type YearWeights,
} from './points/weighted-mean.ts';

type GroupScore = {
  readonly groupNo: number;
  readonly groupCode: string;
  readonly kind: string;
  readonly cases: bigint;
  readonly meanFen: Fraction;
  readonly score4: bigint;
};

/** The rule of one group at one class of institutions. */
export type ClassRule = PointsRule & {
  readonly groupNo: number;
  readonly classNo: number;
  readonly coefficient4: bigint;
  /** score of the group at this class, in units of 10^−4; 0 for ungrouped cases */
  readonly score4: bigint;
};

/** Groups, scores and coefficients from the history; group_no 0 stands for ungrouped. */
export async function buildCatalogue(
  engine: Engine,
  method: GroupingMethod,
  policy: Policy,
  tables: AreaTables,
  weights: YearWeights,
): Promise<{ areaMeanFen: Fraction; rules: readonly ClassRule[] }> {
  const totals = await engine.rows(
    'SELECT year, class_no, sum(cases) AS cases, sum(cost_fen) AS cost_fen FROM history_cost GROUP BY year, class_no ORDER BY year, class_no',
  );
  const areaMeanFen = weightedMean(sumByYear(totals.map(toYearCost)), weights);
  if (!areaMeanFen) {
    const refused = await engine.rows(
      'SELECT file, row_no, reason FROM refused_result ORDER BY file, row_no',
    );
    const first = refused[0];
    throw new YibaoError({
      definition: first ? areaErrors.noHistoryRefused : areaErrors.noHistory,
      file: first ? String(first.file) : 'settlement_lists',
      row: first ? Number(first.row_no) : undefined,
      parameters: {
        years: [Math.min(...weights.keys()), Math.max(...weights.keys())].join('–'),
        refused: refused.length,
        reason: first ? String(first.reason) : '',
      },
    });
  }

  const coefficients = new Map<number, bigint>();
  for (const level of [1, 2, 3]) {
    const mean = weightedMean(
      totals.filter((row) => Number(row.class_no) === level).map(toYearCost),
      weights,
    );
    const byHistory = mean
      ? levelCoefficient4(mean, areaMeanFen)
      : roundTo(policy.fraction('coefficient.no_history'), 4);
    coefficients.set(level, byHistory);
  }
  await engine.append('coefficient_result', coefficients);

  const meanScore = policy.fraction('score.mean_score');
  const weightOf = groupWeights(policy, tables);
  const minimumCases = policy.values['catalogue.minimum_cases']
    ? policy.integer('catalogue.minimum_cases')
    : 1n;
  const groups: GroupScore[] = [];
  const withoutWeight: { kind: string; groupCode: string; cases: bigint }[] = [];
  // a group without history has the mean cost its score stands for
  const meanOfScore = (score4: bigint): Fraction =>
    score4 === 0n ? areaMeanFen : divide(multiply(fraction(score4, 10_000n), areaMeanFen), meanScore);
  await method.groups(engine, policy, async (kind, groupYearTable, givenTable) => {
    const rows = await engine.rows(`SELECT * FROM ${groupYearTable} ORDER BY group_code, year`);
    const history = Map.groupBy(rows, (row) => String(row.group_code));
    const given = givenTable
      ? await engine.rows(`SELECT * FROM ${givenTable} WHERE kind = ? ORDER BY group_code`, [kind])
      : undefined;
    const codes = given?.map((row) => String(row.group_code)) ?? [...history.keys()];
    const scored = codes.flatMap((groupCode, index) => {
      const costs = (history.get(groupCode) ?? []).map(toYearCost);
      const cases = costs.reduce((sum, each) => sum + each.cases, 0n);
      const mean = weightedMean(costs, weights);
      const ofCatalogue = given?.[index];
      if (ofCatalogue) {
        const score4 = ofCatalogue.score4 as bigint;
        const givenMean = ofCatalogue.mean_fen as bigint | null;
        const meanFen = givenMean === null ? (mean ?? meanOfScore(score4)) : fraction(givenMean);
        return { groupCode, kind, cases, meanFen, score4 };
      }
      if (!weightOf) {
        return mean && cases >= minimumCases
          ? { groupCode, kind, cases, meanFen: mean, score4: scoreOfMean4(policy, mean, areaMeanFen) }
          : [];
      }
      const score4 = weightOf(groupCode);
      if (score4 === undefined) {
        withoutWeight.push({ kind, groupCode, cases });
        return [];
      }
      return { groupCode, kind, cases, meanFen: mean ?? meanOfScore(score4), score4 };
    });
    const numbered = scored.map((group, index) => ({ groupNo: groups.length + index + 1, ...group }));
    groups.push(...numbered);
    await engine.append(
      'group_score',
      numbered.map((group) => [
        group.groupNo,
        group.groupCode,
        group.kind,
        group.cases,
        roundTo(group.meanFen, 0),
        group.score4,
      ]),
    );
  });
  await engine.run(
    'CREATE OR REPLACE TABLE group_without_weight (group_code VARCHAR, kind VARCHAR, cases BIGINT)',
  );
  await engine.append(
    'group_without_weight',
    withoutWeight.map(({ groupCode, kind, cases }) => [groupCode, kind, cases]),
  );
  if (withoutWeight.length > 0 && policy.choice('score.missing') === 'refuse') {
    throw new YibaoError(withoutWeight.map(weightMissing));
  }

  const percentiles = await groupPercentiles(engine, policy);
  const points = pointsPolicy(policy);
  const primaryCare4 = roundTo(policy.fraction('coefficient.primary_care'), 4);
  const rules = [...coefficients].flatMap(([level, levelCoefficient]): ClassRule[] => [
    {
      groupNo: 0,
      classNo: level,
      coefficient4: levelCoefficient,
      score4: 0n,
      ...ungroupedRule(areaMeanFen, points),
    },
    ...groups.map((group): ClassRule => {
      const isPrimaryCare = group.kind === 'primary-care' || tables.primaryCareGroups.has(group.groupCode);
      const coefficient4 = isPrimaryCare ? primaryCare4 : levelCoefficient;
      const score4 = weightOf?.(group.groupCode, level) ?? group.score4;
      const percentileFen = percentiles.get(group.groupNo);
      const highRatio = highRatioOf(policy, points, { ...group, score4, coefficient4, percentileFen });
      return {
        groupNo: group.groupNo,
        classNo: level,
        coefficient4,
        score4,
        ...groupedRule({ meanFen: group.meanFen, score4 }, coefficient4, { ...points, highRatio }),
      };
    }),
  ]);
  return { areaMeanFen, rules };
}

/** Score of a group by its mean cost, in units of 10^−4, as `score.unit` says. */
export function scoreOfMean4(policy: Policy, meanFen: Fraction, areaMeanFen: Fraction): bigint {
  if (policy.choice('score.unit') === 'score') {
    return diseaseScore4(meanFen, areaMeanFen, policy.fraction('score.mean_score'));
  }
  return roundTo(divide(meanFen, areaMeanFen), 4) * policy.integer('score.mean_score');
}

/**
 * The scores of `weights.csv` in units of 10^−4: of a group at a level, or where no level is asked the one that holds
 * for all others, else that of the highest level. Undefined when the policy calculates scores.
 */
export function groupWeights(
  policy: Policy,
  tables: AreaTables,
): ((groupCode: string, level?: number) => bigint | undefined) | undefined {
  if (policy.choice('score.source') === 'history') return undefined;
  const rows = Map.groupBy(tables.cases.weights, ({ groupCode }) => groupCode);
  const scale = policy.choice('score.unit') === 'weight' ? policy.integer('score.mean_score') : 1n;
  return (groupCode, level) => {
    const row = weightRow(rows.get(groupCode) ?? [], groupCode, level);
    return row && row.weight4 * scale;
  };
}

/** The row of weights.csv that holds for a group at a level: its own, the one for all others, that of the highest level. */
export function weightRow(
  rows: readonly GroupWeight[],
  groupCode: string,
  level?: number,
): GroupWeight | undefined {
  const own = rows.filter((row) => row.groupCode === groupCode);
  const wanted = level === undefined ? [undefined, 3, 2, 1] : [level, undefined, 3, 2, 1];
  for (const each of wanted) {
    const found = own.find((row) => row.level === each);
    if (found) return found;
  }
  return undefined;
}

const weightMissing = ({ groupCode, cases }: { groupCode: string; cases: bigint }): Problem => ({
  definition: areaErrors.weightsMissing,
  file: 'weights.csv',
  field: 'group_code',
  value: groupCode,
  parameters: { lists: String(cases) },
});

/** By group number; empty unless the policy sets the high limit by percentile. */
async function groupPercentiles(engine: Engine, policy: Policy): Promise<ReadonlyMap<number, bigint>> {
  if (policy.choice('deviation.high_by') !== 'percentile') return new Map();
  await makeTable(engine, sourceFile('payment/points/group_percentile.sql'));
  const rows = await engine.rows('SELECT * FROM group_percentile');
  return new Map(rows.map((row) => [Number(row.group_no), row.cost_fen as bigint]));
}

/** The cost of the group's percentile, once the catalogue is made. */
export async function groupPercentile(
  engine: Engine,
  policy: Policy,
  groupNo: number,
): Promise<bigint | undefined> {
  if (policy.choice('deviation.high_by') !== 'percentile') return undefined;
  const rows = await engine.rows('SELECT cost_fen FROM group_percentile WHERE group_no = ?', [groupNo]);
  return rows[0]?.cost_fen as bigint | undefined;
}

const toYearCost = (row: Row): YearCost => ({
  year: Number(row.year),
  cases: row.cases as bigint,
  costFen: row.cost_fen as bigint,
});

function sumByYear(costs: readonly YearCost[]): YearCost[] {
  return [...Map.groupBy(costs, ({ year }) => year)].map(([year, list]) => ({
    year,
    cases: list.reduce((sum, { cases }) => sum + cases, 0n),
    costFen: list.reduce((sum, { costFen }) => sum + costFen, 0n),
  }));
}

export async function loadRules(engine: Engine, rules: readonly ClassRule[]): Promise<void> {
  await engine.append('points_rule', rules.map(rulesRow));
}

/** The rule in the order of the columns of `points_rule`. */
export const rulesRow = (rule: ClassRule): readonly (number | bigint)[] => [
  rule.groupNo,
  rule.classNo,
  rule.coefficient4,
  rule.lowBelowFen,
  rule.highAboveFen,
  rule.extremeAboveFen,
  rule.normalPoints4,
  rule.low.multiplier,
  rule.low.reciprocal,
  rule.high.multiplier,
  rule.high.reciprocal,
  rule.divisor,
  rule.highSubtrahend,
  rule.quickBelowFen,
  rule.score4,
];
