/**
 * Random policies: a value for every parameter the registry declares, drawn from its own range, options and steps. What
 * needs files or lists of an area that no random area has is left as the profile says; the table below tells why.
 */
import fc from 'fast-check';
import type { ParameterDefinition } from '#policy/parameters.ts';
import { PARAMETER_NAMES, PARAMETERS, type ParameterName } from '#policy/parameters.ts';

export type PolicyValues = Readonly<Partial<Record<ParameterName, string>>>;

/** Parameters, or all that begin with a name and a dot, that stay as the profile has them. */
const AS_THE_PROFILE: Readonly<Record<string, string>> = {
  'grouping.method': 'is the profile',
  'grouping.scheme': 'is the profile',
  'grouping.catalogue': 'a file',
  'score.base_group': 'a code',
  'score.source': 'a table of scores is the other way round: nothing of the history counts',
  'parts.': 'other ways of payment, each with files: test/parts-area.test.ts',
  'review.': 'the review is another command: test/review.test.ts',
  'special_case.': 'files of the review',
  'budget.': 'budget_plan.yaml, which a random area has not',
  'tcm.': 'files of TCM groups',
  'bed_day.': 'a file of bed-days',
};

/** What may stand where a text is asked for. */
const TEXTS: Readonly<Partial<Record<ParameterName, readonly string[]>>> = {
  'grouping.blank_group': ['KBBZ'],
  'typing.types': ['dip-3.0-draft', 'dip-city-practice'],
  'incomplete.dispositions': ['2|3', '1'],
  'readmission.excepted_diagnoses': ['Z51.0|Z51.1', 'J18'],
};

/** Options and steps that need a file no random area has. */
const LEFT_OUT: Readonly<Partial<Record<ParameterName, readonly string[]>>> = {
  'score.method': ['base-disease'],
  'adjustment.steps': ['bed-day', 'tcm'],
  'point_value.start_zone': ['value-zone-2d'],
  'payment.patient_payments': ['non-pool'],
  'grouping.steps': ['pre-group', 'merged', 'diagnosis-assisted', 'tcm', 'day-surgery'],
};

/** Amounts of yuan that are drawn as an area would write them: a standard of a fen makes scores beyond any table. */
const YUAN: Readonly<Partial<Record<ParameterName, { readonly minimum: string; readonly maximum: string }>>> =
  {
    'score.fixed_standard': { minimum: '100', maximum: '2000' },
    'deviation.published_point_value': { minimum: '0.5', maximum: '100' },
  };

/** Decimals drawn mostly from the near end of the range: a coefficient of 10 is allowed, and rare. */
function decimal(
  { minimum, maximum }: { minimum: string; maximum: string },
  decimals: number,
): fc.Arbitrary<string> {
  const unit = 10 ** decimals;
  const [least, most] = [Math.ceil(Number(minimum) * unit - 1e-6), Math.floor(Number(maximum) * unit + 1e-6)];
  const within = (limit: number) =>
    fc.integer({ min: least, max: Math.max(least, Math.min(most, limit * unit)) });
  return fc
    .oneof(
      { weight: 6, arbitrary: within(3) },
      { weight: 3, arbitrary: within(100) },
      { weight: 1, arbitrary: within(2_000) },
    )
    .map((value) => (value / unit).toFixed(decimals));
}

const bands = (range: { minimum: string; maximum: string }): fc.Arbitrary<string> =>
  fc
    .tuple(
      fc.uniqueArray(fc.integer({ min: 1, max: 150 }), { maxLength: 3 }),
      fc.array(decimal(range, 2), { minLength: 4, maxLength: 4 }),
    )
    .map(([limits, values]) => {
      const ascending = limits.toSorted((a, b) => a - b);
      return [...ascending.map((limit, index) => `${limit}:${values[index]}`), values[3]].join(' | ');
    });

function drawnValue(name: ParameterName): fc.Arbitrary<string> | undefined {
  const definition: ParameterDefinition = PARAMETERS[name];
  const leftOut = LEFT_OUT[name] ?? [];
  switch (definition.kind) {
    case 'integer':
      return decimal(definition, 0);
    case 'decimal':
      return fc.constantFrom(1, 2, 4).chain((decimals) => decimal(YUAN[name] ?? definition, decimals));
    case 'integers':
      return fc
        .array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 4 })
        .map((weights) => weights.join(':'));
    case 'bands':
      return bands(definition);
    case 'choice':
      return fc.constantFrom(
        ...Object.keys(definition.options).filter((option) => !leftOut.includes(option)),
      );
    case 'steps':
      return fc
        .shuffledSubarray(
          Object.keys(definition.options).filter((step) => !leftOut.includes(step)),
          { minLength: 1 },
        )
        .map((steps) => steps.join(' > '));
    case 'text':
      return TEXTS[name] && fc.constantFrom(...TEXTS[name]);
  }
}

const isDrawn = (name: string): boolean =>
  !Object.keys(AS_THE_PROFILE).some((each) => (each.endsWith('.') ? name.startsWith(each) : name === each));

/** The names that random policies give values to. */
export const DRAWN_PARAMETERS = PARAMETER_NAMES.filter(
  (name) => isDrawn(name) && drawnValue(name) !== undefined,
);

/** Values of all drawn parameters, free of the contradictions a policy is refused for. */
export const randomPolicies: fc.Arbitrary<PolicyValues> = fc
  .record(Object.fromEntries(DRAWN_PARAMETERS.map((name) => [name, drawnValue(name)!])))
  .map((values) => consistent(values as Record<ParameterName, string>));

/** What cannot go together becomes what can; that it is refused otherwise is tested with each rule. */
function consistent(drawn: Record<ParameterName, string>): PolicyValues {
  const values = { ...drawn };
  const steps = new Set(values['clearing.steps'].split(' > '));
  // the deposit is returned by a step of the clearing, the adjustment fund covers what the bands cost and comes last
  values['deposit.mode'] = steps.has('deposit') ? 'assessed' : 'none';
  steps.delete('adjustment-fund');
  if (steps.size === 0) steps.add('assessment');
  values['clearing.steps'] = [...steps, ...(steps.has('bands') ? ['adjustment-fund'] : [])].join(' > ');
  const left = Math.max(0, 1 - Number(values['payment.monthly_ratio']));
  values['deposit.ratio'] = Math.min(0.05, left).toFixed(2);
  if (values['point_value.mode'] === 'elastic' && values['point_value.method'] === 'ratio-own') {
    values['point_value.method'] = 'ratio-pooled';
  }
  if (Number(values['point_value.trim_low']) >= Number(values['point_value.trim_high'])) {
    values['point_value.trim_low'] = '0.025';
    values['point_value.trim_high'] = '0.975';
  }
  values['point_value.trim_share_check'] = 'report';
  const [high, extreme] = (['deviation.high_ratio', 'deviation.extreme_ratio'] as const).map(
    (name) => values[name],
  );
  if (Number(high) > Number(extreme)) values['deviation.extreme_ratio'] = high!;
  const lengths = ['grouping.core_diagnosis_length', 'grouping.comprehensive_diagnosis_length'] as const;
  const [core, comprehensive] = lengths.map((name) => Number(values[name]));
  values['grouping.comprehensive_diagnosis_length'] = String(Math.min(core!, comprehensive!));
  // something must find groups
  if (!/\bcore|comprehensive/.test(values['grouping.steps'])) values['grouping.steps'] += ' > core';
  return values;
}

/** The values as `overrides` of an area.yaml, with the document they are from. */
export const overridesText = (values: PolicyValues): string =>
  `documents:\n  local: 随机市办法\noverrides:\n${Object.entries(values)
    .map(
      ([name, value]) =>
        `  ${name}:\n    unit: ${PARAMETERS[name as ParameterName].unit}\n    values:\n      2000-01-01: {value: "${value}", from: local, article: 第一条}\n`,
    )
    .join('')}`;
