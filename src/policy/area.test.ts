import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { loadAreaHeader, policyChain, resolveArea, resolveAreaPolicy } from '#policy/area.ts';
import { loadPolicies } from '#policy/load.ts';
import { DOCUMENTS_YAML, folderOf, refusals } from '#policy/testing.ts';

const AREA_YAML = `area: "990200"
name: 试算市
profile: reference
`;

const OVERRIDE = `documents:
  local-1: 试算市医保局 2025 年清算方案
overrides:
  ungrouped.ratio:
    unit: ratio
    values:
      2025-01-01: {value: "0.6", from: local-1, article: 第二条}
`;

test('area.yaml names the area and its profile and may hold the nearest layer', (t) => {
  const folder = folderOf(t, { 'area.yaml': AREA_YAML, 'with/area.yaml': AREA_YAML + OVERRIDE });
  const { code, name, profile, layer } = loadAreaHeader(join(folder, 'area.yaml'));
  assert.deepEqual([code, name, profile, layer.values.length], ['990200', '试算市', 'reference', 0]);

  const own = loadAreaHeader(join(folder, 'with/area.yaml')).layer;
  assert.equal(own.layer, 'area');
  assert.equal(own.values[0]?.value?.text, '0.6');
  assert.equal(own.values[0]?.source.document.title.zh, '试算市医保局 2025 年清算方案');
  assert.equal(own.values[0]?.line, 10);
});

const REFUSED: readonly [title: string, content: string, expected: readonly string[]][] = [
  ['broken YAML', 'area: "990200"\nname: [试算市\n', ['policy.bad-yaml area.yaml:3']],
  ['missing keys', 'area: "990200"\n', ['policy.missing-key area.yaml:1', 'policy.missing-key area.yaml:1']],
  ['an empty name', AREA_YAML.replace('试算市', ''), ['policy.wrong-shape area.yaml:2']],
  ['a wrong code', AREA_YAML.replace('990200', '9902'), ['policy.wrong-area-code area.yaml:1']],
  ['an unknown profile', AREA_YAML.replace('reference', 'drg'), ['policy.unknown-profile area.yaml:3']],
  ['an unknown key', `${AREA_YAML}values: {}\n`, ['policy.unknown-key area.yaml:4']],
  [
    'an unknown parameter',
    AREA_YAML + OVERRIDE.replace('ungrouped.ratio', 'ungrouped.rate'),
    ['policy.unknown-parameter area.yaml:7'],
  ],
  [
    'an override without a source',
    AREA_YAML + OVERRIDE.replace('from: local-1, ', ''),
    ['policy.missing-source area.yaml:10'],
  ],
];

for (const [title, content, expected] of REFUSED) {
  test(`area.yaml is refused with its line for ${title}`, (t) => {
    const path = join(folderOf(t, { 'area.yaml': content }), 'area.yaml');
    assert.deepEqual(
      refusals(() => loadAreaHeader(path)),
      expected,
    );
  });
}

test('a missing area.yaml is refused', (t) => {
  assert.deepEqual(
    refusals(() => loadAreaHeader(join(folderOf(t, {}), 'area.yaml'))),
    ['policy.unreadable-file area.yaml:-'],
  );
});

test('the chain goes from the nation over province and city to the area, and to its own folder', (t) => {
  const layerFile = (layer: string, area: string, profile = 'reference') =>
    `layer: ${layer}\narea: "${area}"\nprofile: ${profile}\nvalues: {}\n`;
  const root = folderOf(t, {
    'documents.yaml': DOCUMENTS_YAML,
    'a.yaml': layerFile('city', '990201'),
    'b.yaml': layerFile('city', '990200'),
    'c.yaml': layerFile('province', '990000'),
    'd.yaml': layerFile('national', '000000'),
    'e.yaml': layerFile('city', '990100'),
  });
  const policies = loadPolicies(root);
  const codes = (area: string) => policyChain(policies, area, 'reference').map((layer) => layer.area);
  assert.deepEqual(codes('990201'), ['000000', '990000', '990200', '990201']);
  assert.deepEqual(codes('990200'), ['000000', '990000', '990200']);
  assert.deepEqual(codes('110000'), ['000000']);
  assert.deepEqual(codes('000000'), ['000000']);

  const folder = folderOf(t, { 'area.yaml': AREA_YAML });
  const area = resolveArea(folder, policies);
  assert.deepEqual(
    area.layers.map((layer) => layer.layer),
    ['national', 'province', 'city', 'area'],
  );
  assert.deepEqual(resolveArea(join(folder, 'area.yaml'), policies), area);
});

test('an area argument is a six-digit code or a folder with an area.yaml', (t) => {
  const { code, name, profile } = resolveArea('990100');
  assert.deepEqual([code, name, profile], ['990100', '演示市（虚构）', 'reference']);
  assert.equal(resolveArea('123456').name, null);
  for (const wrong of ['9901', 'nowhere', folderOf(t, {})]) {
    assert.deepEqual(
      refusals(() => resolveArea(wrong)),
      ['policy.area-not-found -:-'],
    );
  }
});

test('a payment year is settled under the policy of its first of January', (t) => {
  const folder = folderOf(t, { 'area.yaml': AREA_YAML + OVERRIDE.replace('2025-01-01', '2025-01-02') });
  const ratio = (year: number) =>
    resolveAreaPolicy(folder, { year }).policy.values['ungrouped.ratio']!.value.text;
  assert.deepEqual([ratio(2025), ratio(2026)], ['0.7', '0.6']);
});
