import assert from 'node:assert/strict';
import { test } from 'node:test';
import { COLUMNS, gb18030, LISTS, withFolder } from './intake.fixtures.ts';
import { type JsonObject, parseExactly, reduceList } from './json-list.ts';
import { JsonSplitter } from './json-split.ts';

const flat = (row: readonly string[]) => Object.fromEntries(COLUMNS.map((column, i) => [column, row[i]!]));
const lines = (values: readonly unknown[]) => values.map((value) => `${JSON.stringify(value)}\n`).join('');

/** The national form of LISTS[0], with what a settlement adds beside the list. */
const NATIONAL = {
  fixmedins_code: 'H01',
  insutype: '310',
  gend: '1',
  age: 58,
  setlinfo: {
    setl_id: 'S1',
    psn_no: 'P1',
    adm_time: '2025-03-03',
    dscg_time: '2025-03-05',
    dscg_way: '1',
    hi_type: '390',
    nwb_age: null,
  },
  payinfo: [
    { fund_pay_type: '310100', fund_payamt: 471.6 },
    { fund_pay_type: '310200', fund_payamt: '0.09' },
  ],
  diseinfo: [
    { diag_type: '2', diag_code: 'BNF010', maindiag_flag: '1' },
    { diag_type: '1', diag_code: 'N50.800x023', maindiag_flag: '0' },
    { diag_type: '1', diag_code: 'S27.800x013', maindiag_flag: '1' },
    { diag_code: 'M23.208', maindiag_flag: '0' },
  ],
  iteminfo: [
    { med_chrgitm: '01', amt: 1000 },
    { med_chrgitm: '02', amt: 27.5 },
  ],
  oprninfo: [
    { oprn_oprt_type: '2', oprn_oprt_code: '51.5902' },
    { oprn_oprt_type: '1', oprn_oprt_code: '50.2908' },
  ],
};
const REDUCED = LISTS[0]!.with(13, 'S27.800x013|N50.800x023|M23.208');

for (const [name, content] of Object.entries({
  'JSON lines': lines(LISTS.map(flat)),
  'JSON lines without a last line end': lines(LISTS.map(flat)).trimEnd(),
  'an array on one line': JSON.stringify(LISTS.map(flat)),
  'an array over many lines, after a byte order mark': `\uFEFF${JSON.stringify(LISTS.map(flat), null, 2)}\r\n`,
  'objects spread over lines': LISTS.map((row) => JSON.stringify(flat(row), null, 1)).join('\n'),
  'Chinese names for keys': lines(LISTS.map(flat)).replaceAll('"setl_id"', '"结算ID"'),
})) {
  test(`${name}: flat lists come out as they are`, () =>
    withFolder(async (folder) => {
      folder.write('a.JSON', content);
      assert.deepEqual(await folder.onlyRows(), LISTS);
    }));
}

test('diagnoses and procedures of a flat list may be arrays', () =>
  withFolder(async (folder) => {
    const lists = LISTS.map((row) => ({
      ...flat(row),
      diagnoses: row[13]!.split('|'),
      procedures: row[14] === '' ? [] : row[14]!.split('|'),
    }));
    folder.write('a.ndjson', lines(lists));
    assert.deepEqual(await folder.onlyRows(), LISTS);
  }));

for (const [name, list] of Object.entries({
  bare: NATIONAL,
  'as the input of a message': { infno: '4101A', fixmedins_code: 'H01', input: NATIONAL },
  'with setlinfo as an array of one': { ...NATIONAL, setlinfo: [NATIONAL.setlinfo] },
  'with single objects for nodes of one': { ...NATIONAL, payinfo: { fund_payamt: '471.69' } },
})) {
  test(`the national form, ${name}, is reduced to the columns of the profile`, () =>
    withFolder(async (folder) => {
      folder.write('a.jsonl', lines([list]));
      assert.deepEqual(await folder.onlyRows(), [REDUCED]);
    }));
}

test('totals given are taken before sums, and hi_type where no scheme is given', () => {
  const { insutype: _, ...list } = { ...NATIONAL, medfee_sumamt: '2000.00', fund_pay_sumamt: 0 };
  const { values } = reduceList(parseExactly(JSON.stringify(list)) as JsonObject);
  assert.deepEqual([values[3], values[11], values[12]], ['390', '2000.00', '0']);
});

test('an amount that is none is passed on instead of the sum, so that the list is refused with it', () => {
  const list = { ...NATIONAL, iteminfo: [{ amt: 1 }, { amt: '12,3x' }], payinfo: [{ fund_payamt: 0.001 }] };
  const { values } = reduceList(parseExactly(JSON.stringify(list)) as JsonObject);
  assert.deepEqual([values[11], values[12]], ['12,3x', '0.001']);
});

test('no other diagnosis takes the place of a main one without a code', () => {
  const diseinfo = [
    { diag_code: 'N50', maindiag_flag: '0' },
    { diag_code: '', maindiag_flag: '1' },
  ];
  assert.equal(reduceList({ ...(NATIONAL as unknown as JsonObject), diseinfo }).values[13], '|N50');
});

test('numbers keep their text', () => {
  const text = String.raw`{"a":12.30,"b":[17107.09, 12345678901234567890.10,-0.5],"c":"x\":[1,2],{","d":1.5e3,"e":25E-3}`;
  assert.deepEqual(parseExactly(text), {
    a: '12.30',
    b: ['17107.09', '12345678901234567890.10', '-0.5'],
    c: 'x":[1,2],{',
    d: '1500',
    e: '0.025',
  });
  assert.throws(() => parseExactly('{"a":01}'), SyntaxError);
  assert.throws(() => parseExactly('{"a":1.}'), SyntaxError);
});

test('GB18030 is read like its UTF-8 twin', () =>
  withFolder(async (folder) => {
    const list = { ...NATIONAL, setlinfo: { ...NATIONAL.setlinfo, psn_no: '张三', curr_addr: '贵州省' } };
    folder.write('a.jsonl', gb18030(lines([list])));
    assert.deepEqual(await folder.onlyRows(), [REDUCED.with(2, '张三')]);
  }));

test('the place of a list is the line it starts on, in an array its number', () =>
  withFolder(async (folder) => {
    const [a, b, c] = LISTS.map((row) => JSON.stringify(flat(row)));
    folder.write('a.jsonl', `${a}\n\n${b}\n${c}`);
    folder.write('b.json', `[${a},\n\n${b},${c}]`);
    const { sources } = await folder.open();
    assert.deepEqual(
      sources.map((source) => source.lineOf?.([0, 1, 2])),
      [
        [1, 3, 4],
        [1, 2, 3],
      ],
    );
  }));

test('objects are found however the bytes are cut into pieces', () => {
  const text = Buffer.from(`\uFEFF [{"a":"\\\\"},\n {"b":"}\\"中]","c":[{}]} ,{"d":{}}]\n`);
  for (let length = 1; length <= text.length; length++) {
    const found: [string, number, number][] = [];
    const splitter = new JsonSplitter((record, line, number) => found.push([record, line, number]));
    for (let at = 0; at < text.length; at += length) splitter.push(text.subarray(at, at + length));
    assert.equal(splitter.finish(), 3);
    assert.deepEqual(found, [
      ['{"a":"\\\\"}', 1, 1],
      ['{"b":"}\\"中]","c":[{}]}', 2, 2],
      ['{"d":{}}', 2, 3],
    ]);
  }
});

const [A, B] = LISTS.map((row) => JSON.stringify(flat(row)));
for (const [name, content, code, line] of [
  ['with nothing in it', ' \n', 'json-empty', undefined],
  ['that breaks off in an object', `${A}\n${B!.slice(0, -9)}`, 'truncated', 2],
  ['that breaks off in an array', `[${A},\n${B}\n`, 'truncated', 3],
  ['with a broken object', `${A}\n${B!.replace('":"', '":')}\n${A}`, 'json-syntax', 2],
  ['with a syntax error inside an object over lines', `${A}\n{\n"a":1,\n"b":}`, 'json-syntax', 2],
  ['with an open text', `${A}\n${B!.slice(0, -2)}\n${A}`, 'json-syntax', 2],
  ['with an element that is no object', `[${A},\n5]`, 'json-not-object', 2],
  ['with more after the array', `[${A}]\n${B}`, 'json-stray', 2],
  ['that is not JSON', 'setl_id,psn_no\nS1,P1\n', 'json-stray', 1],
  ['with two commas', `[${A},\n,${B}]`, 'json-stray', 2],
  ['with a key twice', A!.replace('{', '{"结算ID":"S0",'), 'duplicate-column', 1],
  ['without the scheme anywhere', A!.replace('insutype', 'x'), 'missing-column', undefined],
] as const) {
  test(`a JSON file ${name} is refused whole, with file, line and remedy`, () =>
    withFolder(async (folder) => {
      folder.write('坏.jsonl', content);
      const { zh, en, codes } = await folder.refusal();
      assert.deepEqual(codes, [`intake.${code}`], zh);
      assert.ok(zh.startsWith(line === undefined ? '坏.jsonl' : `坏.jsonl，第 ${line} 行`), zh);
      assert.match(en, /Remedy: .{8}/);
      assert.doesNotMatch(zh + en, /\{\w+\}/);
    }));
}

test('an empty array is a file without lists', () =>
  withFolder(async (folder) => {
    folder.write('a.json', '[]');
    assert.deepEqual(await folder.onlyRows(), []);
  }));
