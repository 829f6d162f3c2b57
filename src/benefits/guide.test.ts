import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { loadPolicies, loadPolicyFile, mappingParts, readYaml } from '#policy/index.ts';
import { DIMENSIONS } from '#policy/registry/benefit-dimensions.ts';
import { COMPONENTS, LAYER_NAMES, LAYERS, layerWord } from '#policy/registry/benefit-layers.ts';
import { BENEFIT_PARAMETERS, LAYER_FIELDS } from '#policy/registry/benefits.ts';
import { folderOf } from '#policy/testing.ts';
import {
  benefitLayers,
  benefitPolicy,
  noAccumulators,
  readPerson,
  readVisits,
  settleVisit,
} from './index.ts';

const guide = readFileSync(join(import.meta.dirname, '../../docs/guides/write-a-benefit-policy.md'), 'utf8');
const rowOf = (name: string): string | undefined =>
  guide.split('\n').find((line) => line.startsWith(`| \`${name}\` `));
const escaped = (text: string): string => text.replaceAll('|', '\\|');

describe('the guide of benefit policies', () => {
  test('lists every parameter with unit, default and meaning', () => {
    for (const [name, { unit, fallback, title }] of Object.entries(BENEFIT_PARAMETERS)) {
      const [layer, field] = name.split('.') as [string, string];
      const generic = Object.hasOwn(LAYERS, layer) && LAYER_FIELDS.some((each) => each === field);
      const row = rowOf(generic ? `层.${field}` : name);
      assert.ok(row, `${name} is not in the guide`);
      assert.ok(row.includes(`| ${unit} |`), `${name}: unit`);
      const said = generic && ['fund', 'base', 'income_of', 'cap_account'].includes(field);
      if (fallback !== null && !said) assert.ok(row.includes(`\`${escaped(fallback)}\``), `${name}: default`);
      assert.ok(row.includes(escaped(generic ? title.zh.split('：').slice(1).join('：') : title.zh)), name);
    }
  });

  test('lists every layer, component, condition and name', () => {
    for (const layer of LAYER_NAMES) {
      const { fund, base, column } = LAYERS[layer];
      const row = rowOf(layer) ?? guide.split('\n').find((line) => line.startsWith(`| \`${layer}\``));
      for (const part of [layerWord(layer), fund, base, column])
        assert.ok(row?.includes(part), `${layer}: ${part}`);
    }
    for (const component of Object.keys(COMPONENTS)) assert.ok(guide.includes(`\`${component}\``), component);
    const conditions = guide.slice(guide.indexOf('<a id="conditions">')).split('\n');
    for (const [name, definition] of Object.entries(DIMENSIONS)) {
      const row = conditions.find((line) => line.startsWith(`| \`${name}\` `));
      assert.ok(row, name);
      if (definition.kind !== 'names') continue;
      for (const word of Object.keys(definition.names))
        assert.ok(row.includes(`\`${word}\``), `${name}: ${word}`);
    }
  });

  test('its first example pays what it says', (t) => {
    const blocks = [...guide.matchAll(/```yaml\n# 文件 (\S+)\n([\s\S]*?)```/g)];
    const folder = folderOf(t, {});
    for (const [, name, text] of blocks) writeFileSync(join(folder, name!), text!);
    const policies = loadPolicies();
    const layers = [
      ...benefitLayers('000000', policies),
      loadPolicyFile(join(folder, 'my-city.yaml'), policies.documents),
    ];
    const policy = benefitPolicy(layers, '2025-03-02');
    const yaml = readYaml(join(folder, 'visit.yaml'));
    const [visit] = readVisits(yaml, policy.declared, 5);
    const part = mappingParts(yaml, yaml.root).find(({ key }) => key === 'person')!;
    const { person } = readPerson(yaml, part, policy.declared, 2025)!;
    assert.deepEqual(yaml.problems, []);
    const accumulators = noAccumulators(2025);
    const { totals } = settleVisit({ policy, person, visit: visit!, accumulators }).settlement;
    for (const fen of [totals.hifp_pay, totals.hifmi_pay, totals.psn_part_amt]) {
      assert.ok(guide.includes(`${fen / 100} 元`), `${fen}`);
    }
  });
});
