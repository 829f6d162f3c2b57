import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { parse } from 'csv-parse/sync';
import { parseYuan, yuanText } from '#kernel/money.ts';
import { AreaFolder } from './support/area-folder.ts';
import { runCli } from './support/run-cli.ts';
import { settleToFiles } from './support/settle-files.ts';

const YEAR = '2025';
type CsvRow = Readonly<Record<string, string>>;
const rows = (text: string): CsvRow[] => parse(text, { columns: true });

describe('yibao compare settles one year under several profiles', () => {
  let folder: string;
  let area: AreaFolder;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'yibao-compare-'));
    area = new AreaFolder(join(folder, 'area'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));
  const compare = (...more: string[]) =>
    runCli(['--lang', 'en', 'compare', area.path, '--year', YEAR, ...more]);

  test('by institution and by speciality, with the amounts of the settlements themselves', async () => {
    const out = join(folder, 'out');
    const run = await compare('--with', 'drg-reference', '--out', out);
    assert.equal(run.exit, 0, run.stderr);
    assert.match(run.stdout, /reference +drg-reference/);
    assert.match(run.stdout, /Specialities/);
    const institutions = rows(readFileSync(join(out, 'institutions.csv'), 'utf8'));
    const clearing = rows((await settleToFiles(area.path, Number(YEAR)))['clearing.csv']!);
    for (const row of institutions) {
      const own = clearing.filter((each) => each.fixmedins_code === row.fixmedins_code);
      const due = own.reduce((sum, each) => sum + parseYuan(each.due!)!, 0n);
      assert.equal(row.due_1, yuanText(due));
      assert.equal(yuanText(parseYuan(row.due_2!)! - parseYuan(row.due_1!)!), row.difference_2);
    }
    const total = (column: string) => institutions.reduce((sum, row) => sum + parseYuan(row[column]!)!, 0n);
    assert.equal(yuanText(total('due_1')), '460000.00');
    assert.equal(yuanText(total('due_2')), '460000.00');
    const specialities = rows(readFileSync(join(out, 'specialities.csv'), 'utf8'));
    assert.ok(specialities.some(({ name, paid_1, paid_2 }) => name === '呼吸系统疾病' && paid_1 !== paid_2));
    // the DRG side by MDC: every list stands in one, and the money is that of the chapters
    const mdcs = rows(readFileSync(join(out, 'mdcs.csv'), 'utf8'));
    assert.deepEqual(Object.keys(mdcs[0]!), ['mdc', 'cases_2', 'fund_booked_2', 'points_2', 'paid_2']);
    const drg = rows((await settleToFiles(area.path, Number(YEAR), 'drg-reference'))['cases.csv']!);
    assert.equal(
      mdcs.reduce((sum, row) => sum + Number(row.cases_2), 0),
      drg.length,
    );
    const grouped = Map.groupBy(
      drg.filter((row) => row.group_code !== ''),
      (row) => `MDC${row.group_code![0]}`,
    );
    assert.ok(grouped.size > 0);
    for (const [mdc, own] of grouped) {
      const row = mdcs.find((each) => each.mdc === mdc);
      assert.ok(Number(row?.cases_2) >= own.length, mdc);
    }
    const sum = (from: readonly CsvRow[], column: string) =>
      from.reduce((all, row) => all + parseYuan(row[column]!)!, 0n);
    assert.equal(sum(mdcs, 'fund_booked_2'), sum(specialities, 'fund_booked'));
    const apart = sum(mdcs, 'paid_2') - sum(specialities, 'paid_2');
    assert.ok(apart >= -100n && apart <= 100n, 'only rounding keeps the two apart');
    const page = readFileSync(join(out, 'compare.html'), 'utf8');
    assert.match(page, /By MDC/);
    assert.match(page, /<svg class="chart" id="chart-compare-institutions-1"/);
    assert.match(page, /<svg class="chart" id="chart-compare-specialities"/);
    assert.doesNotMatch(page, /<script|https?:\/\/(?!www\.w3\.org)/);
    assert.ok(existsSync(join(out, 'compare.xlsx')));

    // the same bytes again, in the place of the first result
    const bytes = readFileSync(join(out, 'compare.xlsx'));
    assert.equal((await compare('--with', 'drg-reference', '--out', out)).exit, 0);
    assert.ok(bytes.equals(readFileSync(join(out, 'compare.xlsx'))));
  });

  test('with another area folder, and more than one', async () => {
    const other = new AreaFolder(join(folder, 'other'));
    other.replace('budget.csv', '300000.00', '310000.00');
    const run = await compare('--with', other.path, 'drg-reference');
    assert.equal(run.exit, 0, run.stderr);
    assert.match(run.stdout, /Due \(10k yuan\) 应付（万元） +46\.00 +47\.00 +46\.00/);
  });

  test('a profile that is not there, or is compared already, and a foreign folder are refused before anything is settled', async () => {
    const unknown = await compare('--with', 'no-such');
    assert.equal(unknown.exit, 3);
    assert.match(unknown.stderr, /policy\.unknown-profile/);
    const same = await compare('--with', 'reference');
    assert.equal(same.exit, 2);
    assert.match(same.stderr, /usage\.same-profile/);
    const foreign = mkdtempSync(join(folder, 'foreign-'));
    writeFileSync(join(foreign, 'thesis.txt'), 'mine');
    const kept = await compare('--with', 'drg-reference', '--out', foreign);
    assert.equal(kept.exit, 4);
    assert.equal((await compare()).exit, 2);
  });
});

test('yibao demo --scheme drg settles with the teaching scheme and says so in its report', async () => {
  const out = mkdtempSync(join(tmpdir(), 'yibao-drg-demo-'));
  try {
    const run = await runCli(['demo', '--scheme', 'drg', '--lists', '4000', '--out', join(out, 'demo')]);
    assert.equal(run.exit, 0, run.stderr);
    assert.match(run.stdout, /DRG 年度结算/);
    assert.match(run.stdout, /结算费率/);
    const report = readFileSync(join(out, 'demo', YEAR, 'report.html'), 'utf8');
    assert.match(report, /DRG 结算报告/);
    assert.match(report, /病组/);
    assert.doesNotMatch(report, /(?<!按)病种|分值/);
    const setlId = rows(readFileSync(join(out, 'demo', YEAR, 'cases.csv'), 'utf8')).find(
      (row) => row.kind === 'drg',
    )!.setl_id!;
    const explained = await runCli(['explain', join(out, 'demo', 'area'), '--year', YEAR, '--case', setlId]);
    assert.equal(explained.exit, 0, explained.stderr);
    assert.match(explained.stdout, /drg-teaching/);
    assert.match(explained.stdout, /权重 RW = /);
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
});
