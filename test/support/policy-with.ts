import {
  loadPolicies,
  type Policy,
  type PolicyLayer,
  policyChain,
  policyDateOfYear,
  resolvePolicy,
} from '#policy/index.ts';
import { PARAMETERS, type ParameterName, parseValue } from '#policy/parameters.ts';

const policies = loadPolicies();

/** The policy of a profile in a payment year with some parameters written by the area itself. */
export function policyWith(
  values: Readonly<Record<string, string>>,
  { year = 2025, profile = 'reference' }: { readonly year?: number; readonly profile?: string } = {},
): Policy {
  const layer: PolicyLayer = {
    layer: 'area',
    area: '880100',
    name: '试算市',
    profile,
    extends: null,
    values: Object.entries(values).map(([name, text], index) => {
      const parameter = name as ParameterName;
      const value = PARAMETERS[parameter] && parseValue(PARAMETERS[parameter], text);
      if (!value || typeof value === 'string') throw new Error(`${name} = ${text} is ${value}`);
      return {
        parameter,
        effectiveFrom: Temporal.PlainDate.from('2000-01-01'),
        recorded: null,
        value,
        source: { document: policies.documents.get('reference-profile')!, article: '试' },
        basis: null,
        note: null,
        see: [],
        file: 'area.yaml',
        line: index + 1,
      };
    }),
  };
  return resolvePolicy({
    layers: [...policyChain(policies, '880100', profile), layer],
    asOf: policyDateOfYear(year),
  });
}
