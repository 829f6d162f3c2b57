import type { Condition } from './condition.ts';

export const LEVELS = ['mdc', 'adrg', 'drg', 'ambiguous'] as const;
export type Level = (typeof LEVELS)[number];

/** One step of the decision list. `row` is its line in steps.csv, `text` its condition as written. */
export type Step = {
  readonly seq: number;
  readonly row: number;
  readonly level: Level;
  readonly mdc: string;
  readonly code: string;
  readonly text: string;
  readonly condition: Condition;
};

/** A named list: each code with its part ('' = none; the last one where it has several), and the codes by part. */
export type CodeList = {
  /** line of lists.csv on which it begins */
  readonly row: number;
  readonly partOf: ReadonlyMap<string, string>;
  readonly parts: ReadonlyMap<string, ReadonlySet<string>>;
};

/** A DRG scheme as its folder of seven CSV files says it; docs/domain/drg.md. */
export type Scheme = {
  readonly steps: readonly Step[];
  readonly lists: ReadonlyMap<string, CodeList>;
  /** name by code */
  readonly groups: ReadonlyMap<string, string>;
  /** exclusion list by code, '' = none */
  readonly mcc: ReadonlyMap<string, string>;
  readonly cc: ReadonlyMap<string, string>;
  /** exclusion list by principal diagnosis, '' = none */
  readonly exclusions: ReadonlyMap<string, string>;
  readonly validProcedures: ReadonlySet<string>;
};

export const VALID_PROCEDURES = 'valid_procedures';

export const SCHEME_FILES = [
  { file: 'steps.csv', columns: ['seq', 'level', 'mdc', 'code', 'condition'] },
  { file: 'lists.csv', columns: ['list', 'code', 'part'] },
  { file: 'groups.csv', columns: ['drg', 'name'] },
  { file: 'mcc.csv', columns: ['code', 'exclusion_list'] },
  { file: 'cc.csv', columns: ['code', 'exclusion_list'] },
  { file: 'exclusions.csv', columns: ['principal_diagnosis', 'exclusion_list'] },
  { file: 'valid_procedures.csv', columns: ['code'] },
] as const;

/** An ADRG with its groups, or a result for cases that fit no ADRG of the section. */
export type SectionItem =
  | { readonly kind: 'adrg'; readonly step: Step; readonly drgs: readonly Step[] }
  | { readonly kind: 'ambiguous'; readonly step: Step };
/** An MDC with all that stands in it, in order. */
export type Section = { readonly step: Step; readonly items: readonly SectionItem[] };

/** The sections of a decision list that has been checked. */
export function sectionsOf(steps: readonly Step[]): Section[] {
  const sections: { step: Step; items: SectionItem[] }[] = [];
  let drgs: Step[] = [];
  for (const step of steps) {
    if (step.level === 'mdc') sections.push({ step, items: [] });
    else if (step.level === 'drg') drgs.push(step);
    else if (step.level === 'ambiguous') sections.at(-1)!.items.push({ kind: 'ambiguous', step });
    else {
      drgs = [];
      sections.at(-1)!.items.push({ kind: 'adrg', step, drgs });
    }
  }
  return sections;
}

/** The codes of a list, or of one of its parts; undefined when there is no such list or part. */
export function codesOf(
  scheme: Scheme,
  list: string,
  part: string | undefined,
): ReadonlySet<string> | undefined {
  if (list === VALID_PROCEDURES) return part === undefined ? scheme.validProcedures : undefined;
  const found = scheme.lists.get(list);
  if (found === undefined) return undefined;
  return part === undefined ? new Set(found.partOf.keys()) : found.parts.get(part);
}

/** Whether a code stands in a list, or in one of its parts. */
export function isInList(scheme: Scheme, list: string, part: string | undefined, code: string): boolean {
  if (list === VALID_PROCEDURES) return part === undefined && scheme.validProcedures.has(code);
  const found = scheme.lists.get(list);
  return (part === undefined ? found?.partOf.has(code) : found?.parts.get(part)?.has(code)) ?? false;
}
