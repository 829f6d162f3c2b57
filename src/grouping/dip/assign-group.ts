import type { ProcedureAttribute } from '#catalogue/area-tables.ts';
import { byText } from '#kernel/text-order.ts';

/** The parameters that make the keys. */
export type KeyPolicy = {
  /** first characters of the principal diagnosis that make a core key, 5 */
  readonly coreDiagnosisLength: number;
  /** the same for comprehensive keys, 3 */
  readonly comprehensiveDiagnosisLength: number;
  /** class number of a comprehensive key by the attribute of the principal procedure, or none */
  readonly comprehensiveClass: Readonly<
    Record<'surgery' | 'intervention' | 'therapeutic' | 'diagnostic' | 'none', string>
  >;
};

export type CaseKeys = {
  readonly coreDiagnosis: string;
  /** distinct eligible codes in ascending text order */
  readonly eligibleProcedures: readonly string[];
  readonly principalProcedure: string | undefined;
  /** attribute of the principal procedure, or none: it decides the class of the comprehensive key */
  readonly principalAttribute: keyof KeyPolicy['comprehensiveClass'];
  readonly minorProcedures: readonly string[];
  /** codes absent from procedures.csv */
  readonly unknownProcedures: readonly string[];
  readonly fullKey: string;
  readonly comprehensiveKey: string;
};

/** First `length` characters, counting code points as the SQL does. */
const start = (text: string, length: number): string => [...text].slice(0, length).join('');

/** As SQL's trim: spaces only. */
const withoutSpaces = (text: string): string => text.replace(/^ +| +$/g, '');

/**
 * The keys of a list. Source: reference profile §1; in SQL `procedure_code.sql` and `signature_key.sql`.
 * @param procedures codes joined by `|` in the order of the list
 */
export function caseKeys(
  principalDiagnosis: string,
  procedures: string,
  attributeOf: ReadonlyMap<string, ProcedureAttribute>,
  policy: KeyPolicy,
): CaseKeys {
  const codes = [...new Set(procedures.split('|').map(withoutSpaces))].filter((code) => code !== '');
  const eligible = codes.filter((code) => attributeOf.has(code) && attributeOf.get(code) !== 'minor');
  const principalProcedure = eligible[0];
  // eligible procedures are never minor
  const principalAttribute = (
    principalProcedure === undefined ? 'none' : attributeOf.get(principalProcedure)
  ) as CaseKeys['principalAttribute'];
  const coreDiagnosis = start(principalDiagnosis, policy.coreDiagnosisLength);
  const sorted = eligible.toSorted(byText);
  const comprehensiveDiagnosis = start(principalDiagnosis, policy.comprehensiveDiagnosisLength);
  return {
    coreDiagnosis,
    eligibleProcedures: sorted,
    principalProcedure,
    principalAttribute,
    minorProcedures: codes.filter((code) => attributeOf.get(code) === 'minor'),
    unknownProcedures: codes.filter((code) => !attributeOf.has(code)),
    fullKey: [coreDiagnosis, ...sorted].join('+'),
    comprehensiveKey: `${comprehensiveDiagnosis}-${policy.comprehensiveClass[principalAttribute]}`,
  };
}

/** A core group that shares the diagnosis of the case. `score4` is in units of 10^−4. */
export type CoreGroup = {
  readonly groupCode: string;
  readonly procedures: readonly string[];
  readonly score4: bigint;
};

/** Why a core group was or was not chosen for a case. */
export type CandidateVerdict =
  | 'chosen'
  | 'no-procedures'
  | 'procedure-missing'
  | 'fewer-procedures'
  | 'lower-score'
  | 'later-code'
  | 'not-needed';

export type Candidate = CoreGroup & {
  readonly verdict: CandidateVerdict;
  /** for `procedure-missing`: the procedures of the group that the case does not have */
  readonly missing: readonly string[];
};

export type Assignment = {
  readonly step: 'a' | 'b' | 'c' | 'd';
  readonly kind: 'core' | 'comprehensive' | 'ungrouped';
  readonly groupCode: string | undefined;
  readonly candidates: readonly Candidate[];
};

/**
 * The group of one list: (a) its full key, (b) the best core group of its diagnosis whose procedures it has,
 * (c) its comprehensive key, (d) ungrouped. Source: reference profile §2; in SQL `nearest_core_group.sql` and
 * `signature_group.sql`.
 * @param coreGroups the core groups with the case's diagnosis
 * @param comprehensiveGroups codes of the comprehensive groups of the catalogue
 */
export function assignGroup(
  keys: CaseKeys,
  coreGroups: readonly CoreGroup[],
  comprehensiveGroups: ReadonlySet<string>,
): Assignment {
  const has = new Set(keys.eligibleProcedures);
  const exact = coreGroups.find((group) => group.groupCode === keys.fullKey);
  const fitting = coreGroups.filter(
    (group) => group.procedures.length > 0 && group.procedures.every((code) => has.has(code)),
  );
  const best = exact ?? fitting.toSorted(byPreference)[0];
  const candidates = coreGroups
    .map((group): Candidate => {
      const missing = group.procedures.filter((code) => !has.has(code));
      return { ...group, missing, verdict: verdictOf(group, best, exact !== undefined, missing) };
    })
    .toSorted((a, b) => byPreference(a, b));
  if (best) return { step: exact ? 'a' : 'b', kind: 'core', groupCode: best.groupCode, candidates };
  return comprehensiveGroups.has(keys.comprehensiveKey)
    ? { step: 'c', kind: 'comprehensive', groupCode: keys.comprehensiveKey, candidates }
    : { step: 'd', kind: 'ungrouped', groupCode: undefined, candidates };
}

/** Most procedures first, then higher score, then smaller code in text order. */
function byPreference(a: CoreGroup, b: CoreGroup): number {
  if (a.procedures.length !== b.procedures.length) return b.procedures.length - a.procedures.length;
  if (a.score4 !== b.score4) return a.score4 > b.score4 ? -1 : 1;
  return byText(a.groupCode, b.groupCode);
}

function verdictOf(
  group: CoreGroup,
  best: CoreGroup | undefined,
  bestIsExact: boolean,
  missing: readonly string[],
): CandidateVerdict {
  if (group === best) return 'chosen';
  if (missing.length > 0) return 'procedure-missing';
  if (bestIsExact) return 'not-needed';
  if (group.procedures.length === 0) return 'no-procedures';
  if (group.procedures.length < best!.procedures.length) return 'fewer-procedures';
  return group.score4 < best!.score4 ? 'lower-score' : 'later-code';
}
