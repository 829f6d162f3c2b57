import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { renderProblem, YibaoError } from './errors.ts';
import {
  add,
  ceiling,
  compare,
  divide,
  floor,
  fraction,
  multiply,
  parseDecimal,
  roundTo,
  scaledText,
  subtract,
} from './fraction.ts';
import { chooseLanguage } from './locale.ts';
import { parseYuan, yuanText } from './money.ts';
import { checkOutputFolder, writeFolder } from './output-folder.ts';
import { createProgress } from './progress.ts';

describe('fractions', () => {
  test('rounding goes half away from zero', () => {
    for (const [text, decimals, expected] of [
      ['0.5', 0, 1n],
      ['-0.5', 0, -1n],
      ['0.4999999999', 0, 0n],
      ['2.5', 0, 3n],
      ['-2.5', 0, -3n],
      ['1.00005', 4, 10_001n],
      ['-1.00005', 4, -10_001n],
      ['1.000049999', 4, 10_000n],
    ] as const) {
      assert.equal(roundTo(parseDecimal(text)!, decimals), expected, text);
    }
  });

  test('floor and ceiling hold for negative values', () => {
    assert.deepEqual(
      [floor(fraction(-7n, 2n)), ceiling(fraction(-7n, 2n)), floor(fraction(-4n, 2n))],
      [-4n, -3n, -2n],
    );
  });

  test('arithmetic is exact: (a + b) − b = a and (a · b) ÷ b = a', () => {
    const any = fc
      .tuple(fc.bigInt(-(10n ** 30n), 10n ** 30n), fc.bigInt(1n, 10n ** 30n))
      .map(([n, d]) => fraction(n, d));
    fc.assert(
      fc.property(any, any, (a, b) => {
        assert.equal(compare(subtract(add(a, b), b), a), 0);
        if (b.numerator !== 0n) assert.equal(compare(divide(multiply(a, b), b), a), 0);
      }),
      { seed: 1 },
    );
  });

  test('a scaled integer as text keeps its sign below one', () => {
    assert.deepEqual(
      [scaledText(-5n, 2), scaledText(0n, 4), scaledText(123n, 0)],
      ['-0.05', '0.0000', '123'],
    );
  });
});

describe('money', () => {
  test('only amounts with at most two decimals are money', () => {
    for (const text of ['', '1.234', '1e3', '1,000', '+1', '.5', '5.', '１２', 'NaN'])
      assert.equal(parseYuan(text), undefined, text);
    for (const [text, value] of [
      ['12', 1200n],
      ['12.3', 1230n],
      [' 12.34 ', 1234n],
      ['-0.01', -1n],
    ] as const)
      assert.equal(parseYuan(text), value);
  });

  test('text and fen are each other’s inverse', () => {
    fc.assert(
      fc.property(fc.bigInt(-(10n ** 15n), 10n ** 15n), (value) =>
        assert.equal(parseYuan(yuanText(value)), value),
      ),
      { seed: 2 },
    );
  });
});

test('the language is what --lang says, else the locale in POSIX order, else Chinese', () => {
  assert.equal(chooseLanguage(['settle', '--lang', 'en'], { LANG: 'zh_CN.UTF-8' }), 'en');
  assert.equal(chooseLanguage(['--lang=zh'], { LANG: 'en_US.UTF-8' }), 'zh');
  assert.equal(chooseLanguage([], { LC_ALL: 'en_GB.UTF-8', LANG: 'zh_CN.UTF-8' }), 'en');
  assert.equal(chooseLanguage([], { LC_ALL: '', LC_MESSAGES: 'zh_CN', LANG: 'en_US' }), 'zh');
  assert.equal(chooseLanguage([], {}), 'zh');
});

test('a problem names file, line, field, value, remedy and code in both languages', () => {
  const problem = {
    definition: {
      code: 'test.wrong',
      exit: 3,
      message: { zh: '不对', en: 'is wrong' },
      remedy: { zh: '改成 {good}', en: 'make it {good}' },
    },
    file: 'budget.csv',
    row: 3,
    field: 'budget',
    value: 'x'.repeat(80),
    parameters: { good: 7 },
  } as const;
  assert.equal(
    renderProblem(problem, 'zh'),
    `budget.csv，第 3 行，字段 budget，值“${'x'.repeat(60)}…”：不对。处理：改成 7。[test.wrong]`,
  );
  assert.match(
    renderProblem(problem, 'en'),
    /^budget\.csv, line 3, field budget, value "x+…": is wrong\. Remedy: make it 7\. \[test\.wrong\]$/,
  );
});

describe('an output folder', () => {
  const place = () => mkdtempSync(join(tmpdir(), 'yibao-output-'));
  const fillWith = (version: string) => async (folder: string) => {
    writeFileSync(
      join(folder, 'manifest.json'),
      JSON.stringify({ yibao: version, rows: { 'groups.csv': 0 } }),
    );
    writeFileSync(join(folder, 'groups.csv'), '');
  };

  test('is put in place whole, and replaced when it holds an earlier result', async () => {
    const parent = place();
    const out = join(parent, 'deep', 'out');
    await writeFolder(out, fillWith('1'));
    writeFileSync(join(out, '.DS_Store'), '');
    await writeFolder(out, fillWith('2'));
    assert.match(readFileSync(join(out, 'manifest.json'), 'utf8'), /"2"/);
    assert.deepEqual(readdirSync(out), ['groups.csv', 'manifest.json']);
    assert.deepEqual(readdirSync(join(parent, 'deep')), ['out']);
    // as open to others as a folder made by hand
    mkdirSync(join(parent, 'by-hand'));
    assert.equal(statSync(out).mode, statSync(join(parent, 'by-hand')).mode);
    rmSync(parent, { recursive: true });
  });

  test('is left alone when the work fails, and nothing half written stays', async () => {
    const parent = place();
    const out = join(parent, 'out');
    await assert.rejects(
      writeFolder(out, async (folder) => {
        writeFileSync(join(folder, 'groups.csv'), 'half');
        throw new Error('no space');
      }),
    );
    assert.deepEqual(readdirSync(parent), []);
    assert.ok(!existsSync(out));
    rmSync(parent, { recursive: true });
  });

  for (const [what, name, content] of [
    ['somebody else’s file', 'thesis.docx', ''],
    ['a manifest.json of another program', 'manifest.json', '{"name": "web site"}'],
    ['notes beside an earlier result', '批注.docx', ''],
  ] as const) {
    test(`with ${what} is refused`, async () => {
      const parent = place();
      const out = join(parent, 'out');
      if (what.startsWith('notes')) await writeFolder(out, fillWith('1'));
      else mkdirSync(out);
      writeFileSync(join(out, name), content);
      const before = readdirSync(out);
      await assert.rejects(
        writeFolder(out, fillWith('2')),
        (error) => error instanceof YibaoError && error.exitCode === 4 && error.message.includes(name),
      );
      assert.deepEqual(readdirSync(out), before);
      rmSync(parent, { recursive: true });
    });
  }

  test('must not be, hold or lie in an input, under whatever name', () => {
    const parent = place();
    mkdirSync(join(parent, 'area', 'lists'), { recursive: true });
    symlinkSync(join(parent, 'area'), join(parent, 'link'));
    const inputs = [join(parent, 'area', 'area.yaml'), join(parent, 'link', 'lists')];
    for (const out of ['', 'area', 'link', 'area/lists', 'link/lists/new', 'area/x/../lists']) {
      assert.throws(() => checkOutputFolder(join(parent, out), inputs), /over-input/, out);
    }
    for (const out of ['new', 'area/new', 'area-2', 'link/lists-2'])
      checkOutputFolder(join(parent, out), inputs);
    rmSync(parent, { recursive: true });
  });
});

test('progress is a bar on a terminal and a line every ten seconds elsewhere', () => {
  let now = 0;
  const written: string[] = [];
  const output = (isTTY: boolean) => ({ isTTY, write: (text: string) => written.push(text) });
  const bar = createProgress(output(true), () => now);
  bar.stage('读取', 0.5);
  assert.match(written.at(-1)!, /█{14}░{14} {2}50% 0\.0s 读取/);
  bar.done();
  written.length = 0;
  const lines = createProgress(output(false), () => now);
  lines.stage('读取', 0.1);
  now = 9_000;
  lines.update(0.2);
  assert.deepEqual(written, []);
  now = 11_000;
  lines.update(0.3, '2025.csv');
  assert.deepEqual(written, ['30% 11.0s 读取 2025.csv\n']);
});
