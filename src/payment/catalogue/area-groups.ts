import type { CatalogueEntry, TreatmentClass } from '#grouping/dip/index.ts';
import {
  compare,
  divide,
  type Fraction,
  fraction,
  multiply,
  ONE,
  roundTo,
  subtract,
} from '#kernel/fraction.ts';
import { byText } from '#kernel/text-order.ts';
import { diseaseScore4, weightedMean, type YearCost, type YearWeights } from '../points/weighted-mean.ts';

/** The history of the lists with one subcategory, principal operation and set of related operations. */
export type KeyHistory = {
  /** first five characters of the principal diagnosis */
  readonly diagnosis: string;
  /** first eligible operation; undefined: none */
  readonly principal: string | undefined;
  /** the other eligible operations, distinct, in text order */
  readonly related: readonly string[];
  readonly years: readonly YearCost[];
};

export type AreaGroupOptions = {
  /** history lists a core group needs; or the share of all lists that the core groups together must reach */
  readonly threshold: { readonly cases: bigint } | { readonly coverage: Fraction };
  /** by how much related operations must raise the mean cost to make a group of their own, 0.1 */
  readonly relatedIncrease: Fraction;
  /** history lists a comprehensive group needs */
  readonly comprehensiveCases: bigint;
  readonly weights: YearWeights;
  readonly meanScore: Fraction;
  /** class of the comprehensive group by the principal operation */
  readonly classOf: (principal: string | undefined) => TreatmentClass;
  readonly primaryCareGroups: ReadonlySet<string>;
};

/** What the related-operation rule said of one set of related operations. */
export type RelatedDecision = {
  readonly diagnosis: string;
  readonly principal: string;
  readonly related: readonly string[];
  readonly cases: bigint;
  /** mean cost in fen of what it is compared with, and its own */
  readonly baseMeanFen: Fraction | undefined;
  readonly meanFen: Fraction;
  /** share by which the mean cost rises; undefined when there is nothing to compare with */
  readonly increase: Fraction | undefined;
  readonly verdict: 'kept' | 'too-few-cases' | 'too-small-increase' | 'nothing-to-compare';
};

export type AreaGroup = { readonly entry: CatalogueEntry; readonly cases: bigint };

export type AreaGroups = {
  readonly groups: readonly AreaGroup[];
  readonly related: readonly RelatedDecision[];
  /** lists a core group needs, as given or as the coverage made it */
  readonly coreCases: bigint;
  /** share of the lists that are in core groups */
  readonly coverage: Fraction;
  readonly areaMeanFen: Fraction;
};

/** Lists gathered for one group. */
type Pool = {
  readonly diagnosis: string;
  readonly principal: string | undefined;
  readonly related: readonly string[];
  years: readonly YearCost[];
  /** of a set of related operations with too few lists: the smaller group its lists are assigned to if that is core */
  readonly spareOf?: Pool;
};

/**
 * A group catalogue from the history of an area: subcategory, principal operation and those related operations that raise
 * the cost enough; what has too few lists goes to comprehensive groups. Undefined without history.
 * Source: DIP 3.0 draft, chapter 3; docs/domain/dip.md#catalogue-build.
 */
export function areaGroups(
  histories: readonly KeyHistory[],
  options: AreaGroupOptions,
): AreaGroups | undefined {
  const { weights, threshold } = options;
  const areaMeanFen = weightedMean(
    histories.flatMap(({ years }) => years).reduce(addYear, [] as YearCost[]),
    weights,
  );
  if (!areaMeanFen) return undefined;
  const total = casesOf(histories.flatMap(({ years }) => years));
  const { coreCases, related, core, rest } =
    'cases' in threshold
      ? divided(histories, options, threshold.cases)
      : dividedByCoverage(histories, options, multiply(threshold.coverage, fraction(total)));
  const score = (years: readonly YearCost[]) => {
    const mean = weightedMean(years, weights)!;
    return { meanFen: roundTo(mean, 0), score4: diseaseScore4(mean, areaMeanFen, options.meanScore) };
  };
  const groups = [
    ...core.map((pool) => ({
      entry: { ...coreEntry(pool, options.primaryCareGroups), ...score(pool.years) },
      cases: casesOf(pool.years),
    })),
    ...comprehensivePools(rest, options).map(({ category, treatmentClass, years }) => ({
      entry: { ...comprehensiveEntry(category, treatmentClass), ...score(years) },
      cases: casesOf(years),
    })),
  ].toSorted((a, b) => byText(a.entry.groupCode, b.entry.groupCode));
  return {
    groups: groups.map(({ entry, cases }, index) => ({ entry: { ...entry, row: index + 2 }, cases })),
    related,
    coreCases,
    coverage: fraction(casesOf(core.flatMap(({ years }) => years)), total),
    areaMeanFen,
  };
}

const casesOf = (years: readonly YearCost[]): bigint => years.reduce((sum, { cases }) => sum + cases, 0n);

/** Years of one set, added up by year. */
function addYear(sum: YearCost[], year: YearCost): YearCost[] {
  const place = sum.findIndex((each) => each.year === year.year);
  if (place < 0) sum.push(year);
  else {
    const { cases, costFen } = sum[place]!;
    sum[place] = { year: year.year, cases: cases + year.cases, costFen: costFen + year.costFen };
  }
  return sum;
}

const together = (...sets: readonly (readonly YearCost[])[]): YearCost[] =>
  sets.flat().reduce(addYear, [] as YearCost[]);

/**
 * The related-operation rule within each diagnosis and principal operation: a set of related operations that does not raise
 * the mean cost of the nearest smaller group enough joins it; one that does is a group, if it has enough lists.
 */
function foldRelated(
  histories: readonly KeyHistory[],
  options: AreaGroupOptions,
  coreCases: bigint,
): { pools: Pool[]; related: RelatedDecision[] } {
  const pools: Pool[] = [];
  const related: RelatedDecision[] = [];
  const families = Map.groupBy(histories, ({ diagnosis, principal }) => `${diagnosis}+${principal ?? ''}`);
  for (const [, family] of [...families].toSorted(([a], [b]) => byText(a, b))) {
    const bySize = family.toSorted(
      (a, b) => a.related.length - b.related.length || byText(a.related.join('+'), b.related.join('+')),
    );
    const { diagnosis, principal } = bySize[0]!;
    const base: Pool = { diagnosis, principal, related: [], years: [] };
    const kept: { readonly pool: Pool; readonly ownYears: readonly YearCost[] }[] = [];
    const spare: Pool[] = [];
    base.years = bySize[0]!.related.length === 0 ? bySize[0]!.years : [];
    kept.push({ pool: base, ownYears: base.years });
    for (const history of bySize.filter(({ related: set }) => set.length > 0)) {
      const decision = relatedDecision(history, kept, options, coreCases);
      related.push(decision);
      const { pool: smaller } = nearest(history, kept);
      const own = { diagnosis, principal, related: history.related, years: history.years };
      if (decision.verdict === 'kept') kept.push({ pool: own, ownYears: history.years });
      else if (decision.verdict === 'too-few-cases') spare.push({ ...own, spareOf: smaller });
      else smaller.years = together(smaller.years, history.years);
    }
    pools.push(...kept.map(({ pool }) => pool).filter((pool) => pool.years.length > 0), ...spare);
  }
  return { pools, related };
}

type Kept = readonly { readonly pool: Pool; readonly ownYears: readonly YearCost[] }[];

/** The kept group with the most of these related operations; of several the one first in text order. */
function nearest(history: KeyHistory, kept: Kept): Kept[number] {
  const fitting = kept.filter(({ pool }) => pool.related.every((code) => history.related.includes(code)));
  return fitting.reduce((best, each) => (each.pool.related.length > best.pool.related.length ? each : best));
}

function relatedDecision(
  history: KeyHistory,
  kept: Kept,
  options: AreaGroupOptions,
  coreCases: bigint,
): RelatedDecision {
  const { diagnosis, principal, related, years } = history;
  const cases = casesOf(years);
  const meanFen = weightedMean(years, options.weights)!;
  // what the group is compared with are the lists of the smaller group itself, not those that joined it
  const baseMeanFen = weightedMean(nearest(history, kept).ownYears, options.weights);
  const increase = baseMeanFen && subtract(divide(meanFen, baseMeanFen), ONE);
  const verdict =
    increase === undefined
      ? 'nothing-to-compare'
      : compare(increase, options.relatedIncrease) < 0
        ? 'too-small-increase'
        : cases < coreCases
          ? 'too-few-cases'
          : 'kept';
  return { diagnosis, principal: principal!, related, cases, baseMeanFen, meanFen, increase, verdict };
}

type Divided = {
  readonly coreCases: bigint;
  readonly related: RelatedDecision[];
  readonly core: readonly Pool[];
  /** of comprehensive groups */
  readonly rest: readonly Pool[];
};

function divided(histories: readonly KeyHistory[], options: AreaGroupOptions, coreCases: bigint): Divided {
  const { pools, related } = foldRelated(histories, options, coreCases);
  const isCore = (pool: Pool) => pool.spareOf === undefined && casesOf(pool.years) >= coreCases;
  // lists of a spare set go to its smaller group, without a say in the mean of it
  const rest = pools.filter((pool) => !isCore(pool) && !(pool.spareOf && isCore(pool.spareOf)));
  return { coreCases, related, core: pools.filter(isCore), rest };
}

/** With the highest threshold at which the core groups hold so many lists; 1 when none does. */
function dividedByCoverage(
  histories: readonly KeyHistory[],
  options: AreaGroupOptions,
  wanted: Fraction,
): Divided {
  const counts = new Set(foldRelated(histories, options, 1n).pools.map(({ years }) => casesOf(years)));
  for (const threshold of [...counts].toSorted((a, b) => (a > b ? -1 : 1))) {
    const attempt = divided(histories, options, threshold);
    const covered = casesOf(attempt.core.flatMap(({ years }) => years));
    if (compare(fraction(covered), wanted) >= 0) return attempt;
  }
  return divided(histories, options, 1n);
}

type ComprehensivePool = {
  readonly category: string;
  readonly treatmentClass: TreatmentClass;
  readonly years: readonly YearCost[];
};

function comprehensivePools(rest: readonly Pool[], options: AreaGroupOptions): ComprehensivePool[] {
  const pools = Map.groupBy(
    rest,
    ({ diagnosis, principal }) => `${[...diagnosis].slice(0, 3).join('')}-${options.classOf(principal)}`,
  );
  return [...pools]
    .map(([code, own]) => ({
      category: code.slice(0, -2),
      treatmentClass: code.slice(-1) as TreatmentClass,
      years: together(...own.map(({ years }) => years)),
    }))
    .filter(({ years }) => casesOf(years) >= options.comprehensiveCases);
}

const NOTHING = {
  name: '',
  otherDiagnoses: [],
  numbers: {},
  sex: undefined,
  row: 0,
} as const;

const SUBCATEGORY_LENGTH = 5;
const CATEGORY_LENGTH = 3;
const starting = (text: string, length: number) =>
  ({ kind: text.length === length ? 'start' : 'whole', text }) as const;

function coreEntry({ diagnosis, principal, related }: Pool, primaryCareGroups: ReadonlySet<string>) {
  const codes = [...(principal === undefined ? [] : [principal]), ...related];
  const groupCode = [diagnosis, ...codes].join('+');
  const sortedCode = [diagnosis, ...codes.toSorted(byText)].join('+');
  const isPrimaryCare = primaryCareGroups.has(groupCode) || primaryCareGroups.has(sortedCode);
  return {
    ...NOTHING,
    groupCode,
    kind: isPrimaryCare ? ('primary-care' as const) : ('core' as const),
    diagnoses: [starting(diagnosis, SUBCATEGORY_LENGTH)],
    operations: { parts: codes.map((code) => [code]) },
    treatmentClass: undefined,
  };
}

const comprehensiveEntry = (category: string, treatmentClass: TreatmentClass) => ({
  ...NOTHING,
  groupCode: `${category}-${treatmentClass}`,
  kind: 'comprehensive' as const,
  diagnoses: [starting(category, CATEGORY_LENGTH)],
  operations: { parts: [] },
  treatmentClass,
});
