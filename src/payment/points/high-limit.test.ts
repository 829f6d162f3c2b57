import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { fraction, parseDecimal } from '#kernel/fraction.ts';
import { type ParameterDefinition, parseValue } from '#policy/parameters.ts';
import { POINTS_PARAMETERS } from '#policy/registry/points.ts';
import { bandValue } from './high-limit.ts';

const bands = (() => {
  const definition: ParameterDefinition = POINTS_PARAMETERS['deviation.high_bands'];
  const value = parseValue(definition, '100:3 | 200:2.5 | 2');
  if (typeof value === 'string' || value.kind !== 'bands') throw new Error('the bands cannot be read');
  return value.bands;
})();

describe('the high limit by bands of the benchmark points: 3 up to 100, 2.5 up to 200, 2 above', () => {
  for (const [score, limit] of [
    ['0.5', fraction(3n)],
    ['100', fraction(3n)],
    ['100.0001', fraction(5n, 2n)],
    ['200', fraction(5n, 2n)],
    ['200.0001', fraction(2n)],
    ['5000', fraction(2n)],
  ] as const) {
    test(`${score} points`, () => assert.deepEqual(bandValue(bands, parseDecimal(score)!), limit));
  }
});
