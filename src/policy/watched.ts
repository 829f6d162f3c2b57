import { isParameterName, PARAMETER_NAMES, type ParameterName } from '#policy/parameters.ts';
import type { Policy } from '#policy/resolve.ts';

/** The same policy; `note` is told each parameter when a step asks for it. */
export function watchedPolicy(policy: Policy, note: (name: ParameterName) => void): Policy {
  const noted =
    <Name extends ParameterName, Answer>(ask: (name: Name) => Answer) =>
    (name: Name): Answer => {
      note(name);
      return ask(name);
    };
  return {
    ...policy,
    values: new Proxy(policy.values, {
      get: (values, name) => {
        if (typeof name === 'string' && isParameterName(name)) note(name);
        return Reflect.get(values, name);
      },
      ownKeys: (values) => {
        for (const name of PARAMETER_NAMES) note(name);
        return Reflect.ownKeys(values);
      },
    }),
    integer: noted(policy.integer),
    fraction: noted(policy.fraction),
    integers: noted(policy.integers),
    bands: noted(policy.bands),
    choice: noted(policy.choice) as Policy['choice'],
    steps: noted(policy.steps) as Policy['steps'],
    text: noted(policy.text),
  };
}

/**
 * The parameters that a SQL statement asks for: those it names, those that begin with a name it goes on to complete
 * (`'comprehensive.class.' || …`), and all of them when it reads the policy without naming any.
 */
export function parametersOfSql(sql: string): readonly ParameterName[] {
  const named = [...sql.matchAll(/'([a-z_]+\.(?:[a-z_0-9]+\.)*[a-z_0-9]*)'/g)].flatMap(([, text]) =>
    text!.endsWith('.')
      ? PARAMETER_NAMES.filter((name) => name.startsWith(text!))
      : [text!].filter(isParameterName),
  );
  if (/\bpolicy_year_weight\b/.test(sql)) named.push('score.year_weights');
  return named.length === 0 && /\b(FROM|JOIN)\s+policy_(value|band)\b/i.test(sql) ? PARAMETER_NAMES : named;
}
