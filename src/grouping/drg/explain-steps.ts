import type { DrgCase, Outcome } from './case.ts';
import { type Condition, conditionText, isJunction, type Test } from './condition.ts';
import { complications, diagnosisSites, holds, interpretCase, matchingCodes } from './interpret.ts';
import type { Scheme, Step } from './scheme.ts';

/** A step that decided about a case, or a section that was entered and left. */
export type ExplainedStep = {
  readonly seq: number;
  readonly level: Step['level'];
  readonly code: string;
  readonly condition: string;
  /** each test of the condition, whether it held, and the codes or the value of the case that say so */
  readonly tests: readonly {
    readonly test: string;
    readonly holds: boolean;
    readonly by: readonly string[];
  }[];
  /** the condition with the codes or values in brackets behind each test */
  readonly text: string;
};

export type CaseExplanation = {
  readonly outcome: Outcome;
  readonly steps: readonly ExplainedStep[];
  readonly left: readonly ExplainedStep[];
};

/** Why a case got its group: the steps that decided, and what of the case satisfied each. */
export function explainSteps(scheme: Scheme, of: DrgCase): CaseExplanation {
  const { outcome, steps, left } = interpretCase(scheme, of);
  const explain = (step: Step): ExplainedStep => {
    const tests: { test: string; holds: boolean; by: readonly string[] }[] = [];
    const text = describe(step.condition, (test) => {
      const by = evidence(scheme, test, of);
      tests.push({ test: conditionText(test), holds: holds(scheme, test, of), by });
      return by;
    });
    return { seq: step.seq, level: step.level, code: step.code, condition: step.text, tests, text };
  };
  return { outcome, steps: steps.map(explain), left: left.map(explain) };
}

/** One line: `#46 adrg PR1: principal_diagnosis in @PR1.dx [P22.000] and age_days <= 28 [3]; #49 drg PR15: always`. */
export function explanationLine({ steps, left }: CaseExplanation): string {
  const line = ({ seq, level, code, text }: ExplainedStep) => `#${seq} ${level} ${code}: ${text}`;
  return [...left.map((step) => `(${line(step)}, no result)`), ...steps.map(line)].join('; ');
}

function describe(condition: Condition, evidenceOf: (test: Test) => readonly string[]): string {
  const inner = (part: Condition) =>
    isJunction(part) ? `(${describe(part, evidenceOf)})` : describe(part, evidenceOf);
  if (isJunction(condition)) return condition.conditions.map(inner).join(` ${condition.kind} `);
  if (condition.kind === 'not') return `not ${inner(condition.condition)}`;
  const by = evidenceOf(condition);
  return condition.kind === 'always' ? 'always' : `${conditionText(condition)} [${by.join(' ')}]`;
}

/** What of the case a test found; empty when it found nothing. */
function evidence(scheme: Scheme, test: Test, of: DrgCase): readonly string[] {
  switch (test.kind) {
    case 'always':
      return [];
    case 'codes':
      return matchingCodes(scheme, test.test, test.set, of);
    case 'sites':
      return [...diagnosisSites(scheme, test.list, of)].map(([part, codes]) => `${part}:${codes.join('+')}`);
    case 'complication':
      return complications(scheme, test.severity, of);
    case 'number': {
      const value = of.numbers[test.field];
      return Number.isNaN(value) ? [] : [String(value)];
    }
    case 'text':
      return of.texts[test.field] === '' ? [] : [of.texts[test.field]];
  }
}
