import { type Problem, YibaoError } from '#kernel/errors.ts';
import type { Text } from '#kernel/locale.ts';
import * as errors from '#policy/errors.ts';
import type { DatedValue, PolicyLayer } from '#policy/layer.ts';
import {
  expectedValue,
  isParameterName,
  nearNames,
  PARAMETERS,
  type ParameterName,
  type ParameterValue,
  parseValue,
} from '#policy/parameters.ts';
import type { Policy } from '#policy/resolve.ts';

/** A value that a simulation assumes, and the place where somebody wrote it. */
export type AssumedValue = {
  readonly parameter: ParameterName;
  readonly value: ParameterValue;
  readonly file: string;
  readonly line: number;
};

/** Where a value was written: a line of a file, or an option of the command line. */
export type WrittenAt = { readonly file?: string | undefined; readonly row?: number | undefined };

/** The parameter of a name, or the problem with the nearest names. */
export function parameterNamed(name: string, place: WrittenAt): ParameterName | Problem {
  if (isParameterName(name)) return name;
  const parameters = { near: nearNames(name).join(', ') };
  return { definition: errors.UNKNOWN_PARAMETER, ...place, field: name, parameters };
}

/** A value by the kind and range of its parameter, as a policy file is read, or the problem. */
export function valueOfText(
  parameter: ParameterName,
  text: string,
  place: WrittenAt,
): ParameterValue | Problem {
  const definition = PARAMETERS[parameter];
  const value = parseValue(definition, text);
  if (typeof value !== 'string') return value;
  const expected = expectedValue(definition);
  return {
    definition: value === 'malformed' ? errors.WRONG_VALUE : errors.VALUE_OUT_OF_RANGE,
    ...place,
    field: parameter,
    value: text,
    parameters: { parameter, expectedZh: expected.zh, expectedEn: expected.en },
  };
}

/** The unit of a parameter as written beside a value, or the problem. */
export function checkUnit(parameter: ParameterName, unit: string, place: WrittenAt): Problem | undefined {
  const expected = PARAMETERS[parameter].unit;
  if (unit === expected) return undefined;
  const parameters = { parameter, expected };
  return { definition: errors.WRONG_UNIT, ...place, field: 'unit', value: unit, parameters };
}

/** The layer nearest of all that says what a scenario assumes, in force from the day of the question on. */
export function scenarioLayer(
  name: Text,
  base: { readonly code: string; readonly name: string; readonly profile: string },
  asOf: Temporal.PlainDate,
  values: readonly AssumedValue[],
): PolicyLayer {
  const document = {
    id: 'scenario',
    title: { zh: `假设：${name.zh}`, en: `hypothetical: ${name.en}` },
    number: null,
    date: null,
    status: 'invented',
    inForce: { from: null, to: null },
    version: null,
    abolishedBy: null,
    file: '',
  } as const;
  return {
    layer: 'scenario',
    area: base.code,
    name: base.name,
    profile: base.profile,
    extends: null,
    values: values.map(
      ({ parameter, value, file, line }): DatedValue => ({
        parameter,
        effectiveFrom: asOf,
        recorded: null,
        value,
        source: { document, article: null },
        basis: null,
        note: null,
        see: [],
        file,
        line,
      }),
    ),
  };
}

/** Why a parameter is not read: the choice it hangs on, and what that would have to be. */
export function unreadProblem(
  policy: Policy,
  parameter: ParameterName,
  place: WrittenAt,
): Problem | undefined {
  if (policy.values[parameter]) return undefined;
  const { when } = PARAMETERS[parameter] as {
    readonly when?: { readonly parameter: string; readonly is: readonly string[] };
  };
  const chosen = when && policy.values[when.parameter as ParameterName]?.value.text;
  return {
    definition: errors.PARAMETER_NOT_READ,
    ...place,
    field: parameter,
    parameters: { choice: when?.parameter ?? '', found: chosen ?? '-', needed: when?.is.join(' | ') ?? '' },
  };
}

/** Throws all problems there are. */
export function throwProblems(problems: readonly Problem[]): void {
  if (problems.length > 0) throw new YibaoError(problems);
}
