import {
  type AreaTables,
  amount,
  filled,
  level,
  type Reader,
  type SchemeCode,
  scheme,
  Table,
  year as yearOf,
} from '#catalogue/area-tables.ts';
import { areaErrors } from '#catalogue/errors.ts';
import { type ErrorDefinition, type Problem, YibaoError } from '#kernel/errors.ts';
import { parseDecimal, roundTo } from '#kernel/fraction.ts';
import { yuanText } from '#kernel/money.ts';
import type { ParameterName, Policy } from '#policy/index.ts';
import { partsErrors } from './errors.ts';

/** The lists that a bed-day class takes. An empty cell holds for all; of the rows that fit, the most special goes first. */
export type BedDayClass = InYear & {
  readonly class: string;
  readonly category: string;
  readonly diagnosisStart: string;
  readonly fixmedinsCode: string | null;
  readonly minimumStay: number;
};
/** Yuan per day from a day of the stay on. */
export type BedDayRate = InYear & {
  readonly class: string;
  readonly category: string;
  readonly levels: readonly number[];
  readonly firstDay: number;
  readonly fenPerDay: bigint;
};
export type CapitationPeople = OfInstitution & { readonly class: string; readonly people: bigint };
export type CapitationRate = OfScheme & {
  readonly class: string;
  readonly perCapitaFen: bigint;
  /** × 10^4 */
  readonly riskFactor4: bigint;
};
export type FeeForService = OfInstitution & {
  readonly item: string;
  readonly amountFen: bigint;
  readonly fundFen: bigint;
};
export type CommunityMember = OfInstitution & {
  readonly community: string;
  readonly role: 'lead' | 'member';
};
export type CommunityBudget = OfScheme & {
  readonly community: string;
  readonly people: bigint | null;
  readonly perCapitaFen: bigint | null;
  readonly lastYearFundFen: bigint | null;
  readonly majorIllnessFen: bigint;
  readonly outOfAreaFen: bigint;
  /** null: the fund money booked on the lists of its institutions and their other parts */
  readonly inCountyFen: bigint | null;
  readonly outOfCountyFen: bigint;
  readonly reasonableDeficitFen: bigint;
};
/** One indicator of the evaluation, 0 to 100. */
export type CommunityScore = InYear & {
  readonly community: string;
  readonly indicator: string;
  readonly weight4: bigint;
  readonly score4: bigint;
};

type InYear = { readonly year: number; readonly row: number };
type OfScheme = InYear & { readonly scheme: SchemeCode };
type OfInstitution = OfScheme & { readonly fixmedinsCode: string };

/** The files of an area folder that say what is paid beside the grouped lists; only the rows of one year. */
export type PartsFiles = {
  readonly bedDayClasses: readonly BedDayClass[];
  readonly bedDayRates: readonly BedDayRate[];
  readonly capitation: readonly CapitationPeople[];
  readonly capitationRates: readonly CapitationRate[];
  readonly feesForService: readonly FeeForService[];
  readonly communityMembers: readonly CommunityMember[];
  readonly communityBudgets: readonly CommunityBudget[];
  readonly communityScores: readonly CommunityScore[];
  /** sha256 of each file read, by file name */
  readonly hashes: ReadonlyMap<string, string>;
};

const COLUMNS = {
  'bed_day_classes.csv': ['year', 'class', 'category', 'diagnosis', 'fixmedins_code', 'minimum_stay'],
  'bed_day_rates.csv': ['year', 'class', 'category', 'levels', 'first_day', 'yuan_per_day'],
  'capitation.csv': ['year', 'insutype', 'fixmedins_code', 'class', 'people'],
  'capitation_rates.csv': ['year', 'insutype', 'class', 'per_capita', 'risk_factor'],
  'fee_for_service.csv': ['year', 'insutype', 'fixmedins_code', 'item', 'amount', 'fund_amount'],
  'medical_communities.csv': ['year', 'insutype', 'community', 'fixmedins_code', 'role'],
  'community_budgets.csv': [
    'year',
    'insutype',
    'community',
    'people',
    'per_capita',
    'last_year_fund',
    'major_illness',
    'out_of_area',
    'in_county_spending',
    'out_of_county_spending',
    'reasonable_deficit',
  ],
  'community_scores.csv': ['year', 'community', 'indicator', 'weight', 'score'],
} as const;
type FileName = keyof typeof COLUMNS;

/** The parameter that switches each file on. */
export const PART_OF_FILE = {
  'bed_day_classes.csv': 'parts.bed_day',
  'bed_day_rates.csv': 'parts.bed_day',
  'capitation.csv': 'parts.capitation',
  'capitation_rates.csv': 'parts.capitation',
  'fee_for_service.csv': 'parts.fee_for_service',
  'medical_communities.csv': 'parts.community',
  'community_budgets.csv': 'parts.community',
  'community_scores.csv': 'parts.community',
} as const satisfies Readonly<Record<FileName, ParameterName>>;

const anyText: Reader<string> = { read: (text) => text, expected: filled.expected };
const optional = <T>({ read, expected }: Reader<T>): Reader<T | null> => ({
  read: (text) => (text === '' ? null : read(text)),
  expected: { zh: `空或${expected.zh.trimStart()}`, en: `empty or ${expected.en}` },
});
const amountOrZero: Reader<bigint> = {
  read: (text) => (text === '' ? 0n : amount.read(text)),
  expected: optional(amount).expected,
};
const whole = (
  least: number,
  most: number,
  what: { readonly zh: string; readonly en: string },
): Reader<number> => ({
  read: (text) => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : undefined;
    return value === undefined || value < least || value > most ? undefined : value;
  },
  expected: { zh: ` ${least} 至 ${most} 的${what.zh}`, en: `${what.en} from ${least} to ${most}` },
});
const DAYS_MAX = 32767;
const days = whole(1, DAYS_MAX, { zh: '天数（整数）', en: 'a whole number of days' });
const PEOPLE_MAX = 200_000_000;
const YUAN_PER_DAY_MAX = 1_000_000n;
const yuanPerDay: Reader<bigint> = {
  read: (text) => {
    const fen = amount.read(text);
    return fen === undefined || fen === 0n || fen > YUAN_PER_DAY_MAX * 100n ? undefined : fen;
  },
  expected: {
    zh: `大于 0、不超过 ${YUAN_PER_DAY_MAX} 的金额（元/日），至多两位小数`,
    en: `yuan per day above 0, at most ${YUAN_PER_DAY_MAX}, with at most two decimals`,
  },
};
const people: Reader<bigint> = {
  read: (text) => {
    const value = whole(0, PEOPLE_MAX, { zh: '', en: '' }).read(text);
    return value === undefined ? undefined : BigInt(value);
  },
  expected: whole(0, PEOPLE_MAX, { zh: '人数（整数）', en: 'a whole number of people' }).expected,
};
const decimal4 = (least: bigint, most: bigint, zh: string, en: string): Reader<bigint> => ({
  read: (text) => {
    const number = /^\d{1,6}(\.\d{1,4})?$/.test(text) ? parseDecimal(text) : undefined;
    const value = number && roundTo(number, 4);
    return value === undefined || value < least || value > most * 10_000n ? undefined : value;
  },
  expected: { zh, en },
});
const riskFactor = decimal4(
  1n,
  100n,
  '大于 0、不超过 100 的风险系数，至多四位小数',
  'a risk factor above 0, at most 100, with at most four decimals',
);
const weight = decimal4(
  1n,
  10_000n,
  '大于 0、不超过 10000 的权重，至多四位小数',
  'a weight above 0, at most 10000, with at most four decimals',
);
const score = decimal4(
  0n,
  100n,
  ' 0 至 100 的得分，至多四位小数',
  'a score from 0 to 100, at most four decimals',
);
const levels: Reader<readonly number[]> = {
  read: (text) => {
    if (text === '') return [1, 2, 3];
    const each = text.split('|').map((part) => level.read(part.trim()));
    return each.some((one) => one === undefined) || new Set(each).size < each.length
      ? undefined
      : (each as number[]);
  },
  expected: {
    zh: '空（各级）或以 | 分隔的级别，如 1|2',
    en: 'empty (all levels) or levels joined by |, such as 1|2',
  },
};
const role: Reader<'lead' | 'member'> = {
  read: (text) => (text === 'lead' || text === 'member' ? text : undefined),
  expected: { zh: ' lead（牵头）或 member（成员）', en: 'lead or member' },
};

/**
 * Reads the files of the parts and keeps the rows of `year`. Everything wrong with all of them, in any year, is reported
 * together. @throws YibaoError with file, row, field, value and remedy of each problem
 */
export function readPartsFiles(folder: string, tables: AreaTables, year: number): PartsFiles {
  const problems: Problem[] = [];
  const hashes = new Map<string, string>();
  const known = new Set(tables.institutions.map((each) => each.fixmedinsCode));
  const open = (file: FileName) => new Table(folder, file, COLUMNS[file], false, problems, hashes);
  const isKnown = <Row extends { readonly fixmedinsCode: string | null }>(
    row: Row,
    report: (definition: ErrorDefinition, field: string, value: string) => void,
  ) => {
    if (row.fixmedinsCode !== null && !known.has(row.fixmedinsCode)) {
      report(areaErrors.unknownInstitution, 'fixmedins_code', row.fixmedinsCode);
    }
  };
  const bedDayClasses = open('bed_day_classes.csv').records(
    (field, row) => ({
      row,
      year: field('year', yearOf),
      class: field('class', filled),
      category: field('category', anyText),
      diagnosisStart: field('diagnosis', anyText),
      fixmedinsCode: field('fixmedins_code', optional(filled)),
      minimumStay: field('minimum_stay', optional(days)) ?? 1,
    }),
    { key: ['year', 'diagnosis', 'fixmedins_code', 'minimum_stay'], check: isKnown },
  );
  const bedDayRates = open('bed_day_rates.csv').records((field, row) => ({
    row,
    year: field('year', yearOf),
    class: field('class', filled),
    category: field('category', anyText),
    levels: field('levels', levels),
    firstDay: field('first_day', optional(days)) ?? 1,
    fenPerDay: field('yuan_per_day', yuanPerDay),
  }));
  const capitation = open('capitation.csv').records(
    (field, row) => ({
      row,
      year: field('year', yearOf),
      scheme: field('insutype', scheme),
      fixmedinsCode: field('fixmedins_code', filled),
      class: field('class', filled),
      people: field('people', people),
    }),
    { key: ['year', 'insutype', 'fixmedins_code', 'class'], check: isKnown },
  );
  const capitationRates = open('capitation_rates.csv').records(
    (field, row) => ({
      row,
      year: field('year', yearOf),
      scheme: field('insutype', scheme),
      class: field('class', filled),
      perCapitaFen: field('per_capita', amount),
      riskFactor4: field('risk_factor', riskFactor),
    }),
    { key: ['year', 'insutype', 'class'] },
  );
  const feesForService = open('fee_for_service.csv').records(
    (field, row) => ({
      row,
      year: field('year', yearOf),
      scheme: field('insutype', scheme),
      fixmedinsCode: field('fixmedins_code', filled),
      item: field('item', filled),
      amountFen: field('amount', amount),
      fundFen: field('fund_amount', amount),
    }),
    {
      key: ['year', 'insutype', 'fixmedins_code', 'item'],
      check: (each, report) => {
        isKnown(each, report);
        if (each.fundFen > each.amountFen)
          report(partsErrors.fundAboveTotal, 'fund_amount', yuanText(each.fundFen));
      },
    },
  );
  const communityMembers = open('medical_communities.csv').records(
    (field, row) => ({
      row,
      year: field('year', yearOf),
      scheme: field('insutype', scheme),
      community: field('community', filled),
      fixmedinsCode: field('fixmedins_code', filled),
      role: field('role', role),
    }),
    { key: ['year', 'insutype', 'community', 'fixmedins_code'], check: isKnown },
  );
  const communityBudgets = open('community_budgets.csv').records(
    (field, row) => ({
      row,
      year: field('year', yearOf),
      scheme: field('insutype', scheme),
      community: field('community', filled),
      people: field('people', optional(people)),
      perCapitaFen: field('per_capita', optional(amount)),
      lastYearFundFen: field('last_year_fund', optional(amount)),
      majorIllnessFen: field('major_illness', amountOrZero),
      outOfAreaFen: field('out_of_area', amountOrZero),
      inCountyFen: field('in_county_spending', optional(amount)),
      outOfCountyFen: field('out_of_county_spending', amountOrZero),
      reasonableDeficitFen: field('reasonable_deficit', amountOrZero),
    }),
    { key: ['year', 'insutype', 'community'] },
  );
  const communityScores = open('community_scores.csv').records(
    (field, row) => ({
      row,
      year: field('year', yearOf),
      community: field('community', filled),
      indicator: field('indicator', filled),
      weight4: field('weight', weight),
      score4: field('score', score),
    }),
    { key: ['year', 'community', 'indicator'] },
  );
  const all: PartsFiles = {
    bedDayClasses,
    bedDayRates,
    capitation,
    capitationRates,
    feesForService,
    communityMembers,
    communityBudgets,
    communityScores,
    hashes,
  };
  // what rows say of each other is asked only when each row can be read
  if (problems.length === 0) problems.push(...checkRates(all), ...checkCommunities(all));
  if (problems.length > 0) throw new YibaoError(problems);
  const ofYear = <Row extends InYear>(rows: readonly Row[]) => rows.filter((each) => each.year === year);
  return {
    bedDayClasses: ofYear(bedDayClasses),
    bedDayRates: ofYear(bedDayRates),
    capitation: ofYear(capitation),
    capitationRates: ofYear(capitationRates),
    feesForService: ofYear(feesForService),
    communityMembers: ofYear(communityMembers),
    communityBudgets: ofYear(communityBudgets),
    communityScores: ofYear(communityScores),
    hashes,
  };
}

function checkRates(files: PartsFiles): Problem[] {
  const problems: Problem[] = [];
  const kindOf = (each: { year: number; class: string; category: string }) =>
    [each.year, each.class, each.category].join('\n');
  const earlier = new Map<string, number>();
  const levelsFromDayOne = new Map<string, Set<number>>();
  const levelsOf = new Map<string, Set<number>>();
  for (const rate of files.bedDayRates) {
    const kind = kindOf(rate);
    for (const each of rate.levels) {
      const key = [kind, each, rate.firstDay].join('\n');
      const other = earlier.get(key);
      if (other !== undefined) {
        problems.push({
          definition: partsErrors.twoRates,
          file: 'bed_day_rates.csv',
          row: rate.row,
          field: 'class,category,levels,first_day',
          value: [rate.class, rate.category, each, rate.firstDay].join(','),
          parameters: { earlier: other },
        });
      }
      earlier.set(key, other ?? rate.row);
      addTo(levelsOf, kind, each);
      if (rate.firstDay === 1) addTo(levelsFromDayOne, kind, each);
    }
  }
  const reported = new Set<string>();
  for (const rate of files.bedDayRates) {
    const kind = kindOf(rate);
    const lacking = [...levelsOf.get(kind)!]
      .filter((each) => !levelsFromDayOne.get(kind)?.has(each))
      .toSorted();
    if (lacking.length === 0 || reported.has(kind)) continue;
    reported.add(kind);
    problems.push({
      definition: partsErrors.noFirstDay,
      file: 'bed_day_rates.csv',
      row: rate.row,
      field: 'first_day',
      value: String(rate.firstDay),
      parameters: { levels: lacking.join(', ') },
    });
  }
  for (const row of files.bedDayClasses) {
    if (levelsOf.has(kindOf(row))) continue;
    problems.push({
      definition: partsErrors.unknownClass,
      file: 'bed_day_classes.csv',
      row: row.row,
      field: 'class,category',
      value: [row.class, row.category].join(','),
      parameters: { other: 'bed_day_rates.csv', year: row.year },
    });
  }
  const rates = new Set(files.capitationRates.map((each) => [each.year, each.scheme, each.class].join('\n')));
  for (const row of files.capitation) {
    if (rates.has([row.year, row.scheme, row.class].join('\n'))) continue;
    problems.push({
      definition: partsErrors.unknownClass,
      file: 'capitation.csv',
      row: row.row,
      field: 'class',
      value: row.class,
      parameters: { other: 'capitation_rates.csv', year: row.year },
    });
  }
  return problems;
}

function checkCommunities(files: PartsFiles): Problem[] {
  const problems: Problem[] = [];
  const keyOf = (each: { year: number; scheme: string; community: string }) =>
    [each.year, each.scheme, each.community].join('\n');
  const memberOf = new Map<string, CommunityMember>();
  for (const row of files.communityMembers) {
    const key = [row.year, row.scheme, row.fixmedinsCode].join('\n');
    const other = memberOf.get(key);
    if (other !== undefined) {
      problems.push({
        definition: partsErrors.twoCommunities,
        file: 'medical_communities.csv',
        row: row.row,
        field: 'fixmedins_code',
        value: row.fixmedinsCode,
        parameters: { earlier: other.row, other: other.community },
      });
    }
    memberOf.set(key, other ?? row);
  }
  const communities = Map.groupBy(files.communityMembers, keyOf);
  const totals = new Set(files.communityBudgets.map(keyOf));
  const report = (
    definition: ErrorDefinition,
    file: FileName,
    row: {
      readonly row: number;
      readonly year: number;
      readonly scheme?: string;
      readonly community: string;
    },
    found?: number,
  ) =>
    problems.push({
      definition,
      file,
      row: row.row,
      field: 'community',
      value: row.community,
      parameters: { year: row.year, scheme: row.scheme ?? '', ...(found === undefined ? {} : { found }) },
    });
  for (const [key, members] of communities) {
    const leads = members.filter((each) => each.role === 'lead').length;
    if (leads !== 1) report(partsErrors.leads, 'medical_communities.csv', members[0]!, leads);
    if (!totals.has(key)) report(partsErrors.noTotal, 'medical_communities.csv', members[0]!);
  }
  const scored = new Set(files.communityScores.map((each) => [each.year, each.community].join('\n')));
  for (const row of files.communityBudgets) {
    if (!communities.has(keyOf(row))) report(partsErrors.noMembers, 'community_budgets.csv', row);
    if (!scored.has([row.year, row.community].join('\n'))) {
      report(partsErrors.noScore, 'community_budgets.csv', row);
    }
  }
  return problems;
}

function addTo(sets: Map<string, Set<number>>, key: string, value: number): void {
  const set = sets.get(key);
  if (set) set.add(value);
  else sets.set(key, new Set([value]));
}

/** How a part is locked; undefined when the policy does not pay it. */
export type Lock = 'fixed' | 'float' | 'capped';
export type PartParameter = (typeof PART_OF_FILE)[FileName];

export function lockOf(policy: Policy, parameter: PartParameter): Lock | undefined {
  if (policy.choice('parts.reference') === 'none') return undefined;
  const chosen = policy.choice(parameter);
  return chosen === 'none' ? undefined : chosen;
}

/**
 * That the policy and the files fit: a part that is paid has rows, a file with rows is read, every scheme has a budget,
 * and bed-days are not adjusted case by case as well.
 * Asked before the lists are read. @throws YibaoError
 */
export function checkPartsFiles(
  files: PartsFiles,
  policy: Policy,
  year: number,
  schemes: readonly SchemeCode[],
  isBedDayAdjusted: boolean,
): void {
  const problems: Problem[] = [];
  const rowsOf: Readonly<
    Record<FileName, readonly { readonly row: number; readonly scheme?: SchemeCode }[]>
  > = {
    'bed_day_classes.csv': files.bedDayClasses,
    'bed_day_rates.csv': files.bedDayRates,
    'capitation.csv': files.capitation,
    'capitation_rates.csv': files.capitationRates,
    'fee_for_service.csv': files.feesForService,
    'medical_communities.csv': files.communityMembers,
    'community_budgets.csv': files.communityBudgets,
    'community_scores.csv': files.communityScores,
  };
  for (const file of Object.keys(PART_OF_FILE) as FileName[]) {
    const parameter = PART_OF_FILE[file];
    const chosen = lockOf(policy, parameter);
    const rows = rowsOf[file];
    if (chosen === undefined && rows.length > 0) {
      problems.push({ definition: partsErrors.fileNotUsed, file, parameters: { parameter } });
    } else if (chosen !== undefined && rows.length === 0) {
      problems.push({
        definition: partsErrors.fileNeeded,
        file,
        parameters: { parameter, chosen, year, columns: COLUMNS[file].join(',') },
      });
    }
    for (const row of rows) {
      if (row.scheme === undefined || schemes.includes(row.scheme)) continue;
      problems.push({
        definition: partsErrors.noBudget,
        file,
        row: row.row,
        field: 'insutype',
        value: row.scheme,
        parameters: { year },
      });
    }
  }
  if (isBedDayAdjusted && lockOf(policy, 'parts.bed_day') !== undefined) {
    problems.push({ definition: partsErrors.bedDayTwice, file: 'bed_days.csv' });
  }
  if (lockOf(policy, 'parts.community') !== undefined) {
    const chosen = policy.choice('parts.community_budget');
    const needed =
      chosen === 'per-capita' ? (['people', 'per_capita'] as const) : (['last_year_fund'] as const);
    for (const row of files.communityBudgets) {
      const cells = { people: row.people, per_capita: row.perCapitaFen, last_year_fund: row.lastYearFundFen };
      for (const field of needed) {
        if (cells[field] !== null) continue;
        problems.push({
          definition: partsErrors.figureNeeded,
          file: 'community_budgets.csv',
          row: row.row,
          field,
          value: '',
          parameters: { chosen },
        });
      }
    }
  }
  if (problems.length > 0) throw new YibaoError(problems);
}
