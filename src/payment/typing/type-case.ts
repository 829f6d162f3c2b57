import { compare, type Fraction, fraction, multiply } from '#kernel/fraction.ts';
import type {
  CaseType,
  Dictionary,
  ListField,
  RangeField,
  ShareField,
  TypeCondition,
  TypeDefinition,
} from './type-definition.ts';

/** What typing reads of one case; undefined where the list does not say. */
export type CaseFacts = {
  readonly costFen: bigint;
  /** standard of the group at the institution, in fen: mean cost · coefficient */
  readonly standardFen: Fraction;
  readonly ageYears: number | undefined;
  readonly ageDays: number | undefined;
  readonly lengthOfStay: number | undefined;
  readonly icuDays: number | undefined;
  readonly disposition: string | undefined;
  /** the principal one first */
  readonly diagnoses: readonly string[];
  readonly treatmentFen: bigint | undefined;
  readonly drugFen: bigint | undefined;
};

/** One condition of a type against a case: what the case has, as text, and whether that is enough. */
export type ConditionCheck = {
  readonly field: RangeField | ListField | ShareField | 'disposition' | 'disposition_not' | 'cost_multiple';
  readonly wanted: string;
  readonly found: string;
  readonly holds: boolean;
};

/** Whether a case fits a type, and every condition that decides it. */
export type TypeFit = {
  readonly type: CaseType;
  readonly fits: boolean;
  readonly checks: readonly ConditionCheck[];
};

/** What the diagnoses of a case are in. */
export type DiagnosisFacts = {
  readonly principalLists: ReadonlySet<number>;
  readonly otherLists: ReadonlySet<number>;
  /** lists of other diagnoses whose category, the first three characters, is not that of the principal one */
  readonly elsewhereLists: ReadonlySet<number>;
  /** Σ over the categories of the other diagnoses of the highest weight in `weightList` */
  readonly weight: number;
};

const CATEGORY_LENGTH = 3;

/**
 * The lists of a case's diagnoses and its weight. The principal diagnosis is never one of the others, not even when it is
 * written twice. An entry does not count with the principal diagnoses it names.
 */
export function diagnosisFacts(
  diagnoses: readonly string[],
  dictionary: Dictionary,
  weightList: string | undefined,
): DiagnosisFacts {
  const [principal = '', ...rest] = diagnoses.map((code) => code.trim());
  const others = new Set(rest.filter((code) => code !== '' && code !== principal));
  const entriesOf = (code: string) => dictionary.entries.filter((entry) => code.startsWith(entry.code));
  const counted = [...others].map((code) => ({
    code,
    category: code.slice(0, CATEGORY_LENGTH),
    entries: entriesOf(code).filter(
      ({ unlessPrincipal }) => !unlessPrincipal.some((start) => principal.startsWith(start)),
    ),
  }));
  const lists = (own: typeof counted) =>
    new Set(own.flatMap(({ entries }) => entries.map(({ listNo }) => listNo)));
  const weightNo = weightList === undefined ? -1 : dictionary.names.indexOf(weightList);
  const weights = new Map<string, number>();
  for (const { category, entries } of counted) {
    for (const entry of entries.filter(({ listNo }) => listNo === weightNo)) {
      weights.set(category, Math.max(weights.get(category) ?? 0, entry.weight));
    }
  }
  return {
    principalLists: new Set(entriesOf(principal).map(({ listNo }) => listNo)),
    otherLists: lists(counted),
    elsewhereLists: lists(counted.filter(({ category }) => category !== principal.slice(0, CATEGORY_LENGTH))),
    weight: [...weights.values()].reduce((sum, weight) => sum + weight, 0),
  };
}

/**
 * Every type of the definition against one case; `type_fit.sql` does the same for a table. Of the types marked `otherwise` the
 * one of a family fits whose other types all do not. A quantity the list does not say never fits.
 * Source: DIP 3.0 draft §5.2.2; docs/domain/dip.md#typing.
 */
export function fitTypes(facts: CaseFacts, definition: TypeDefinition, dictionary: Dictionary): TypeFit[] {
  const diagnoses = diagnosisFacts(facts.diagnoses, dictionary, definition.weightList);
  const plain = definition.types.map((type) => {
    const checks = checkCondition(type.condition, facts, diagnoses, dictionary);
    return { type, checks, fits: checks.every(({ holds }) => holds) };
  });
  const taken = new Set(
    plain.filter(({ type, fits }) => fits && !type.otherwise).map(({ type }) => type.familyNo),
  );
  return plain.map((fit) =>
    fit.type.otherwise && taken.has(fit.type.familyNo) ? { ...fit, fits: false } : fit,
  );
}

function checkCondition(
  condition: TypeCondition,
  facts: CaseFacts,
  diagnoses: DiagnosisFacts,
  dictionary: Dictionary,
): ConditionCheck[] {
  const quantities: Readonly<Record<RangeField, number | undefined>> = {
    age_days: facts.ageDays,
    age_years: facts.ageYears ?? (facts.ageDays === undefined ? undefined : 0),
    length_of_stay: facts.lengthOfStay,
    icu_days: facts.icuDays,
    weight: diagnoses.weight,
  };
  const fees: Readonly<Record<ShareField, bigint | undefined>> = {
    treatment_share: facts.treatmentFen,
    drug_share: facts.drugFen,
  };
  const ranges = [...condition.ranges].map(([field, { from, to }]): ConditionCheck => {
    const value = quantities[field];
    return {
      field,
      wanted: rangeText(from, to),
      found: value?.toString() ?? '',
      holds: value !== undefined && value >= (from ?? 0) && (to === undefined || value <= to),
    };
  });
  const sets: Readonly<Record<ListField, ReadonlySet<number>>> = {
    principal_in: diagnoses.principalLists,
    principal_not_in: diagnoses.principalLists,
    other_in: diagnoses.otherLists,
    other_not_in: diagnoses.otherLists,
    other_elsewhere_in: diagnoses.elsewhereLists,
  };
  const lists = [...condition.lists].map(([field, wanted]): ConditionCheck => {
    const found = wanted.filter((name) => sets[field].has(dictionary.names.indexOf(name)));
    const negative = field === 'principal_not_in' || field === 'other_not_in';
    return {
      field,
      wanted: wanted.join('|'),
      found: found.join('|'),
      holds: negative ? found.length === 0 : found.length > 0,
    };
  });
  const shares = [...condition.shares].map(([field, least]): ConditionCheck => {
    const fee = fees[field];
    return {
      field,
      wanted: decimalText(least),
      found: fee?.toString() ?? '',
      holds: fee !== undefined && compare(fraction(fee), multiply(least, fraction(facts.costFen))) >= 0,
    };
  });
  const { disposition, dispositionNot, costMultiple } = condition;
  const found = facts.disposition ?? '';
  return [
    ...ranges,
    ...lists,
    ...(disposition
      ? [
          {
            field: 'disposition' as const,
            wanted: disposition.join('|'),
            found,
            holds: disposition.includes(found),
          },
        ]
      : []),
    ...(dispositionNot
      ? [
          {
            field: 'disposition_not' as const,
            wanted: dispositionNot.join('|'),
            found,
            holds: !dispositionNot.includes(found),
          },
        ]
      : []),
    ...(costMultiple
      ? [
          {
            field: 'cost_multiple' as const,
            wanted: decimalText(costMultiple),
            found: facts.costFen.toString(),
            holds: compare(fraction(facts.costFen), multiply(costMultiple, facts.standardFen)) >= 0,
          },
        ]
      : []),
    ...shares,
  ];
}

const rangeText = (from: number | undefined, to: number | undefined): string =>
  from === undefined ? `≤ ${to}` : to === undefined ? `≥ ${from}` : `${from}–${to}`;

const decimalText = ({ numerator, denominator }: Fraction): string =>
  String(Number(numerator) / Number(denominator));
