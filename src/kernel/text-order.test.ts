import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Engine } from '#engine/duckdb.ts';
import { byText } from './text-order.ts';

test('texts are ordered by code point: a rare ideograph comes after every character below U+10000', () => {
  assert.deepEqual(['𠀀', '\uf8ff', '一', 'B', 'A', 'AA', ''].toSorted(byText), [
    '',
    'A',
    'AA',
    'B',
    '一',
    '\uf8ff',
    '𠀀',
  ]);
});

test('the order is that of UTF-8, which is the order of the engine', async () => {
  const texts = fc.sample(fc.string({ unit: 'binary', maxLength: 4 }), { numRuns: 400, seed: 1 });
  const written = [...new Set(texts.map((text) => text.toWellFormed().replaceAll('\0', '0')))];
  const engine = await Engine.open();
  try {
    await engine.run('CREATE TABLE written (value VARCHAR)');
    await engine.append(
      'written',
      written.map((value) => [value]),
    );
    const rows = await engine.rows('SELECT value FROM written ORDER BY value');
    assert.deepEqual(
      written.toSorted(byText),
      rows.map((row) => row.value),
    );
  } finally {
    engine.close();
  }
});
