import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { PARAMETERS, type ParameterDefinition, parseValue } from './parameters.ts';

const title = { zh: '试', en: 'trial' };
const bands: ParameterDefinition = { kind: 'bands', unit: 'ratio', minimum: '0', maximum: '10', title };
const steps: ParameterDefinition = {
  kind: 'steps',
  unit: 'steps',
  options: { first: title, second: title },
  title,
};

describe('values of parameters', () => {
  const ROWS: readonly [definition: ParameterDefinition, text: string, expected: string][] = [
    [bands, '100:3|200:2.50 | 2', '100:3 | 200:2.5 | 2'],
    [bands, '2', '2'],
    [bands, '100:3', 'malformed'],
    [bands, '100:3 | 2 | 1', 'malformed'],
    [bands, '200:3 | 100:2 | 1', 'out-of-range'],
    [bands, '100:3 | 100:2 | 1', 'out-of-range'],
    [bands, '100:11 | 2', 'out-of-range'],
    [bands, '', 'malformed'],
    [steps, 'second>first', 'second > first'],
    [steps, 'second', 'second'],
    [steps, 'second > third', 'malformed'],
    [steps, 'second > second', 'out-of-range'],
    [{ kind: 'choice', unit: 'choice', options: { first: title }, title }, 'first', 'first'],
    [{ kind: 'choice', unit: 'choice', options: { first: title }, title }, 'toString', 'malformed'],
    [{ kind: 'text', unit: 'name', title }, '二〇二五年目录', '二〇二五年目录'],
    [{ kind: 'text', unit: 'name', title }, 'x'.repeat(201), 'out-of-range'],
  ];
  for (const [definition, text, expected] of ROWS) {
    test(`${definition.kind} ${JSON.stringify(text.slice(0, 40))} is ${expected.slice(0, 40)}`, () => {
      const value = parseValue(definition, text);
      assert.equal(typeof value === 'string' ? value : value.text, expected);
    });
  }

  test('a canonical text is read as the same value', () => {
    const value = parseValue(bands, '100:3 | 2');
    assert.ok(typeof value !== 'string');
    assert.deepEqual(parseValue(bands, value.text), value);
  });
});

test('what a parameter depends on is a choice or a list of steps that has these options', () => {
  for (const [name, definition] of Object.entries<ParameterDefinition>(PARAMETERS)) {
    if (!definition.when) continue;
    const { parameter, is } = definition.when;
    const choice = (PARAMETERS as Readonly<Record<string, ParameterDefinition>>)[parameter];
    assert.ok(choice?.kind === 'choice' || choice?.kind === 'steps', `${name} depends on ${parameter}`);
    for (const option of is)
      assert.ok(Object.hasOwn(choice.options, option), `${name}: ${parameter} = ${option}`);
  }
});
