import { type BenefitPolicy, benefitPolicy } from '#benefits/policy.ts';
import type { PolicyLayer } from '#policy/index.ts';
import { PARAMETERS, parseValue } from '#policy/parameters.ts';
import type { BenefitParameter } from '#policy/registry/benefits.ts';

/** Parameters by name, each a table in its one-line form: `"level=1 => 200 ; 500"`. */
export type PolicyTexts = Readonly<Partial<Record<BenefitParameter, string>>>;

/** A policy of one layer for tests. Throws on a text that is no value. */
export function policyOfTexts(texts: PolicyTexts, date = '2025-01-01'): BenefitPolicy {
  const document = {
    id: 'trial',
    title: { zh: '试', en: 'trial' },
    number: null,
    date: null,
    status: 'local',
    inForce: { from: null, to: null },
    version: null,
    abolishedBy: null,
    file: 'trial.yaml',
  } as const;
  const layer: PolicyLayer = {
    layer: 'city',
    area: '999999',
    name: null,
    profile: 'benefits',
    extends: null,
    values: Object.entries(texts).map(([name, text], index) => {
      const parameter = name as BenefitParameter;
      const value = parseValue(PARAMETERS[parameter], text);
      if (typeof value === 'string') throw new TypeError(`${name} = ${text} is ${value}`);
      return {
        parameter,
        effectiveFrom: Temporal.PlainDate.from('2000-01-01'),
        recorded: null,
        value,
        source: { document, article: '试' },
        basis: null,
        note: null,
        see: [],
        file: 'trial.yaml',
        line: index + 1,
      };
    }),
  };
  return benefitPolicy([layer], date);
}
