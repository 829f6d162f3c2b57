import type { DrgCase, Outcome } from './case.ts';
import { UNGROUPED } from './case.ts';
import { type CodeSet, type CodeTest, type Condition, compares } from './condition.ts';
import { isInList, type Scheme, type Step } from './scheme.ts';

export type Interpretation = {
  readonly outcome: Outcome;
  /** the steps that decided, in order: mdc, adrg, drg, or mdc, ambiguous; none for an ungrouped case */
  readonly steps: readonly Step[];
  /** sections entered and left without a result, in order */
  readonly left: readonly Step[];
};

/**
 * Groups one case by walking the decision list as docs/domain/drg.md says it, step after step. The plain reading of
 * the rules: the compiled grouper is tested against it, and explanations are made with it. No use for many cases.
 */
export function interpretCase(scheme: Scheme, of: DrgCase): Interpretation {
  const left: Step[] = [];
  let mdc: Step | undefined;
  let adrg: Step | undefined;
  for (const step of scheme.steps) {
    if (step.level === 'mdc') {
      if (mdc !== undefined) left.push(mdc);
      mdc = holds(scheme, step.condition, of) ? step : undefined;
      adrg = undefined;
      continue;
    }
    if (mdc === undefined) continue;
    if (step.level === 'drg') {
      if (adrg === undefined || !holds(scheme, step.condition, of)) continue;
      const outcome: Outcome = { status: 'grouped', mdc: mdc.code, adrg: adrg.code, drg: step.code };
      return { outcome, steps: [mdc, adrg, step], left };
    }
    adrg = undefined;
    if (!holds(scheme, step.condition, of)) continue;
    if (step.level === 'adrg') adrg = step;
    else {
      const outcome: Outcome = { status: 'ambiguous', mdc: mdc.code, adrg: '', drg: step.code };
      return { outcome, steps: [mdc, step], left };
    }
  }
  if (mdc !== undefined) left.push(mdc);
  return { outcome: UNGROUPED, steps: [], left };
}

/** Whether a condition holds for a case. */
export function holds(scheme: Scheme, condition: Condition, of: DrgCase): boolean {
  switch (condition.kind) {
    case 'always':
      return true;
    case 'and':
      return condition.conditions.every((inner) => holds(scheme, inner, of));
    case 'or':
      return condition.conditions.some((inner) => holds(scheme, inner, of));
    case 'not':
      return !holds(scheme, condition.condition, of);
    case 'codes':
      return matchingCodes(scheme, condition.test, condition.set, of).length > 0;
    case 'sites': {
      const sites = diagnosisSites(scheme, condition.list, of).size;
      return condition.comparisons.every((comparison) => compares(sites, comparison));
    }
    case 'complication':
      return complications(scheme, condition.severity, of).length > 0;
    case 'number':
      return condition.comparisons.every((comparison) => compares(of.numbers[condition.field], comparison));
    case 'text':
      return condition.values.includes(of.texts[condition.field]);
  }
}

/** The codes of the case that a test looks at and that are in the set. */
export function matchingCodes(scheme: Scheme, test: CodeTest, set: CodeSet, of: DrgCase): string[] {
  return codesLookedAt(test, of).filter((code) =>
    'codes' in set ? set.codes.includes(code) : isInList(scheme, set.list, set.part, code),
  );
}

function codesLookedAt(test: CodeTest, of: DrgCase): readonly string[] {
  if (test === 'principal_diagnosis') return of.diagnoses.slice(0, 1);
  if (test === 'any_diagnosis') return of.diagnoses;
  if (test === 'other_diagnosis') return of.diagnoses.slice(1);
  return test === 'principal_procedure' ? of.procedures.slice(0, 1) : of.procedures;
}

/** The parts of a list into which the diagnoses fall, with the codes in each. */
export function diagnosisSites(scheme: Scheme, list: string, of: DrgCase): Map<string, string[]> {
  const sites = new Map<string, string[]>();
  for (const code of of.diagnoses) {
    const part = scheme.lists.get(list)?.partOf.get(code);
    if (part === undefined || part === '') continue;
    sites.set(part, [...(sites.get(part) ?? []), code]);
  }
  return sites;
}

/** The diagnoses after the first that count as (major) complications of the principal diagnosis. */
export function complications(scheme: Scheme, severity: 'mcc' | 'cc', of: DrgCase): string[] {
  const principalList = scheme.exclusions.get(of.diagnoses[0]!) ?? '';
  return of.diagnoses.slice(1).filter((code) => {
    const list = scheme[severity].get(code);
    return list !== undefined && (principalList === '' || list !== principalList);
  });
}
