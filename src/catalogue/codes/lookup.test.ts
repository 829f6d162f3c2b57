import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { parse } from 'yaml';
import { temporaryFolder } from '../../../test/support/run-cli.ts';
import { importCodes, type LoadedSet, loadSet, lookupCodes } from './index.ts';

type Case = {
  readonly name: string;
  readonly text: string;
  readonly first?: readonly string[];
  readonly match?: string;
  readonly none?: boolean;
};
const cases = parse(readFileSync(join(import.meta.dirname, 'lookup.cases.yaml'), 'utf8')) as readonly Case[];

describe('what a look-up in the demo sets finds first', () => {
  let sets: LoadedSet[];
  before(async () => {
    sets = [await loadSet('demo-diagnoses'), await loadSet('demo-procedures')];
  });

  for (const { name, text, first = [], match, none } of cases) {
    test(`${name}：${text}`, async () => {
      const found = await lookupCodes(sets, text, 10);
      if (none) {
        assert.deepEqual(found, []);
        return;
      }
      assert.deepEqual(
        found.slice(0, first.length).map(({ code }) => code),
        first,
      );
      assert.equal(found[0]?.match, match);
    });
  }

  test('every code of the sets is found by its code, by its name and by its initials', async () => {
    for (const set of sets) {
      for (const entry of set.entries) {
        const byCode = await lookupCodes([set], entry.code, 1);
        assert.equal(byCode[0]?.code, entry.code);
        const byName = await lookupCodes([set], entry.name, 1);
        assert.equal(byName[0]?.name, entry.name);
        if (entry.initials.length < 2) continue; // one letter is no look-up by pinyin
        const byInitials = await lookupCodes([set], entry.initials, 1_000);
        assert.ok(
          byInitials.some(({ code }) => code === entry.code),
          entry.initials,
        );
      }
    }
  });

  test('the limit cuts the same list short', async () => {
    const all = await lookupCodes(sets, 'xy', 1_000);
    assert.ok(all.length > 10);
    assert.deepEqual(await lookupCodes(sets, 'xy', 3), all.slice(0, 3));
  });

  test('an empty text finds nothing', async () => {
    assert.deepEqual(await lookupCodes(sets, '  ', 10), []);
  });
});

test('names are read as their words are, and found by other readings too, after the usual ones', async (t) => {
  const folder = temporaryFolder(t);
  process.env.YIBAO_DATA = folder;
  const file = join(folder, 'names.csv');
  const names = ['重症肺炎', '长骨骨折', '子宫调节', '女性盆腔炎', '持续性发育', 'Ⅱ型糖尿病（Ａ）'];
  writeFileSync(file, `code,name\n${names.map((name, index) => `A0${index}.000,${name}`).join('\n')}\n`);
  await importCodes(file, { name: 'names' });
  const set = await loadSet('names');
  const foundBy = async (text: string) =>
    (await lookupCodes([set], text, 10)).map(({ name, match }) => `${name} ${match}`);
  assert.deepEqual(await foundBy('zzfy'), ['重症肺炎 pinyin']);
  // chong is another reading of 重; 持续性发育 is found by its usual initials, so it comes first
  assert.deepEqual(await foundBy('cxxfy'), ['持续性发育 pinyin']);
  assert.deepEqual(await foundBy('czfy'), ['重症肺炎 other-reading']);
  assert.deepEqual(await foundBy('zhanggu'), ['长骨骨折 other-reading']);
  assert.deepEqual(await foundBy('changguguzhe'), ['长骨骨折 pinyin']);
  assert.deepEqual(await foundBy('nvxing'), ['女性盆腔炎 pinyin']);
  assert.deepEqual(await foundBy('nuxing'), ['女性盆腔炎 other-reading']);
  assert.deepEqual(await foundBy('II型糖尿病'), ['Ⅱ型糖尿病（Ａ） name']);
  assert.deepEqual(await foundBy('iixtnb'), ['Ⅱ型糖尿病（Ａ） pinyin']);
});
