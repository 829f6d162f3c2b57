import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { openCsv } from './csv.ts';
import type { ListFile } from './file.ts';
import { CHINESE_HEADER, COLUMNS, csvOf, gb18030, LISTS, withFolder } from './intake.fixtures.ts';

const listFile = (path: string, key: string): ListFile => ({
  fileName: 'a.csv',
  path,
  bytes: statSync(path).size,
  key,
  onShare() {},
});

const QUOTED = csvOf(
  LISTS.map((row) => row.map((value) => `"${value}"`)),
  COLUMNS.map((name) => `"${name}"`),
);
const BYTE_ORDER_MARK = '\uFEFF';

for (const [name, content] of Object.entries({
  'LF line ends': csvOf(LISTS),
  'CRLF line ends': csvOf(LISTS, COLUMNS, '\r\n'),
  'a byte order mark': BYTE_ORDER_MARK + csvOf(LISTS),
  'every value in quotes': QUOTED,
  'a byte order mark before a quote': BYTE_ORDER_MARK + QUOTED,
  'no line end after the last list': csvOf(LISTS).trimEnd(),
  'Chinese column names': csvOf(LISTS, CHINESE_HEADER.split(',')),
  'upper-case column names with spaces': csvOf(
    LISTS,
    COLUMNS.map((column) => ` ${column.toUpperCase()} `),
  ),
  'columns in reverse order': csvOf(
    LISTS.map((row) => row.toReversed()),
    COLUMNS.toReversed(),
  ),
  'columns of its own besides': csvOf(
    LISTS.map((row) => ['x', ...row, '"y, ""z"""', '']),
    ['备注', ...COLUMNS, 'note', ''],
  ),
  'tabs for separators': csvOf(LISTS).replaceAll(',', '\t'),
  'semicolons for separators': csvOf(LISTS).replaceAll(',', ';'),
  'the separator line of Excel': `sep=;\n${csvOf(LISTS).replaceAll(',', ';')}`,
  'blank lines at the end': `${csvOf(LISTS)}\n\n`,
  'blank lines in the middle': csvOf(LISTS).replaceAll('\n', '\n\n'),
  'mixed line ends': csvOf(LISTS).replace('\n', '\r\n'),
})) {
  test(`a CSV file with ${name} is read as it stands, in UTF-8`, () =>
    withFolder(async (folder) => {
      folder.write('a.csv', content);
      assert.deepEqual(await folder.onlyRows(), LISTS);
    }));
}

test('a GB18030 file is read like its UTF-8 twin', () =>
  withFolder(async (folder) => {
    const header = gb18030(CHINESE_HEADER);
    folder.write(
      'a.csv',
      Buffer.concat([header, Buffer.from(csvOf(LISTS).slice(csvOf(LISTS).indexOf('\n')))]),
    );
    assert.deepEqual(await folder.onlyRows(), LISTS);
  }));

test('GB18030 is told from the first Chinese value even far below an English header', () =>
  withFolder(async (folder) => {
    const filler = Array.from({ length: 40_000 }, (_, i) => LISTS[0]!.with(0, `F${i}`));
    const last = Buffer.concat([gb18030('总院'), Buffer.from(`${LISTS[0]!.join(',').slice(2)}\n`)]);
    folder.write('a.csv', Buffer.concat([Buffer.from(csvOf(filler)), last]));
    const rows = await folder.onlyRows();
    assert.equal(rows.length, 40_001);
    assert.equal(rows.at(-1)?.[0], '总院');
  }));

test('a newborn column the file lacks is empty', () =>
  withFolder(async (folder) => {
    const without = (row: readonly string[]) => row.toSpliced(6, 2);
    folder.write('a.csv', csvOf(LISTS.map(without), without(COLUMNS)));
    assert.deepEqual(
      await folder.onlyRows(),
      LISTS.map((row) => row.with(6, '').with(7, '')),
    );
  }));

test('a record with too few or too many columns is malformed, with its line and id; the others are read', () =>
  withFolder(async (folder) => {
    const [first, second, third] = LISTS.map((row) => row.join(','));
    const lines = [COLUMNS.join(','), first, 'S8,H01', '', second, `${first},x`, third, ''];
    folder.write('a.csv', lines.join('\n'));
    const { sources } = await folder.open();
    const source = sources[0]!;
    assert.deepEqual(
      source.malformed.map(({ row, setlId }) => [row, setlId]),
      [
        [3, 'S8'],
        [6, 'S1'],
      ],
    );
    assert.match(source.malformed[0]!.problem.zh, /2 列.*15 列/);
    assert.match(source.malformed[0]!.problem.en, /2 columns.*15/);
    assert.deepEqual(await folder.rows(source), LISTS);
    assert.deepEqual(source.lineOf?.([0, 1, 2]), [2, 5, 7]);
  }));

test('a value with a line end is kept, and the lists below keep their lines', () =>
  withFolder(async (folder) => {
    const note = '"第一行\r\n第二行\n第三行"';
    const diagnosis = '"S27.800\n|N50"';
    const lists = [
      [...LISTS[0]!, note],
      [...LISTS[1]!.with(13, diagnosis), ''],
      [...LISTS[2]!, ''],
    ];
    folder.write('a.csv', csvOf(lists, [...COLUMNS, '备注']));
    const { sources } = await folder.open();
    assert.deepEqual(await folder.rows(sources[0]!), [
      LISTS[0],
      LISTS[1]!.with(13, 'S27.800\n|N50'),
      LISTS[2],
    ]);
    assert.deepEqual(sources[0]!.lineOf?.([0, 1, 2]), [2, 5, 7]);
  }));

test('the fast and the careful way give the same rows in the same order', () =>
  withFolder(async (folder) => {
    const value = fc
      .array(fc.constantFrom('a', '7', '.', ' ', '"', ',', '中', '😀', "'", '|', ';', '\t'), { maxLength: 6 })
      .map((characters) => characters.join(''));
    const table = fc.array(fc.array(value, { minLength: 15, maxLength: 15 }), {
      minLength: 1,
      maxLength: 30,
    });
    let run = 0;
    let fast = 0;
    await fc.assert(
      fc.asyncProperty(
        table,
        fc.constantFrom('\n', '\r\n'),
        fc.boolean(),
        async (rows, lineEnd, quoteAll) => {
          const text = csvOf(
            rows.map((row) =>
              row.map((cell) => (quoteAll || /[",]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)),
            ),
            COLUMNS,
            lineEnd,
          );
          const path = folder.write('a.csv', text);
          const plainly = await openCsv(folder.engine, listFile(path, `fast-${run}`));
          const carefully = await openCsv(folder.engine, listFile(path, `careful-${run++}`), {
            carefully: true,
          });
          if (plainly.select.includes(path)) fast++;
          assert.equal(plainly.rows, rows.length);
          assert.deepEqual(carefully.malformed, []);
          assert.deepEqual(await folder.rows(plainly), rows);
          assert.deepEqual(await folder.rows(carefully), rows);
        },
      ),
      { numRuns: 60, seed: 1 },
    );
    assert.equal(fast, run, 'every one of these files is plain');
  }));

test('both ways agree on a file of many pieces, in file order', () =>
  withFolder(async (folder) => {
    const rows = Array.from({ length: 60_000 }, (_, i) => LISTS[i % 3]!.with(0, `N${i}`));
    for (const lineEnd of ['\n', '\r\n']) {
      const path = folder.write('a.csv', csvOf(rows, COLUMNS, lineEnd));
      const plainly = await openCsv(folder.engine, listFile(path, `fast-${lineEnd.length}`));
      const carefully = await openCsv(folder.engine, listFile(path, `careful-${lineEnd.length}`), {
        carefully: true,
      });
      assert.ok(plainly.select.includes(path));
      assert.deepEqual(await folder.rows(plainly), rows);
      assert.deepEqual(await folder.rows(carefully), rows);
      assert.equal(carefully.lineOf, undefined);
    }
  }));

for (const [name, content, code, line] of [
  ['without anything', '', 'no-header', 1],
  ['without a header', csvOf([LISTS[1]!], LISTS[0]), 'no-header', 1],
  ['with a title above the header', `结算清单\n${csvOf(LISTS)}`, 'no-header', 1],
  ['that breaks off in a record', csvOf(LISTS).slice(0, -40), 'truncated', 4],
  ['that breaks off in quotes', `${csvOf(LISTS)}S9,"H01`, 'unclosed-quote', 5],
  [
    'that never closes a quote in a record of its middle',
    csvOf(LISTS).replace('S2,H02', 'S2,"H02'),
    'unclosed-quote',
    3,
  ],
  ['with a quote inside a value', csvOf(LISTS).replace('H02', 'H"02'), 'bad-quote', 3],
  ['with text after a quote', csvOf(LISTS).replace('H02', '"H"02'), 'bad-quote', 3],
  [
    'with a column twice, once by its Chinese name',
    csvOf(LISTS, [...COLUMNS.slice(0, 14), '结算ID']),
    'duplicate-column',
    1,
  ],
  ['in UTF-16', Buffer.from(BYTE_ORDER_MARK + csvOf(LISTS), 'utf16le'), 'utf-16', 1],
  ['in UTF-16 without a byte order mark', Buffer.from(csvOf(LISTS), 'utf16le'), 'utf-16', 1],
  ['with a NUL byte', csvOf(LISTS).replace('H02', 'H\0'), 'utf-16', 3],
  [
    'in neither UTF-8 nor GB18030',
    Buffer.from(csvOf(LISTS).replace('H02', 'H\xff'), 'latin1'),
    'wrong-encoding',
    3,
  ],
  [
    'in UTF-8 with a damaged byte',
    Buffer.concat([
      Buffer.from(csvOf(LISTS, CHINESE_HEADER.split(','))),
      Buffer.from(LISTS[0]!.join(',').replace('H01', '\xd6\xd0'), 'latin1'),
    ]),
    'wrong-encoding',
    5,
  ],
] as const) {
  test(`a CSV file ${name} is refused whole, with file, line and remedy`, () =>
    withFolder(async (folder) => {
      folder.write('坏 1.csv', content);
      const { zh, en, codes } = await folder.refusal();
      assert.deepEqual(codes, [`intake.${code}`]);
      assert.ok(zh.startsWith(`坏 1.csv，第 ${line} 行`), zh);
      assert.ok(en.startsWith(`坏 1.csv, line ${line}`), en);
      assert.match(zh, /处理：.{8}/);
      assert.match(en, /Remedy: .{8}/);
      assert.doesNotMatch(zh + en, /\{\w+\}/);
    }));
}

test('all missing columns are named together', () =>
  withFolder(async (folder) => {
    const without = (row: readonly string[]) => row.filter((_, place) => place !== 5 && place !== 11);
    folder.write('a.csv', csvOf(LISTS.map(without), without(COLUMNS)));
    const { zh, codes } = await folder.refusal();
    assert.deepEqual(codes, ['intake.missing-column']);
    assert.match(zh, /age（年龄）、medfee_sumamt（医疗费总额）/);
  }));
