import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { renderProblem } from '#kernel/errors.ts';
import { policyChain } from '#policy/area.ts';
import * as definitions from '#policy/errors.ts';
import { loadPolicies } from '#policy/load.ts';
import { folderOf, POLICY_BASE, problemsOf, refusals } from '#policy/testing.ts';

/** A city file; the dated values of payment.monthly_ratio stand from line 8 on. */
const cityFile = (datedValues: string) => `layer: city
area: "990100"
profile: reference
values:
  payment.monthly_ratio:
    unit: ratio
    values:
${datedValues}
`;

const sound = '      2025-01-01: {value: "0.9", from: notice-1, article: 第一条}';

const dated = (inner: string) => cityFile(`      2025-01-01: {${inner}}`);

const REFUSED: readonly [title: string, file: string, expected: readonly string[]][] = [
  ['broken YAML', 'layer: city\narea: "990100\nprofile: reference\n', ['policy.bad-yaml city.yaml:4']],
  [
    'a key written twice',
    'layer: city\narea: "990100"\narea: "990200"\n',
    ['policy.repeated-key city.yaml:3'],
  ],
  ['a file that is no mapping', '- layer: city\n', ['policy.wrong-shape city.yaml:1']],
  ['an empty file', '', ['policy.wrong-shape city.yaml:1']],
  [
    'an alias in place of a value',
    cityFile('      2024-01-01: &a {value: "0.9", from: notice-1, article: 第一条}\n      2025-01-01: *a'),
    ['policy.wrong-shape city.yaml:9'],
  ],
  ['an unknown key', `${cityFile(sound)}overrides: {}\n`, ['policy.unknown-key city.yaml:9']],
  [
    'a header without a profile',
    'layer: city\narea: "990100"\nvalues: {}\n',
    ['policy.missing-key city.yaml:1'],
  ],
  [
    'an area code of five digits',
    cityFile(sound).replace('"990100"', '"99010"'),
    ['policy.wrong-area-code city.yaml:2'],
  ],
  [
    'a layer that does not fit the area',
    cityFile(sound).replace('layer: city', 'layer: province'),
    ['policy.wrong-layer city.yaml:1'],
  ],
  [
    'a layer that does not exist',
    cityFile(sound).replace('layer: city', 'layer: county'),
    ['policy.unknown-choice city.yaml:1'],
  ],
  [
    'an unknown profile',
    cityFile(sound).replace('profile: reference', 'profile: drg'),
    ['policy.unknown-profile city.yaml:3'],
  ],
  [
    'an unknown parameter',
    cityFile(sound).replace('payment.monthly_ratio', 'payment.monthly_rate'),
    ['policy.unknown-parameter city.yaml:5'],
  ],
  [
    'a wrong unit',
    cityFile(sound).replace('unit: ratio', 'unit: percent'),
    ['policy.wrong-unit city.yaml:6'],
  ],
  [
    'a day that does not exist',
    cityFile(sound).replace('2025-01-01', '2025-02-30'),
    ['policy.wrong-date city.yaml:8'],
  ],
  [
    'a date in another form',
    cityFile(sound).replace('2025-01-01', '2025/01/01'),
    ['policy.wrong-date city.yaml:8'],
  ],
  [
    'a year nobody means',
    cityFile(sound).replace('2025-01-01', '2205-01-01'),
    ['policy.wrong-date city.yaml:8'],
  ],
  [
    'a wrong recording date',
    dated('value: "0.9", from: notice-1, article: 第一条, recorded: 2025-13-01'),
    ['policy.wrong-date city.yaml:8'],
  ],
  [
    'a value without a document',
    dated('value: "0.9", article: 第一条'),
    ['policy.missing-source city.yaml:8'],
  ],
  [
    'a value without an article',
    dated('value: "0.9", from: notice-1'),
    ['policy.missing-source city.yaml:8'],
  ],
  ['an ending without a document', dated('value: null'), ['policy.missing-source city.yaml:8']],
  [
    'a document that is not registered',
    dated('value: "0.9", from: notice-9, article: 第一条'),
    ['policy.unknown-document city.yaml:8'],
  ],
  [
    'a reference to a document that is not registered',
    dated('value: "0.9", from: notice-1, article: 第一条, see: [{from: notice-9}]'),
    ['policy.unknown-document city.yaml:8'],
  ],
  [
    'an unknown basis',
    dated('value: "0.9", from: notice-1, article: 第一条, basis: law'),
    ['policy.unknown-choice city.yaml:8'],
  ],
  [
    'a decimal without quotes',
    dated('value: 0.9, from: notice-1, article: 第一条'),
    ['policy.unquoted-decimal city.yaml:8'],
  ],
  [
    'a number with a power of ten',
    dated('value: 9e-1, from: notice-1, article: 第一条'),
    ['policy.unquoted-decimal city.yaml:8'],
  ],
  [
    'a percentage',
    dated('value: "90%", from: notice-1, article: 第一条'),
    ['policy.wrong-value city.yaml:8'],
  ],
  [
    'five decimals',
    dated('value: "0.95001", from: notice-1, article: 第一条'),
    ['policy.wrong-value city.yaml:8'],
  ],
  [
    'a value left empty',
    cityFile('      2025-01-01:\n        value:\n        from: notice-1\n        article: 第一条'),
    ['policy.wrong-value city.yaml:9'],
  ],
  [
    'a ratio above 1',
    dated('value: "95", from: notice-1, article: 第一条'),
    ['policy.value-out-of-range city.yaml:8'],
  ],
  [
    'a negative ratio',
    dated('value: "-0.1", from: notice-1, article: 第一条'),
    ['policy.value-out-of-range city.yaml:8'],
  ],
  [
    'two values with one start and no recording date',
    cityFile(`      2025-01-01:
        - {value: "0.9", from: notice-1, article: 第一条}
        - {value: "0.8", from: notice-1, article: 第二条}`),
    ['policy.repeated-value city.yaml:10'],
  ],
  [
    'a local document with the id of another',
    `documents:\n  notice-1: 另一份文件\n${cityFile(sound)}`,
    ['policy.repeated-document city.yaml:2'],
  ],
  [
    'a local document without a status',
    `documents:\n  local-1: {title: 地方文件}\n${cityFile(sound)}`,
    ['policy.missing-key city.yaml:2'],
  ],
];

for (const [title, content, expected] of REFUSED) {
  test(`a policy file is refused with its line for ${title}`, (t) => {
    const folder = folderOf(t, { ...POLICY_BASE, 'demo/city.yaml': content });
    assert.deepEqual(
      refusals(() => loadPolicies(folder)),
      expected,
    );
  });
}

const WEIGHTS: readonly [value: string, expected: readonly string[]][] = [
  ['"1:2:7"', []],
  ['1:2:7', []],
  ['[1, 2, 7]', []],
  ['3', []],
  ['"0:2:7"', ['policy.value-out-of-range city.yaml:8']],
  ['[1, 2.5]', ['policy.wrong-value city.yaml:8']],
  ['[]', ['policy.wrong-value city.yaml:8']],
  ['"1:1:1:1:1:1:1:1:1:1:1"', ['policy.value-out-of-range city.yaml:8']],
];

for (const [value, expected] of WEIGHTS) {
  test(`year weights written ${value} are ${expected.length === 0 ? 'read' : 'refused'}`, (t) => {
    const city = dated(`value: ${value}, from: notice-1, article: 第一条`)
      .replace('payment.monthly_ratio', 'score.year_weights')
      .replace('unit: ratio', 'unit: weights');
    const folder = folderOf(t, { ...POLICY_BASE, 'city.yaml': city });
    assert.deepEqual(
      refusals(() => loadPolicies(folder)),
      expected,
    );
  });
}

test('the deviation ratios stay on their side of 1', (t) => {
  const city = (name: string, value: string) =>
    dated(`value: "${value}", from: notice-1, article: 第一条`).replace('payment.monthly_ratio', name);
  const folder = folderOf(t, {
    ...POLICY_BASE,
    'high.yaml': city('deviation.high_ratio', '0.9'),
    'low.yaml': city('deviation.low_ratio', '1.1'),
  });
  assert.deepEqual(
    refusals(() => loadPolicies(folder)),
    ['policy.value-out-of-range high.yaml:8', 'policy.value-out-of-range low.yaml:8'],
  );
});

test('an integer without quotes and an area code without quotes are read as written', (t) => {
  const national = dated('value: 20, from: notice-1, article: 第一条')
    .replace('layer: city', 'layer: national')
    .replace('"990100"', '000000')
    .replace('payment.monthly_ratio', 'catalogue.core_threshold')
    .replace('unit: ratio', 'unit: cases');
  const { layers } = loadPolicies(folderOf(t, { ...POLICY_BASE, 'a.yaml': national }));
  assert.deepEqual(
    layers.map(({ area, values }) => [area, ...values.map(({ value }) => value?.text)]),
    [['000000', '20']],
  );
});

test('the problems of all files are reported together', (t) => {
  const folder = folderOf(t, {
    ...POLICY_BASE,
    'a.yaml': cityFile(
      '      2025-01-32: {value: 0.9, from: notice-9, article: 第一条}\n      2026-01-01: {value: "2", from: notice-1, article: 第一条}',
    ),
    'b.yaml': 'layer: city\n',
  });
  assert.deepEqual(
    refusals(() => loadPolicies(folder)),
    [
      'policy.wrong-date a.yaml:8',
      'policy.unquoted-decimal a.yaml:8',
      'policy.unknown-document a.yaml:8',
      'policy.value-out-of-range a.yaml:9',
      'policy.missing-key b.yaml:1',
      'policy.missing-key b.yaml:1',
      'policy.missing-key b.yaml:1',
    ],
  );
});

test('a parameter of one layer that stands in two files is refused, two parameters are joined', (t) => {
  const other = cityFile(sound).replace('payment.monthly_ratio', 'ungrouped.ratio');
  const joined = folderOf(t, {
    ...POLICY_BASE,
    'a.yaml': cityFile(sound),
    'b.yaml': other,
  });
  const city = loadPolicies(joined).layers.filter(({ area }) => area === '990100');
  assert.deepEqual(
    city.map(({ values }) => values.length),
    [2],
  );

  const twice = folderOf(t, {
    ...POLICY_BASE,
    'a.yaml': cityFile(sound),
    'b.yaml': cityFile(sound),
  });
  assert.deepEqual(
    refusals(() => loadPolicies(twice)),
    ['policy.repeated-parameter b.yaml:8'],
  );
});

test('one area is read without the files of others, but with those that do not plainly say whose they are', (t) => {
  const other = cityFile(sound).replace('990100', '990200');
  const folder = folderOf(t, {
    ...POLICY_BASE,
    'a.yaml': cityFile(sound),
    'other.yaml': other.replace('"0.9"', '"much"'),
    'odd.yaml': other.replace('area: "990200"', '"area": "990300"'),
  });
  assert.deepEqual(
    refusals(() => loadPolicies(folder)),
    ['policy.wrong-value other.yaml:8'],
  );
  const { layers } = loadPolicies(folder, '990100');
  const cities = layers.filter(({ layer }) => layer === 'city').map(({ area }) => area);
  assert.deepEqual(cities, ['990100', '990300']);
});

test('every area has of the files read for it what it has of all', () => {
  const all = loadPolicies();
  for (const { area, profile } of all.layers) {
    const own = policyChain(loadPolicies(undefined, area), area, profile);
    assert.deepEqual(own, policyChain(all, area, profile));
  }
});

test('documents are refused for a status or a date that is none', (t) => {
  const documents = 'a:\n  title: 甲\n  status: law\nb:\n  title: 乙\n  date: 2025/01\n  status: draft\n';
  const folder = folderOf(t, { 'documents.yaml': documents });
  assert.deepEqual(
    refusals(() => loadPolicies(folder)),
    ['policy.unknown-choice documents.yaml:3', 'policy.wrong-date documents.yaml:6'],
  );
});

test('a file that is not UTF-8, missing documents and a missing folder are refused by name', (t) => {
  const folder = folderOf(t, { ...POLICY_BASE, 'a.yaml': new Uint8Array([0xb5, 0xd8]) });
  assert.deepEqual(
    refusals(() => loadPolicies(folder)),
    ['policy.unreadable-file a.yaml:-'],
  );
  assert.deepEqual(
    refusals(() => loadPolicies(folderOf(t, {}))),
    ['policy.unreadable-file documents.yaml:-'],
  );
  assert.deepEqual(
    refusals(() => loadPolicies(join(folder, 'nowhere'))),
    ['policy.unreadable-file documents.yaml:-'],
  );
});

test('a problem says in both languages what is wrong, where, and what to do', (t) => {
  const folder = folderOf(t, {
    ...POLICY_BASE,
    'a.yaml': cityFile(sound).replace('payment.monthly_ratio', 'payment.month_ratio'),
  });
  const [problem] = problemsOf(() => loadPolicies(folder));
  assert.match(
    renderProblem(problem!, 'zh'),
    /a\.yaml，第 5 行.*没有这个参数。处理：.*payment\.monthly_ratio/,
  );
  assert.match(renderProblem(problem!, 'en'), /a\.yaml, line 5.*no such parameter.*payment\.monthly_ratio/);
});

test('every problem has its own code, and both languages fill the same places', () => {
  const all = Object.values(definitions);
  assert.equal(new Set(all.map((definition) => definition.code)).size, all.length);
  const places = (text: string) =>
    (text.match(/\{\w+\}/g) ?? []).map((place) => place.replace(/(Zh|En)\}/, '}')).sort();
  for (const { code, message, remedy } of all) {
    assert.deepEqual(places(message.zh), places(message.en), code);
    const [zh, en] = [new Set(places(remedy.zh)), new Set(places(remedy.en))];
    assert.deepEqual(zh, en, code);
  }
});
