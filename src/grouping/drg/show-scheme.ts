import { YibaoError } from '#kernel/errors.ts';
import { codeSetText, testsOf } from './condition.ts';
import { drgErrors } from './errors.ts';
import { codesOf, type Scheme, type Section, type Step, sectionsOf, VALID_PROCEDURES } from './scheme.ts';

export type ShownStep = Pick<Step, 'seq' | 'row' | 'level' | 'code'> & {
  readonly name: string | undefined;
  readonly condition: string;
};

export type SchemeSummary = {
  readonly mdcs: readonly { readonly code: string; readonly adrgs: number; readonly groups: number }[];
  readonly adrgs: number;
  /** distinct codes of drg and ambiguous steps that are named */
  readonly groups: number;
  readonly steps: number;
  readonly lists: number;
  readonly listCodes: number;
  readonly mcc: number;
  readonly cc: number;
  readonly exclusions: number;
  readonly validProcedures: number;
};

/** A scheme in numbers. */
export function summariseScheme(scheme: Scheme): SchemeSummary {
  const sections = Map.groupBy(sectionsOf(scheme.steps), ({ step }) => step.code);
  const mdcs = [...sections].map(([code, all]) => {
    const items = all.flatMap((section) => section.items);
    const results = items.flatMap((item) => (item.kind === 'adrg' ? item.drgs : [item.step]));
    return {
      code,
      adrgs: new Set(items.flatMap((item) => (item.kind === 'adrg' ? [item.step.code] : []))).size,
      groups: new Set(results.map((step) => step.code).filter((group) => scheme.groups.has(group))).size,
    };
  });
  return {
    mdcs,
    adrgs: new Set(scheme.steps.filter((step) => step.level === 'adrg').map((step) => step.code)).size,
    groups: scheme.groups.size,
    steps: scheme.steps.length,
    lists: scheme.lists.size,
    listCodes: [...scheme.lists.values()].reduce((sum, { partOf }) => sum + partOf.size, 0),
    mcc: scheme.mcc.size,
    cc: scheme.cc.size,
    exclusions: scheme.exclusions.size,
    validProcedures: scheme.validProcedures.size,
  };
}

export type ShownCode = {
  readonly code: string;
  readonly name: string | undefined;
  readonly kind: 'mdc' | 'adrg' | 'group';
  /** the steps that lead to it, those of the sections and ADRGs around it among them, in order */
  readonly steps: readonly ShownStep[];
  /** every list those steps name, with its codes */
  readonly lists: readonly { readonly name: string; readonly codes: readonly string[] }[];
};

/**
 * An MDC with its ADRGs and their groups, an ADRG with its groups, or a group, with the steps that lead to it.
 * @throws YibaoError drg.no-such-code
 */
export function showCode(scheme: Scheme, code: string): ShownCode {
  const sections = sectionsOf(scheme.steps);
  const own = sections.filter(({ step }) => step.code === code);
  const isAdrg = scheme.steps.some((step) => step.level === 'adrg' && step.code === code);
  const kind = own.length > 0 ? 'mdc' : isAdrg ? 'adrg' : 'group';
  const steps =
    kind === 'mdc' ? own.flatMap(stepsOfSection) : sections.flatMap((section) => pathTo(section, code));
  if (steps.length === 0) {
    const examples = [sections[0]?.step.code, ...[...scheme.groups.keys()].slice(0, 2)].join(', ');
    throw new YibaoError({ definition: drgErrors.noSuchCode, value: code, parameters: { examples } });
  }
  return {
    code,
    name: scheme.groups.get(code),
    kind,
    steps: steps.map((step) => shown(scheme, step)),
    lists: listsOf(scheme, steps),
  };
}

const stepsOfSection = ({ step, items }: Section): Step[] => [
  step,
  ...items.flatMap((item) => (item.kind === 'adrg' ? [item.step, ...item.drgs] : [item.step])),
];

/** The steps of a section that lead to an ADRG or a group; none if it does not stand there. */
function pathTo({ step: mdc, items }: Section, code: string): Step[] {
  const found = items.flatMap((item) => {
    if (item.step.code === code) return item.kind === 'adrg' ? [item.step, ...item.drgs] : [item.step];
    const drgs = item.kind === 'adrg' ? item.drgs.filter((drg) => drg.code === code) : [];
    return drgs.length > 0 ? [item.step, ...drgs] : [];
  });
  return found.length > 0 ? [mdc, ...found] : [];
}

const shown = (scheme: Scheme, { seq, row, level, code, text }: Step): ShownStep => ({
  seq,
  row,
  level,
  code,
  name: scheme.groups.get(code),
  condition: text,
});

/** The lists that steps name, those every step may name (`valid_procedures`) apart. */
function listsOf(scheme: Scheme, steps: readonly Step[]): { name: string; codes: string[] }[] {
  const lists = new Map<string, string[]>();
  for (const step of steps) {
    for (const test of testsOf(step.condition)) {
      if (test.kind === 'sites')
        lists.set(`@${test.list}`, [...(codesOf(scheme, test.list, undefined) ?? [])]);
      if (test.kind !== 'codes' || 'codes' in test.set || test.set.list === VALID_PROCEDURES) continue;
      lists.set(codeSetText(test.set), [...(codesOf(scheme, test.set.list, test.set.part) ?? [])]);
    }
  }
  return [...lists].map(([name, codes]) => ({ name, codes }));
}
