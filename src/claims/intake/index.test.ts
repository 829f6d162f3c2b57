import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import writeXlsx from 'write-excel-file/node';
import { literal } from '#engine/duckdb.ts';
import { SILENT } from '#kernel/progress.ts';
import { plainNumber } from '#kernel/workbook.ts';
import { LIST_COLUMNS, openSettlementLists } from './index.ts';
import { COLUMNS, csvOf, type Folder, LISTS, withFolder } from './intake.fixtures.ts';

type SheetCell = { readonly value: string | number | Date; readonly format?: string } | null;

/** Writes workbooks: one sheet, or several as [name, rows]. */
async function writeWorkbook(
  folder: Folder,
  name: string,
  ...sheets: readonly SheetCell[][][]
): Promise<void> {
  const data = sheets.map((rows, index) => ({
    sheet: `表${index + 1}`,
    data: rows.map((row) =>
      row.map((cell) => (cell === null ? null : { ...cell, type: cell.value.constructor as never })),
    ),
  }));
  await writeXlsx(data as never).toFile(join(folder.path, name));
}

const textCells = (rows: readonly (readonly string[])[]): SheetCell[][] =>
  rows.map((row) => row.map((value) => (value === '' ? null : { value })));

async function writeParquet(folder: Folder, name: string, select: string): Promise<string> {
  const path = join(folder.path, name);
  await folder.engine.run(`COPY (${select}) TO ${literal(path)} (FORMAT parquet)`);
  return path;
}

const listsSql = (): string => {
  const rows = LISTS.map(
    (row) => `(${row.map((value) => (value === '' ? 'NULL' : literal(value))).join(', ')})`,
  );
  return `SELECT * FROM (VALUES ${rows.join(', ')}) AS t(${COLUMNS.join(', ')})`;
};

test('the columns are those of the profile, in its order, and what other methods read', () => {
  assert.deepEqual(LIST_COLUMNS, [...COLUMNS, 'ipt_med_type', 'scs_cutd_sum_dura']);
});

test('every format gives the same lists', () =>
  withFolder(async (folder) => {
    folder.write('1.csv', csvOf(LISTS));
    await writeParquet(folder, '2.PARQUET', listsSql());
    await writeWorkbook(folder, '3.xlsx', textCells([COLUMNS, ...LISTS]));
    const objects = LISTS.map((row) => Object.fromEntries(COLUMNS.map((column, i) => [column, row[i]])));
    folder.write('4.json', JSON.stringify(objects));
    folder.write('5.jsonl', objects.map((object) => JSON.stringify(object)).join('\n'));
    const { sources, skipped } = await folder.open();
    assert.deepEqual(skipped, []);
    for (const source of sources) {
      assert.deepEqual(await folder.rows(source), LISTS, source.fileName);
      assert.equal(source.rows, LISTS.length);
      assert.deepEqual(source.malformed, []);
      assert.equal(
        await source.sha256(),
        createHash('sha256').update(readFileSync(source.path)).digest('hex'),
      );
    }
    assert.deepEqual(
      sources.map(({ fileName }) => fileName),
      ['1.csv', '2.PARQUET', '3.xlsx', '4.json', '5.jsonl'],
    );
  }));

test('files come in code-point order of name; hidden and lock files are left out', () =>
  withFolder(async (folder) => {
    const names = ["B's [1].csv", 'a*.csv', 'a?.csv', '一.csv', '\uFF21.csv', '\u{20000}.csv'];
    for (const [index, name] of names.toReversed().entries()) {
      folder.write(name, csvOf([LISTS[0]!.with(0, `L${names.length - 1 - index}`)]));
    }
    folder.write('.DS_Store', 'x');
    folder.write('~$一.xlsx', 'x');
    const { sources } = await folder.open();
    assert.deepEqual(
      sources.map(({ fileName }) => fileName),
      names,
    );
    for (const [index, source] of sources.entries()) {
      assert.equal((await folder.rows(source))[0]?.[0], `L${index}`, source.fileName);
    }
  }));

test('all bad files are reported together, and left out when asked', () =>
  withFolder(async (folder) => {
    folder.write('a.csv', csvOf(LISTS));
    folder.write('b.xls', 'x');
    folder.write('c.csv', 'x');
    folder.write('说明.txt', 'x');
    mkdirSync(join(folder.path, 'd'));
    const { codes, zh } = await folder.refusal();
    assert.deepEqual(codes.toSorted(), [
      'intake.no-header',
      'intake.sub-folder',
      'intake.unsupported-file',
      'intake.unsupported-file',
    ]);
    assert.match(zh, /说明\.txt：.*另存为/);
    const { sources, skipped } = await folder.open(true);
    assert.deepEqual(await folder.rows(sources[0]!), LISTS);
    assert.equal(skipped.length, 4);
  }));

test('a folder without a readable file is an error, even when bad files are skipped', () =>
  withFolder(async (folder) => {
    assert.deepEqual((await folder.refusal()).codes, ['intake.no-file']);
    folder.write('c.csv', 'x');
    await assert.rejects(folder.open(true), /no-header.*no-file/s);
    await assert.rejects(
      openSettlementLists(folder.engine, join(folder.path, 'none'), {
        skipBadFiles: true,
        progress: { stage() {}, update() {}, done() {} },
      }),
      /no-folder/,
    );
  }));

test('progress goes up to the whole, naming the files', () =>
  withFolder(async (folder) => {
    folder.write('a.csv', csvOf(LISTS));
    folder.write('b.csv', csvOf(LISTS));
    const heard: [number, string][] = [];
    await openSettlementLists(folder.engine, folder.path, {
      skipBadFiles: false,
      progress: { stage() {}, update: (share, detail = '') => void heard.push([share, detail]), done() {} },
    });
    const shares = heard.map(([share]) => share);
    assert.deepEqual(shares, shares.toSorted());
    assert.deepEqual(
      [heard[0], heard.at(-1)],
      [
        [0, 'a.csv'],
        [1, 'b.csv'],
      ],
    );
  }));

test('Parquet keeps its types; columns in any order, under Chinese names, code lists as lists', () =>
  withFolder(async (folder) => {
    const select = `SELECT string_split(diagnoses, '|') AS "诊断", string_split(procedures, '|') AS procedures,
      CAST(medfee_sumamt AS DECIMAL(16, 2)) AS "医疗费总额", CAST(adm_time AS DATE) AS adm_time,
      CAST(insutype AS INTEGER) AS insutype, 'x' AS note, setl_id AS "结算ID", fixmedins_code, psn_no, gend,
      CAST(age AS DECIMAL(4, 1)) AS age, dscg_time, dscg_way, fund_pay_sumamt FROM (${listsSql()})`;
    await writeParquet(folder, 'a.parquet', select);
    const { sources } = await folder.open();
    const described = await folder.engine.rows(`DESCRIBE ${sources[0]!.select}`);
    assert.deepEqual(
      described.map((row) => row.column_name),
      LIST_COLUMNS,
    );
    assert.equal(described[11]?.column_type, 'DECIMAL(16,2)');
    const rows = await folder.engine.rows(
      `SELECT diagnoses, procedures, CAST(insutype AS VARCHAR) AS insutype, nwb_age FROM (${sources[0]!.select})`,
    );
    assert.deepEqual(
      rows.map((row) => Object.values(row)),
      LISTS.map((row) => [row[13], row[14] || null, row[3], null]),
    );
  }));

test('bad Parquet files are refused whole', () =>
  withFolder(async (folder) => {
    const whole = readFileSync(await writeParquet(folder, 'a.parquet', listsSql()));
    folder.write('b.parquet', whole.subarray(0, whole.length - 20));
    folder.write('c.parquet', 'setl_id,psn_no\n');
    await writeParquet(folder, 'e.parquet', `SELECT * REPLACE ({'a': age} AS age) FROM (${listsSql()})`);
    await writeParquet(folder, 'f.parquet', `SELECT * EXCLUDE (age, gend) FROM (${listsSql()})`);
    folder.write('g.parquet', '');
    const { codes, zh } = await folder.refusal();
    assert.deepEqual(codes, [
      'intake.damaged-parquet',
      'intake.damaged-parquet',
      'intake.column-type',
      'intake.missing-column',
      'intake.damaged-parquet',
    ]);
    assert.ok(!zh.includes(folder.path), 'the path is not shown');
    assert.match(zh, /f\.parquet，字段 gend,age/);
  }));

test('damage inside a Parquet file shows when it is read, and is refused as such', () =>
  withFolder(async (folder) => {
    const damaged = readFileSync(await writeParquet(folder, 'a.parquet', listsSql()));
    damaged.fill(0xff, 4, 400);
    folder.write('a.parquet', damaged);
    const { sources } = await openSettlementLists(folder.engine, folder.path, {
      skipBadFiles: false,
      progress: SILENT,
    });
    const error = await folder.engine.rows(sources[0]!.select).catch((failure: unknown) => failure);
    assert.deepEqual(
      sources[0]!.refusal!(error).problems.map(({ definition, file }) => [definition.code, file]),
      [['intake.damaged-parquet', 'a.parquet']],
    );
  }));

test('numbers and dates of a sheet become plain text, rows are sheet rows, zeros stay', () =>
  withFolder(async (folder) => {
    const row = (id: string): SheetCell[] => [
      { value: ` ${id} ` },
      { value: 'H01' },
      { value: '0001' },
      { value: 310 },
      { value: 1 },
      { value: 58 },
      null,
      { value: 3150.5 },
      { value: new Date('2025-03-03T00:00:00Z'), format: 'yyyy-mm-dd' },
      { value: new Date('2025-03-05T13:07:59Z'), format: 'yyyy-mm-dd hh:mm:ss' },
      { value: 1 },
      { value: 17107.09 },
      { value: 0.1 + 0.2 },
      { value: 'S27.800x013' },
    ];
    await writeWorkbook(folder, 'a.xlsx', [...textCells([[], COLUMNS]), row('S1'), [], row('S2')], []);
    const { sources } = await folder.open();
    const expected = [
      '0001',
      '310',
      '1',
      '58',
      '',
      '3150.5',
      '2025-03-03',
      '2025-03-05T13:07:59',
      '1',
      '17107.09',
      '0.3',
    ];
    assert.deepEqual(await folder.rows(sources[0]!), [
      ['S1', 'H01', ...expected, 'S27.800x013', ''],
      ['S2', 'H01', ...expected, 'S27.800x013', ''],
    ]);
    assert.deepEqual(sources[0]!.lineOf?.([0, 1]), [3, 5]);
  }));

test('a stored number loses its exponent and its binary noise', () => {
  for (const [stored, text] of [
    ['1.1000000000000001', '1.1'],
    ['17107.090000000000', '17107.09'],
    ['1.7E4', '17000'],
    ['2.5E-3', '0.0025'],
    ['-1.5E-1', '-0.15'],
    ['123456789012345678', '123456789012345678'],
    ['1.2345678901234E+20', '123456789012340000000'],
    ['0', '0'],
    ['100.0', '100'],
  ] as const) {
    assert.equal(plainNumber(stored), text, stored);
  }
});

test('bad workbooks are refused whole', () =>
  withFolder(async (folder) => {
    await writeWorkbook(folder, 'a.xlsx', textCells([COLUMNS, ...LISTS]), textCells([COLUMNS, ...LISTS]));
    const whole = readFileSync(join(folder.path, 'a.xlsx'));
    folder.write('b.xlsx', whole.subarray(0, whole.length >> 1));
    folder.write('c.xlsx', csvOf(LISTS));
    folder.write('d.xlsx', Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(600)]));
    const damaged = Buffer.from(whole);
    damaged.fill(0xff, 60, whole.length >> 1);
    folder.write('e.xlsx', damaged);
    await writeWorkbook(folder, 'f.xlsx', []);
    folder.write('g.xlsx', '');
    const { codes, zh } = await folder.refusal();
    assert.deepEqual(codes, [
      'intake.several-sheets',
      'intake.damaged-xlsx',
      'intake.damaged-xlsx',
      'intake.protected-xlsx',
      'intake.damaged-xlsx',
      'intake.no-header',
      'intake.damaged-xlsx',
    ]);
    assert.match(zh, /a\.xlsx：.*表2/);
  }));
