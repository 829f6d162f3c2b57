import type { AreaTables } from '#catalogue/area-tables.ts';
import type { GroupWeight } from '#catalogue/case-tables.ts';
import { areaErrors } from '#catalogue/errors.ts';
import type { Engine, Row } from '#engine/duckdb.ts';
import { makeTable, sourceFile } from '#engine/sql-file.ts';
import type { GroupingMethod } from '#grouping/method.ts';
import { type Problem, YibaoError } from '#kernel/errors.ts';
import { divide, type Fraction, fraction, multiply, ONE, roundTo } from '#kernel/fraction.ts';
import type { Policy } from '#policy/index.ts';
import { adjustScores } from './points/adjust-scores.ts';
import {
  type ClassCoefficient,
  type CoefficientReason,
  classCoefficients,
  type DiseaseCoefficients,
  diseaseCoefficients,
  diseaseLimits,
  levelCoefficients,
  type MeanWeighting,
  meanWeighting,
  sumByYear,
} from './points/coefficients.ts';
import { type DeviationStandard, deviationStandard } from './points/deviation-standard.ts';
import { highRatioOf } from './points/high-limit.ts';
import { type InstitutionClass, institutionClasses } from './points/institution-class.ts';
import {
  BIGINT_MAX,
  type CostStandard,
  type GroupStandard,
  groupedRule,
  type PointsPolicy,
  type PointsRule,
  pointsPolicy,
  ungroupedPointsPerFen,
  ungroupedRule,
} from './points/score-case.ts';
import type { YearCost, YearWeights } from './points/weighted-mean.ts';

/** One group with its score; `score` is exact, `score4` the rounded one that counts. */
export type GroupScore = {
  readonly groupNo: number;
  readonly groupCode: string;
  readonly kind: string;
  readonly cases: bigint;
  readonly meanFen: Fraction;
  readonly score: Fraction;
  readonly score4: bigint;
};

/** The rule of one group at one class of institutions for one type of case; type_no 0 is no type. */
export type ClassRule = PointsRule & {
  readonly groupNo: number;
  readonly classNo: number;
  readonly typeNo: number;
  readonly coefficient4: bigint;
  /** score of the group at this class, in units of 10^−4; 0 for ungrouped cases */
  readonly score4: bigint;
};

/** Lists and cost of one group at one class in one year of the history. */
export type GroupClassYear = YearCost & {
  readonly groupNo: number;
  readonly classNo: number;
  readonly operatedCases: bigint;
};

/** Groups, scores, coefficients, and what the points of a group at a class of institutions are made with. */
export type Catalogue = {
  readonly areaMeanFen: Fraction;
  /** the cost and the score that turn costs into scores */
  readonly standard: CostStandard;
  /** the same for ungrouped cases */
  readonly ungroupedStandard: CostStandard;
  readonly weighting: MeanWeighting;
  readonly points: PointsPolicy;
  readonly groups: readonly GroupScore[];
  readonly classes: readonly InstitutionClass[];
  readonly classCoefficients: ReadonlyMap<number, ClassCoefficient>;
  readonly deviation: DeviationStandard;
  coefficientOf(
    group: GroupScore,
    classNo: number,
  ): { readonly coefficient4: bigint; readonly why: CoefficientReason };
  standardOf(group: GroupScore, classNo: number): GroupStandard;
  /** the parameters with the high limit of the group at the class */
  pointsOf(group: GroupScore, classNo: number): PointsPolicy;
};

/** What the history alone says: scores of the groups and coefficients of the classes. */
export type ScoredCatalogue = Pick<
  Catalogue,
  'areaMeanFen' | 'standard' | 'weighting' | 'groups' | 'classes' | 'classCoefficients'
>;

/** Groups, scores and coefficients from the history; group_no 0 stands for ungrouped. */
export async function buildCatalogue(
  engine: Engine,
  method: GroupingMethod,
  policy: Policy,
  tables: AreaTables,
  weights: YearWeights,
): Promise<ScoredCatalogue> {
  const weighting = meanWeighting(policy, weights);
  const totals = (
    await engine.rows(
      'SELECT year, class_no, sum(cases) AS cases, sum(cost_fen) AS cost_fen FROM history_cost GROUP BY year, class_no ORDER BY year, class_no',
    )
  ).map((row) => ({ ...toYearCost(row), classNo: Number(row.class_no) }));
  const areaMeanFen = weighting.mean(sumByYear(totals));
  if (!areaMeanFen) throw await noHistory(engine, weights);

  const classes = institutionClasses(tables, policy);
  const levels = levelCoefficients(classes, totals, areaMeanFen, weighting, policy);
  await engine.append(
    'coefficient_result',
    [...levels].map(([level, { coefficient4 }]) => [level, coefficient4]),
  );
  const ofClass = classCoefficients(classes, totals, levels, areaMeanFen, weighting, policy, tables);
  await engine.append('institution_coefficient', institutionRows(classes, ofClass));

  const { groups, standard } = await scoreGroups(engine, method, policy, tables, areaMeanFen, weighting);
  return { areaMeanFen, standard, weighting, groups, classes, classCoefficients: ofClass };
}

/** Adds what the points of a case depend on besides: coefficients by disease, the standard of cost, the limits. */
export async function completeCatalogue(
  engine: Engine,
  scored: ScoredCatalogue,
  policy: Policy,
  tables: AreaTables,
): Promise<Catalogue> {
  const { groups, standard, weighting, classes, classCoefficients: ofClass } = scored;
  const percentiles = await groupPercentiles(engine, policy);
  const points = pointsPolicy(policy);
  const primaryCare4 = roundTo(policy.fraction('coefficient.primary_care'), 4);
  const byDisease = policy.choice('coefficient.method') === 'by-disease';
  const history =
    byDisease || policy.choice('deviation.mean') !== 'area' ? await groupClassYears(engine) : [];
  const isPrimaryCare = (group: GroupScore): boolean =>
    group.kind === 'primary-care' || tables.primaryCareGroups.has(group.groupCode);
  const levelOf = new Map(classes.map(({ classNo, level }) => [classNo, level]));
  const diseases = byDisease
    ? diseaseResults(groups, history, levelOf, isPrimaryCare, weighting, policy)
    : new Map<number, DiseaseCoefficients>();
  await engine.append('disease_coefficient', diseaseRows(groups, diseases));

  const coefficientOf: Catalogue['coefficientOf'] = (group, classNo) => {
    if (isPrimaryCare(group)) return { coefficient4: primaryCare4, why: 'primary-care' };
    const disease = diseases.get(group.groupNo);
    const own =
      disease?.verdict === 'own-coefficient' ? disease.levels.get(levelOf.get(classNo)!) : undefined;
    return own ? { coefficient4: own.coefficient4, why: 'disease' } : ofClass.get(classNo)!;
  };
  const deviation = deviationStandard({ policy, groups, history, levelOf, coefficientOf, weighting });
  const ungroupedStandard =
    policy.choice('ungrouped.standard') === 'point-value' && deviation.pointValueFen
      ? { meanFen: deviation.pointValueFen, score: ONE }
      : standard;
  const blankAsUngrouped =
    policy.choice('grouping.method') === 'dip-catalogue' &&
    policy.choice('grouping.leftover') === 'blank-group' &&
    policy.choice('ungrouped.blank_group') === 'as-ungrouped';
  const byCost = (group: GroupScore): Fraction | undefined => {
    if (group.kind === 'blank' && blankAsUngrouped) return ungroupedPointsPerFen(ungroupedStandard, points);
    if (group.score4 !== 0n || policy.choice('deviation.zero_score') === 'no-points') return undefined;
    return deviation.pointValueFen
      ? divide(ONE, deviation.pointValueFen)
      : divide(standard.score, standard.meanFen);
  };
  const weightOf = groupWeights(policy, tables);
  const standardOf: Catalogue['standardOf'] = (group, classNo) => ({
    meanFen: deviation.meanOf(group, classNo),
    score4: weightOf?.(group.groupCode, levelOf.get(classNo)) ?? group.score4,
    pointsPerFen: byCost(group),
  });
  return {
    ...scored,
    ungroupedStandard,
    points,
    deviation,
    coefficientOf,
    standardOf,
    pointsOf: (group, classNo) => {
      const { coefficient4 } = coefficientOf(group, classNo);
      const percentileFen = percentiles.get(group.groupNo);
      const limitOf = { ...standardOf(group, classNo), coefficient4, percentileFen };
      return { ...points, highRatio: highRatioOf(policy, points, limitOf) };
    },
  };
}

async function noHistory(engine: Engine, weights: YearWeights): Promise<YibaoError> {
  const refused = await engine.rows('SELECT file, row_no, reason FROM refused_result ORDER BY file, row_no');
  const first = refused[0];
  return new YibaoError({
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

/** Score of a group by its mean cost, exact, or with weights the rounded weight times the score of average cost. */
function scoreOfMean(policy: Policy, meanFen: Fraction, standard: CostStandard): Fraction {
  const ratio = divide(meanFen, standard.meanFen);
  return policy.choice('score.unit') === 'score'
    ? multiply(standard.score, ratio)
    : multiply(fraction(roundTo(ratio, 4), 10_000n), standard.score);
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

/** The groups of the method with their scores, decided ones put in place; fills `group_score`. */
async function scoreGroups(
  engine: Engine,
  method: GroupingMethod,
  policy: Policy,
  tables: AreaTables,
  areaMeanFen: Fraction,
  { mean }: MeanWeighting,
): Promise<{ groups: readonly GroupScore[]; standard: CostStandard }> {
  let standard = costStandard(policy, areaMeanFen);
  const weightOf = groupWeights(policy, tables);
  const minimumCases = policy.values['catalogue.minimum_cases']
    ? policy.integer('catalogue.minimum_cases')
    : 1n;
  const withoutWeight: { kind: string; groupCode: string; cases: bigint }[] = [];
  const groups: GroupScore[] = [];
  // the mean cost a score stands for: that of a group without history
  const meanOfScore = (score4: bigint): Fraction =>
    score4 === 0n
      ? areaMeanFen
      : divide(multiply(fraction(score4, 10_000n), standard!.meanFen), standard!.score);
  await method.groups(engine, policy, async (kind, groupYearTable, givenTable) => {
    const rows = await engine.rows(`SELECT * FROM ${groupYearTable} ORDER BY group_code, year`);
    const history = Map.groupBy(rows, (row) => String(row.group_code));
    standard ??= baseDiseaseStandard(
      policy,
      mean(history.get(policy.text('score.base_group'))?.map(toYearCost) ?? []),
    );
    const given = givenTable
      ? await engine.rows(`SELECT * FROM ${givenTable} WHERE kind = ? ORDER BY group_code`, [kind])
      : undefined;
    const codes = given?.map((row) => String(row.group_code)) ?? [...history.keys()];
    const scored = codes.flatMap((groupCode, index): Omit<GroupScore, 'groupNo'>[] => {
      const costs = (history.get(groupCode) ?? []).map(toYearCost);
      const cases = costs.reduce((sum, each) => sum + each.cases, 0n);
      const meanFen = mean(costs);
      const ofCatalogue = given?.[index];
      if (ofCatalogue) {
        const score4 = ofCatalogue.score4 as bigint;
        const givenFen = ofCatalogue.mean_fen as bigint | null;
        const mean = givenFen === null ? (meanFen ?? meanOfScore(score4)) : fraction(givenFen);
        return [{ groupCode, kind, cases, meanFen: mean, score: fraction(score4, 10_000n), score4 }];
      }
      if (!weightOf) {
        if (!meanFen || cases < minimumCases) return [];
        const score = scoreOfMean(policy, meanFen, standard!);
        return [{ groupCode, kind, cases, meanFen, score, score4: roundTo(score, 4) }];
      }
      const score4 = weightOf(groupCode);
      if (score4 === undefined) {
        withoutWeight.push({ kind, groupCode, cases });
        return [];
      }
      const score = fraction(score4, 10_000n);
      return [{ groupCode, kind, cases, meanFen: meanFen ?? meanOfScore(score4), score, score4 }];
    });
    const numbered = scored.map((group, index) => ({ groupNo: groups.length + index + 1, ...group }));
    groups.push(...numbered);
    await engine.append('group_score', numbered.map(groupRow));
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
  if (tables.points.scoreAdjustments.length === 0) return { groups, standard: standard! };
  const { k, groups: adjusted } = adjustScores(groups, tables.points.scoreAdjustments);
  const result = adjusted.map((group) => ({ ...group, score4: roundTo(group.score, 4) }));
  // the groups were assigned by the scores as calculated: the explanation needs them again
  await engine.run('INSERT INTO unadjusted_score SELECT group_code, kind, score4 FROM group_score');
  await engine.run('DELETE FROM group_score');
  await engine.append('group_score', result.map(groupRow));
  await engine.append(
    'adjusted_score',
    result.flatMap((group, index) =>
      group.decided
        ? [
            [
              group.groupCode,
              group.kind,
              group.cases,
              groups[index]!.score4,
              roundTo(group.decided, 4),
              group.score4,
              roundTo(k, 8),
            ],
          ]
        : [],
    ),
  );
  return { groups: result, standard: standard! };
}

const groupRow = (group: GroupScore): readonly (string | number | bigint)[] => [
  group.groupNo,
  group.groupCode,
  group.kind,
  group.cases,
  roundTo(group.meanFen, 0),
  group.score4,
];

/** What a score is measured with; undefined for a base disease, whose mean comes with the first groups. */
function costStandard(policy: Policy, areaMeanFen: Fraction): CostStandard | undefined {
  switch (policy.choice('score.method')) {
    case 'average-cost':
      return { meanFen: areaMeanFen, score: policy.fraction('score.mean_score') };
    case 'fixed-standard':
      return { meanFen: multiply(policy.fraction('score.fixed_standard'), fraction(100n)), score: ONE };
    case 'base-disease':
      return undefined;
  }
}

function baseDiseaseStandard(policy: Policy, meanFen: Fraction | undefined): CostStandard {
  if (meanFen) return { meanFen, score: policy.fraction('score.mean_score') };
  const code = policy.text('score.base_group');
  throw new YibaoError({
    definition: areaErrors.baseGroupMissing,
    field: 'score.base_group',
    value: code,
    parameters: { code },
  });
}

async function groupClassYears(engine: Engine): Promise<GroupClassYear[]> {
  await makeTable(engine, sourceFile('payment/points/group_class_year.sql'));
  const rows = await engine.rows('SELECT * FROM group_class_year ORDER BY group_no, class_no, year');
  return rows.map((row) => ({
    ...toYearCost(row),
    groupNo: Number(row.group_no),
    classNo: Number(row.class_no),
    operatedCases: BigInt(row.operated_cases as bigint),
  }));
}

function diseaseResults(
  groups: readonly GroupScore[],
  history: readonly GroupClassYear[],
  levelOf: ReadonlyMap<number, number>,
  isPrimaryCare: (group: GroupScore) => boolean,
  weighting: MeanWeighting,
  policy: Policy,
): ReadonlyMap<number, DiseaseCoefficients> {
  const limits = diseaseLimits(policy);
  const byGroup = Map.groupBy(history, ({ groupNo }) => groupNo);
  return new Map(
    groups.map((group) => {
      const own = byGroup.get(group.groupNo) ?? [];
      const disease = {
        levels: Map.groupBy(own, ({ classNo }) => levelOf.get(classNo)!),
        isConservative: own.every(({ operatedCases }) => operatedCases === 0n),
        isPrimaryCare: isPrimaryCare(group),
      };
      return [group.groupNo, diseaseCoefficients(disease, weighting, limits)];
    }),
  );
}

const diseaseRows = (groups: readonly GroupScore[], diseases: ReadonlyMap<number, DiseaseCoefficients>) =>
  groups.flatMap((group) => {
    const disease = diseases.get(group.groupNo);
    return [...(disease?.levels ?? [])].map(([level, { cases, meanFen, coefficient4 }]) => [
      group.groupCode,
      group.kind,
      level,
      cases,
      roundTo(meanFen, 0),
      disease!.verdict === 'own-coefficient' ? coefficient4 : null,
      disease!.verdict,
    ]);
  });

const institutionRows = (
  classes: readonly InstitutionClass[],
  coefficients: ReadonlyMap<number, ClassCoefficient>,
) =>
  classes.flatMap(({ classNo, level, institutions }) => {
    const { why, base4, addOn4, coefficient4 } = coefficients.get(classNo)!;
    return institutions.map(({ fixmedinsCode, type }) => [
      fixmedinsCode,
      level,
      type,
      why,
      base4,
      addOn4,
      coefficient4,
    ]);
  });

const toYearCost = (row: Row): YearCost => ({
  year: Number(row.year),
  cases: BigInt(row.cases as bigint),
  costFen: BigInt(row.cost_fen as bigint),
});

/** The types a group's cases may have, by group_no: type_no → adjustment coefficient × 10^4. */
export type GroupTypes = ReadonlyMap<number, ReadonlyMap<number, bigint>>;

/** Fills `points_rule`: one rule for each group, class and type that lists can have. */
export async function loadRules(engine: Engine, catalogue: Catalogue, types: GroupTypes): Promise<void> {
  const { classes, groups, points } = catalogue;
  const pairs = await usedPairs(engine, classes);
  const rules = classes.flatMap(({ classNo }): ClassRule[] => [
    {
      groupNo: 0,
      classNo,
      typeNo: 0,
      coefficient4: catalogue.classCoefficients.get(classNo)!.coefficient4,
      score4: 0n,
      ...ungroupedRule(catalogue.ungroupedStandard, points),
    },
    ...groups
      .filter(({ groupNo }) => pairs === undefined || pairs.has(`${groupNo} ${classNo}`))
      .flatMap((group): ClassRule[] => {
        const { coefficient4 } = catalogue.coefficientOf(group, classNo);
        const standard = catalogue.standardOf(group, classNo);
        const limits = catalogue.pointsOf(group, classNo);
        const ofType = (typeNo: number, typeCoefficient4: bigint | undefined): ClassRule => ({
          groupNo: group.groupNo,
          classNo,
          typeNo,
          coefficient4,
          score4: standard.score4,
          ...groupedRule({ ...standard, typeCoefficient4 }, coefficient4, limits),
        });
        const typed = [...(types.get(group.groupNo) ?? [])];
        return [ofType(0, undefined), ...typed.map(([typeNo, value]) => ofType(typeNo, value))];
      }),
  ]);
  await appendRules(engine, rules);
}

/** With few classes every pair of group and class gets a rule; with many only those that lists have. */
const CLASSES_WITH_ALL_PAIRS = 10;

async function usedPairs(
  engine: Engine,
  classes: readonly InstitutionClass[],
): Promise<Set<string> | undefined> {
  if (classes.length <= CLASSES_WITH_ALL_PAIRS) return undefined;
  const rows = await engine.rows(
    'SELECT DISTINCT g.group_no, a.class_no FROM accepted_list AS a JOIN signature_group AS g ON g.signature_no = a.signature_no',
  );
  return new Set(rows.map((row) => `${row.group_no} ${row.class_no}`));
}

/** What the low line is called in a rule: by cost alone everything is on it. */
const lowDeviation = ({ byCost, groupNo }: ClassRule): string =>
  !byCost ? 'low' : groupNo === 0 ? 'ungrouped' : 'by-cost';

/** The rule in the order of the columns of `points_rule`. */
const rulesRow = (rule: ClassRule): readonly (number | bigint | string)[] => [
  rule.groupNo,
  rule.classNo,
  rule.typeNo,
  rule.coefficient4,
  rule.byCost ? BIGINT_MAX : rule.lowBelowFen,
  rule.highAboveFen,
  rule.extremeAboveFen,
  rule.normalPoints4,
  [rule.low.multiplier, rule.high.multiplier, rule.divisor, rule.highSubtrahend].join(' '),
  rule.low.perFen32,
  rule.high.perFen32,
  rule.highSubtrahend32,
  rule.quickBelowFen,
  lowDeviation(rule),
  String(rule.extremeAsHigh),
  rule.score4,
];

/** Fills `points_rule` and sets the variables that `scored_list` finds a rule by: how many classes and types there are. */
export async function appendRules(engine: Engine, rules: readonly ClassRule[]): Promise<void> {
  const count = (numbers: Iterable<number>): number =>
    1 + Array.from(numbers).reduce((a, b) => Math.max(a, b), 0);
  const classes = count(rules.map(({ classNo }) => classNo));
  const types = count(rules.map(({ typeNo }) => typeNo));
  await engine.run(`SET VARIABLE rule_classes = ${classes}; SET VARIABLE rule_types = ${types}`);
  await engine.append(
    'points_rule',
    rules.map((rule) => [(rule.groupNo * classes + rule.classNo) * types + rule.typeNo, ...rulesRow(rule)]),
  );
}
