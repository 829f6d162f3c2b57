import type { AreaTables } from '#catalogue/area-tables.ts';
import { areaErrors } from '#catalogue/errors.ts';
import { type Problem, YibaoError } from '#kernel/errors.ts';
import { add, compare, divide, type Fraction, ONE, roundTo, scaledText } from '#kernel/fraction.ts';
import type { Policy } from '#policy/index.ts';
import type { InstitutionClass } from './institution-class.ts';
import { levelCoefficient4, weightedMean, type YearCost, type YearWeights } from './weighted-mean.ts';

/** Where a coefficient comes from: words for the reader are in the explanation. */
export type CoefficientReason =
  | 'level'
  | 'no-history'
  | 'primary-care'
  | 'level-and-type'
  | 'institution'
  | 'composite'
  | 'disease';

/** The coefficient of one class in units of 10^−4: what it is based on, and what is added. */
export type ClassCoefficient = {
  readonly why: CoefficientReason;
  readonly base4: bigint;
  readonly addOn4: bigint;
  readonly coefficient4: bigint;
};

/** Lists and cost of one class of institutions in one year of the history. */
export type ClassYearCost = YearCost & { readonly classNo: number };

/** How means are weighted: see weightedMean. */
export type MeanWeighting = {
  readonly weights: YearWeights;
  readonly mean: (years: readonly YearCost[]) => Fraction | undefined;
};

export const meanWeighting = (policy: Policy, weights: YearWeights): MeanWeighting => {
  const reading = policy.choice('score.mean_reading');
  return { weights, mean: (years) => weightedMean(years, weights, reading) };
};

/** Adds up the rows of several classes or groups to one row per year. */
export function sumByYear(costs: readonly YearCost[]): YearCost[] {
  return [...Map.groupBy(costs, ({ year }) => year)].map(([year, list]) => ({
    year,
    cases: list.reduce((sum, { cases }) => sum + cases, 0n),
    costFen: list.reduce((sum, { costFen }) => sum + costFen, 0n),
  }));
}

/**
 * Coefficient of each level, weighted mean of the level / M rounded to 4; `coefficient.no_history` for one without history.
 * Source: reference profile §4.
 */
export function levelCoefficients(
  classes: readonly InstitutionClass[],
  totals: readonly ClassYearCost[],
  areaMeanFen: Fraction,
  { mean }: MeanWeighting,
  policy: Policy,
): ReadonlyMap<number, { readonly coefficient4: bigint; readonly why: 'level' | 'no-history' }> {
  const levelOf = new Map(classes.map(({ classNo, level }) => [classNo, level]));
  return new Map(
    [1, 2, 3].map((level) => {
      const own = mean(sumByYear(totals.filter(({ classNo }) => levelOf.get(classNo) === level)));
      return [
        level,
        own
          ? { coefficient4: levelCoefficient4(own, areaMeanFen), why: 'level' as const }
          : {
              coefficient4: roundTo(policy.fraction('coefficient.no_history'), 4),
              why: 'no-history' as const,
            },
      ];
    }),
  );
}

/**
 * Coefficient of each class under `coefficient.method`; a class without history takes that of its level.
 * Source: docs/domain/dip.md#coefficients.
 * @throws YibaoError when the parts of a composite coefficient do not add up to one above 0 and up to 10
 */
export function classCoefficients(
  classes: readonly InstitutionClass[],
  totals: readonly ClassYearCost[],
  levels: ReturnType<typeof levelCoefficients>,
  areaMeanFen: Fraction,
  { mean }: MeanWeighting,
  policy: Policy,
  tables: AreaTables,
): ReadonlyMap<number, ClassCoefficient> {
  const method = policy.choice('coefficient.method');
  const plain = (why: CoefficientReason, coefficient4: bigint): ClassCoefficient => ({
    why,
    base4: coefficient4,
    addOn4: 0n,
    coefficient4,
  });
  const meanOf = (own: (one: InstitutionClass) => boolean): Fraction | undefined => {
    const numbers = new Set(classes.filter(own).map(({ classNo }) => classNo));
    return mean(sumByYear(totals.filter(({ classNo }) => numbers.has(classNo))));
  };
  const problems: Problem[] = [];
  const coefficients = classes.map((one): [number, ClassCoefficient] => {
    const level = levels.get(one.level)!;
    const ofLevel = plain(level.why, level.coefficient4);
    if (method === 'level' || method === 'by-disease') return [one.classNo, ofLevel];
    if (method !== 'composite') {
      const own = meanOf(({ classNo }) => classNo === one.classNo);
      return [one.classNo, own ? plain(method, levelCoefficient4(own, areaMeanFen)) : ofLevel];
    }
    const { fixmedinsCode, type } = one.institutions[0]!;
    const ofType =
      type === ''
        ? undefined
        : meanOf(({ level: other, institutions }) => other === one.level && institutions[0]!.type === type);
    const calculated = ofType ? levelCoefficient4(ofType, areaMeanFen) : level.coefficient4;
    const parts = tables.points.coefficientComponents.filter((row) => row.fixmedinsCode === fixmedinsCode);
    const part = (name: string) => parts.find(({ component }) => component === name)?.value4;
    const complete = part('complete');
    const base4 = complete ?? part('base') ?? calculated;
    const addOns = parts.filter(({ component }) => component !== 'complete' && component !== 'base');
    const addOn4 = complete === undefined ? addOns.reduce((sum, { value4 }) => sum + value4, 0n) : 0n;
    const coefficient4 = base4 + addOn4;
    if (coefficient4 <= 0n || coefficient4 > 100_000n) {
      problems.push({
        definition: areaErrors.coefficientNotPositive,
        file: 'institution_coefficients.csv',
        row: parts[0]?.row,
        field: 'value',
        value: fixmedinsCode,
        parameters: { total: scaledText(coefficient4, 4) },
      });
    }
    return [one.classNo, { why: 'composite', base4, addOn4, coefficient4 }];
  });
  if (problems.length > 0) throw new YibaoError(problems);
  return new Map(coefficients);
}

/** What one disease group is, to the conditions of a coefficient of its own. */
export type DiseaseHistory = {
  /** history lists of the group by level and year */
  readonly levels: ReadonlyMap<number, readonly YearCost[]>;
  /** none of its lists has a procedure that counts */
  readonly isConservative: boolean;
  readonly isPrimaryCare: boolean;
};

export type DiseaseVerdict =
  | 'own-coefficient'
  | 'primary-care'
  | 'conservative'
  | 'one-level'
  | 'too-few-cases'
  | 'small-difference'
  | 'inverted';

export type DiseaseCoefficients = {
  readonly verdict: DiseaseVerdict;
  /** level → cases, mean and coefficient, for the levels that have lists */
  readonly levels: ReadonlyMap<number, { cases: bigint; meanFen: Fraction; coefficient4: bigint }>;
};

/**
 * coef = weighted mean of the disease at the level / weighted mean of the disease, rounded to 4, if every level that treats it
 * has enough cases, the dearest level exceeds the cheapest by enough, and no level is dearer than a higher one.
 * Conservative and primary-care groups never have one. Source: DIP 3.0 draft §5.2.1; docs/domain/dip.md#coefficients-by-disease.
 */
export function diseaseCoefficients(
  disease: DiseaseHistory,
  { mean }: MeanWeighting,
  limits: { readonly cases: bigint; readonly difference: Fraction },
): DiseaseCoefficients {
  const all = mean(sumByYear([...disease.levels.values()].flat()));
  const levels = new Map(
    [...disease.levels]
      .toSorted(([a], [b]) => a - b)
      .flatMap(([level, years]) => {
        const own = mean(years);
        const cases = years.reduce((sum, year) => sum + year.cases, 0n);
        return own && all
          ? [[level, { cases, meanFen: own, coefficient4: levelCoefficient4(own, all) }] as const]
          : [];
      }),
  );
  const means = [...levels.values()].map(({ meanFen }) => meanFen);
  const least = means.reduce((a, b) => (compare(b, a) < 0 ? b : a), means[0] ?? ONE);
  const most = means.reduce((a, b) => (compare(b, a) > 0 ? b : a), means[0] ?? ONE);
  const verdict = ((): DiseaseVerdict => {
    if (disease.isPrimaryCare) return 'primary-care';
    if (disease.isConservative) return 'conservative';
    if (levels.size < 2) return 'one-level';
    if ([...levels.values()].some(({ cases }) => cases < limits.cases)) return 'too-few-cases';
    if (compare(divide(most, least), add(ONE, limits.difference)) < 0) return 'small-difference';
    if (means.some((each, index) => index > 0 && compare(each, means[index - 1]!) < 0)) return 'inverted';
    return 'own-coefficient';
  })();
  return { verdict, levels };
}

/** Reads the limits of diseaseCoefficients from the policy. */
export const diseaseLimits = (policy: Policy) => ({
  cases: policy.integer('coefficient.disease_cases'),
  difference: policy.fraction('coefficient.disease_difference'),
});
