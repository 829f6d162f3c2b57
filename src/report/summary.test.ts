import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openFixture } from './fixture.ts';
import { displayWidth } from './format.ts';
import { summaryLines } from './summary.ts';

test('the columns of the summary are aligned, Chinese characters taking two places', async () => {
  const engine = await openFixture({ cases: 500 });
  for (const language of ['zh', 'en'] as const) {
    const lines = (await summaryLines(engine, language)).split('\n');
    const rules = lines.flatMap((line, index) => (line.startsWith('─') ? [index] : []));
    assert.equal(rules.length, 3);
    const width = displayWidth(lines[rules[0]!]!);
    for (const line of lines.slice(rules[0]! + 1, rules[2])) assert.equal(displayWidth(line), width, line);
  }
  engine.close();
});

test('every line of the summary names its unit', async () => {
  const engine = await openFixture({ cases: 500 });
  const lines = (await summaryLines(engine, 'zh')).trimEnd().split('\n');
  engine.close();
  assert.equal(lines.length, 18);
  for (const line of lines.slice(4, 14)) assert.match(line, / (份|万元|分|元\/分) /, line);
  for (const line of lines.slice(15)) assert.match(line, /（份）/);
});

test('a scheme without lists has a dash for its point value', async () => {
  const engine = await openFixture({ cases: 500 });
  await engine.run(`DELETE FROM case_result WHERE insutype = '390'`);
  await engine.run(`UPDATE point_value_result SET settlement_point_value8 = NULL WHERE insutype = '390'`);
  await engine.run('DELETE FROM refused_result');
  const lines = (await summaryLines(engine, 'zh')).split('\n');
  engine.close();
  assert.match(lines.find((line) => line.startsWith('结算点值'))!, /\d\s+—\s+—$/);
  assert.match(lines.at(-2)!, /：0$/);
});
