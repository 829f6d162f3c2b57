import { YibaoError } from '#kernel/errors.ts';
import type { Text } from '#kernel/locale.ts';
import { UNKNOWN_PARAMETER_ASKED } from '#policy/errors.ts';
import type { LayerName } from '#policy/layer.ts';
import { isParameterName, nearNames, PARAMETERS, type ParameterName } from '#policy/parameters.ts';
import { type PolicyQuestion, resolveValue, valueOfLayer } from '#policy/resolve.ts';
import { type Statement, statementOf } from '#policy/statement.ts';
import type { Unit } from '#policy/titles.ts';

export type ExplanationStep = {
  readonly layer: LayerName;
  readonly area: string;
  readonly name: string | null;
  readonly state: 'in-force' | 'overridden' | 'ended' | 'silent';
  readonly statement: Statement | null;
};

/** Plain data, can be written as JSON as it is. */
export type Explanation = {
  readonly parameter: ParameterName;
  readonly title: Text;
  readonly unit: Unit;
  readonly asOf: string;
  readonly knownAt: string | null;
  /** null when no layer has a value in force. */
  readonly value: string | null;
  /** Outermost layer first. */
  readonly steps: readonly ExplanationStep[];
};

/**
 * Which value is in force and what every layer of the chain says.
 * Throws `policy.unknown-parameter-asked` for a name that is no parameter.
 */
export function explainParameter(question: PolicyQuestion & { readonly parameter: string }): Explanation {
  const { parameter, layers, asOf, knownAt } = question;
  if (!isParameterName(parameter)) {
    const parameters = { near: nearNames(parameter).join(', ') };
    throw new YibaoError({ definition: UNKNOWN_PARAMETER_ASKED, value: parameter, parameters });
  }
  const said = layers.map((layer) => valueOfLayer(layer, parameter, asOf, knownAt));
  const winner = said.findLastIndex((value) => value?.value);
  const steps = layers.map((layer, index): ExplanationStep => {
    const value = said[index];
    return {
      layer: layer.layer,
      area: layer.area,
      name: layer.name,
      state: value === undefined ? 'silent' : value.value === null ? 'ended' : stateOf(index, winner),
      statement: value ? statementOf(value) : null,
    };
  });
  return {
    parameter,
    title: PARAMETERS[parameter].title,
    unit: PARAMETERS[parameter].unit,
    asOf: asOf.toString(),
    knownAt: knownAt?.toString() ?? null,
    value: resolveValue(question, parameter)?.value.text ?? null,
    steps,
  };
}

const stateOf = (index: number, winner: number) => (index === winner ? 'in-force' : 'overridden');
