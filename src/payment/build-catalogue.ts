import type { AreaTables } from '#catalogue/area-tables.ts';
import { areaErrors } from '#catalogue/errors.ts';
import type { Engine, Row } from '#engine/duckdb.ts';
import type { GroupingMethod } from '#grouping/method.ts';
import { YibaoError } from '#kernel/errors.ts';
import { type Fraction, roundTo } from '#kernel/fraction.ts';
import type { Policy } from '#policy/index.ts';
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
  const groups: GroupScore[] = [];
  await method.groups(engine, policy, async (kind, groupYearTable) => {
    const rows = await engine.rows(`SELECT * FROM ${groupYearTable} ORDER BY group_code, year`);
    const scored = [...Map.groupBy(rows, (row) => String(row.group_code))].map(
      ([groupCode, years], index): GroupScore => {
        const costs = years.map(toYearCost);
        const meanFen = weightedMean(costs, weights)!;
        return {
          groupNo: groups.length + index + 1,
          groupCode,
          kind,
          cases: costs.reduce((sum, { cases }) => sum + cases, 0n),
          meanFen,
          score4: diseaseScore4(meanFen, areaMeanFen, meanScore),
        };
      },
    );
    groups.push(...scored);
    await engine.append(
      'group_score',
      scored.map((group) => [
        group.groupNo,
        group.groupCode,
        group.kind,
        group.cases,
        roundTo(group.meanFen, 0),
        group.score4,
      ]),
    );
  });

  const points = pointsPolicy(policy);
  const primaryCare4 = roundTo(policy.fraction('coefficient.primary_care'), 4);
  const rules = [...coefficients].flatMap(([level, levelCoefficient]): ClassRule[] => [
    { groupNo: 0, classNo: level, coefficient4: levelCoefficient, ...ungroupedRule(areaMeanFen, points) },
    ...groups.map((group): ClassRule => {
      const coefficient4 = tables.primaryCareGroups.has(group.groupCode) ? primaryCare4 : levelCoefficient;
      return {
        groupNo: group.groupNo,
        classNo: level,
        coefficient4,
        ...groupedRule(group, coefficient4, points),
      };
    }),
  ]);
  return { areaMeanFen, rules };
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
];
