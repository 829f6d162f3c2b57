import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import writeExcelFile from 'write-excel-file/node';
import { renderProblem, YibaoError } from '#kernel/errors.ts';
import { catalogueFile, operationsFile, type TestRow, testCatalogue, withFiles } from '../testing.ts';
import { importCatalogue, listCatalogues, openCatalogue } from './catalogue-store.ts';
import { catalogueText, operationsFileText } from './catalogue-text.ts';
import { matchesDiagnosis, parseDiagnoses } from './diagnosis-pattern.ts';
import { diffCatalogues } from './diff-catalogues.ts';
import { directoryPlace, sectionOf } from './directory.ts';
import { parseNumberRange } from './number-range.ts';
import { operationsText, parseOperations } from './operation-pattern.ts';
import { readGroupCatalogue } from './read-catalogue.ts';

const matches = (cell: string, code: string): boolean =>
  parseDiagnoses(cell)!.some((pattern) => matchesDiagnosis(pattern, code));

describe('diagnoses of a catalogue', () => {
  test('a category and a subcategory stand for all finer codes, a longer code for itself', () => {
    assert.ok(matches('K35', 'K35.900x001'));
    assert.ok(matches('K35.9', 'K35.901'));
    assert.ok(!matches('K35.9', 'K35.800'));
    assert.ok(matches('K35.900', 'K35.900'));
    assert.ok(!matches('K35.900', 'K35.900x001'));
    assert.ok(!matches('=K35', 'K35.9'));
  });
  test('a range compares the letter first, then two digits, both ends included', () => {
    for (const inside of ['A00.000', 'A99.9', 'B00.1', 'C50.900'])
      assert.ok(matches('A00-C50', inside), inside);
    for (const outside of ['C51.000', 'D00.0', 'Z00.0']) assert.ok(!matches('A00-C50', outside), outside);
  });
  test('alternatives, full width, blanks and lower case are read as they are meant', () => {
    assert.ok(matches('ｋ３５．９ ｜ I20', 'I20.100'));
    assert.ok(matches('k35.9', 'K35.900'));
  });
  test('what is none is refused', () => {
    for (const wrong of ['C50-A00', '急性阑尾炎', 'K3', 'K35.9、I20']) {
      assert.equal(parseDiagnoses(wrong), undefined, wrong);
    }
  });
});

describe('operations of a catalogue', () => {
  test('+ and , are needed together, | and / are alternatives, brackets hold alternatives', () => {
    assert.deepEqual(parseOperations('38.5900x010+（38.5901｜38.5903）'), {
      parts: [['38.5900x010'], ['38.5901', '38.5903']],
    });
    assert.deepEqual(parseOperations('47.0100,54.2100/54.2101'), {
      parts: [['47.0100'], ['54.2100', '54.2101']],
    });
    assert.deepEqual(parseOperations(''), { parts: [] });
  });
  test('the text of a pattern reads back to the same', () => {
    for (const text of ['47.0100', '47.0100|47.0901', 'a1+(b1|c1)+d1', '']) {
      assert.deepEqual(parseOperations(operationsText(parseOperations(text)!)), parseOperations(text));
    }
  });
  test('what cannot be read is refused', () => {
    for (const wrong of ['47.0100+', '+47.0100', '47.01||47.02', '47.01、47.02', '(47.01+47.02)|47.03']) {
      assert.equal(parseOperations(wrong), undefined, wrong);
    }
  });
});

test('ranges of numbers', () => {
  assert.deepEqual(parseNumberRange('<29'), { least: 0, most: 28 });
  assert.deepEqual(parseNumberRange('≥18'), { least: 18, most: Number.POSITIVE_INFINITY });
  assert.deepEqual(parseNumberRange('750-999'), { least: 750, most: 999 });
  for (const wrong of ['', '<0', '9-1', '1.5', 'abc'])
    assert.equal(parseNumberRange(wrong), undefined, wrong);
});

const ROWS: readonly TestRow[] = [
  { group_code: 'A1', name: '阑尾炎', kind: '核心病种', diagnosis: 'K35.9', score: '700' },
  {
    group_code: 'A2',
    kind: 'core',
    diagnosis: 'K35.9',
    operations: '47.0100/47.0901',
    score: '1338.3383',
    mean_cost: '13370',
  },
  {
    group_code: 'A2',
    kind: 'core',
    diagnosis: 'K35.8',
    operations: '47.0100',
    score: '1338.3383',
    mean_cost: '13370.00',
  },
  { group_code: 'K35-4', kind: '综合', diagnosis: 'K35', score: '900' },
  {
    group_code: 'AI1',
    kind: 'pre-group',
    diagnosis: 'P07',
    age_days: '<29',
    birth_weight_g: '<750',
    score: '9000',
  },
  { kind: 'no-operation', operations: '11.6000' },
  { kind: '不作主要诊断', diagnosis: 'Z37' },
];

test('a catalogue written as a file reads back to the same', async () => {
  const catalogue = await testCatalogue(ROWS, { '47.0100': 'surgery 3', '99.2503': 'therapeutic' });
  assert.equal(catalogue.entries.length, 5);
  assert.equal(catalogue.entries[3]!.treatmentClass, '4');
  await withFiles(
    { 'a.csv': catalogueText(catalogue), 'o.csv': operationsFileText(catalogue.operations!) },
    async (folder) => {
      const again = await readGroupCatalogue({
        name: 'test',
        groups: join(folder, 'a.csv'),
        operations: join(folder, 'o.csv'),
      });
      assert.deepEqual(again, catalogue);
    },
  );
});

/** The problems of a catalogue that must be refused: row, field and code of each. */
async function refused(rows: readonly TestRow[]): Promise<string[]> {
  try {
    await testCatalogue(rows);
  } catch (error) {
    assert.ok(error instanceof YibaoError);
    assert.equal(error.exitCode, 3);
    for (const problem of error.problems) {
      assert.match(problem.file!, /groups\.csv$/);
      for (const language of ['zh', 'en'] as const) {
        assert.doesNotMatch(renderProblem(problem, language), /\{\w+\}/, 'a place left unfilled');
      }
    }
    return error.problems.map(({ row, field, definition }) => `${row} ${field} ${definition.code}`);
  }
  throw new Error('not refused');
}

test('every problem of a catalogue is reported with its line, all of them together', async () => {
  const row = { group_code: 'X', kind: 'core', diagnosis: 'K35.9', score: '1' };
  assert.deepEqual(
    await refused([
      { ...row, group_code: '' },
      { ...row, kind: '大病种' },
      { ...row, diagnosis: 'K3' },
      { ...row, diagnosis: '' },
      { ...row, operations: '47.0100++' },
      { ...row, score: '1,000' },
      { ...row, score: '1.23456' },
      { ...row, mean_cost: '-1' },
      { ...row, age_days: '29-1' },
      { ...row, sex: '3' },
      { ...row, kind: 'comprehensive', class: '5' },
      { kind: 'no-operation' },
    ]),
    [
      '2 group_code group-catalogue.bad-value',
      '3 kind group-catalogue.bad-value',
      '4 diagnosis group-catalogue.bad-value',
      '5 diagnosis group-catalogue.bad-value',
      '6 operations group-catalogue.bad-value',
      '7 score group-catalogue.bad-value',
      '8 score group-catalogue.bad-value',
      '9 mean_cost group-catalogue.bad-value',
      '10 age_days group-catalogue.bad-value',
      '11 sex group-catalogue.bad-value',
      '12 class group-catalogue.bad-value',
      '13 operations group-catalogue.bad-value',
    ],
  );
  assert.deepEqual(
    await refused([row, row, { ...row, group_code: 'Y' }, { ...row, diagnosis: 'K35.8', score: '2' }]),
    [
      '3 group_code group-catalogue.repeated-row',
      '4 group_code group-catalogue.same-key',
      '5 group_code group-catalogue.different-rows',
    ],
  );
});

test('files that are no catalogue are refused as a whole, and say why', async () => {
  const codes: Record<string, string> = {};
  const files = {
    'empty.csv': '',
    'header.csv': '病种编码,病种类型,主要诊断,手术操作,分值\n',
    'no-header.csv': '1,2,3\n',
    'missing.csv': '病种编码,主要诊断,手术操作,分值\nA,K35.9,,1\n',
    'twice.csv': 'group_code,病种编码,kind,diagnosis,operations,score\nA,A,core,K35.9,,1\n',
    'ragged.csv': 'group_code,kind,diagnosis,operations,score\nA,core,K35.9,,1,000\n',
    'quote.csv': 'group_code,kind,diagnosis,operations,score\n"A,core,K35.9,,1\n',
    'bytes.csv': new Uint8Array([0x67, 0x00, 0x72, 0x00]),
    'sheet.xlsx': 'no workbook',
  };
  await withFiles(files, async (folder) => {
    for (const name of [...Object.keys(files), 'absent.csv']) {
      await readGroupCatalogue({ name, groups: join(folder, name) }).then(
        () => assert.fail(`${name} was read`),
        (error) => {
          assert.ok(error instanceof YibaoError, String(error));
          codes[name] = error.problems[0]!.definition.code.replace('group-catalogue.', '');
        },
      );
    }
  });
  assert.deepEqual(codes, {
    'empty.csv': 'no-header',
    'header.csv': 'no-rows',
    'no-header.csv': 'no-header',
    'missing.csv': 'missing-column',
    'twice.csv': 'repeated-column',
    'ragged.csv': 'too-many-cells',
    'quote.csv': 'wrong-text',
    'bytes.csv': 'wrong-text',
    'sheet.xlsx': 'wrong-format',
    'absent.csv': 'unreadable',
  });
});

test('a workbook, a GB18030 file and a CSV of one catalogue are one catalogue; kinds may be numbers', async () => {
  const header = ['DIP编码', '病种名称', '类型', '主要诊断编码', '手术操作编码', '病种分值'];
  const rows = [
    ['A1', 'one', '1', 'K35.9', '47.0100', '12.5'],
    ['K35-1', 'two', '0', 'K35', '', '7'],
  ];
  const sheet = await writeExcelFile(
    [header, ...rows].map((row) => row.map((value) => ({ value, type: String }))),
  ).toBuffer();
  const text = [header, ...rows].map((row) => `${row.join(',')}\n`).join('');
  const gb = Buffer.concat([
    Buffer.from(
      '444950b1e0c2eb2cb2a1d6d6c3fbb3c62cc0e0d0cd2cd6f7d2aad5efb6cfb1e0c2eb2ccad6caf5b2d9d7f7b1e0c2eb2cb2a1d6d6b7d6d6b50a',
      'hex',
    ),
    Buffer.from(rows.map((row) => `${row.join(',')}\n`).join('')),
  ]);
  const kindCodes = new Map([
    ['1', 'core'],
    ['0', 'comprehensive'],
  ] as const);
  await withFiles({ 'a.xlsx': sheet, 'a.csv': text, 'b.csv': gb }, async (folder) => {
    const read = (name: string) => readGroupCatalogue({ name: 'x', groups: join(folder, name), kindCodes });
    const csv = await read('a.csv');
    assert.deepEqual(
      csv.entries.map(({ kind }) => kind),
      ['core', 'comprehensive'],
    );
    assert.deepEqual(await read('a.xlsx'), csv);
    assert.deepEqual(await read('b.csv'), csv);
    await assert.rejects(readGroupCatalogue({ name: 'x', groups: join(folder, 'a.csv') }), /--kinds/);
  });
});

describe('catalogues kept under a name', () => {
  test('imported, listed, opened, replaced; a refused one leaves the earlier one as it was', async (context) => {
    await withFiles(
      {
        'a.csv': catalogueFile(ROWS),
        'b.csv': catalogueFile(ROWS.slice(0, 1)),
        'wrong.csv': catalogueFile([{ ...ROWS[0]!, score: 'x' }]),
        'o.csv': operationsFile({ '47.0100': 'surgery' }),
      },
      async (folder) => {
        const before = process.env.YIBAO_DATA;
        process.env.YIBAO_DATA = join(folder, 'data');
        context.after(() => {
          if (before === undefined) delete process.env.YIBAO_DATA;
          else process.env.YIBAO_DATA = before;
        });
        assert.deepEqual(listCatalogues(), []);
        const file = (name: string) => join(folder, name);
        await importCatalogue({ name: '市目录', groups: file('a.csv'), operations: file('o.csv') }, 2025);
        const opened = await openCatalogue('市目录');
        assert.equal(opened.entries.length, 5);
        assert.equal(opened.operations?.get('47.0100')?.attribute, 'surgery');
        assert.deepEqual(
          listCatalogues().map(({ name, year, groups }) => [name, year, groups]),
          [['市目录', 2025, 4]],
        );
        await assert.rejects(
          importCatalogue({ name: '市目录', groups: file('wrong.csv') }, null),
          YibaoError,
        );
        assert.equal((await openCatalogue('市目录')).entries.length, 5);
        await importCatalogue({ name: '市目录', groups: file('b.csv') }, null);
        assert.equal((await openCatalogue('市目录')).entries.length, 1);
        await assert.rejects(importCatalogue({ name: '../x', groups: file('b.csv') }, null), /folder/);
        await assert.rejects(openCatalogue('没有'), /市目录/);
        assert.deepEqual(readdirSync(join(folder, 'data', 'dip')), ['市目录']);
        assert.ok(existsSync(join(folder, 'data', 'dip', '市目录', 'catalogue.json')));
        assert.match(
          readFileSync(join(folder, 'data', 'dip', '市目录', 'catalogue.csv'), 'utf8'),
          /^group_code/,
        );
      },
    );
  });
});

test('between two catalogues groups come, go, change their code or their cells', async () => {
  const before = await testCatalogue(ROWS);
  const after = await testCatalogue([
    { ...ROWS[0]!, score: '710' },
    ...ROWS.slice(1, 3).map((row) => ({ ...row, group_code: 'B2' })),
    ROWS[4]!,
    { group_code: 'N1', kind: 'core', diagnosis: 'J18.9', score: '5' },
  ]);
  assert.deepEqual(
    diffCatalogues(before, after).map((change) => [
      change.change,
      change.groupCode,
      'from' in change ? change.from : '',
      'cells' in change ? change.cells : [],
    ]),
    [
      ['changed', 'A1', '', [{ field: 'score', before: '700.0000', after: '710.0000' }]],
      ['moved', 'B2', 'A2', []],
      ['went', 'K35-4', '', []],
      ['came', 'N1', '', []],
    ],
  );
  assert.deepEqual(diffCatalogues(before, before), []);
});

describe('the three-level directory', () => {
  test('sections cover the categories of ICD-10 without overlapping', () => {
    let inside = 0;
    for (let letter = 65; letter <= 90; letter += 1) {
      for (let number = 0; number < 100; number += 1) {
        const category = `${String.fromCharCode(letter)}${String(number).padStart(2, '0')}`;
        if (sectionOf(category)) inside += 1;
      }
    }
    assert.ok(inside > 2_000);
    const sections = readFileSync(join(import.meta.dirname, 'icd10-sections.csv'), 'utf8')
      .trim()
      .split('\n')
      .slice(1);
    const ends = sections.map((line) => line.split(',')[1]!.split('-') as [string, string]).toSorted();
    for (const [index, [from]] of ends.entries()) {
      if (index > 0) assert.ok(ends[index - 1]![1] < from, `${ends[index - 1]} ${from}`);
    }
  });
  test('a group stands in its chapter, section and subcategory, each with the class', async () => {
    const [entry] = (
      await testCatalogue([
        { group_code: 'I25.1+36.1200', kind: 'core', diagnosis: 'I25.1', operations: '36.1200', score: '1' },
      ])
    ).entries;
    assert.deepEqual(directoryPlace(entry!, '4'), { chapter: 9, level1: 'I20-I25-4', level2: 'I25.1-4' });
  });
});
