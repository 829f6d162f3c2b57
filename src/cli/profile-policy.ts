import { usageErrors } from '#cli/errors.ts';
import { YibaoError } from '#kernel/errors.ts';
import {
  loadPolicies,
  type Policy,
  policyChain,
  policyDateOfYear,
  profilesOf,
  resolveArea,
  resolvePolicy,
} from '#policy/index.ts';

/** Every value that has started, for a command that no year is given to. */
const LATEST = Temporal.PlainDate.from('2999-12-31');

/**
 * The policy a `--profile` argument means: the national values of a profile, or those of an area by code or folder.
 * @throws YibaoError when there is no such profile or area, or it does not group by a catalogue
 */
export function policyOfProfile(argument: string, year?: number): Policy {
  const policies = loadPolicies();
  const layers = profilesOf(policies.layers).has(argument)
    ? policyChain(policies, '000000', argument)
    : resolveArea(argument, policies).layers;
  const policy = resolvePolicy({ layers, asOf: year === undefined ? LATEST : policyDateOfYear(year) });
  if (policy.choice('grouping.method') !== 'dip-catalogue') {
    const names = [...profilesOf(policies.layers).keys()].filter((name) => name.startsWith('dip-'));
    const parameters = {
      name: '--profile',
      value: argument,
      expectedZh: `按病种目录入组的方案：${names.join('、')}，或采用它们的地区`,
      expectedEn: `a profile that groups by a catalogue: ${names.join(', ')}, or an area that has one of them`,
    };
    throw new YibaoError({ definition: usageErrors.wrongValue, parameters });
  }
  return policy;
}
