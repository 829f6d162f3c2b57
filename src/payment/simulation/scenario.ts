import type { SchemeCode } from '#catalogue/area-tables.ts';
import { type ErrorDefinition, type Problem, YibaoError } from '#kernel/errors.ts';
import type { Text } from '#kernel/locale.ts';
import { yuanText } from '#kernel/money.ts';
import {
  type AssumedValue,
  PARAMETERS,
  type ParameterName,
  type Policy,
  parameterNamed,
  unreadProblem,
  valueOfText,
  type WrittenAt,
} from '#policy/index.ts';
import type { Assumed } from '../settle-year.ts';
import {
  BUDGET_NAMES,
  BUDGET_TITLE,
  type BudgetChange,
  budgetName,
  changedBudgetFen,
  parseBudgetChange,
  schemeOfName,
} from './budget-change.ts';
import { simulationErrors } from './errors.ts';

/** One thing a scenario changes, checked by itself, and where it was written. */
export type ScenarioSet = WrittenAt & {
  /** a parameter, or `budget.<scheme>` */
  readonly name: string;
  readonly text: string;
} & (
    | { readonly parameter: ParameterName; readonly value: AssumedValue['value'] }
    | { readonly scheme: SchemeCode; readonly budget: BudgetChange }
  );

/** A year as it might be: what differs from the policy and the budgets in force. */
export type Scenario = {
  /** how it is called in columns and files */
  readonly id: string;
  readonly title: Text;
  readonly description: Text | undefined;
  readonly sets: readonly ScenarioSet[];
};

/** One change as results state it. */
export type StatedChange = {
  readonly name: string;
  readonly title: Text;
  readonly unit: string;
  readonly before: string;
  /** where the value before comes from: layer, document and article */
  readonly source: Text;
  /** what was written, such as "+3%" */
  readonly written: string;
  readonly after: string;
};

/** The names most like a mistyped one, budgets among them. */
const withBudgetNames = (problem: Problem): Problem => ({
  ...problem,
  parameters: {
    ...problem.parameters,
    near: [problem.parameters?.near, ...(problem.field?.startsWith('budget') ? BUDGET_NAMES : [])].join(', '),
  },
});

/**
 * One `name=text`, checked by the kind and range of the parameter as in a policy file, or the problem with it.
 * @param written the value where a file has read it already
 */
export function readSet(name: string, text: string, place: WrittenAt = {}): ScenarioSet | Problem {
  const scheme = schemeOfName(name);
  if (scheme !== undefined) {
    const budget = parseBudgetChange(text);
    if (budget !== undefined) return { ...place, name: budgetName(scheme), text, scheme, budget };
    return { definition: simulationErrors.wrongBudget, ...place, field: name, value: text };
  }
  const parameter = parameterNamed(name, place);
  if (typeof parameter !== 'string') return withBudgetNames(parameter);
  const value = valueOfText(parameter, text, place);
  if ('definition' in value) return value;
  return { ...place, name, text: value.text, parameter, value };
}

/** The problems of what a scenario sets more than once. */
export function repeatedSets(scenario: string, sets: readonly ScenarioSet[]): Problem[] {
  return sets
    .filter(({ name }, index) => sets.findIndex((other) => other.name === name) < index)
    .map(
      ({ name, text, file, row }): Problem => ({
        definition: simulationErrors.repeatedSet,
        file,
        row,
        field: name,
        value: text,
        parameters: { scenario },
      }),
    );
}

const asUsage = ({ definition, ...problem }: Problem): Problem => ({
  ...problem,
  definition: { ...definition, exit: 2 } satisfies ErrorDefinition,
});

/** The name of the scenario that plain `--set` options make. */
export const PLAIN_SCENARIO = 'set';

/**
 * The scenarios of the command line: all of `--set` make one, and each `name:parameter=value` belongs to the scenario of its
 * name.
 * @throws YibaoError with the problems of all of them (exit 2)
 */
export function scenariosOfOptions(sets: readonly string[], named: readonly string[]): readonly Scenario[] {
  const problems: Problem[] = [];
  const found = new Map<string, ScenarioSet[]>();
  const take = (scenario: string, text: string, definition: ErrorDefinition, whole: string) => {
    const at = text.indexOf('=');
    const [name, value] = [text.slice(0, at).trim(), text.slice(at + 1).trim()];
    if (at <= 0 || name === '' || value === '' || scenario === '') {
      problems.push({ definition, parameters: { text: whole } });
      return;
    }
    const set = readSet(name, value);
    if ('definition' in set) problems.push(asUsage(set));
    else found.set(scenario, [...(found.get(scenario) ?? []), set]);
  };
  for (const text of sets) take(PLAIN_SCENARIO, text, simulationErrors.malformedSet, text);
  for (const text of named) {
    const at = text.indexOf(':');
    const scenario = text.slice(0, Math.max(at, 0)).trim();
    const isName = at > 0 && !scenario.includes('=');
    take(isName ? scenario : '', text.slice(at + 1), simulationErrors.malformedScenario, text);
  }
  for (const [scenario, own] of found) problems.push(...repeatedSets(scenario, own).map(asUsage));
  if (problems.length > 0) throw new YibaoError(problems);
  return [...found].map(([id, own]) => ({
    id,
    title: id === PLAIN_SCENARIO ? { zh: '试算', en: 'simulation' } : { zh: id, en: id },
    description: undefined,
    sets: own,
  }));
}

/** The budgets of the payment year in fen. */
export type YearBudgets = ReadonlyMap<SchemeCode, bigint>;

/**
 * What a scenario assumes, with its budgets worked out from those in force.
 * @throws YibaoError for a scheme without a budget, and for one that would fall below zero
 */
export function assumedOf(scenario: Scenario, year: number, budgets: YearBudgets): Assumed {
  const problems: Problem[] = [];
  const values: AssumedValue[] = [];
  const changed = new Map<SchemeCode, bigint>();
  for (const set of scenario.sets) {
    const { file, row, name, text } = set;
    if ('parameter' in set) {
      values.push({ parameter: set.parameter, value: set.value, file: file ?? '--set', line: row ?? 1 });
      continue;
    }
    const place = { file, row, field: name, value: text };
    const budgetFen = budgets.get(set.scheme);
    if (budgetFen === undefined) {
      const known = [...budgets.keys()].map(budgetName).join(', ') || '-';
      problems.push({ definition: simulationErrors.noBudget, ...place, parameters: { year, known } });
      continue;
    }
    const afterFen = changedBudgetFen(budgetFen, set.budget);
    if (afterFen < 0n) {
      const parameters = { amount: yuanText(afterFen), budget: yuanText(budgetFen) };
      problems.push({ definition: simulationErrors.negativeBudget, ...place, parameters });
    }
    changed.set(set.scheme, afterFen);
  }
  if (problems.length > 0) throw new YibaoError(problems);
  return { name: scenario.title, values, budgets: changed };
}

/** What a scenario sets although no step reads it under its own policy: it would seem to change nothing. */
export const unreadSets = (scenario: Scenario, policy: Policy): Problem[] =>
  scenario.sets.flatMap((set) => {
    if (!('parameter' in set)) return [];
    const problem = unreadProblem(policy, set.parameter, { file: set.file, row: set.row });
    return problem ? [problem] : [];
  });

/** The changes of a scenario as its results state them. */
export function statedChanges(
  scenario: Scenario,
  base: { readonly policy: Policy; readonly budgets: YearBudgets },
  assumed: Assumed,
): StatedChange[] {
  return scenario.sets.map((set): StatedChange => {
    if ('scheme' in set) {
      return {
        name: set.name,
        title: BUDGET_TITLE[set.scheme],
        unit: 'yuan',
        before: yuanText(base.budgets.get(set.scheme)!),
        source: { zh: '本年度预算', en: 'budget of the year' },
        written: set.text,
        after: yuanText(assumed.budgets.get(set.scheme)!),
      };
    }
    const { title, unit } = PARAMETERS[set.parameter];
    const before = base.policy.values[set.parameter];
    const article = before?.source.article;
    const document = before?.source.document.title;
    return {
      name: set.name,
      title,
      unit,
      before: before?.value.text ?? '',
      source: before
        ? {
            zh: [document!.zh, article].filter((part) => part).join(' '),
            en: [document!.en, article].filter((part) => part).join(' '),
          }
        : { zh: '现行政策不读取', en: 'not read under the policy in force' },
      written: set.text,
      after: set.value.text,
    };
  });
}
