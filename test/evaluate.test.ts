import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { parse } from 'csv-parse/sync';
import { Engine } from '#engine/duckdb.ts';
import { evaluateYear, indicatorRows, peerRows } from '#evaluation/index.ts';
import { settleYear } from '#payment/index.ts';
import { AreaFolder } from './support/area-folder.ts';
import { runCli } from './support/run-cli.ts';

type CsvRow = Readonly<Record<string, string>>;

describe('yibao evaluate', () => {
  let folder: string;
  let area: AreaFolder;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'yibao-evaluate-'));
    area = new AreaFolder(join(folder, 'area'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));
  const evaluate = (...more: string[]) =>
    runCli(['--lang', 'en', 'evaluate', area.path, '--year', '2025', ...more]);
  const rows = (name: string, out = 'out'): CsvRow[] =>
    parse(readFileSync(join(folder, out, name), 'utf8'), { columns: true });
  const areaRow = (indicator: string, out = 'out') =>
    rows('indicators.csv', out).find(
      (row) => row.scope === 'area' && row.month === '2025' && row.indicator === indicator,
    )!;

  test('writes indicators, peers, alerts, signals, definitions, a page and a workbook', async () => {
    const run = await evaluate('--out', join(folder, 'out'));
    assert.equal(run.exit, 0, run.stderr);
    assert.match(run.stdout, /Case-mix index \(CMI\) +[\d,.]+/);
    assert.match(run.stdout, /not applicable, for want of:/);
    const manifest = JSON.parse(readFileSync(join(folder, 'out', 'manifest.json'), 'utf8'));
    assert.equal(manifest.what, 'evaluation');
    for (const file of Object.keys(manifest.rows)) assert.ok(existsSync(join(folder, 'out', file)), file);
    assert.equal(areaRow('cases').id, '990200');
    assert.equal(
      areaRow('cases').value,
      String(
        rows('indicators.csv')
          .filter((row) => row.scope === 'institution' && row.month === '2025' && row.indicator === 'cases')
          .reduce((sum, row) => sum + Number(row.value), 0),
      ),
    );
    // month by month
    const months = rows('indicators.csv').filter(
      (row) => row.scope === 'area' && row.indicator === 'cases' && row.month !== '2025',
    );
    assert.ok(months.length > 1 && months.every(({ month }) => /^2025-\d\d$/.test(month!)));
    assert.ok(
      rows('group_indicators.csv').some((row) => row.id === 'J18.9' && row.indicator === 'average_cost'),
    );
    assert.ok(rows('peers.csv').some((row) => row.fixmedins_code === 'H0002' && row.peers === '2'));
    assert.ok(rows('definitions.csv').every((row) => row.formula_zh !== '' && row.formula_en !== ''));
  });

  test('a column that was not supplied is not applicable and named, never 0', () => {
    for (const [indicator, needs] of [
      ['own_pay_share', /own_pay in case_charges\.csv/],
      ['outside_insurance_share', /outside_insurance in case_charges\.csv/],
      ['grade_4_surgery_share', /surgery_grade in case_charges\.csv/],
      ['admissions_per_insured', /insured_persons\.csv/],
      ['record_compliance', /--quality/],
      ['upload_rate', /list_uploads\.csv/],
    ] as const) {
      const row = areaRow(indicator);
      assert.equal(row.status, 'not-applicable', indicator);
      assert.equal(row.value, '', indicator);
      assert.match(row.needs!, needs);
    }
  });

  test('the page needs no script, network or other file, and says so of itself', () => {
    const page = readFileSync(join(folder, 'out', 'evaluation.html'), 'utf8');
    assert.doesNotMatch(page, /<script|<link|src="|@import|url\((?!#)/);
    assert.match(page, /default-src 'none'/);
    for (const id of [
      'overview',
      'indicators',
      'months',
      'scopes',
      'institutions',
      'groups',
      'alerts',
      'signals',
      'definitions',
    ])
      assert.match(page, new RegExp(`<section id="${id}"`));
    assert.doesNotMatch(page, /NaN|undefined|\[object/);
    // never advice: the guardrail of supervision under payment by case
    assert.doesNotMatch(page, /建议(增加|延长|更改|修改|分解)|延长住院|分次住院/);
  });

  test('the same year gives the same bytes, and an evaluation replaces only an evaluation', async () => {
    const before = ['indicators.csv', 'evaluation.html', 'manifest.json'].map((name) =>
      readFileSync(join(folder, 'out', name), 'utf8'),
    );
    assert.equal((await evaluate('--out', join(folder, 'out'), '--quiet')).exit, 0);
    assert.deepEqual(
      ['indicators.csv', 'evaluation.html', 'manifest.json'].map((name) =>
        readFileSync(join(folder, 'out', name), 'utf8'),
      ),
      before,
    );
    const foreign = join(folder, 'foreign');
    rmSync(foreign, { recursive: true, force: true });
    new AreaFolder(foreign);
    const refused = await evaluate('--out', foreign);
    assert.equal(refused.exit, 4);
    assert.match(refused.stderr, /output\.not-ours/);
    const over = await evaluate('--out', area.path);
    assert.equal(over.exit, 4);
    assert.match(over.stderr, /output\.over-input/);
  });

  test('charges, insured persons and uploads make the indicators that need them', async () => {
    const ids = area
      .read('settlement_lists/2025.csv')
      .split('\n')
      .slice(1, 4)
      .map((line) => line.split(',')[0]!);
    const costs = area
      .read('settlement_lists/2025.csv')
      .split('\n')
      .slice(1, 4)
      .map((line) => line.split(',')[11]!);
    area.write(
      'case_charges.csv',
      `setl_id,own_pay,surgery_grade\n${ids[0]},${costs[0]},4\n${ids[1]},0,1\n${ids[2]},,0\nelsewhere,1,0\n`,
    );
    area.write('insured_persons.csv', 'year,insutype,persons\n2025,310,1000\n2025,390,3000\n');
    area.write('list_uploads.csv', `setl_id,upload_date\n${ids[0]},2026-01-02\n`);
    try {
      const run = await evaluate('--out', join(folder, 'full'));
      assert.equal(run.exit, 0, run.stderr);
      assert.match(run.stderr, /1 rows of case_charges\.csv have a setl_id of no list/);
      const own = areaRow('own_pay_share', 'full');
      assert.equal(own.status, 'given');
      assert.equal(own.numerator, costs[0]);
      assert.equal(areaRow('grade_4_surgery_share', 'full').value, '0.500000');
      assert.equal(areaRow('admissions_per_insured', 'full').denominator, '4000');
      assert.equal(areaRow('upload_rate', 'full').numerator, '1');
      assert.equal(areaRow('drug_share', 'full').status, 'not-applicable');
    } finally {
      for (const name of ['case_charges.csv', 'insured_persons.csv', 'list_uploads.csv']) area.remove(name);
    }
  });

  test('everything wrong with the files is told at once, with line, field, value and remedy', async () => {
    area.write('case_charges.csv', 'setl_id,own_pay,surgery_grade\nX,1.234,5\nY,-1,1\nY,2,1\n,3,1\n');
    area.write('insured_persons.csv', 'year,insutype,persons\n2025,320,0\n');
    const out = join(folder, 'never');
    try {
      const run = await evaluate('--out', out);
      assert.equal(run.exit, 3);
      for (const place of [
        /case_charges\.csv, line 2, field own_pay, value "1\.234"/,
        /case_charges\.csv, line 2, field surgery_grade, value "5"/,
        /case_charges\.csv, line 3, field own_pay, value "-1"/,
        /case_charges\.csv, line 5, field setl_id/,
        /insured_persons\.csv, line 2, field insutype, value "320"/,
        /insured_persons\.csv, line 2, field persons, value "0"/,
      ])
        assert.match(run.stderr, place);
      assert.ok(!existsSync(out));
      const chinese = await runCli(['--lang', 'zh', 'evaluate', area.path, '--year', '2025']);
      assert.equal(chinese.exit, 3);
      assert.match(chinese.stderr, /case_charges\.csv.*own_pay.*处理/);
    } finally {
      for (const name of ['case_charges.csv', 'insured_persons.csv']) area.remove(name);
    }
  });

  test('results of the checks and of last year are read from their folders; other folders are refused', async () => {
    const quality = join(folder, 'quality');
    assert.equal(
      (await runCli(['check', area.path, '--year', '2025', '--out', quality, '--no-workbooks', '--quiet']))
        .exit,
      0,
    );
    const last = join(folder, 'last');
    area.append('budget.csv', '2024,310,200000.00\n2024,390,100000.00\n');
    const settled = await runCli(['settle', area.path, '--year', '2024', '--out', last, '--quiet']);
    assert.equal(settled.exit, 0, settled.stderr);
    const run = await evaluate('--quality', quality, '--last-year', last, '--out', join(folder, 'beside'));
    assert.equal(run.exit, 0, run.stderr);
    const checked = areaRow('record_compliance', 'beside');
    assert.equal(checked.status, 'given');
    const trend = parse(readFileSync(join(quality, 'institution_trend.csv'), 'utf8'), {
      columns: true,
    }) as CsvRow[];
    assert.equal(checked.denominator, String(trend.reduce((sum, row) => sum + Number(row.lists), 0)));
    const change = rows('indicators.csv', 'beside').find(
      (row) => row.id === '310' && row.indicator === 'point_value_yearly_change',
    )!;
    const pointValue = (file: string) =>
      (parse(readFileSync(file, 'utf8'), { columns: true }) as CsvRow[]).find(
        (row) => row.insutype === '310',
      )!.settlement_point_value;
    assert.equal(change.denominator, pointValue(join(last, 'point_values.csv')));

    const wrongYear = await evaluate('--last-year', join(folder, 'out'));
    assert.equal(wrongYear.exit, 3);
    assert.match(wrongYear.stderr, /evaluation\.wrong-year/);
    const notAResult = await evaluate('--quality', area.path);
    assert.equal(notAResult.exit, 3);
    assert.match(notAResult.stderr, /evaluation\.not-a-result/);
    writeFileSync(join(folder, 'manifest.json'), '{');
    const broken = await evaluate('--last-year', folder);
    assert.match(broken.stderr, /evaluation\.not-a-result/);
    rmSync(join(folder, 'manifest.json'));
  });

  test('a threshold of the area decides', async () => {
    const shareBefore = Number(areaRow('short_stay_share').value);
    area.append(
      'area.yaml',
      `  evaluation.short_stay_days:\n    unit: days\n    values:\n      2025-01-01: {value: "3000", from: local-2025, article: 第九条}\n`,
    );
    const run = await evaluate('--json', '--quiet');
    assert.equal(run.exit, 0, run.stderr);
    const { indicators, alerts, peers } = JSON.parse(run.stdout);
    const found = indicators.find(
      (row: CsvRow) => row.scope === 'area' && row.indicator === 'short_stay_share',
    );
    assert.equal(found.value, '1.000000');
    assert.notEqual(shareBefore, 1);
    assert.ok(Array.isArray(alerts) && peers.length > 0);
  });

  test('help in both languages, wrong usage, and a year that is not there', async () => {
    const [zh, en] = await Promise.all([
      runCli(['--lang', 'zh', 'evaluate', '--help']),
      runCli(['--lang', 'en', 'evaluate', '--help']),
    ]);
    assert.match(zh!.stdout, /再住院/);
    assert.match(en!.stdout, /readmission/);
    assert.equal((await runCli(['evaluate', area.path])).exit, 2);
    const year = await runCli(['--lang', 'en', 'evaluate', area.path, '--year', '2019']);
    assert.equal(year.exit, 3);
    assert.match(year.stderr, /budget\.csv/);
  });

  test('the service asks a settled engine for rows, and a settlement without facts is told apart', async () => {
    const engine = await Engine.open();
    try {
      await settleYear(engine, { areaFolder: area.path, year: 2025 });
      await assert.rejects(evaluateYear(engine), /evaluation\.facts-not-kept/);
    } finally {
      engine.close();
    }
    const kept = await Engine.open();
    try {
      await settleYear(kept, { areaFolder: area.path, year: 2025, keepFacts: true });
      await evaluateYear(kept);
      const year = await indicatorRows(kept, {
        scope: 'institution',
        id: 'H0001',
        month: 0,
        indicators: ['cases', 'cmi'],
      });
      assert.deepEqual(
        year.map(({ indicator }) => indicator),
        ['cases', 'cmi'],
      );
      assert.ok(
        (await indicatorRows(kept, { scope: 'institution', id: 'H0001', indicators: ['cases'] })).length > 1,
      );
      assert.ok((await peerRows(kept, 'H0002')).every(({ peers }) => peers <= 2n));
      // again, from the tables that were kept
      await evaluateYear(kept);
      assert.deepEqual(
        await indicatorRows(kept, {
          scope: 'institution',
          id: 'H0001',
          month: 0,
          indicators: ['cases', 'cmi'],
        }),
        year,
      );
    } finally {
      kept.close();
    }
  });

  test('an area that is paid by DRG is evaluated too, in its words', async () => {
    const run = await runCli([
      '--lang',
      'zh',
      'evaluate',
      area.path,
      '--year',
      '2025',
      '--profile',
      'drg-reference',
      '--out',
      join(folder, 'drg'),
    ]);
    assert.equal(run.exit, 0, run.stderr);
    assert.equal(areaRow('cost_index', 'drg').value, '1.000000');
    assert.match(readFileSync(join(folder, 'drg', 'evaluation.html'), 'utf8'), /病组/);
  });
});
