import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { loadAreaHeader, policyChain, resolveArea } from '#policy/area.ts';
import { parsePolicyDate, policyDateOfYear } from '#policy/dates.ts';
import type { DatedValue, LayerName, PolicyLayer } from '#policy/layer.ts';
import { loadPolicies } from '#policy/load.ts';
import { PARAMETERS, parseValue } from '#policy/parameters.ts';
import { policyHash } from '#policy/policy-hash.ts';
import { type Policy, resolvePolicy, resolveValue } from '#policy/resolve.ts';
import { DOCUMENTS_YAML, folderOf, problemsOf, refusals } from '#policy/testing.ts';

const policies = loadPolicies();
const nation = resolveArea('000000', policies).layers;

function policyOf(layers: readonly PolicyLayer[], asOf: string, knownAt?: string): Policy {
  return resolvePolicy({
    layers,
    asOf: parsePolicyDate(asOf),
    knownAt: knownAt === undefined ? undefined : parsePolicyDate(knownAt),
  });
}

/** The nation and an area folder whose area.yaml holds these overrides. */
function withOverrides(t: Parameters<typeof folderOf>[0], overrides: string): readonly PolicyLayer[] {
  const yaml = `area: "990200"\nname: 试算市\nprofile: reference\ndocuments: {local: 本地文件}\noverrides:\n${overrides}`;
  return [...nation, loadAreaHeader(join(folderOf(t, { 'area.yaml': yaml }), 'area.yaml'), policies).layer];
}

/** Parameters from the budget to the clearing. */
const CLEARING = /^(budget|point_value|payment|deposit|prepayment|clearing)\./;
/** Parameters that no step of a settlement reads. */
const EVALUATION = /^evaluation\./;

const monthly = (policy: Policy) => policy.values['payment.monthly_ratio']!.value.text;

test('every parameter of the reference profile has its value in each payment year from 2020 to 2030', () => {
  for (let year = 2020; year <= 2030; year++) {
    const policy = resolvePolicy({
      layers: resolveArea('990200', policies).layers,
      asOf: policyDateOfYear(year),
    });
    if (year === 2024) continue; // the demo province has its own monthly ratio in 2024
    assert.deepEqual(
      policy.sources
        .filter(({ parameter }) => !CLEARING.test(parameter) && !EVALUATION.test(parameter))
        .map(({ parameter, value }) => `${parameter} = ${value}`),
      [
        'grouping.method = dip-reference',
        'catalogue.core_threshold = 15',
        'grouping.core_diagnosis_length = 5',
        'grouping.comprehensive_diagnosis_length = 3',
        'comprehensive.class.surgery = 4',
        'comprehensive.class.intervention = 4',
        'comprehensive.class.therapeutic = 3',
        'comprehensive.class.diagnostic = 2',
        'comprehensive.class.none = 1',
        'score.year_weights = 1:2:7',
        'score.mean_score = 1000',
        'score.method = average-cost',
        'score.mean_reading = yearly-means',
        'coefficient.method = level',
        'score.unit = score',
        'score.source = history',
        'coefficient.no_history = 1',
        'coefficient.primary_care = 1',
        'deviation.low_ratio = 0.5',
        'deviation.high_ratio = 2',
        'deviation.high_by = ratio',
        'deviation.low_boundary = below',
        'deviation.high_boundary = above',
        'deviation.ratio_base = mean-and-coefficient',
        'deviation.mean = area',
        'deviation.low_points = with-coefficient',
        'deviation.high_points = coefficient-times-excess',
        'deviation.extreme = none',
        'deviation.zero_score = no-points',
        'deviation.cliff_width = 0.05',
        'ungrouped.ratio = 0.7',
        'ungrouped.second_ratio = 1',
        'ungrouped.standard = score',
        'typing.method = none',
        'adjustment.steps = special-case > add-on',
        'adjustment.amount_points = start-point-value',
        'special_case.quota_base = area',
        'special_case.quota = 0.005',
        'review.grounds = reason > high-cost',
        'review.reasons = long-stay|high-cost|new-technology|critical|multi-discipline',
        'review.high_ratio = 2',
        'review.ratio_reasons = high-cost',
        'review.stay_reasons = long-stay',
        'review.minimum_stay = 0',
        'review.evidence_minimum = 1',
        'review.apply_days = 366',
        'review.appeal_days = 30',
        'review.panel_size = 5',
        'review.panel_minimum = 3',
        'review.conflict_months = 1',
        'review.minimum_votes = 3',
        'review.abstention = as-rejection',
        'review.amount = median',
        'review.over_quota = refuse',
        'review.add_ons = refused',
        'review.publication_minimum = 5',
        'parts.reference = none',
      ],
    );
  }
});

test('the months and the clearing of the reference profile: only choices and deadlines are national', () => {
  const of = (year: number) =>
    policyOf(nation, `${year}-01-01`)
      .sources.filter(({ parameter }) => CLEARING.test(parameter))
      .map(({ parameter, value }) => `${parameter} = ${value}`);
  for (let year = 2020; year <= 2030; year++) {
    assert.deepEqual(
      of(year).filter((text) => !/deadline_month|cash_share/.test(text)),
      [
        'budget.growth_combination = sum',
        'budget.growth_cap = none',
        'budget.reserve_ratio = 0',
        'point_value.start_scope = together',
        'point_value.start_trimming = none',
        'point_value.start_zone = region-mean',
        'point_value.method = deduction',
        'point_value.mode = floating',
        'payment.monthly_ratio = 0.95',
        'payment.month_base = points',
        'payment.patient_payments = non-fund',
        'payment.negative_month = zero',
        'deposit.mode = none',
        'prepayment.mode = none',
        'clearing.period = year',
        'clearing.steps = assessment > audit',
        'clearing.default_assessment = 1',
        'clearing.assessment = coefficient',
        'clearing.month_deductions = added',
        'clearing.is_pilot = no',
      ],
    );
  }
  const deadlines = [2024, 2025, 2026, 2027, 2028].map((year) =>
    of(year)
      .filter((text) => /deadline_month|cash_share/.test(text))
      .map((text) => text.split(' = ')[1]),
  );
  assert.deepEqual(deadlines, [
    ['6', '6', '1'],
    ['5', '3', '0.05'],
    ['4', '3', '0.05'],
    ['3', '3', '0.03'],
    ['3', '3', '0.03'],
  ]);
});

test('every national value says whether it is confirmed, practice or a choice of the profile, and why', () => {
  for (const value of nation[0]!.values) {
    assert.ok(value.basis, `${value.parameter} states no basis`);
    assert.ok(value.note?.zh && value.note.en, `${value.parameter} has no note`);
    // the deadlines of the clearing change from year to year
    if (!/^clearing\.(\w*deadline_month|cash_share_target)$/.test(value.parameter)) {
      assert.equal(value.effectiveFrom.toString(), '2020-01-01');
    }
  }
});

test('values are read as exact numbers', () => {
  const policy = policyOf(nation, '2025-01-01');
  assert.equal(policy.integer('catalogue.core_threshold'), 15n);
  assert.deepEqual(policy.fraction('payment.monthly_ratio'), { numerator: 19n, denominator: 20n });
  assert.deepEqual(policy.fraction('score.mean_score'), { numerator: 1000n, denominator: 1n });
  assert.deepEqual(policy.integers('score.year_weights'), [1n, 2n, 7n]);
  assert.equal(policy.choice('grouping.method'), 'dip-reference');
  assert.deepEqual(
    policy.sources.map((source) => source.parameter),
    Object.keys(policy.values),
  );
});

test('the demo layers show the nation, then the province, then the city, then the ending', () => {
  const city = resolveArea('990100', policies).layers;
  const elsewhere = resolveArea('990200', policies).layers;
  const at = (date: string) => [monthly(policyOf(city, date)), monthly(policyOf(elsewhere, date))];
  assert.deepEqual(at('2024-02-29'), ['0.95', '0.95']);
  assert.deepEqual(at('2024-03-01'), ['0.9', '0.9']);
  assert.deepEqual(at('2024-07-01'), ['0.92', '0.9']);
  assert.deepEqual(at('2025-01-01'), ['0.95', '0.95']);
  assert.equal(policyOf(city, '2025-01-01').values['payment.monthly_ratio']!.layer, 'city');
  assert.equal(policyOf(elsewhere, '2025-01-01').values['payment.monthly_ratio']!.layer, 'national');
});

test('no trial area is settled by the invented rules: on a first of January only national values hold', () => {
  const national = resolveArea('440100', policies).layers;
  for (const area of ['990100', '990200', '999900']) {
    const { layers } = resolveArea(area, policies);
    for (let year = 2020; year <= 2030; year += 1) {
      const text = (from: typeof layers) =>
        Object.entries(policyOf(from, `${year}-01-01`).values).map(([name, value]) => [
          name,
          value.value.text,
        ]);
      assert.deepEqual(text(layers), text(national), `${area} ${year}`);
    }
  }
});

test('null ends a value from its date on and the outer layer holds again', (t) => {
  const layers = withOverrides(
    t,
    `  payment.monthly_ratio:
    unit: ratio
    values:
      2022-01-01: {value: "0.85", from: local, article: 第一条}
      2023-01-01: {value: null, from: local}
      2024-01-01: {value: "0.88", from: local, article: 第二条}
`,
  );
  const found = ['2021-12-31', '2022-01-01', '2022-12-31', '2023-01-01', '2024-01-01'].map((date) =>
    monthly(policyOf(layers, date)),
  );
  assert.deepEqual(found, ['0.95', '0.85', '0.85', '0.95', '0.88']);
});

test('a parameter without any value in force is refused at the line that ended it', (t) => {
  const [national] = nation;
  const without = { ...national!, values: national!.values.filter((v) => v.parameter !== 'ungrouped.ratio') };
  const ended = withOverrides(
    t,
    '  ungrouped.ratio:\n    unit: ratio\n    values:\n      2025-01-01: {value: null, from: local}\n',
  );
  assert.deepEqual(
    refusals(() => policyOf([without, ended.at(-1)!], '2025-01-01')),
    ['policy.missing-value area.yaml:9'],
  );
  assert.ok(refusals(() => policyOf(nation, '2019-12-31')).length > 5);
  assert.equal(problemsOf(() => policyOf([without], '2025-01-01'))[0]?.field, 'ungrouped.ratio');
});

test('a comprehensive key longer than the core key is refused where it is written', (t) => {
  const layers = withOverrides(
    t,
    `  grouping.comprehensive_diagnosis_length:
    unit: characters
    values:
      2025-01-01: {value: "6", from: local, article: 第一条}
`,
  );
  assert.deepEqual(
    refusals(() => policyOf(layers, '2025-01-01')),
    ['policy.inconsistent-values area.yaml:9'],
  );
});

test('an extreme limit below the high one is refused where it is written', (t) => {
  const layers = withOverrides(
    t,
    `  deviation.extreme:
    unit: choice
    values:
      2025-01-01: {value: review, from: local, article: 第一条}
  deviation.extreme_ratio:
    unit: ratio
    values:
      2025-01-01: {value: "1.5", from: local, article: 第一条}
`,
  );
  assert.deepEqual(
    refusals(() => policyOf(layers, '2025-01-01')),
    ['policy.inconsistent-values area.yaml:13'],
  );
});

const CORRECTED = `  payment.monthly_ratio:
    unit: ratio
    values:
      2025-01-01:
        - {value: "0.90", from: local, article: 第一条, recorded: 2024-12-20}
        - {value: "0.92", from: local, article: 第一条（更正）, recorded: 2025-06-30}
`;

test('a correction holds from its date of effect, and what was known before it can be reproduced', (t) => {
  const layers = withOverrides(t, CORRECTED);
  assert.equal(monthly(policyOf(layers, '2025-01-01')), '0.92');
  assert.equal(monthly(policyOf(layers, '2025-01-01', '2025-06-30')), '0.92');
  assert.equal(monthly(policyOf(layers, '2025-01-01', '2025-06-29')), '0.9');
  assert.equal(monthly(policyOf(layers, '2025-01-01', '2024-12-19')), '0.95');
});

test('the hash is that of values and sources, not of the writing', (t) => {
  const before = policyHash(policyOf(withOverrides(t, CORRECTED), '2025-01-01', '2025-01-31'));
  const rewritten = CORRECTED.replace('"0.90"', '"0.9000"').replace('values:', 'values:  # 说明\n\n');
  const after = (text: string, knownAt?: string) =>
    policyHash(policyOf(withOverrides(t, text), '2025-01-01', knownAt));
  assert.match(before, /^[0-9a-f]{64}$/);
  assert.equal(after(rewritten, '2025-01-31'), before);
  assert.notEqual(after(CORRECTED), before, 'a correction changes it');
  assert.notEqual(after(CORRECTED.replace('第一条,', '第二条,'), '2025-01-31'), before, 'so does a source');
});

// Random layers: the parameter, its dates and its recordings are drawn from small sets so that they meet.

const DATES = ['2021-01-01', '2022-01-01', '2022-07-01', '2023-01-01'].map((text) => parsePolicyDate(text));
const anyDate = fc.constantFrom(...DATES);
const anyValue = fc.record({
  effectiveFrom: anyDate,
  recorded: fc.option(anyDate),
  text: fc.option(fc.constantFrom('0.1', '0.2', '0.3', '0.4')),
});
const source = {
  document: [...policies.documents.values()][0]!,
  article: '第一条',
};

const LAYER_NAMES: readonly LayerName[] = ['national', 'province', 'city', 'area'];
const anyLayers = fc
  .array(
    fc.uniqueArray(anyValue, {
      maxLength: 5,
      selector: (value) => `${value.effectiveFrom} ${value.recorded}`,
    }),
    { minLength: 4, maxLength: 4 },
  )
  .map((all) =>
    all.map((values, index): PolicyLayer => {
      const layer = LAYER_NAMES[index]!;
      return {
        layer,
        area: '990000',
        name: null,
        profile: 'reference',
        extends: null,
        values: values.map(datedValue),
      };
    }),
  );

function datedValue(
  {
    effectiveFrom,
    recorded,
    text,
  }: {
    effectiveFrom: Temporal.PlainDate;
    recorded: Temporal.PlainDate | null;
    text: string | null;
  },
  index: number,
): DatedValue {
  const parsed = text === null ? null : parseValue(PARAMETERS['payment.monthly_ratio'], text);
  assert.ok(typeof parsed !== 'string');
  return {
    parameter: 'payment.monthly_ratio',
    effectiveFrom,
    recorded,
    value: parsed,
    source,
    basis: null,
    note: null,
    see: [],
    file: 'random.yaml',
    line: index + 1,
  };
}

test('property: the nearest layer with a value wins, whatever the outer layers say', () => {
  fc.assert(
    fc.property(anyLayers, anyDate, fc.option(anyDate, { nil: undefined }), (layers, asOf, knownAt) => {
      const alone = layers.map(
        (layer) => resolveValue({ layers: [layer], asOf, knownAt }, 'payment.monthly_ratio')?.value.text,
      );
      const resolved = resolveValue({ layers, asOf, knownAt }, 'payment.monthly_ratio');
      assert.equal(
        resolved?.value.text,
        alone.findLast((text) => text !== undefined),
      );
      if (resolved)
        assert.equal(resolved.layer, LAYER_NAMES[alone.findLastIndex((text) => text !== undefined)]);
    }),
  );
});

test('property: a layer says what was written last, and the order of writing does not matter', () => {
  fc.assert(
    fc.property(anyLayers, anyDate, (layers, asOf) => {
      const order = (value: DatedValue) => `${value.effectiveFrom} ${value.recorded ?? ''}`;
      const [layer] = layers;
      const started = layer!.values.filter(
        (value) => Temporal.PlainDate.compare(value.effectiveFrom, asOf) <= 0,
      );
      const last = started.toSorted((a, b) => (order(a) < order(b) ? -1 : 1)).at(-1);
      const reversed = { ...layer!, values: layer!.values.toReversed() };
      for (const each of [layer!, reversed]) {
        const text = resolveValue({ layers: [each], asOf }, 'payment.monthly_ratio')?.value.text;
        assert.equal(text, last?.value?.text);
      }
    }),
  );
});

test('property: seen from a day, the policy is the one without the values recorded after it', () => {
  fc.assert(
    fc.property(anyLayers, anyDate, anyDate, (layers, asOf, knownAt) => {
      const known = layers.map((layer) => ({
        ...layer,
        values: layer.values.filter(
          ({ recorded }) => !recorded || Temporal.PlainDate.compare(recorded, knownAt) <= 0,
        ),
      }));
      assert.deepEqual(
        resolveValue({ layers, asOf, knownAt }, 'payment.monthly_ratio'),
        resolveValue({ layers: known, asOf }, 'payment.monthly_ratio'),
      );
    }),
  );
});

test('a profile that extends another says only what differs, and its layer is the nearer one', (t) => {
  const own = `layer: national
area: "000000"
profile: trial
extends: reference
values:
  ungrouped.ratio:
    unit: ratio
    values:
      2020-01-01: {value: "0.4", from: notice-1, article: 第一条}
`;
  const base = `layer: national
area: "000000"
profile: reference
values:
  ungrouped.ratio:
    unit: ratio
    values:
      2020-01-01: {value: "0.7", from: notice-1, article: 第一条}
  deviation.low_ratio:
    unit: ratio
    values:
      2020-01-01: {value: "0.5", from: notice-1, article: 第一条}
`;
  const folder = folderOf(t, { 'documents.yaml': DOCUMENTS_YAML, 'a.yaml': own, 'b.yaml': base });
  const layers = policyChain(loadPolicies(folder), '990100', 'trial');
  const asOf = parsePolicyDate('2025-01-01');
  assert.equal(resolveValue({ layers, asOf }, 'ungrouped.ratio')?.value.text, '0.4');
  assert.equal(resolveValue({ layers, asOf }, 'deviation.low_ratio')?.value.text, '0.5');

  const circle = folderOf(t, {
    'documents.yaml': DOCUMENTS_YAML,
    'a.yaml': own,
    'b.yaml': base.replace('profile: reference', 'profile: reference\nextends: trial'),
  });
  assert.deepEqual(
    refusals(() => loadPolicies(circle)),
    ['policy.extends-in-circles a.yaml:4', 'policy.extends-in-circles b.yaml:4'],
  );
  const nowhere = folderOf(t, { 'documents.yaml': DOCUMENTS_YAML, 'a.yaml': own });
  assert.deepEqual(
    refusals(() => loadPolicies(nowhere)),
    ['policy.unknown-profile a.yaml:4'],
  );
});
