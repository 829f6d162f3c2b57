import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import readExcel from 'read-excel-file/node';
import type { Engine } from '#engine/duckdb.ts';
import { SILENT } from '#kernel/progress.ts';
import { openFixture } from '../fixture.ts';
import { caseRanges } from './institution.ts';
import { fileNames, writeWorkbooks } from './workbooks.ts';
import { SHEET_ROWS_MAX, writeWorkbook } from './xlsx.ts';

let engine: Engine;
let folder: string;
const ODD_CODE = '../H 99/0100:*';

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'yibao-workbooks-'));
  engine = await openFixture({ cases: 1_200 });
  await engine.run(`UPDATE case_result SET diagnosis = 'A<&>"''B' WHERE setl_id = 'S202500000001'`);
  await engine.run(`INSERT INTO institution VALUES ($1, '没有清单的机构 & <Co>', 1)`, [ODD_CODE]);
  assert.equal(await writeWorkbooks({ engine, folder, language: 'zh', progress: SILENT }), 14);
});
after(() => {
  engine.close();
  rmSync(folder, { recursive: true });
});

type Table = { head: string[]; rows: unknown[][] };

async function sheets(file: string): Promise<Map<string, Table>> {
  const workbook = await readExcel(join(folder, file));
  return new Map(
    workbook.map(({ sheet, data }) => [sheet, { head: (data[0] ?? []).map(String), rows: data.slice(1) }]),
  );
}
function column(table: Table, title: string): unknown[] {
  const index = table.head.findIndex((head) => head.startsWith(title));
  assert.notEqual(index, -1, `${title} in ${table.head.join()}`);
  return table.rows.map((row) => row[index]);
}
/** Σ of a column of yuan in fen. */
const fenOf = (cells: unknown[]): bigint =>
  cells.reduce<bigint>((sum, cell) => sum + BigInt(Math.round(Number(cell) * 100)), 0n);

test('the agency has its sheets, and their totals are those of the tables', async () => {
  const agency = await sheets('agency.xlsx');
  assert.deepEqual(
    [...agency.keys()],
    [
      '说明 Readme',
      '汇总 Summary',
      '点值 Point values',
      '月点值 Monthly point values',
      '月度 Monthly',
      '清算 Clearing',
      '机构 Institutions',
      '病种 Groups',
      '系数 Coefficients',
      '拒收 Refused',
      '参数 Parameters',
    ],
  );
  const expected = await engine.row(`SELECT
    (SELECT sum(result_fen) FROM clearing_result) AS result
    , (SELECT sum(clearing_cash_fen) FROM clearing_result) AS cash
    , (SELECT sum(paid_fen) FROM month_result) AS paid
    , (SELECT sum(budget_fen) FROM point_value_result) AS budget
    , (SELECT sum(cost_fen) FROM case_result) AS cost
    , (SELECT count(*) FROM refused_result) AS refused`);
  const clearing = agency.get('清算 Clearing')!;
  assert.equal(fenOf(column(clearing, '清算结果')), expected.result);
  assert.equal(fenOf(column(clearing, '清算现金')), expected.cash);
  assert.equal(fenOf(column(agency.get('月度 Monthly')!, '月预结算')), expected.paid);
  assert.equal(fenOf(column(agency.get('点值 Point values')!, '预算')), expected.budget);
  assert.equal(fenOf(column(agency.get('病种 Groups')!, '本年总费用')), expected.cost);
  assert.equal(BigInt(agency.get('拒收 Refused')!.rows.length), expected.refused);
});

test('an institution has its sheets and all its cases', async () => {
  const code = 'H99010000001';
  const workbook = await sheets(`institutions/${code}.xlsx`);
  assert.deepEqual([...workbook.keys()], ['汇总 Summary', '月度 Monthly', '病种 Groups', '病例 Cases']);
  const expected = await engine.row(
    `SELECT count(*) AS cases, sum(cost_fen) AS cost, sum(fund_fen) AS fund FROM case_result WHERE fixmedins_code = $1`,
    [code],
  );
  const cases = workbook.get('病例 Cases')!;
  assert.equal(BigInt(cases.rows.length), expected.cases);
  assert.equal(fenOf(column(cases, '总费用')), expected.cost);
  assert.equal(fenOf(column(cases, '记账基金')), expected.fund);
  const groups = workbook.get('病种 Groups')!;
  assert.equal(fenOf(column(groups, '总费用')), expected.cost);
  assert.equal(fenOf(column(workbook.get('月度 Monthly')!, '总费用')), expected.cost);
});

test('the estimated payment of a case is its points at the settlement point value less the non-fund payments', async () => {
  const cases = (await sheets('institutions/H99010000001.xlsx')).get('病例 Cases')!;
  const id = String(cases.rows[0]![0]);
  const row = await engine.row(
    `SELECT c.points4, c.cost_fen - c.fund_fen AS non_fund, p.settlement_point_value8 AS value8
      FROM case_result AS c JOIN point_value_result AS p ON p.insutype = c.insutype WHERE setl_id = $1`,
    [id],
  );
  const product = (row.points4 as bigint) * (row.value8 as bigint);
  const expected = (product * 2n + 10_000_000_000n) / 20_000_000_000n - (row.non_fund as bigint);
  assert.equal(fenOf([column(cases, '估算支付')[0]]), expected);
});

test('codes are text and keep what is written in them', async () => {
  const clearing = (await sheets('agency.xlsx')).get('清算 Clearing')!;
  for (const code of column(clearing, '险种代码')) assert.equal(typeof code, 'string');
  const owner = await engine.row(
    `SELECT fixmedins_code AS code FROM case_result WHERE setl_id = 'S202500000001'`,
  );
  const cases = (await sheets(`institutions/${owner.code}.xlsx`)).get('病例 Cases')!;
  assert.ok(column(cases, '主要诊断').includes(`A<&>"'B`));
});

test('an institution without lists has a workbook that says so, under a safe file name', async () => {
  const [file] = readdirSync(join(folder, 'institutions')).filter((name) => !name.startsWith('H99'));
  assert.equal(file, '__H_99_0100__.xlsx');
  const workbook = await sheets(`institutions/${file}`);
  assert.equal(workbook.get('病例 Cases')!.rows.length, 0);
  const words = workbook.get('汇总 Summary')!.rows.flat();
  assert.ok(words.includes(ODD_CODE));
  assert.ok(words.includes('没有清单的机构 & <Co>'));
  assert.ok(words.some((word) => String(word).includes('本年度没有接收的清单')));
});

test('every column of numbers names its unit', async () => {
  for (const file of ['agency.xlsx', 'institutions/H99010000002.xlsx'])
    for (const [name, { head, rows }] of await sheets(file))
      for (const [index, title] of head.entries())
        if (rows.some((row) => typeof row[index] === 'number'))
          assert.match(title, /\(.+\)/, `${file} ${name}`);
});

test('the same tables give the same bytes', async () => {
  const again = mkdtempSync(join(tmpdir(), 'yibao-workbooks-'));
  await writeWorkbooks({ engine, folder: again, language: 'zh', progress: SILENT });
  for (const file of [
    'agency.xlsx',
    ...readdirSync(join(folder, 'institutions')).map((name) => `institutions/${name}`),
  ])
    assert.ok(readFileSync(join(folder, file)).equals(readFileSync(join(again, file))), file);
  rmSync(again, { recursive: true });
});

test('characters that XML does not know are dropped and long texts are cut', async () => {
  const file = join(folder, 'odd.xlsx');
  const text = { zh: 'a/b', en: 'a/b' };
  await writeWorkbook(
    file,
    [
      {
        name: text,
        columns: [{ title: text, width: 10, kind: 'text' }],
        rows: [['a\u0000\u0007\ud800b😀'], ['x'.repeat(40_000)]],
      },
    ],
    'en',
  );
  const [{ sheet, data }] = (await readExcel(file)) as [{ sheet: string; data: unknown[][] }];
  assert.equal(sheet, 'a b');
  assert.equal(data[1]![0], 'ab😀');
  assert.equal(String(data[2]![0]).length, 32_767);
});

test('a workbook that cannot be written is an error, not a silence', async () => {
  await assert.rejects(writeWorkbook(join(folder, 'missing', 'x.xlsx'), [], 'zh'), { code: 'ENOENT' });
});

test('cases beyond the rows of a sheet go to further sheets', () => {
  assert.equal(SHEET_ROWS_MAX, 1_048_576);
  assert.deepEqual(caseRanges(0, 10), [{ from: 1, to: 0 }]);
  assert.deepEqual(caseRanges(10, 10), [{ from: 1, to: 10 }]);
  assert.deepEqual(caseRanges(21, 10), [
    { from: 1, to: 10 },
    { from: 11, to: 20 },
    { from: 21, to: 21 },
  ]);
});

test('file names differ even where codes differ only in what a file name cannot hold', () => {
  assert.deepEqual(fileNames(['H1/2', 'H1:2', 'h1_2', '..', '']), ['H1_2', 'H1_2-2', 'h1_2-3', '_', '_-2']);
});
